"""What a step of the acceptance is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from place import Place


def nothing(_place: Place) -> dict[str, Any]:
    """No details."""
    return {}


@dataclass(frozen=True)
class Step:
    """``shows``: what one learns from it. ``limit``: seconds that it may take at most.
    ``act`` does it, within the seconds given; ``read`` tells its details, also after it
    failed. Either raises what outcome.py defines."""

    name: str
    shows: str
    limit: float
    act: Callable[[Place, float], None]
    read: Callable[[Place], dict[str, Any]] = nothing
