"""Training images moved by a few pixels."""

from __future__ import annotations

from typing import Annotated

import torch
from msgspec import Meta
from torch import Tensor
from torch.nn import functional

Pixels = Annotated[int, Meta(ge=0, le=7)]


class Shift:
    """Moves images by whole pixels; the border takes the background's value."""

    def __init__(self, pixels: int, background: float) -> None:
        self.pixels = pixels
        self.background = background

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        """Draws two offsets an image, [samples, 2] int64 in 0..2*pixels."""
        return torch.randint(0, 2 * self.pixels + 1, (samples, 2), generator=generator)

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        """Cuts each image, [batch, channels, height, width], from its padded self at its offsets."""
        height, width = inputs.shape[-2:]
        padded = functional.pad(inputs, [self.pixels] * 4, value=self.background)
        rows = drawn[:, 0, None] + torch.arange(height, device=inputs.device)
        columns = drawn[:, 1, None] + torch.arange(width, device=inputs.device)
        image = torch.arange(len(inputs), device=inputs.device)[:, None, None, None]
        channel = torch.arange(inputs.shape[1], device=inputs.device)[None, :, None, None]
        return padded[image, channel, rows[:, None, :, None], columns[:, None, None, :]]
