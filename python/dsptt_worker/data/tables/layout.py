"""The form of a user's table, for those that read others like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...errors import DataFaultError

LONGEST_NAMES = 2**20 - 2**16
"""Bytes that the names of columns, or of classes, may have: a message header holds 1 MiB at most."""
FRAMING = 5
"""Most bytes that a name's length, or a place, takes in a header."""


@dataclass(frozen=True)
class NamedColumn:
    """Place of a column, and its name (empty without a header)."""

    column: int
    name: str


@dataclass(frozen=True)
class Category:
    """Place of a column of texts, its name (empty without a header), and its values, each of which is an input of 0 or
    1."""

    column: int
    name: str
    values: list[str]


@dataclass(frozen=True)
class Layout:
    """Delimiter of a table, and the places of its columns, from 0: of the ``target``, of those which are ``unused``,
    and of that which names the rows (``id``; None: none does). ``gaps``: cells may be empty, and then count as the mean
    of their column in training. ``categories``: the columns of texts."""

    delimiter: str
    target: int
    unused: list[int]
    id: NamedColumn | None = None
    gaps: bool = False
    categories: list[Category] = field(default_factory=list)


def check_lengths(names: Sequence[str], what: str) -> None:
    """Checks that names can be sent to the client.

    Raises:
        DataFaultError: they are too long together.
    """
    size = sum(len(name.encode()) + FRAMING for name in names)
    if size > LONGEST_NAMES:
        raise DataFaultError(
            f"{what} have {len(names):,} names of {size:,} bytes together, and {LONGEST_NAMES:,} can be kept at most: "
            "shorten them"
        )
