"""Inputs of networks from the columns of a user's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ..errors import DataFaultError
from .cells import Table, is_whole
from .layout import check_lengths
from .listing import listed
from .scaling import Scaling

EXACT = 2.0**53
"""Whole numbers below it are exact in 64 bits."""


@dataclass(frozen=True)
class Columns:
    """Inputs [rows, inputs] float32, how they were standardised, and their names (empty without a header); the places
    in the table of the columns that are no inputs, besides the target; and notices about the columns."""

    inputs: NDArray[np.float32]
    scaling: Scaling
    names: list[str]
    unused: list[int]
    notices: list[str]


def read_columns(table: Table, target: int, train: NDArray[np.int64]) -> Columns:
    """Reads the columns except the target's, standardised over the training rows in 64 bits. Columns that never change
    in those are left out.

    Raises:
        DataFaultError: a cell is not a number, one is too far from the others, or no column changes.
    """
    places = [place for place in range(table.width) if place != target]
    numbers = np.stack([table.numbers(place) for place in places], 1)
    scaling = Scaling.over(numbers[train])
    used = scaling.std.numpy() > 0
    if not used.any():
        raise DataFaultError(f"{table.path}: no column but the target changes in the training rows")
    kept = Scaling(scaling.mean[used], scaling.std[used])
    inputs = kept.apply(numbers[:, used])
    far = np.argwhere(~np.isfinite(inputs))
    if len(far):
        row, place = int(far[0][0]), np.flatnonzero(used)[far[0][1]]
        raise DataFaultError(f"{table.place(row, places[place])} is too far from the training rows for 32 bits")
    unused = [place for place, is_used in zip(places, used, strict=True) if not is_used]
    names = [name for place, name in enumerate(table.names) if place not in {target, *unused}]
    check_lengths(table.names, f"{table.path}: the columns")
    return Columns(inputs, kept, names, unused, _notices(table, places, numbers, unused))


def _notices(table: Table, places: Sequence[int], numbers: NDArray[np.float64], unused: Sequence[int]) -> list[str]:
    inexact = [place for place, column in zip(places, numbers.T, strict=True) if _is_inexact(table, place, column)]
    counting = [place for place, column in zip(places, numbers.T, strict=True) if (np.diff(column) == 1).all()]
    found = {
        "are left out, because all training rows have the same number in them": unused,
        "hold whole numbers beyond 2^53, which 64 bits round": inexact,
        "count the rows of the table: take them out of it if they do nothing else": counting,
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
