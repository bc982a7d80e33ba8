"""Conversion of tensors to arrays for messages."""

from __future__ import annotations

from torch import Tensor

from .protocol.codec import Array


def array_of(tensor: Tensor) -> Array:
    """Returns the tensor's values as an array on the CPU."""
    values: Array = tensor.cpu().numpy()
    return values
