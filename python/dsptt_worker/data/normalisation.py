"""Normalisation of images, which lie on the device as bytes: a batch becomes float numbers only when it is used."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .scaling import Scaling

BLOCK = 4096


@dataclass(frozen=True)
class Normalisation:
    """Conversion of bytes to numbers, (x / 255 - mean) / std per channel, as x times ``scale`` plus ``offset``, both
    [channels, 1, 1]."""

    scale: Tensor
    offset: Tensor

    @classmethod
    def of(cls, mean: tuple[float, ...], std: tuple[float, ...]) -> Normalisation:
        """Computes the constants from each channel's mean and standard deviation, of pixels from 0 to 1."""
        means, stds = (torch.tensor(each, dtype=torch.float64)[:, None, None] for each in (mean, std))
        return cls((1 / (255 * stds)).float(), (-means / stds).float())

    def to(self, device: torch.device) -> Normalisation:
        """Moves the constants to a device, so that no batch has to carry them there."""
        return Normalisation(self.scale.to(device), self.offset.to(device))

    def scaling(self) -> Scaling:
        """Mean and deviation of the bytes, one a channel."""
        scale = self.scale.double()
        return Scaling.of(-self.offset.double() / scale, 1 / scale)

    def apply(self, images: Tensor) -> Tensor:
        """Normalises images [batch, channels, height, width] uint8 to float32."""
        return images.float().mul_(self.scale).add_(self.offset)


def statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Computes mean and standard deviation of each channel of images [samples, channels, height, width] uint8, as
    pixels from 0 to 1: exact, from counts of the 256 values. A channel of one value only has deviation 1."""
    values = torch.arange(256, dtype=torch.float64) / 255
    means, stds = [], []
    for channel in images.unbind(1):
        counts = torch.zeros(256, dtype=torch.int64)
        for first in range(0, len(channel), BLOCK):  # images may be mapped, and larger than the memory
            counts += torch.bincount(channel[first : first + BLOCK].flatten(), minlength=256)
        shares = counts.double() / channel.numel()
        mean = (shares * values).sum()
        means.append(mean.item())
        stds.append((shares * (values - mean) ** 2).sum().sqrt().item() or 1.0)
    return tuple(means), tuple(stds)
