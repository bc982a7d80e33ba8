"""The scale of a user's arrays: what is done to inputs and to numbers to be predicted before networks get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from ...errors import ConfigFaultError, DataFaultError
from ..dataset import Dataset, Split, standardise, standardise_targets
from ..normalisation import MeanAndStd, Normalise, normalisation_of
from ..scaling import Scaling

WHITE = 255.0


def with_targets_scaled(dataset: Dataset) -> Dataset:
    """Standardises numbers to be predicted.

    Raises:
        DataFaultError: they are all the same.
    """
    if dataset.kind != "numbers":
        return dataset
    numbers = dataset.train.targets.double()
    if len(numbers) < 2 or numbers.std() == 0:
        raise DataFaultError(f"the number to be predicted is {numbers[0].item()} in every training sample")
    splits, scaling = standardise_targets((dataset.train, dataset.validation, dataset.test))
    return replace(_with(dataset, splits), target_scaling=scaling)


def with_inputs_scaled(dataset: Dataset, normalise: Normalise | None, columns: Sequence[str]) -> Dataset:
    """Normalises inputs: images of bytes a batch at a time, all others now.

    Raises:
        ConfigFaultError: the normalisation or the columns' names do not fit the samples.
        DataFaultError: numbers of a table that 32 bits cannot tell apart, and no normalisation.
    """
    inputs = dataset.train.inputs
    if columns and (inputs.ndim != 2 or len(columns) != inputs.shape[1]):
        raise ConfigFaultError(f"{len(columns)} names of columns do not fit samples of shape {list(inputs.shape[1:])}")
    if inputs.dtype == torch.uint8:
        return replace(dataset, normalisation=normalisation_of(inputs, normalise or "data"), white=WHITE)
    if normalise == "imagenet":
        raise ConfigFaultError("normalise 'imagenet' is for images of bytes, these inputs are other numbers")
    named = replace(dataset, columns=list(columns))
    if normalise is None or normalise == "none":
        return _narrow(named)
    if isinstance(normalise, MeanAndStd):
        return _scaled(named, normalise.scaling(inputs.shape[1]))
    if inputs.ndim > 2:
        places = (0, *range(2, inputs.ndim))
        splits, scaling = standardise((dataset.train, dataset.validation, dataset.test), places)
        return replace(_with(named, splits), scaling=scaling)
    over = Scaling.over(inputs.numpy())
    return _scaled(named, Scaling(over.mean, torch.where(over.std > 0, over.std, torch.ones_like(over.std))))


def _scaled(dataset: Dataset, scaling: Scaling) -> Dataset:
    form = [-1, *[1] * (dataset.train.inputs.ndim - 2)]
    mean, std = scaling.mean.view(form), scaling.std.view(form)
    train, validation, test = (
        Split(((split.inputs - mean) / std).float(), split.targets, split.sha256())
        for split in dataset.splits().values()
    )
    return replace(_with(dataset, (train, validation, test)), scaling=scaling, wide=dataset.train.inputs.ndim == 2)


def _narrow(dataset: Dataset) -> Dataset:
    """Rounds a table's numbers to 32 bits, as networks take them."""
    if dataset.train.inputs.dtype == torch.float32:
        return dataset
    for place, column in enumerate(dataset.train.inputs.numpy().T):
        with np.errstate(over="ignore"):
            narrow = column.astype(np.float32)
        if np.unique(narrow).size < np.unique(column).size or not np.isfinite(narrow).all():
            raise DataFaultError(
                f"column {place} (from 0) holds numbers that 32 bits cannot tell apart: state normalise 'data'"
            )
    train, validation, test = (
        Split(split.inputs.float(), split.targets, split.sha256()) for split in dataset.splits().values()
    )
    return _with(dataset, (train, validation, test))


def _with(dataset: Dataset, splits: tuple[Split, Split, Split]) -> Dataset:
    train, validation, test = splits
    return replace(dataset, train=train, validation=validation, test=test)
