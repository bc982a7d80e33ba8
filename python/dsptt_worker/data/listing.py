"""Texts of the user's data in messages, short enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 5
LONGEST = 60


def shown(text: str) -> str:
    """Returns a text in quotes, cut if it is long."""
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")


def listed(names: Sequence[str]) -> str:
    """Returns the first names, in quotes where a comma or the length needs it, and the number of the others."""
    texts = [name if 0 < len(name) <= LONGEST and "," not in name else shown(name) for name in names[:SHOWN]]
    return ", ".join(texts) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
