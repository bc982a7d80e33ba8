"""A data set from arrays of the user's: those that a function of theirs returns, or that lie in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...errors import ConfigFaultError, DataFaultError
from ...task_kind import TaskKind
from ..crop_flip import Augment, augmentation
from ..dataset import Dataset, Split, strata_of_numbers, stratified_order
from ..labels import check_both, strata_of_labels
from ..listing import shown
from ..normalisation import Normalise
from ..shares import split_sizes
from .scale import with_inputs_scaled, with_targets_scaled
from .targets import Targets, read_targets

SPLITS = ("train", "validation", "test")
SHARE = 0.15
"""Share of the training samples that a split gets which is not given."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Given:
    """Inputs [samples, ...] and targets [samples], or of labels [samples, labels], of one split."""

    inputs: Array
    targets: Array


@dataclass(frozen=True)
class Preparation:
    """Preparation of the arrays: the names of the classes that integer targets count (None: their own numbers), or of
    the labels whose targets are 0 or 1 (None: there are none), the
    normalisation (None: ``data`` for bytes, ``none`` for other numbers), the augmentation of images, and the names of
    a table's columns."""

    classes: Sequence[str] | None = None
    labels: Sequence[str] | None = None
    normalise: Normalise | None = None
    augment: Augment = "none"
    columns: Sequence[str] = ()


def prepared(given: Mapping[str, Given], preparation: Preparation) -> Dataset:
    """Returns the data set of the splits ``train``, ``validation`` and ``test``. Those that are not given are shares of
    the first, stratified. Inputs of bytes, [samples, channels, height, width], are images; all others become float32.
    Targets are classes, integers or texts, labels, or numbers to be predicted, which are standardised.

    Raises:
        ConfigFaultError: unknown splits, or a preparation that does not fit the arrays.
        DataFaultError: arrays of shapes or types that no network can take, or that do not fit each other; numbers that
            are not finite.
    """
    _check_splits(given)
    inputs = {name: _inputs(split.inputs, name) for name, split in given.items()}
    _check_alike(inputs)
    targets = read_targets(
        {name: split.targets for name, split in given.items()}, preparation.classes, preparation.labels
    )
    splits, notices = _with_shares(inputs, targets)
    _check_trains_on_all(splits[0], targets)
    notices = [*targets.notices, *notices]
    dataset = Dataset(*splits, targets.classes, are_labels=targets.are_labels, notices=notices)
    scaled = with_inputs_scaled(with_targets_scaled(dataset), preparation.normalise, preparation.columns)
    return _augmented(scaled, preparation.augment)


def _check_trains_on_all(train: Split, targets: Targets) -> None:
    if targets.kind == "labels":
        check_both(train.targets.numpy(), targets.classes)
    if targets.kind == "classes":
        for place in sorted(set(range(len(targets.classes))) - set(train.targets.tolist())):
            raise DataFaultError(f"no training sample is of class {shown(targets.classes[place])}")


def _check_splits(given: Mapping[str, Given]) -> None:
    if "train" not in given or not set(given) <= set(SPLITS):
        raise ConfigFaultError(f"splits must be train, and if there are any validation and test, got {list(given)}")
    for name, split in given.items():
        shapes = f"inputs of shape {list(split.inputs.shape)} and targets of shape {list(split.targets.shape)}"
        if split.inputs.ndim < 2 or not split.targets.ndim:
            raise DataFaultError(f"{name}: inputs [samples, ...] and targets [samples] are needed, got {shapes}")
        if len(split.inputs) != len(split.targets) or not len(split.targets):
            raise DataFaultError(f"{name}: a target for each sample is needed, got {shapes}")


def _inputs(values: Array, name: str) -> Array:
    """Returns images of bytes with their channels first, a table in float64, and other numbers in float32."""
    if values.dtype.kind not in "buif":
        raise DataFaultError(f"{name}: inputs must be numbers, got {values.dtype}")
    if values.dtype == np.uint8 and values.ndim in (3, 4):
        return np.require(_channels_first(values, name), requirements=("C", "W"))  # torch shares them
    with np.errstate(over="ignore"):
        numbers = np.array(values, np.float64 if values.ndim == 2 else np.float32)
    if not np.isfinite(numbers).all():
        row = int(np.argwhere(~np.isfinite(numbers))[0][0])
        raise DataFaultError(f"{name}, sample {row} (from 0) holds a value that is no finite number")
    return numbers


def _channels_first(images: Array, name: str) -> Array:
    if images.ndim == 3:
        return images[:, None]
    if images.shape[1] in (1, 3):
        return images
    if images.shape[3] in (1, 3):
        return images.transpose(0, 3, 1, 2)
    raise DataFaultError(
        f"{name}: images of bytes must be [samples, channels, height, width] with 1 or 3 channels, got shape "
        f"{list(images.shape)}"
    )


def _check_alike(inputs: Mapping[str, Array]) -> None:
    first = inputs["train"]
    for name, values in inputs.items():
        if (values.shape[1:], values.dtype) != (first.shape[1:], first.dtype):
            raise DataFaultError(
                f"{name} has samples of shape {list(values.shape[1:])} and type {values.dtype}, those of train have "
                f"{list(first.shape[1:])} and {first.dtype}"
            )


def _with_shares(inputs: Mapping[str, Array], targets: Targets) -> tuple[tuple[Split, Split, Split], list[str]]:
    """Returns the three splits, and notices of those that were taken from training."""
    missing = [name for name in SPLITS if name not in inputs]
    taken = {name: _split(inputs[name], targets.of[name]) for name in inputs}
    if missing:
        shares = [SHARE if name in missing else 0.0 for name in SPLITS[1:]]
        values = targets.of["train"]
        sizes = split_sizes(len(values), shares[0], shares[1], "train: samples")
        parts = np.split(stratified_order(_strata(values, targets.kind)), np.cumsum(sizes)[:-1])
        cut = {name: _split(inputs["train"][part], values[part]) for name, part in zip(SPLITS, parts, strict=True)}
        taken = {name: taken[name] if name in taken and name != "train" else cut[name] for name in SPLITS}
    notices = [f"{name} samples were not given: {SHARE:.0%} of those for training are taken" for name in missing]
    return (taken["train"], taken["validation"], taken["test"]), notices


def _strata(values: Array, kind: TaskKind) -> Array:
    if kind == "classes":
        return values
    return strata_of_labels(values) if kind == "labels" else strata_of_numbers(values)


def _split(inputs: Array, targets: Array) -> Split:
    return Split(torch.from_numpy(inputs), torch.from_numpy(targets))


def _augmented(dataset: Dataset, augment: Augment) -> Dataset:
    if augment == "none":
        return dataset
    shape = dataset.train.inputs.shape[1:]
    if len(shape) != 3:
        raise ConfigFaultError(f"augment {augment!r} is for images, these samples have shape {list(shape)}")
    return replace(dataset, augmentation=augmentation(augment, min(shape[1:])))
