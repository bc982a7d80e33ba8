"""Inputs and targets of a split in the forms that PyTorch's users have: arrays, tensors, and map-style data sets."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ...errors import ConfigFaultError, DataFaultError
from ...user_code.user_function import said

Array = NDArray[Any]

TWICE = 8
"""Samples that are read a second time, to see whether the data set draws random numbers."""


def arrays_of(given: Any, where: str) -> tuple[Array, Array]:
    """Returns the inputs and targets of a pair (inputs, targets) of arrays or tensors, or of all samples of a map-style
    data set.

    Raises:
        ConfigFaultError: neither, or a data set that answers otherwise when it is read again.
        DataFaultError: samples that are no numbers or images, or not all alike.
    """
    if isinstance(given, tuple):
        if len(given) != 2:
            raise ConfigFaultError(f"{where}: a pair (inputs, targets) is needed, got {len(given)} values")
        return _array(given[0], f"{where}: inputs"), _array(given[1], f"{where}: targets")
    if not hasattr(given, "__len__") or not hasattr(given, "__getitem__"):
        raise ConfigFaultError(
            f"{where}: a pair (inputs, targets) or a data set with __len__ and __getitem__ is needed, got "
            f"{type(given).__name__}"
        )
    return _all_of(given, where)


def _all_of(given: Any, where: str) -> tuple[Array, Array]:
    samples = len(given)
    if samples == 0:
        raise DataFaultError(f"{where} has no samples")
    first, target = _sample(given, 0, where)
    inputs = np.empty((samples, *first.shape), first.dtype)
    targets = [target] * samples
    for place in range(samples):
        values, targets[place] = _sample(given, place, where)
        if (values.shape, values.dtype) != (first.shape, first.dtype):
            raise DataFaultError(
                f"{where}: sample {place} (from 0) has shape {list(values.shape)} and type {values.dtype}, the first "
                f"has {list(first.shape)} and {first.dtype}"
            )
        inputs[place] = values
    for place in range(min(TWICE, samples)):
        if not np.array_equal(_sample(given, place, where)[0], inputs[place], equal_nan=True):
            raise ConfigFaultError(
                f"{where}: sample {place} (from 0) is another when it is read again: samples are read once, so read "
                "them without random changes, and return 'augment' beside the splits"
            )
    return inputs, _array(targets, f"{where}: targets")


def _sample(given: Any, place: int, where: str) -> tuple[Array, Any]:
    try:
        sample = given[place]
    except Exception as error:  # code of the user's may raise anything
        raise DataFaultError(f"{where}: reading sample {place} (from 0) raised {said(error)}") from error
    if not isinstance(sample, (tuple, list)) or len(sample) != 2:
        got = f"{len(sample)} values" if isinstance(sample, (tuple, list)) else type(sample).__name__
        raise DataFaultError(f"{where}: sample {place} (from 0) must be a pair (input, target), got {got}")
    return _array(sample[0], f"{where}: sample {place} (from 0)"), _target(sample[1])


def _array(values: Any, what: str) -> Array:
    if isinstance(values, Image.Image):
        return _pixels(values, what)
    if isinstance(values, torch.Tensor):
        still = values.detach().cpu()
        return (still.float() if still.dtype in (torch.bfloat16, torch.float16) else still).numpy()
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataFaultError(f"{what} must be numbers of one shape: {error}") from error
    if array.dtype.kind not in "buifU":
        raise DataFaultError(f"{what} must be numbers, got {type(values).__name__} of {array.dtype}")
    return array


def _pixels(image: Image.Image, what: str) -> Array:
    """Returns an image's bytes, [channels, height, width]."""
    if image.mode not in ("L", "RGB"):
        raise DataFaultError(f"{what} is an image of mode {image.mode}: convert it to L (grey) or RGB")
    pixels = np.asarray(image)
    return pixels[None] if image.mode == "L" else pixels.transpose(2, 0, 1)


def _target(value: Any) -> Any:
    return value.tolist() if isinstance(value, (torch.Tensor, np.ndarray, np.generic)) else value
