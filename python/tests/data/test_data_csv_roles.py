"""Columns of texts, cells without a value, and the column that names the rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.preprocessing import OneHotEncoder

from dsptt_worker.data import DATASETS, Dataset
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.table_layout import Category, NamedColumn

ROWS = 60
SIZES = [f"{(row * 7) % 13}.5" for row in range(ROWS)]
COLOURS = [["red", "green", "blue"][row * row % 3] for row in range(ROWS)]
KINDS = ["yes" if row % 2 else "no" for row in range(ROWS)]
NAMES = [f"row {row}" for row in range(ROWS)]


def table(folder: Path, columns: dict[str, list[str]], **arguments: object) -> Dataset:
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    (folder / "t.csv").write_text("\n".join(lines))
    return DATASETS["csv"](dir=str(folder), file="t.csv", **arguments)


def units(dataset: Dataset) -> np.ndarray:
    """Returns all inputs in their own units, by split."""
    assert dataset.scaling is not None
    every = np.concatenate([split.inputs.numpy() for split in dataset.splits().values()])
    return every * dataset.scaling.std.numpy() + dataset.scaling.mean.numpy()


def test_each_value_of_a_column_of_texts_is_an_input_of_0_or_1(tmp_path: Path) -> None:
    columns = {"colour": COLOURS, "size": SIZES, "kind": KINDS}
    dataset = table(tmp_path, columns, target="kind", categories=["colour"])
    values = sorted(set(COLOURS))
    assert dataset.columns == [*(f"colour={value}" for value in values), "size"]
    assert dataset.layout is not None
    assert dataset.layout.categories == [Category(0, "colour", values)]
    encoded = OneHotEncoder(sparse_output=False).fit_transform(np.array(COLOURS)[:, None])
    wanted = np.column_stack([encoded, np.array(SIZES, float)])
    ours = units(dataset).round(4)
    np.testing.assert_allclose(ours[np.lexsort(ours.T)], wanted[np.lexsort(wanted.T)], rtol=0, atol=1e-4)


@pytest.mark.parametrize("gap", ["", "NA", "nan", "?", "None"])
def test_gaps_take_the_mean_of_the_training_rows(tmp_path: Path, gap: str) -> None:
    sizes = [gap if row % 4 == 0 else size for row, size in enumerate(SIZES)]
    columns = {"size": sizes, "colour": COLOURS, "kind": KINDS}
    dataset = table(tmp_path, columns, target="kind", categories=["colour"], gaps="mean")
    known = [value for value in dataset.train.inputs[:, 0].tolist() if abs(value) > 1e-6]
    assert len(known) < len(dataset.train)
    assert np.mean(known) == pytest.approx(0, abs=1e-6)
    assert dataset.notices == ["columns of t.csv that have gaps, which take the mean of the training rows: size"]
    with pytest.raises(DataFaultError, match="must hold a number"):
        table(tmp_path, columns, target="kind", categories=["colour"])


def test_a_gap_in_a_column_of_texts_is_none_of_its_values(tmp_path: Path) -> None:
    colours = ["" if row == 0 else colour for row, colour in enumerate(COLOURS)]
    columns = {"size": SIZES, "colour": colours, "kind": KINDS}
    with pytest.raises(DataFaultError, match=r"line 2, column 1 \(colour\) has no value: set dataset.args.gaps"):
        table(tmp_path, columns, target="kind", categories=["colour"])
    dataset = table(tmp_path, columns, target="kind", categories=["colour"], gaps="mean")
    assert dataset.columns == ["size", *(f"colour={value}" for value in sorted(set(COLOURS)))]


def test_equal_numbers_are_one_value_of_a_column_of_texts(tmp_path: Path) -> None:
    codes = [["1", "1.0", "10", "2e0", "x"][row % 5] for row in range(ROWS)]
    dataset = table(tmp_path, {"code": codes, "size": SIZES, "kind": KINDS}, target="kind", categories=["code"])
    assert dataset.columns == ["code=1", "code=2e0", "code=10", "code=x", "size"]
    assert dataset.notices == []


def test_the_names_of_rows_are_no_input(tmp_path: Path) -> None:
    dataset = table(tmp_path, {"name": NAMES, "size": SIZES, "kind": KINDS}, target="kind", id="name")
    assert dataset.columns == ["size"]
    assert dataset.layout is not None
    assert (dataset.layout.id, dataset.layout.unused) == (NamedColumn(0, "name"), [])


def test_a_text_that_no_training_row_has_is_told_and_is_none_of_the_values(tmp_path: Path) -> None:
    seen = table(tmp_path, {"size": SIZES, "kind": KINDS}, target="kind")
    test = {round(float(value), 4) for value in (seen.test.inputs * seen.scaling.std + seen.scaling.mean).flatten()}  # type: ignore[union-attr]
    rare = next(size for size in SIZES if float(size) in test)
    colours = ["violet" if size == rare else "red" if row % 3 else "blue" for row, size in enumerate(SIZES)]
    dataset = table(tmp_path, {"colour": colours, "size": SIZES, "kind": KINDS}, target="kind", categories=[0])
    told = any("hold texts that no training row has" in notice for notice in dataset.notices)
    assert told == ("colour=violet" not in dataset.columns)


def test_roles_that_no_column_can_have_are_refused(tmp_path: Path) -> None:
    columns = {"colour": COLOURS, "size": SIZES, "kind": KINDS}
    with pytest.raises(ConfigFaultError, match=r"dataset\.args\.categories: .* has no column 'color' \(is it 'colour'"):
        table(tmp_path, columns, target="kind", categories=["color"])
    with pytest.raises(ConfigFaultError, match=r"dataset\.args\.id: .* has columns 0 to 2"):
        table(tmp_path, columns, target="kind", id=9)
    with pytest.raises(ConfigFaultError, match="must be different columns"):
        table(tmp_path, columns, target="kind", categories=["kind"])
    with pytest.raises(DataFaultError, match=r"got 'red' \(name columns of texts in "):
        table(tmp_path, columns, target="kind")
    empty = {"size": SIZES, "none": [""] * ROWS, "kind": KINDS}
    with pytest.raises(DataFaultError, match="none has no value in the training rows"):
        table(tmp_path, empty, target="kind", gaps="mean")
