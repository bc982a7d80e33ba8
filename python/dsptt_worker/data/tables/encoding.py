"""Numbers of a table's cells: those that they hold, or 0 and 1 for each value of a column of texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from .cells import Table, is_finite, number

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
    known = {_key(value): column for column, value in enumerate(values)}
    block = np.zeros((len(table.rows), len(known)))
    for row, cells in enumerate(table.rows):
        text = cells[place]
        if gaps and is_gap(text):
            block[row] = np.nan
        elif not text:
            raise DataFaultError(f"{table.place(row, place)} has no value: set dataset.args.gaps to 'mean'")
        elif (key := _key(text)) in known:
            block[row, known[key]] = 1
    return block


def values_of(table: Table, place: int, rows: NDArray[np.int64], *, gaps: bool) -> list[str]:
    """Returns the different values of a column of texts in some rows, numbers before other texts, in order. Equal
    numbers, such as 1 and 1.0, are one value, called by its shortest spelling."""
    spellings: dict[float | str, str] = {}
    for row in rows.tolist():
        text = table.rows[row][place]
        if text and not (gaps and is_gap(text)):
            key = _key(text)
            spellings[key] = min(spellings.get(key, text), text, key=lambda one: (len(one), one))
    return [spellings[key] for key in sorted(spellings, key=lambda key: (isinstance(key, str), key))]


def unknown(table: Table, place: int, values: Sequence[str], *, gaps: bool) -> list[str]:
    """Returns the texts of a column that are none of the values, in alphabetical order."""
    known = {_key(value) for value in values}
    texts = {cells[place] for cells in table.rows}
    return sorted(text for text in texts if _key(text) not in known and not (gaps and is_gap(text)))


def _key(text: str) -> float | str:
    """Returns the number or text by which values are compared: programs that write a table turn 1 into 1.0 where a
    column has gaps."""
    value = number(text)
    return text if value is None or not is_finite(text) else value
