"""Numbers of a table's cells: those that they hold, or 0 and 1 for each value of a column of texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from .cells import Table

GAPS = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
"""Cells without a value, in any case, where a table may have gaps."""


def is_gap(cell: str) -> bool:
    """Reports whether a cell holds no value."""
    return cell.casefold() in GAPS


def encoded(table: Table, place: int, values: Sequence[str] | None, *, gaps: bool) -> NDArray[np.float64]:
    """Returns a column as numbers, [rows, 1], or, if its ``values`` are given, [rows, values]: 1 where a cell holds the
    value, else 0, so that a text which is none of them is 0 everywhere. NaN stands for gaps, if they are allowed.

    Raises:
        DataFaultError: a cell is not a number, or is empty, and gaps are not allowed.
    """
    if values is None:
        return table.numbers(place, is_gap if gaps else None)[:, None]
    known = {value: number for number, value in enumerate(values)}
    block = np.zeros((len(table.rows), len(known)))
    for row, cells in enumerate(table.rows):
        text = cells[place]
        if gaps and is_gap(text):
            block[row] = np.nan
        elif not text:
            raise DataFaultError(f"{table.place(row, place)} has no value: set dataset.args.gaps to 'mean'")
        elif text in known:
            block[row, known[text]] = 1
    return block


def values_of(table: Table, place: int, rows: NDArray[np.int64], *, gaps: bool) -> list[str]:
    """Returns the different texts of a column in some rows, in alphabetical order."""
    texts = {table.rows[row][place] for row in rows.tolist()}
    return sorted(text for text in texts if text and not (gaps and is_gap(text)))


def unknown(table: Table, place: int, values: Sequence[str], *, gaps: bool) -> list[str]:
    """Returns the texts of a column that are none of the values, in alphabetical order."""
    texts = {cells[place] for cells in table.rows}
    return sorted(text for text in texts - set(values) if not (gaps and is_gap(text)))
