"""Answer that a task wants for a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

TaskKind: TypeAlias = Literal["classes", "numbers"]
"""One of several classes, or a number."""


def kind_of(classes: Sequence[str]) -> TaskKind:
    """Returns the kind of a task with these classes."""
    return "classes" if classes else "numbers"
