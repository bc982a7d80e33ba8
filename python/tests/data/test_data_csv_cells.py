"""Cells and lines of a user's table, as other readers of tables take them."""

from __future__ import annotations

import math
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsptt_worker.data import DATASETS
from dsptt_worker.data.tables.cells import number
from dsptt_worker.data.tables.rows import read_text, rows_of
from dsptt_worker.errors import ConfigFaultError, DataFaultError


@pytest.mark.parametrize("cell", ["3", "+3", "-3.5", ".5", "5.", "1e5", "1E-5", "007"])
def test_a_number_is_written_as_numpy_reads_it(cell: str) -> None:
    assert number(cell) == np.loadtxt(StringIO(cell)).item()


@pytest.mark.parametrize(
    "cell", ["3_4", "1_000", "１２", "٣", "0x10", "1d5", "1,5", "1 000", "1'000", "", "-", "e5", "NA", "?", "true", "½"]
)
def test_nothing_else_is_a_number(cell: str) -> None:
    assert number(cell) is None


@given(st.text("0123456789+-.eE_xn ", max_size=8))
def test_what_is_a_number_is_one_to_numpy_too(cell: str) -> None:
    read = number(cell)
    if read is not None and math.isfinite(read):
        assert read == np.loadtxt(StringIO(cell)).item()


def refusal(folder: Path, text: str | bytes, **arguments: object) -> str:
    content = text.encode() if isinstance(text, str) else text
    (folder / "t.csv").write_bytes(content)
    with pytest.raises((DataFaultError, ConfigFaultError)) as raised:
        DATASETS["csv"](dir=str(folder), file="t.csv", **arguments)
    return str(raised.value)


ROWS = [f"{row * 0.5},{row * row},{'ab'[row % 2]}" for row in range(20)]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("3_4", "line 21, column 1 must hold a number, got '3_4' (numbers are written as 1234.5)"),
        ('"1,5"', "got '1,5' (numbers are written as 1234.5)"),
        ('"1,234.5"', "got '1,234.5' (numbers are written as 1234.5)"),
        ("１２", "must hold a number, got '１２'"),
        ("nan", "must hold a number, got 'nan'"),
        ("Infinity", "must hold a number, got 'Infinity'"),
        ("1e999", "line 21, column 1 is beyond what 32 bits can hold (3.4e38): '1e999'"),
        ("9" * 5000, f"is beyond what 32 bits can hold (3.4e38): '{'9' * 60}...'"),
        ("x" * 5000, f"must hold a number, got '{'x' * 60}...'"),
    ],
)
def test_a_cell_is_refused_with_its_place(tmp_path: Path, cell: str, said: str) -> None:
    assert said in refusal(tmp_path, "\n".join([*ROWS, f"1,{cell},a"]))


TEXTS = {
    "Unix": "a,b\n1,2\n3,4\n",
    "Windows": "a,b\r\n1,2\r\n3,4\r\n",
    "old Mac": "a,b\r1,2\r3,4\r",
    "no last line's end": "a,b\n1,2\n3,4",
    "a byte order mark": "\ufeffa,b\n1,2\n3,4\n",
    "blank lines": "\n\na,b\n \n1,2\n,\n3,4\n\n\n",
    "blanks around cells": " a , b\n1 ,\t2\n  3, 4  \n",
    "quotes": '"a","b"\n"1","2"\n3,"4"\n',
    "a last delimiter": "a,b,\n1,2,\n3,4,\n",
}


@pytest.mark.parametrize("what", list(TEXTS))
def test_a_table_is_the_same_however_its_lines_are_written(tmp_path: Path, what: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(TEXTS[what].encode())
    assert rows_of(read_text(path), path, ",").cells == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_the_line_of_a_row_is_the_one_at_which_it_begins(tmp_path: Path) -> None:
    text = 'a,b\n\n"1\n1",2\n3,4\n'
    rows = rows_of(text, tmp_path, ",")
    assert (rows.cells[1:], rows.lines) == ([["1\n1", "2"], ["3", "4"]], [1, 3, 5])


def test_a_column_after_the_last_delimiter_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("\n".join(f"{row}," for row in ROWS))
    dataset = DATASETS["csv"](dir=str(tmp_path), file="t.csv")
    assert dataset.classes == ["a", "b"]
    assert "every line of t.csv ends with ',': no column is read after it" in dataset.notices


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n".join(ROWS).replace(",", ";"), "has one column only; is its delimiter ',', or is it ';'?"),
        (
            "a;b;y\n" + "\n".join(f"{row},5;{row},25;x" for row in range(20)),
            "line 2: 3 cells, the lines before have 1;",
        ),
        (
            "# made by hand\n" + "\n".join(ROWS),
            "line 2: 3 cells, the lines before have 1; lines that are no rows, such as",
        ),
        ("\n".join([*ROWS, '1,2,"a', *ROWS]), 'line 21 has a quote (") that is not closed'),
        (
            "\n".join(ROWS).encode("utf-16"),
            "line 1 has the byte 0xff, which is no text in UTF-8: save the table as CSV",
        ),
        ("\n".join([*ROWS, "1,2,é"]).encode("latin-1"), "line 21 has the byte 0xe9, which is no text in UTF-8"),
        (
            b"PK\x03\x04\x14\x00\x08\x08\xff",
            "0xff, which is no text in UTF-8: save the table as CSV in UTF-8 (a spread",
        ),
        ("\n".join([*ROWS, "1,2," + "a" * 200_000]), "field larger than field limit (131072)"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_remedy(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_decimal_commas_are_refused_by_name(tmp_path: Path) -> None:
    text = "a;b;y\n" + "\n".join(f"{row},5;{row},25;{'xy'[row % 2]}" for row in range(20))
    assert "got '0,5' (numbers are written as 1234.5)" in refusal(tmp_path, text, delimiter=";")


@pytest.mark.parametrize("delimiter", ['"', "\n", "\r"])
def test_a_delimiter_that_can_stand_in_no_line_is_refused(tmp_path: Path, delimiter: str) -> None:
    assert "cannot stand between the cells of a table" in refusal(tmp_path, "\n".join(ROWS), delimiter=delimiter)
