"""Optical digits: 1,797 grey images of 8x8 in 10 classes (UCI; the copy that scikit-learn ships)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import torch
from msgspec import Meta
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn import functional

from .dataset import Dataset, standardise, stratified


def load(*, shift: Annotated[int, Meta(ge=0, le=7)] = 0) -> Dataset:
    """300 training, 500 validation and 997 test images, [1, 8, 8], standardised over the training images.

    ``shift``: training images are moved by up to that many pixels each way, drawn anew for every image and epoch.
    """
    raw = load_digits()
    images = raw.images.astype(np.float32)[:, None]
    train, validation, test = standardise(
        stratified(images, raw.target.astype(np.int64), (300, 500, 997)), (0, 1, 2, 3)
    )
    augmentation = Shift(shift, train.inputs.min().item()) if shift else None
    return Dataset(train, validation, test, [str(digit) for digit in range(10)], augmentation)


class Shift:
    """Moves images by whole pixels; the border takes the background's value."""

    def __init__(self, pixels: int, background: float) -> None:
        self.pixels = pixels
        self.background = background

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        """Two offsets an image, [samples, 2] int64 in 0..2*pixels."""
        return torch.randint(0, 2 * self.pixels + 1, (samples, 2), generator=generator)

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        """Cut each image, [batch, channels, height, width], out of its padded self at its offsets."""
        height, width = inputs.shape[-2:]
        padded = functional.pad(inputs, [self.pixels] * 4, value=self.background)
        rows = drawn[:, 0, None] + torch.arange(height, device=inputs.device)
        columns = drawn[:, 1, None] + torch.arange(width, device=inputs.device)
        image = torch.arange(len(inputs), device=inputs.device)[:, None, None, None]
        channel = torch.arange(inputs.shape[1], device=inputs.device)[None, :, None, None]
        return padded[image, channel, rows[:, None, :, None], columns[:, None, None, :]]
