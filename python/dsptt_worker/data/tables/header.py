"""The first line of a table: names of its columns, or a sample.

A configuration may say which. Else a line without a number, the target's not counted, holds names, and any other line
is a sample, unless it looks like names that are numbers, such as years: then the user has to say it, because a wrong
guess would spoil the statistics of every column, and nothing would show it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, TypeAlias

from ...errors import ConfigFaultError
from ..listing import listed
from .cells import is_whole, number
from .rows import Rows

Header: TypeAlias = bool | Literal["auto", "yes", "no"]

FEWEST = 10
"""Rows below the first with which it can be compared."""


def has_names(rows: Rows, target: str | int, header: Header, option: str = "target") -> bool:
    """Reports whether the first row holds names. ``option`` is the argument that states the target.

    Raises:
        ConfigFaultError: that cannot be told, or the target has a name but the table shall have none.
    """
    if header != "auto":
        named = header in (True, "yes")
        if isinstance(target, str) and not named:
            raise ConfigFaultError(f"dataset.args.{option}: without a header no column is {target!r}, give its number")
        return named
    if isinstance(target, str) or is_text(rows.cells[0], target):
        return True
    if looks_like_names(rows.cells, target):
        raise ConfigFaultError(
            f"the first line of {rows.path} ({listed(rows.cells[0])}) may be names or a sample: set "
            "dataset.args.header to 'yes' (names) or 'no'"
        )
    return False


def is_text(cells: list[str], target: int | None = None) -> bool:
    """Reports whether no cell of a row is a number, the target's not counted."""
    return not any(number(cells[place]) is not None for place in _inputs(cells, target))


def looks_like_names(cells: list[list[str]], target: int | None = None) -> bool:
    """Reports whether the first row of a table, although all its cells are numbers, differs from the rows below as
    names do. Any of these is enough:

    - its target is a number, and no other target is one;
    - it counts in equal steps (0, 1, 2 or 2021, 2020, 2019), and no other row does;
    - its inputs are different whole numbers, and no other input is whole;
    - its inputs are different whole numbers, each farther from the other numbers of its column than those are from each
      other; columns of one number are not counted.
    """
    first, body = cells[0], cells[1:]
    inputs = _inputs(first, target)
    if len(body) < FEWEST or any(number(cell) is None for cell in first):
        return False
    targets = set(range(len(first))) - set(inputs)
    if targets and not any(number(row[place]) is not None for place in targets for row in body):
        return True
    if _counts(first):
        return not any(_counts(row) for row in body)
    different = {number(first[place]) for place in inputs if is_whole(first[place])}
    if not 2 <= len(different) == len(inputs):
        return False
    return not any(is_whole(row[place]) for place in inputs for row in body) or _is_far(cells, inputs)


def _inputs(cells: list[str], target: int | None) -> list[int]:
    """Returns the places of a row except the target's, if there are others."""
    places = list(range(len(cells)))
    if target is not None and len(cells) > 1 and -len(cells) <= target < len(cells):
        del places[target]
    return places


def _counts(cells: list[str]) -> bool:
    """Reports whether at least three whole numbers follow each other in equal steps."""
    if len(cells) < 3 or not is_whole(cells[0]) or not is_whole(cells[1]) or cells[0] == cells[1]:
        return False
    values = [float(cell) for cell in cells if is_whole(cell)]
    return len(values) == len(cells) and len({b - a for a, b in pairwise(values)}) == 1


def _is_far(cells: list[list[str]], inputs: list[int]) -> bool:
    far = 0
    for place in inputs:
        first, *below = [number(row[place]) for row in cells]
        known = [value for value in below if value is not None]
        if first is None or len(known) < len(below):
            return False
        least, most = min(known), max(known)
        if least == most:
            continue
        if max(least - first, first - most) <= most - least:
            return False
        far += 1
    return far > 1
