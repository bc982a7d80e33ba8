"""Normalisation of images, which lie on the device as bytes: a batch becomes float numbers only when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import torch
from msgspec import Meta, Struct
from torch import Tensor

from ..errors import ConfigFaultError
from .scaling import Scaling

BLOCK = 4096
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


class MeanAndStd(Struct, forbid_unknown_fields=True):
    """Mean and deviation of each channel or column, in the samples' units; of bytes, as pixels from 0 to 1."""

    mean: Annotated[list[float], Meta(min_length=1)]
    std: Annotated[list[Annotated[float, Meta(gt=0)]], Meta(min_length=1)]

    def scaling(self, places: int) -> Scaling:
        """Returns the scaling of samples with that many channels or columns.

        Raises:
            ConfigFaultError: they have others.
        """
        if not len(self.mean) == len(self.std) == places:
            raise ConfigFaultError(
                f"normalise needs a mean and a std for each of {places} channels or columns, got {len(self.mean)} and "
                f"{len(self.std)}"
            )
        return Scaling.of(torch.tensor(self.mean, dtype=torch.float64), torch.tensor(self.std, dtype=torch.float64))


Normalise = Literal["data", "imagenet", "none"] | MeanAndStd


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


def normalisation_of(images: Tensor, normalise: Normalise) -> Normalisation:
    """Returns the normalisation of that name for images [samples, channels, height, width] uint8: by the mean and
    deviation of these images (``data``), of ImageNet, by given ones, or to pixels from 0 to 1 (``none``).

    Raises:
        ConfigFaultError: it is for another number of channels.
    """
    channels = images.shape[1]
    if normalise == "data":
        return Normalisation.of(*statistics(images))
    if normalise == "none":
        return Normalisation.of((0.0,) * channels, (1.0,) * channels)
    stated = MeanAndStd(*map(list, IMAGENET)) if normalise == "imagenet" else normalise
    scaling = stated.scaling(channels)
    return Normalisation.of(tuple(scaling.mean.tolist()), tuple(scaling.std.tolist()))
