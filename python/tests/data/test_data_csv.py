"""A user's table: the data set built from its cells, and the errors for wrong cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from builders import descend, new_point, open_message

from dsptt_worker.data import DATASETS
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.protocol import DatasetSpec
from dsptt_worker.task import open_task

load = DATASETS["csv"]
HEADER = "width,height,kind"


def rows(count: int = 40) -> list[str]:
    """Width i, height i squared, and one of two kinds, three of the first for one of the other."""
    return [f"{i},{i * i},{'rare' if i % 4 == 0 else 'common'}" for i in range(count)]


def write(folder: Path, lines: list[str]) -> dict[str, str]:
    (folder / "t.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return {"dir": str(folder), "file": "t.csv"}


def test_classes_get_a_stratified_split_standardised_over_its_training_rows(tmp_path: Path) -> None:
    dataset = load(**write(tmp_path, [HEADER, *rows()]), validation=0.25, test=0.25)
    assert dataset.classes == ["common", "rare"]
    for split, count in zip(dataset.splits().values(), (20, 10, 10), strict=True):
        assert split.inputs.shape == (count, 2)
        assert (split.inputs.dtype, split.targets.dtype) == (torch.float32, torch.int64)
        assert abs(int(split.targets.sum()) - count / 4) <= 1
    np.testing.assert_allclose(dataset.train.inputs.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(dataset.train.inputs.std(0), 1, atol=1e-5)


def test_every_row_is_in_one_split_with_its_own_target(tmp_path: Path) -> None:
    dataset = load(**write(tmp_path, rows()))
    widths = torch.cat([split.inputs[:, 0] for split in dataset.splits().values()])
    order = widths.argsort()
    targets = torch.cat([split.targets for split in dataset.splits().values()])[order]
    assert targets.tolist() == [int(i % 4 == 0) for i in range(40)]


def test_the_cut_is_fixed(tmp_path: Path) -> None:
    table = write(tmp_path, rows())
    assert torch.equal(load(**table).test.inputs, load(**table).test.inputs)


@pytest.mark.parametrize("target", ["kind", 2, -1])
def test_the_target_is_a_name_or_a_number_that_may_count_from_the_end(tmp_path: Path, target: str | int) -> None:
    dataset = load(**write(tmp_path, [HEADER, *rows()]), target=target)
    assert dataset.classes == ["common", "rare"]


def test_numbers_to_be_predicted_are_standardised_and_spread_over_the_splits(tmp_path: Path) -> None:
    table = write(tmp_path, ["a;b", *(f"{i};{100 + 2 * i}" for i in range(100))])
    dataset = load(**table, task="numbers", delimiter=";", target="b", validation=0.2, test=0.2)
    assert dataset.classes == []
    assert dataset.train.targets.dtype == torch.float32
    assert abs(dataset.train.targets.mean()) < 1e-6
    assert abs(dataset.train.targets.std() - 1) < 1e-5
    for split in dataset.splits().values():
        np.testing.assert_allclose(split.targets, split.inputs[:, 0], atol=1e-5)
        assert split.targets.min() < -1.3
        assert split.targets.max() > 1.3


def test_whole_numbers_as_classes_are_in_numerical_order(tmp_path: Path) -> None:
    dataset = load(**write(tmp_path, [f"{i},{(10, 9, -1)[i % 3]}" for i in range(30)]))
    assert dataset.classes == ["-1", "9", "10"]


def test_quotes_spaces_empty_lines_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    lines = ["\ufeffwidth, height, kind", "", *(line.replace(",", " , ") for line in rows()), '1, 2, "common"', ""]
    dataset = load(**write(tmp_path, lines), target="kind")
    assert sum(len(split) for split in dataset.splits().values()) == 41


def test_a_network_learns_from_it(tmp_path: Path) -> None:
    lines = [f"{i},{'low' if i < 20 else 'high'}" for i in range(40)]
    write(tmp_path, lines)
    message = open_message(batchSize=10)
    message.dataset = DatasetSpec("csv", {"file": "t.csv"}, str(tmp_path))
    task = open_task(message)
    assert descend(task, new_point(task), [0.3] * 60)[-5:].mean() < 0.4


def test_without_validation_the_split_is_empty(tmp_path: Path) -> None:
    dataset = load(**write(tmp_path, rows()), validation=0)
    assert [len(split) for split in dataset.splits().values()] == [34, 0, 6]


BAD_TABLES = {
    "a cell that is no number": ([HEADER, *rows(), "5,tall,common"], r"line 42, column 1 \(height\).*number.*'tall'"),
    "an empty cell": ([*rows(), "5,,common"], r"line 41, column 1 must hold a number, got ''"),
    "NaN": ([*rows(), "nan,1,common"], r"line 41, column 0 must hold a number, got 'nan'"),
    "infinity": ([*rows(), "1,-inf,common"], r"line 41, column 1 must hold a number, got '-inf'"),
    "a number too large": ([*rows(), "1e39,1,common"], r"beyond what 32 bits can hold"),
    "a missing cell": ([*rows(), "5,25"], r"line 41: 2 cells, the lines before have 3"),
    "no label": ([*rows(), "5,25,"], r"line 41, column 2 has no label"),
    "one class": ([f"{i},{i},same" for i in range(20)], r"one class only, 'same'"),
    "a class of two rows": ([*rows(), "1,1,odd", "2,2,odd"], r"class 'odd' has 2 rows, every class needs at least 3"),
    "few rows": (rows(9), r"rows: 9 are too few, at least 10"),
    "a header alone": ([HEADER], r"holds no rows"),
    "nothing": ([], r"holds no rows"),
    "one column": ([str(i % 2) for i in range(20)], r"one column only: is ',' what stands between"),
}


@pytest.mark.parametrize("what", list(BAD_TABLES))
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, what: str) -> None:
    lines, message = BAD_TABLES[what]
    with pytest.raises(DataFaultError, match=message):
        load(**write(tmp_path, lines))


def test_a_first_row_with_one_wrong_cell_is_not_taken_for_names(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"line 1, column 1 must hold a number, got 'tall'"):
        load(**write(tmp_path, ["1,tall,common", *rows()]))


def test_a_number_that_never_changes_cannot_be_predicted(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"the number to be predicted is 3.0 in every training row"):
        load(**write(tmp_path, [f"{i},3" for i in range(20)]), task="numbers")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "colour"}, r"no column 'colour'; it has: width, height, kind"),
        ({"target": 3}, r"columns 0 to 2 \(-1 is the last\), got 3"),
        ({"validation": 0.6, "test": 0.5}, r"shares that leave some for training, got 0.6 \+ 0.5"),
        ({"validation": 0.0, "test": 0.99}, r"take all of 40 samples"),
        ({"validation": 0.45, "test": 0.52}, r"class '\w+' has nothing to train on"),
    ],
)
def test_an_argument_that_does_not_fit_is_a_config_fault(
    tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigFaultError, match=message):
        load(**write(tmp_path, [HEADER, *rows()]), **arguments)


def test_a_missing_file_and_a_missing_name_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"cannot read .*none\.csv"):
        load(dir=str(tmp_path), file="none.csv")
    with pytest.raises(ConfigFaultError, match=r"give the data directory and dataset\.args\.file"):
        load(dir=str(tmp_path))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x80" * 50)
    with pytest.raises(DataFaultError, match=r"cannot read .*t\.csv"):
        load(dir=str(tmp_path), file="t.csv")
