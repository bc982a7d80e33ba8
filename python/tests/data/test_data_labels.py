"""Data with several labels a sample, of arrays, functions and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given as over
from hypothesis import strategies as st

from dsptt_worker.data import DATASETS, Dataset
from dsptt_worker.data.dataset import stratified_order
from dsptt_worker.data.given.prepared import Given, Preparation, prepared
from dsptt_worker.data.labels import strata_of_labels
from dsptt_worker.data.reading import read_dataset
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.protocol import DatasetSpec

ROWS = np.random.default_rng(0).normal(5, 3, (60, 4))
PLACES = np.arange(60)
LABELS = np.stack([PLACES % 2, PLACES % 3 == 0, PLACES > 40], 1)
NAMES = ["odd", "third", "late"]


def dataset(targets: Any, splits: tuple[str, ...] = ("train", "validation", "test"), **preparation: Any) -> Dataset:
    given = {name: Given(ROWS, np.asarray(targets)) for name in splits}
    return prepared(given, Preparation(labels=NAMES, **preparation))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32, np.float64])
def test_zeros_and_ones_of_any_type_are_labels_where_labels_are_named(dtype: Any) -> None:
    found = dataset(LABELS.astype(dtype))
    assert (found.kind, found.classes, found.outputs) == ("labels", NAMES, 3)
    assert torch.equal(found.train.targets, torch.tensor(LABELS, dtype=torch.float32))


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (LABELS[:, :2], r"train: targets must be numbers \[samples, 3\], a 0 or 1 for each of the labels, got int64"),
        (LABELS[:, 0], r"targets must be numbers \[samples, 3\], .* of shape \[60\]$"),
        (LABELS * 2, r"train, sample 0 \(from 0\): label 'third' must be 0 or 1, got 2$"),
        (np.where(LABELS, np.nan, 0), r"label 'third' must be 0 or 1, got nan$"),
        (LABELS * [1, 1, 0], r"label 'late' is 0 in every training sample, .*: leave it out$"),
        (LABELS * [1, 1, 0] + [0, 0, 1], r"label 'late' is 1 in every training sample"),
        (LABELS.astype(str), r"targets must be numbers"),
    ],
)
def test_other_targets_are_refused_in_one_sentence(targets: Any, words: str) -> None:
    with pytest.raises(DataFaultError, match=words):
        dataset(targets)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "labels is an empty list"),
        (["one"], "one label alone is two classes"),
        (["a", "b", "a"], "two labels have one name"),
    ],
)
def test_names_are_several_different_ones(names: list[str], words: str) -> None:
    with pytest.raises(DataFaultError, match=words):
        prepared({"train": Given(ROWS, LABELS)}, Preparation(labels=names))


def test_another_number_of_columns_in_a_split_is_refused_by_its_name() -> None:
    given = {"train": Given(ROWS, LABELS), "test": Given(ROWS, LABELS[:, :2])}
    with pytest.raises(DataFaultError, match=r"^test: targets must be numbers \[samples, 3\]"):
        prepared(given, Preparation(labels=NAMES))


def test_several_columns_without_names_are_not_taken_for_labels() -> None:
    with pytest.raises(DataFaultError, match="labels, of which a sample has any number, are named by labels"):
        prepared({"train": Given(ROWS, LABELS)}, Preparation())
    with pytest.raises(ConfigFaultError, match="classes and labels are both named"):
        dataset(LABELS, classes=["a", "b"])


def test_a_function_returns_the_names_beside_its_splits(tmp_path: Path) -> None:
    code = (
        "import numpy as np\n\n"
        "def defineDataset():\n"
        "    rows = np.arange(60)\n"
        "    targets = np.stack([rows % 2, rows % 3 == 0], 1)\n"
        "    return {'train': (rows[:, None] * 1.0, targets), 'labels': ['odd', 'third']}\n"
    )
    (tmp_path / "tags.py").write_text(code)
    found = read_dataset(DatasetSpec(None, {}, python=str(tmp_path / "tags.py")))
    assert (found.kind, found.classes, len(found.train)) == ("labels", ["odd", "third"], 42)


def test_shares_have_each_label_in_proportion() -> None:
    rows = np.arange(400)
    targets = np.stack([rows % 2, rows % 5 == 0, rows % 7 < 3], 1)
    found = prepared({"train": Given(rows[:, None] * 1.0, targets)}, Preparation(labels=NAMES))
    for split in found.splits().values():
        assert np.allclose(split.targets.mean(0), targets.mean(0), atol=0.03)


@over(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_rare_combinations_are_spread_over_the_whole_order(labels: int, seed: int) -> None:
    targets = np.random.default_rng(seed).integers(0, 2, (90, labels))
    strata = strata_of_labels(targets)
    order = stratified_order(strata)
    assert sorted(order.tolist()) == list(range(90))
    rare = np.flatnonzero(np.isin(order, np.flatnonzero(strata == -1)))
    if len(rare) > 2:  # in equal steps: no third of the order is without them
        assert np.diff(rare).max() <= 90 / len(rare) + 90 / 3


def table(folder: Path, *, header: bool = True, cells: Any = LABELS, **arguments: object) -> Dataset:
    rows = [[f"{value:.6g}" for value in row] for row in ROWS]
    lines = [",".join([*map(str, own.astype(int)), *row]) for own, row in zip(np.asarray(cells), rows, strict=True)]
    names = [",".join([*NAMES, "a", "b", "c", "d"])] if header else []
    (folder / "t.csv").write_text("\n".join([*names, *lines]))
    return DATASETS["csv"](dir=str(folder), file="t.csv", **arguments)


def test_columns_of_a_table_are_labels(tmp_path: Path) -> None:
    found = table(tmp_path, labels=["late", "odd", "third"])
    assert (found.kind, found.classes, found.columns) == ("labels", ["late", "odd", "third"], ["a", "b", "c", "d"])
    assert found.layout is not None
    assert found.layout.apart == {0, 1, 2}
    every = torch.cat([split.targets for split in found.splits().values()])
    assert torch.equal(every.sum(0), torch.tensor(LABELS[:, [2, 0, 1]].sum(0), dtype=torch.float32))
    by_place = table(tmp_path, header=False, labels=[0, 1, 2])
    assert by_place.classes == ["column 0", "column 1", "column 2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"labels": []}, r"dataset\.args\.labels is an empty list: name at least two columns"),
        ({"labels": ["odd", "even"]}, r"dataset\.args\.labels: .* has no column 'even'"),
        ({"labels": ["odd", "odd"]}, "must be different columns"),
        ({"labels": ["odd", "late"], "id": "late"}, "must be different columns"),
        ({"labels": ["odd", "late"], "target": "third"}, "labels stand instead of target and task, leave these out"),
        ({"labels": ["odd", "late"], "task": "numbers"}, "labels stand instead of target and task"),
        ({"labels": ["odd"]}, "one label alone is two classes"),
        ({"labels": ["odd", "a"]}, r"line 2, column 3 \(a\) must hold 0 or 1, as a label, got "),
    ],
)
def test_labels_of_a_table_that_are_none_are_refused(tmp_path: Path, arguments: Any, words: str) -> None:
    with pytest.raises((ConfigFaultError, DataFaultError), match=words):
        table(tmp_path, **arguments)


def test_a_column_of_zeros_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match="label 'late' is 0 in every training sample"):
        table(tmp_path, cells=LABELS * [1, 1, 0], labels=NAMES)
