"""A user's table: columns of numbers and labels, with the position of each cell in its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import ConfigFaultError, DataFaultError
from ..listing import listed, shown
from .rows import Rows

LARGEST = float(np.finfo(np.float32).max)
"""Largest number in a cell: networks take 32 bits."""
OF_NUMBERS = frozenset("0123456789.,'_ +-eE")
"""Characters of numbers, however they are written."""


@dataclass(frozen=True)
class Table:
    """Rows of equally many cells, the line of each in its file, and the columns' names (empty without a header).
    ``of_first`` ends the messages about the first row."""

    path: Path
    delimiter: str
    rows: list[list[str]]
    lines: list[int]
    names: list[str]
    of_first: str = ""

    @classmethod
    def of(cls, rows: Rows, *, named: bool, of_first: str = "") -> Table:
        """Creates the table of some rows, of which the first may hold the names.

        Raises:
            DataFaultError: there is no row of numbers.
        """
        names, first = (rows.cells[0], 1) if named else ([], 0)
        if len(rows.cells) == first:
            raise DataFaultError(f"{rows.path} holds no rows")
        return cls(rows.path, rows.delimiter, rows.cells[first:], rows.lines[first:], names, of_first)

    @property
    def width(self) -> int:
        """Number of cells in a row."""
        return len(self.rows[0])

    def column(self, target: str | int, option: str = "target") -> int:
        """Returns the index of a column from its name, or from its number, which may count from the end (-1 is the
        last). ``option`` is the argument that states it.

        Raises:
            ConfigFaultError: there is no such column.
        """
        if isinstance(target, str):
            if target not in self.names:
                raise ConfigFaultError(f"dataset.args.{option}: {self.path} has no column {self.instead_of(target)}")
            return self.names.index(target)
        if not -self.width <= target < self.width:
            raise ConfigFaultError(
                f"dataset.args.{option}: {self.path} has columns 0 to {self.width - 1} (-1 is the last), got {target}"
            )
        return target % self.width

    def instead_of(self, name: str) -> str:
        """Returns a name that no column has, with the name that is most like it, and those of the columns."""
        folded = {"".join(known.split()).casefold(): known for known in self.names}
        near = get_close_matches("".join(name.split()).casefold(), folded, 1)
        meant = f" (is it {folded[near[0]]!r}?)" if near else ""
        return f"{shown(name)}{meant}; it has: {listed(self.names)}"

    def called(self, column: int) -> str:
        """Returns a column's name, or its number if it has none."""
        return (self.names[column] if self.names else "") or f"column {column}"

    def check_names(self) -> None:
        """Checks that a name is that of one column only.

        Raises:
            DataFaultError: two columns have one name, or none.
        """
        first: dict[str, int] = {}
        for column, name in enumerate(self.names):
            if first.setdefault(name, column) != column:
                called = f"are called {shown(name)}" if name else "have no name"
                raise DataFaultError(
                    f"{self.path}: columns {first[name]} and {column} (from 0) {called}: give each a name of its own"
                )

    def numbers(self, column: int, is_gap: Callable[[str], bool] | None = None) -> NDArray[np.float64]:
        """Returns a column of numbers, [rows]; NaN where a cell is a gap.

        Raises:
            DataFaultError: a cell is neither a gap nor a number, or not a finite one of 32 bits.
        """
        return np.array(
            [
                np.nan if is_gap is not None and is_gap(cells[column]) else self._number(row, column)
                for row, cells in enumerate(self.rows)
            ]
        )

    def texts(self, column: int) -> list[str]:
        """Returns a column of labels.

        Raises:
            DataFaultError: a cell is empty.
        """
        for row, cells in enumerate(self.rows):
            if not cells[column]:
                raise DataFaultError(f"{self.place(row, column)} has no label{self._end(row)}")
        return [cells[column] for cells in self.rows]

    def place(self, row: int, column: int) -> str:
        """Returns the position of a cell in words."""
        name = f" ({self.names[column]})" if self.names else ""
        return f"{self.path}, line {self.lines[row]}, column {column}{name}"

    def _number(self, row: int, column: int) -> float:
        cell = self.rows[row][column]
        value = number(cell)
        if value is not None and abs(value) <= LARGEST:  # false for NaN
            return value
        if is_finite(cell):
            raise DataFaultError(f"{self.place(row, column)} is beyond what 32 bits can hold (3.4e38): {shown(cell)}")
        hint = "" if self._end(row) and not OF_NUMBERS.issuperset(cell) else _hint(cell)
        raise DataFaultError(f"{self.place(row, column)} must hold a number, got {shown(cell)}{hint}{self._end(row)}")

    def _end(self, row: int) -> str:
        return self.of_first if row == 0 else ""


def _hint(cell: str) -> str:
    if not cell:
        return " (for tables with gaps set dataset.args.gaps to 'mean')"
    if OF_NUMBERS.issuperset(cell):
        return " (numbers are written as 1234.5)"
    return " (name columns of texts in dataset.args.categories)"


def number(cell: str) -> float | None:
    """Parses a cell as numpy and C do, in ASCII digits without separators; None if it holds anything else. NaN and
    infinity are numbers."""
    if "_" in cell or not cell.isascii():
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def is_finite(cell: str) -> bool:
    """Reports whether a cell is written as a number in digits, however large: not as NaN or infinity."""
    return number(cell) is not None and "n" not in cell.lower()


def is_whole(cell: str) -> bool:
    """Reports whether a cell is written as a whole number, in digits alone."""
    return cell.isascii() and cell.lstrip("+-").isdecimal() and number(cell) is not None
