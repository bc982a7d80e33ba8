"""Inputs of networks from the columns of a user's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from ...table_layout import Category
from ..listing import listed
from ..scaling import Scaling
from .cells import Table, is_whole
from .encoding import encoded, unknown, values_of
from .lengths import check_lengths

EXACT = 2.0**53
"""Whole numbers below it are exact in 64 bits."""


@dataclass(frozen=True)
class Columns:
    """Inputs [rows, inputs] float32, how they were standardised, and their names (empty without a header); the places
    in the table of the columns that are no inputs, besides the target and the rows' names; the columns of texts; and
    notices about the columns."""

    inputs: NDArray[np.float32]
    scaling: Scaling
    names: list[str]
    unused: list[int]
    categories: list[Category]
    notices: list[str]


def read_columns(
    table: Table, others: set[int], train: NDArray[np.int64], texts: set[int], *, gaps: bool = False
) -> Columns:
    """Reads the columns except some ``others``, standardised over the training rows in 64 bits. Columns that never
    change in those are left out. Columns of ``texts`` are an input for each value that the training rows have. Where
    ``gaps`` are allowed, they take the mean of the training rows.

    Raises:
        DataFaultError: a cell is not a number, one is too far from the others, or no column changes.
    """
    places = [place for place in range(table.width) if place not in others]
    values = {place: values_of(table, place, train, gaps=gaps) for place in places if place in texts}
    blocks = [encoded(table, place, values.get(place), gaps=gaps) for place in places]
    owners = [place for place, block in zip(places, blocks, strict=True) for _ in range(block.shape[1])]
    numbers = np.concatenate(blocks, 1)
    filled = _filled(numbers, train, table, owners)
    scaling = Scaling.over(filled[train])
    used = scaling.std.numpy() > 0
    if not used.any():
        raise DataFaultError(f"{table.path}: no column but the target changes in the training rows")
    kept = Scaling(scaling.mean[used], scaling.std[used])
    inputs = kept.apply(filled[:, used])
    far = np.argwhere(~np.isfinite(inputs))
    if len(far):
        row, place = int(far[0][0]), owners[np.flatnonzero(used)[far[0][1]]]
        raise DataFaultError(f"{table.place(row, place)} is too far from the training rows for 32 bits")
    inputs_of = {owner for owner, is_used in zip(owners, used, strict=True) if is_used}
    unused = [place for place in places if place not in inputs_of]
    categories = [
        Category(place, table.names[place] if table.names else "", values[place])
        for place in places
        if place in texts and place not in unused
    ]
    names = [name for place in places if place not in unused for name in _names(table, place, values.get(place))]
    texts_sent = [*names, *(value for category in categories for value in category.values)] if categories else []
    check_lengths([*table.names, *texts_sent], f"{table.path}: the columns")
    notices = _notices(table, dict(zip(places, blocks, strict=True)), unused, values, gaps=gaps)
    return Columns(inputs, kept, names, unused, categories, notices)


def _filled(
    numbers: NDArray[np.float64], train: NDArray[np.int64], table: Table, owners: Sequence[int]
) -> NDArray[np.float64]:
    """Returns the numbers with the mean of the training rows in the place of gaps."""
    is_missing = np.isnan(numbers)
    if not is_missing.any():
        return numbers
    empty = np.flatnonzero(is_missing[train].all(0))
    if len(empty):
        raise DataFaultError(f"{table.path}: {table.called(owners[empty[0]])} has no value in the training rows")
    first = np.array([column[train][~gone[train]][0] for column, gone in zip(numbers.T, is_missing.T, strict=True)])
    means = first + np.nanmean(numbers[train] - first, 0)  # exact where numbers are large and near each other
    return np.where(is_missing, means, numbers)


def _names(table: Table, place: int, values: Sequence[str] | None) -> list[str]:
    if not table.names:
        return []
    name = table.names[place]
    return [name] if values is None else [f"{name}={value}" for value in values]


def _notices(
    table: Table,
    blocks: Mapping[int, NDArray[np.float64]],
    unused: Sequence[int],
    values: Mapping[int, Sequence[str]],
    *,
    gaps: bool,
) -> list[str]:
    numbers = {place: block[:, 0] for place, block in blocks.items() if place not in values}
    found = {
        "are left out, because all training rows have the same number in them": unused,
        "hold whole numbers beyond 2^53, which 64 bits round": [
            place for place, column in numbers.items() if _is_inexact(table, place, column)
        ],
        "count the rows of the table: take them out of it if they do nothing else": [
            place for place, column in numbers.items() if (np.diff(column) == 1).all()
        ],
        "have gaps, which take the mean of the training rows": [
            place for place, block in blocks.items() if np.isnan(block).any()
        ],
        "hold texts that no training row has, which are none of their values": [
            place for place, known in values.items() if unknown(table, place, known, gaps=gaps)
        ],
    }
    return [
        f"columns of {table.path.name} that {what}: {listed([table.called(place) for place in some])}"
        for what, some in found.items()
        if some
    ]


def _is_inexact(table: Table, place: int, column: NDArray[np.float64]) -> bool:
    large = np.flatnonzero(np.abs(column) >= EXACT)
    cells = ((table.rows[row][place], column[row]) for row in large)
    return any(is_whole(cell) and Decimal(cell) != Decimal(value) for cell, value in cells)
