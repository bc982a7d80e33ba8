"""The scaling from a data set's own numbers to those that networks are trained on."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Scaling:
    """(x - mean) / std, both float64: [1], for all numbers of a sample; or one for each place along a sample's first
    dimension, [channels] or [features]."""

    mean: Tensor
    std: Tensor

    @classmethod
    def of(cls, mean: Tensor, std: Tensor) -> Scaling:
        """Creates a scaling from tensors of any shape with that many values."""
        return cls(mean.flatten().double(), std.flatten().double())
