"""Ranges of numbers in the annotations of a network's arguments: ``Annotated[int, Range(ge=1)]``.

msgspec checks them when a configuration is opened. Where it is not installed, networks are built from configurations
that were checked before: nobody reads the ranges there.
"""

from __future__ import annotations

from typing import Any

try:
    from msgspec import Meta as Range
except ModuleNotFoundError:

    def Range(**_: Any) -> None:  # type: ignore[no-redef]  # noqa: N802 (it stands for a class)
        """A range that is not checked."""


__all__ = ["Range"]
