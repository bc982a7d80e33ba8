"""A user's table in a text file: cells in rows, each with its position in the file."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError


@dataclass(frozen=True)
class Table:
    """Rows of equally many cells, the line of each in its file, and the columns' names (empty without a header)."""

    path: Path
    rows: list[list[str]]
    lines: list[int]
    names: list[str]

    @property
    def width(self) -> int:
        """Number of cells in a row."""
        return len(self.rows[0])

    def column(self, target: str | int) -> int:
        """Returns the index of a column from its name, or from its number, which may count from the end (-1 is the
        last).

        Raises:
            ConfigFaultError: there is no such column.
        """
        if isinstance(target, str):
            if target not in self.names:
                known = ", ".join(self.names) or "none, its first line is not one of names: give the column's number"
                raise ConfigFaultError(f"dataset.args.target: {self.path} has no column {target!r}; it has: {known}")
            return self.names.index(target)
        if not -self.width <= target < self.width:
            raise ConfigFaultError(
                f"dataset.args.target: {self.path} has columns 0 to {self.width - 1} (-1 is the last), got {target}"
            )
        return target % self.width

    def numbers(self, column: int) -> NDArray[np.float64]:
        """Returns a column of numbers, [rows].

        Raises:
            DataFaultError: a cell is not a number, or not a finite one.
        """
        return np.array([self._number(row, column) for row in range(len(self.rows))])

    def texts(self, column: int) -> list[str]:
        """Returns a column of labels.

        Raises:
            DataFaultError: a cell is empty.
        """
        for row, cells in enumerate(self.rows):
            if not cells[column]:
                raise DataFaultError(f"{self._place(row, column)} has no label")
        return [cells[column] for cells in self.rows]

    def _number(self, row: int, column: int) -> float:
        cell = self.rows[row][column]
        value = number(cell)
        if value is None or not math.isfinite(value):
            raise DataFaultError(f"{self._place(row, column)} must hold a number, got {cell!r}")
        return value

    def _place(self, row: int, column: int) -> str:
        name = f" ({self.names[column]})" if self.names else ""
        return f"{self.path}, line {self.lines[row]}, column {column}{name}"


def read_table(path: Path, delimiter: str, target: str | int) -> Table:
    """Reads the table in a file. Its first line is a header if ``target`` is a name, or if no cell of it besides the
    target is a number. Empty lines are skipped.

    Raises:
        DataFaultError: the file cannot be read, holds no rows, or rows of different lengths.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
            found = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFaultError(f"cannot read {path}: {error}") from error
    header = found[0][1] if found and _is_header(found[0][1], target) else []
    body = found[1:] if header else found
    if not body:
        raise DataFaultError(f"{path} holds no rows")
    width = len(header or body[0][1])
    for line, cells in body:
        if len(cells) != width:
            raise DataFaultError(f"{path}, line {line}: {len(cells)} cells, the lines before have {width}")
    return Table(path, [cells for _, cells in body], [line for line, _ in body], header)


def number(cell: str) -> float | None:
    """Parses a cell as a number; None if it holds anything else."""
    try:
        return float(cell)
    except ValueError:
        return None


def _is_header(cells: list[str], target: str | int) -> bool:
    if isinstance(target, str):
        return True
    numeric = [number(cell) is not None for cell in cells]
    if -len(cells) <= target < len(cells) and len(cells) > 1:
        del numeric[target]
    return not any(numeric)
