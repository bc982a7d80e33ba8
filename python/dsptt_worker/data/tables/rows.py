"""Rows of cells in a text file (CSV), each with its line. Training and prediction read every table here."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import ConfigFaultError, DataFaultError

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = ",;\t|"
"""Characters that usually stand between cells."""


@dataclass(frozen=True)
class Rows:
    """Rows of equally many cells, without surrounding blanks, the first of them perhaps names; the line at which each
    begins; and notices about the file."""

    path: Path
    delimiter: str
    cells: list[list[str]]
    lines: list[int]
    notices: list[str]


def check_delimiter(delimiter: str) -> None:
    """Checks that a delimiter can stand between cells.

    Raises:
        ConfigFaultError: it is a quote, or ends a line.
    """
    if delimiter in '"\r\n':
        raise ConfigFaultError(f"dataset.args.delimiter: {delimiter!r} cannot stand between the cells of a table")


def read_text(path: Path) -> str:
    """Reads a text file in UTF-8, with or without a byte order mark.

    Raises:
        DataFaultError: it cannot be read, or is in another encoding.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataFaultError(f"cannot read {path}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataFaultError(
            f"cannot read {path}: line {line} has the byte 0x{error.object[error.start]:02x}, which is no text in "
            "UTF-8: save the table as CSV in UTF-8 (a spreadsheet has to be exported, an archive unpacked)"
        ) from error


def rows_of(text: str, path: Path, delimiter: str) -> Rows:
    """Cuts a text into rows of cells. Lines of blanks and empty cells are skipped. Where every line ends with a
    delimiter, no cell is read after it.

    Raises:
        DataFaultError: there are no rows, rows of different lengths, or a quote that is not closed.
    """
    cells, lines = _cut(text, path, delimiter)
    if not cells:
        raise DataFaultError(f"{path} holds no rows")
    width = len(cells[0])
    for row, line in zip(cells, lines, strict=True):
        if len(row) != width:
            hint = _why_ragged(cells[0], row, text, delimiter)
            raise DataFaultError(f"{path}, line {line}: {len(row)} cells, the lines before have {width}{hint}")
    if width > 1 and not any(row[-1] for row in cells):
        notice = f"every line of {path.name} ends with {delimiter!r}: no column is read after it"
        return Rows(path, delimiter, [row[:-1] for row in cells], lines, [notice])
    return Rows(path, delimiter, cells, lines, [])


def first_row(text: str, delimiter: str) -> list[str]:
    """Returns the cells of the first row that is not empty; none if the text cannot be read as such a table."""
    try:
        return next((row for row in map(_stripped, _reader(text, delimiter)) if any(row)), [])
    except csv.Error:
        return []


def other_delimiter(text: str, delimiter: str) -> str:
    """Asks which delimiter is meant, if the first row has more cells by another; else an empty text."""
    best = max([delimiter, *DELIMITERS], key=lambda each: len(first_row(text, each)))
    return "" if best == delimiter else f"; is its delimiter {delimiter!r}, or is it {best!r}?"


def _cut(text: str, path: Path, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = _reader(text, delimiter)
    cells, lines, end, begun = [], [], 0, 0
    try:
        for row in map(_stripped, reader):
            begun, end = end + 1, reader.line_num
            if any(row):
                cells.append(row)
                lines.append(begun)
    except csv.Error as error:
        raise DataFaultError(f"cannot read {path}, line {reader.line_num}: {error}") from error
    if text.count('"') % 2 and end > begun:  # it has swallowed the lines after it
        raise DataFaultError(f'{path}, line {begun} has a quote (") that is not closed')
    return cells, lines


def _reader(text: str, delimiter: str) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _why_ragged(first: list[str], row: list[str], text: str, delimiter: str) -> str:
    if first[0].startswith(("#", "sep=")) or row[0].startswith("#"):
        return "; lines that are no rows, such as comments, have to be removed"
    return other_delimiter(text, delimiter)
