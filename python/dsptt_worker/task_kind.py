"""Answer that a task wants for a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

TaskKind: TypeAlias = Literal["classes", "labels", "numbers"]
"""One of several classes, any of several labels, or a number."""


def kind_of(classes: Sequence[str], *, are_labels: bool) -> TaskKind:
    """Returns the kind of a task with these classes, which may be labels; without any, a number is predicted."""
    if not classes:
        return "numbers"
    return "labels" if are_labels else "classes"
