"""How a data set's own numbers became those that networks are trained on."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Scaling:
    """(x - mean) / std, both [1] float64: the same for every number of a sample; or one for each place along a sample's
    first dimension, [channels] or [features]."""

    mean: Tensor
    std: Tensor

    @classmethod
    def of(cls, mean: Tensor, std: Tensor) -> Scaling:
        """From tensors of any shape with so many values."""
        return cls(mean.flatten().double(), std.flatten().double())
