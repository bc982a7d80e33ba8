"""Classes of a table's labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from ..listing import listed, shown
from .cells import Table, is_finite, number

FEWEST = 3
"""Rows that a class needs: one a split."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", str, Decimal)


@dataclass(frozen=True)
class Labels:
    """The class of each row, [rows], the classes' names, and notices about the labels."""

    targets: NDArray[np.int64]
    names: list[str]
    notices: list[str]


def read_labels(table: Table, column: int) -> Labels:
    """Reads a column of labels. If all of them are numbers, equal numbers are one class, called by their shortest
    spelling, and classes are in numerical order. Else each text is a class, in alphabetical order.

    Raises:
        DataFaultError: a cell is empty, or NaN or infinite among numbers; one class only, or one of fewer than 3 rows.
    """
    labels = table.texts(column)
    numbers = _numbers(table, column, labels)
    names, places = _ordered(dict(zip(labels, labels, strict=True))) if numbers is None else _ordered(numbers)
    if len(names) < 2:
        raise DataFaultError(f"{table.path} has one class only, {shown(names[0])}: there is nothing to tell apart")
    targets = np.array([places[label] for label in labels], np.int64)
    _check_counts(table, targets, names)
    return Labels(targets, names, _alike(names) if numbers is None else [])


def _numbers(table: Table, column: int, labels: Sequence[str]) -> dict[str, Decimal] | None:
    """Returns the exact number of each label; None if one is no number."""
    if any(number(label) is None for label in labels):
        return None
    for row, label in enumerate(labels):
        if not is_finite(label):
            raise DataFaultError(f"{table.place(row, column)} must hold a number as the other labels, got {label!r}")
    try:
        return {label: Decimal(label) for label in labels}
    except InvalidOperation:  # an exponent of more than 18 digits
        return None


def _ordered(values: Mapping[str, Value]) -> tuple[list[str], dict[str, int]]:
    """Returns the name of each different value, in order, and the place of each label among them."""
    spellings = _grouped(values)
    order = sorted(spellings)
    places = {value: place for place, value in enumerate(order)}
    names = [min(spellings[value], key=lambda label: (len(label), label)) for value in order]
    return names, {label: places[value] for label, value in values.items()}


def _alike(names: Sequence[str]) -> list[str]:
    keys = {name: " ".join(name.split()).casefold() if (value := number(name)) is None else value for name in names}
    alike = [name for group in _grouped(keys).values() if len(group) > 1 for name in group]
    return [f"labels that differ in their spelling only are different classes: {listed(alike)}"] if alike else []


def _grouped(keys: Mapping[str, Key]) -> dict[Key, list[str]]:
    groups: dict[Key, list[str]] = defaultdict(list)
    for label, key in keys.items():
        groups[key].append(label)
    return groups


def _check_counts(table: Table, targets: NDArray[np.int64], names: Sequence[str]) -> None:
    counts = np.bincount(targets)
    rarest = int(counts.argmin())
    if counts[rarest] < FEWEST:
        end = table.of_first if targets[0] == rarest else ""
        raise DataFaultError(
            f"{table.path}: class {shown(names[rarest])} has {counts[rarest]} rows, every class needs at least "
            f"{FEWEST}; for numbers to be predicted set dataset.args.task to 'numbers'{end}"
        )
