"""Lengths of names that can be sent to the client."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import DataFaultError

LONGEST_NAMES = 2**20 - 2**16
"""Bytes that the names of columns, or of classes, may have: a message header holds 1 MiB at most."""
FRAMING = 5
"""Most bytes that a name's length, or a place, takes in a header."""


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
