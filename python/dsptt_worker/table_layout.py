"""The form of a user's table, for training and for those that read others like it. Needs no package."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    @property
    def apart(self) -> set[int]:
        """Places of the columns that are no inputs."""
        return {self.target, *self.unused, *(() if self.id is None else (self.id.column,))}
