"""Tensors as arrays that a message takes."""

from __future__ import annotations

from torch import Tensor

from .protocol.codec import Array


def array_of(tensor: Tensor) -> Array:
    """The tensor's values on the CPU."""
    values: Array = tensor.cpu().numpy()
    return values
