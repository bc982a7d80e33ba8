"""The first line of a user's table: names or a sample."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsptt_worker.data import DATASETS, Dataset, wine, winequality
from dsptt_worker.data.tables.header import looks_like_names
from dsptt_worker.errors import ConfigFaultError, DataFaultError


def load(folder: Path, lines: list[str], **arguments: object) -> Dataset:
    (folder / "t.csv").write_text("\n".join(lines))
    return DATASETS["csv"](dir=str(folder), file="t.csv", **arguments)


def rows(columns: int, count: int = 40, form: str = "{:.3f}") -> list[str]:
    """Rows of normal numbers and a class."""
    numbers = np.random.RandomState(0).normal(size=(count, columns))
    return [",".join([*map(form.format, row), str(place % 2)]) for place, row in enumerate(numbers)]


def samples(dataset: Dataset) -> int:
    return sum(len(split) for split in dataset.splits().values())


AMBIGUOUS = {
    "years": ("2019,2020,2021,2022", rows(3)),
    "years backwards": ("2022,2021,2020,2019", rows(3)),
    "numbers of columns": ("0,1,2", rows(2)),
    "numbers of columns over whole numbers": ("0,1,2,3,4", rows(4, form="{:.0f}")),
    "wavelengths": ("350,400,470,1", rows(3)),
    "years that are no series over whole numbers": ("2010,2015,2019,0", rows(3, form="{:.0f}")),
    "a number over labels": ("8,7,2", [line[:-1] + ("low", "high")[place % 2] for place, line in enumerate(rows(2))]),
}


@pytest.mark.parametrize("what", list(AMBIGUOUS))
def test_names_that_are_numbers_are_asked_about(tmp_path: Path, what: str) -> None:
    first, below = AMBIGUOUS[what]
    with pytest.raises(ConfigFaultError, match=r"may be names or a sample: set dataset\.args\.header to 'yes'"):
        load(tmp_path, [first, *below])
    named = load(tmp_path, [first, *below], header="yes")
    assert (named.columns, samples(named)) == (first.split(",")[:-1], 40)


@pytest.mark.parametrize(("header", "named"), [("yes", True), (True, True), ("no", False), (False, False)])
def test_what_the_configuration_says_is_not_doubted(tmp_path: Path, header: object, named: bool) -> None:
    dataset = load(tmp_path, ["2019,2020,2021", *rows(2)], header=header, task="numbers")
    assert (samples(dataset), bool(dataset.columns)) == (40 if named else 41, named)
    assert not any("first line" in notice for notice in dataset.notices)


def test_how_the_first_line_was_read_is_told(tmp_path: Path) -> None:
    assert load(tmp_path, ["a,b,kind", *rows(2)]).notices == ["the first line of t.csv was read as names of columns"]
    assert load(tmp_path, rows(2)).notices == ["the first line of t.csv was read as a sample"]
    assert load(tmp_path, ["a,b,kind", *rows(2)], target="kind").notices == []


def test_a_first_line_of_names_and_numbers_leads_to_the_option(tmp_path: Path) -> None:
    hint = "if the first line holds names, set dataset.args.header to 'yes'"
    with pytest.raises(DataFaultError, match=rf"line 1, column 1 must hold a number, got 'growth'; {hint}"):
        load(tmp_path, ["2019,growth,1", *rows(2)])
    with pytest.raises(DataFaultError, match=rf"class 'kind' has 1 rows.*{hint}"):
        load(tmp_path, ["2019,2020,kind", *rows(2)])
    with pytest.raises(DataFaultError, match=rf"line 1, column 2 must hold a number, got 'kind'; {hint}"):
        load(tmp_path, ["2019,2020,kind", *rows(2)], task="numbers")


def test_a_target_by_name_needs_names(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaultError, match="without a header no column is 'kind', give its number"):
        load(tmp_path, rows(2), target="kind", header="no")


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return [line.split(delimiter) for line in text.splitlines() if line]


def of_sklearn(name: str, skip: int) -> list[list[str]]:
    found = find_spec("sklearn")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "datasets" / "data" / name
    content = path.read_bytes()
    return cells((gzip.decompress(content) if name.endswith(".gz") else content).decode())[skip:]


def test_tables_without_names_that_people_have_are_read_at_once() -> None:
    red = (Path(winequality.__file__).parent / "winequality-red.csv").read_text()
    assert not looks_like_names(cells(red, ";")[1:], -1)
    for name, skip in [("iris.csv", 1), ("breast_cancer.csv", 1), ("wine_data.csv", 1), ("digits.csv.gz", 0)]:
        table = of_sklearn(name, skip)
        for begin in range(60):  # any row may be the first
            assert not looks_like_names(table[begin:], -1), (name, begin)
    assert wine.load().classes  # the file that was read above is the data set's


def test_a_table_in_the_order_of_its_numbers_is_read_at_once() -> None:
    assert not looks_like_names([[str(row), str(row * row), "0"] for row in range(40)], -1)
    assert not looks_like_names([[str(row), str(row + 1), str(row + 2)] for row in range(40)], -1)
    assert not looks_like_names([[str(10**6 // (row + 1)), str(10**5 // (row + 1)), "a"] for row in range(1, 40)], -1)


@given(st.integers(2, 6), st.integers(0, 2**31), st.integers(2, 20))
def test_rows_of_small_whole_numbers_are_seldom_asked_about(columns: int, seed: int, most: int) -> None:
    table = np.random.RandomState(seed).randint(0, most, (200, columns)).astype(str).tolist()
    asked = [begin for begin in range(100) if looks_like_names(table[begin:], -1)]
    assert len(asked) <= 2
