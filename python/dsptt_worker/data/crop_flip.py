"""The augmentation of the CIFAR recipes: a random crop of the padded image, and a flip from left to right."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Augment = Literal["none", "flip", "crop-flip"]


class CropFlip:
    """Cuts each image at a random place from itself with a black border, and flips half of them.

    Some recipes flip before they crop, some after. Offsets are as likely from the left as from the right, so both
    orders give the same distribution.
    """

    def __init__(self, padding: int) -> None:
        """``padding``: the border's width in pixels; 0 for flips alone."""
        self.padding = padding

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        """Draws row offset and column offset in 0..2*padding, and 1 for a flip: [samples, 3] int64."""
        offsets = torch.randint(0, 2 * self.padding + 1, (samples, 2), generator=generator)
        return torch.cat([offsets, torch.randint(0, 2, (samples, 1), generator=generator)], 1)

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        """Crops and flips images, [batch, channels, height, width] of any dtype."""
        height, width = inputs.shape[-2:]
        padded = functional.pad(inputs, [self.padding] * 4)
        windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # every crop of every image, as a view
        image = torch.arange(len(inputs), device=inputs.device)
        cropped = windows[image, :, drawn[:, 0], drawn[:, 1]]
        return torch.where(drawn[:, 2, None, None, None] > 0, cropped.flip(-1), cropped)


def augmentation(augment: Augment, side: int) -> CropFlip | None:
    """Returns the augmentation of that name for images of ``side`` pixels a side: a border of 4 for 32, as in the
    recipes, and in proportion for other sizes (at least 1)."""
    if augment == "none":
        return None
    return CropFlip(max(1, side // 8) if augment == "crop-flip" else 0)
