"""Targets of a user's arrays: classes, labels, or numbers to be predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ConfigFaultError, DataFaultError
from ...task_kind import TaskKind, kind_of
from ..labels import check_labels
from ..listing import shown
from ..tables.lengths import check_lengths

Array = NDArray[Any]


@dataclass(frozen=True)
class Targets:
    """Targets of each split, as in ``Split``; the names of the classes or labels (empty for numbers), and notices."""

    of: dict[str, Array]
    classes: list[str]
    notices: list[str]
    are_labels: bool = False

    @property
    def kind(self) -> TaskKind:
        """Answer that is wanted for a sample."""
        return kind_of(self.classes, are_labels=self.are_labels)


def read_targets(
    given: Mapping[str, Array], classes: Sequence[str] | None, labels: Sequence[str] | None = None
) -> Targets:
    """Reads the targets of all splits, [samples] or [samples, 1]. Integers and texts are classes, in order;
    floating-point numbers are to be predicted. ``classes``: the names that integers count, from 0. ``labels``: the
    names of labels, whose targets are 0 or 1 each, [samples, labels] of any type.

    Raises:
        ConfigFaultError: names of classes and of labels.
        DataFaultError: another shape or type, a class without a name, one class only, or a number that is not finite.
    """
    if labels is not None:
        if classes is not None:
            raise ConfigFaultError("classes and labels are both named: a sample has one class, or any number of labels")
        return _labels(given, labels)
    flat = {split: _column(values, split) for split, values in given.items()}
    kinds = {"i" if values.dtype.kind in "bu" else values.dtype.kind for values in flat.values()}
    if len(kinds) > 1 or not kinds <= {"i", "f", "U"}:
        found = ", ".join(f"{split} {values.dtype}" for split, values in flat.items())
        raise DataFaultError(f"targets must be integers, texts or floating-point numbers, of one kind, got {found}")
    every = np.concatenate(list(flat.values()))
    if kinds == {"f"}:
        return _numbers(flat, every, classes)
    if kinds == {"U"} or classes is None:
        known = np.unique(every).tolist() if classes is None else list(classes)
        return Targets(_places(flat, known), _checked([str(value) for value in known]), [])
    if every.min() < 0 or every.max() >= len(classes):
        raise DataFaultError(
            f"there are {len(classes)} classes, so that targets are from 0 to {len(classes) - 1}; got "
            f"{every.min()} to {every.max()}"
        )
    return Targets({split: values.astype(np.int64) for split, values in flat.items()}, _checked(list(classes)), [])


def _column(values: Array, split: str) -> Array:
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim == 1:
        return values
    raise DataFaultError(
        f"{split}: targets must be [samples], one class or number each, got shape {list(values.shape)} (labels, of "
        "which a sample has any number, are named by labels)"
    )


def _labels(given: Mapping[str, Array], names: Sequence[str]) -> Targets:
    check_labels(names)
    for split, values in given.items():
        if values.ndim != 2 or values.shape[1] != len(names) or values.dtype.kind not in "buif":
            raise DataFaultError(
                f"{split}: targets must be numbers [samples, {len(names)}], a 0 or 1 for each of the labels, got "
                f"{values.dtype} of shape {list(values.shape)}"
            )
        wrong = np.argwhere((values != 0) & (values != 1))
        if len(wrong):
            row, column = wrong[0].tolist()
            raise DataFaultError(
                f"{split}, sample {row} (from 0): label {shown(names[column])} must be 0 or 1, got "
                f"{values[row, column]}"
            )
    of = {split: values.astype(np.float32) for split, values in given.items()}
    return Targets(of, list(names), [], are_labels=True)


def _numbers(flat: Mapping[str, Array], every: Array, classes: Sequence[str] | None) -> Targets:
    if classes is not None:
        raise DataFaultError(f"there are names of classes, but the targets are {every.dtype}: give them as integers")
    if not np.isfinite(every.astype(np.float32)).all():
        raise DataFaultError("a target is no finite 32-bit number")
    is_whole = bool((every == np.round(every)).all())
    notices = ["the targets are numbers to be predicted; labels of classes are given as integers"] if is_whole else []
    return Targets({split: values.astype(np.float32) for split, values in flat.items()}, [], notices)


def _places(flat: Mapping[str, Array], known: Sequence[object]) -> dict[str, Array]:
    places = {value: place for place, value in enumerate(known)}
    try:
        return {
            split: np.array([places[value] for value in values.tolist()], np.int64) for split, values in flat.items()
        }
    except KeyError as error:
        raise DataFaultError(f"there is no class {shown(str(error.args[0]))} among those that are named") from error


def _checked(names: list[str]) -> list[str]:
    if len(names) < 2:
        raise DataFaultError(f"there is one class only, {names}: there is nothing to tell apart")
    if len(set(names)) < len(names):
        raise DataFaultError("two classes have one name")
    check_lengths(names, "the classes")
    return names
