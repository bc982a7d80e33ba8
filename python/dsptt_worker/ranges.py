"""Ranges of numbers in the annotations of a network's arguments: ``Annotated[int, Range(ge=1)]``.

msgspec checks them when a configuration is opened. Without msgspec, networks are built from configurations that were
checked before, and the ranges are unused.
"""

from __future__ import annotations

from typing import Any

try:
    from msgspec import Meta as Range
except ModuleNotFoundError:

    def Range(**_: Any) -> None:  # type: ignore[no-redef]  # noqa: N802 (it stands for a class)
        """Returns nothing: without msgspec, ranges are not checked."""


__all__ = ["Range"]
