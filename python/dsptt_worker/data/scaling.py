"""The scaling from a data set's own numbers to those that networks are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
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

    @classmethod
    def over(cls, numbers: NDArray[np.float64]) -> Scaling:
        """Computes mean and standard deviation of each column of numbers, [samples, columns], in 64 bits. The deviation
        of a column that never changes is exactly 0."""
        away = numbers - numbers[0]  # exact where a column's numbers are large and near each other
        return cls(torch.from_numpy(numbers[0] + away.mean(0)), torch.from_numpy(away.std(0, ddof=1)))

    def apply(self, numbers: NDArray[np.float64]) -> NDArray[np.float32]:
        """Returns the standardised numbers, [samples, columns]: rounded to 32 bits only at the end."""
        with np.errstate(over="ignore"):  # infinite where a number is too far away
            return np.asarray((numbers - self.mean.numpy()) / self.std.numpy(), np.float32)
