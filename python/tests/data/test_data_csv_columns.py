"""The columns of a user's table: what becomes an input, and in which precision."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dsptt_worker.data import DATASETS, Dataset
from dsptt_worker.data.scaling import Scaling
from dsptt_worker.errors import DataFaultError

ROWS = 40
KINDS = ["early" if row % 2 else "late" for row in range(ROWS)]


def load(folder: Path, lines: list[str], **arguments: object) -> Dataset:
    (folder / "t.csv").write_text("\n".join(lines))
    return DATASETS["csv"](dir=str(folder), file="t.csv", **arguments)


def table(folder: Path, columns: dict[str, list[object]], **arguments: object) -> Dataset:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    return load(folder, lines, **arguments)


def noise(seed: int) -> list[object]:
    return [round(value, 3) for value in np.random.RandomState(seed).normal(size=ROWS)]


@pytest.mark.parametrize("origin", [0, 1_700_000_000, -(2**34)])
def test_where_a_column_begins_makes_no_difference(tmp_path: Path, origin: int) -> None:
    seconds = [(row * 37) % 100 for row in range(ROWS)]
    here = table(tmp_path, {"t": [origin + second for second in seconds], "kind": KINDS}, target="kind")
    there = table(tmp_path, {"t": list(seconds), "kind": KINDS}, target="kind")
    np.testing.assert_allclose(here.train.inputs, there.train.inputs, rtol=0, atol=1e-6)


def test_numbers_to_be_predicted_have_64_bits_too(tmp_path: Path) -> None:
    times = [1_700_000_000.25 + row for row in range(ROWS)]
    dataset = table(tmp_path, {"x": noise(0), "t": list(times)}, target="t", task="numbers")
    assert dataset.target_scaling is not None
    assert abs(dataset.train.targets.std() - 1) < 1e-6
    said = dataset.train.targets.double() * dataset.target_scaling.std + dataset.target_scaling.mean
    assert {float(time) for time in said.sub(0.25).round()} <= {time - 0.25 for time in times}


def test_a_column_of_one_number_is_left_out_and_told(tmp_path: Path) -> None:
    columns = {"x": noise(0), "one": [0.1] * ROWS, "y": noise(1), "large": [1e9 + 0.1] * ROWS, "kind": KINDS}
    dataset = table(tmp_path, {**columns}, target="kind")
    assert dataset.columns == ["x", "y"]
    assert dataset.train.inputs.shape[1] == 2
    assert dataset.layout is not None
    assert (dataset.layout.target, dataset.layout.unused) == (4, [1, 3])
    [notice] = dataset.notices
    assert notice == (
        "columns of t.csv that are left out, because all training rows have the same number in them: one, large"
    )


def test_without_a_header_columns_are_called_by_their_numbers(tmp_path: Path) -> None:
    dataset = load(tmp_path, [f"7,{value},{kind}" for value, kind in zip(noise(0), KINDS, strict=True)])
    assert dataset.columns == []
    assert dataset.notices[1].endswith("the same number in them: column 0")


def test_a_table_of_constants_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"no column but the target changes in the training rows"):
        table(tmp_path, {"one": [1] * ROWS, "kind": KINDS}, target="kind")


def test_hundreds_of_columns_are_told_in_one_short_sentence(tmp_path: Path) -> None:
    constants = {f"c{number}": [3] * ROWS for number in range(500)}
    dataset = table(tmp_path, {"x": noise(0), **constants, "kind": KINDS}, target="kind")
    [notice] = dataset.notices
    assert notice.endswith(": c0, c1, c2, c3, c4 and 495 more")


def test_whole_numbers_that_64_bits_round_are_told(tmp_path: Path) -> None:
    ids = {"rounded": [2**53 + 3 * row for row in range(ROWS)], "exact": [2**53 + 2 * row for row in range(ROWS)]}
    dataset = table(tmp_path, {**ids, "kind": KINDS}, target="kind")
    assert dataset.notices == ["columns of t.csv that hold whole numbers beyond 2^53, which 64 bits round: rounded"]


def test_a_column_that_counts_the_rows_is_told(tmp_path: Path) -> None:
    columns = {"": list(range(ROWS)), "x": noise(0), "swapped": [1, 0, *range(2, ROWS)], "kind": KINDS}
    dataset = table(tmp_path, {**columns}, target="kind")
    assert dataset.columns == ["", "x", "swapped"]
    assert dataset.notices == [
        "columns of t.csv that count the rows of the table: take them out of it if they do nothing else: column 0"
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("a,b,a,kind", r"columns 0 and 2 \(from 0\) are called 'a': give each a name of its own"),
        ("a,b,kind,kind", r"columns 2 and 3 \(from 0\) are called 'kind'"),
        ("a,,,kind", r"columns 1 and 2 \(from 0\) have no name"),
    ],
)
def test_columns_of_one_name_are_refused(tmp_path: Path, names: str, message: str) -> None:
    rows = [f"{row},{row * row},{-row},{row % 2}" for row in range(ROWS)]
    with pytest.raises(DataFaultError, match=message):
        load(tmp_path, [names, *rows], header="yes")


def test_a_number_beyond_the_reach_of_the_training_rows_is_refused_with_its_place(tmp_path: Path) -> None:
    counted = table(tmp_path, {"x": list(range(ROWS)), "kind": KINDS}, target="kind")
    assert counted.scaling is not None
    row = round(float(counted.test.inputs[0]) * counted.scaling.std.item() + counted.scaling.mean.item())
    tiny: list[object] = [f"{row % 7}e-30" for row in range(ROWS)]
    assert table(tmp_path, {"x": tiny, "kind": KINDS}, target="kind").test.inputs.isfinite().all()
    tiny[row] = "3e38"
    with pytest.raises(
        DataFaultError, match=rf"line {row + 2}, column 0 \(x\) is too far from the training rows for 32"
    ):
        table(tmp_path, {"x": tiny, "kind": KINDS}, target="kind")


LARGE = st.floats(-1e30, 1e30, allow_subnormal=False)


@given(st.lists(LARGE, min_size=2, max_size=30), st.floats(-1e30, 1e30), st.floats(1e-20, 1e20))
def test_standardised_numbers_have_mean_0_and_deviation_1(values: list[float], shift: float, factor: float) -> None:
    column: NDArray[np.float64] = (np.array(values) * factor + shift)[:, None]
    scaling = Scaling.over(column)
    if len(set(column[:, 0])) == 1:
        assert scaling.std.item() == 0
        return
    standardised = scaling.apply(column)
    spread = np.ptp(column) / max(np.abs(column).max(), 1e-300)
    if spread > 1e-9:  # else the mean itself is rounded by more than the numbers differ
        assert abs(standardised.mean()) < 1e-5
        assert abs(standardised.std(ddof=1) - 1) < 1e-5
