"""A small convolutional network with batch norm, for images of a few pixels a side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from torch import nn

from ..errors import ConfigFaultError
from ..ranges import Range

Width = Annotated[int, Range(ge=1)]


def build(inputs: Sequence[int], outputs: int, *, channels: list[Width] | None = None) -> nn.Module:
    """Builds a 3x3 convolution, batch norm and ReLU for each width in ``channels`` (default [16, 32, 32]), halving the
    image before all but the first; then the mean over pixels and a linear layer. 14,458 parameters on digits by
    default."""
    if len(inputs) != 3:
        raise ConfigFaultError(
            f"model 'conv' needs images [channels, height, width], but a sample has shape {list(inputs)}"
        )
    widths = [inputs[0], *([16, 32, 32] if channels is None else channels)]
    layers: list[nn.Module] = []
    for depth, (before, after) in enumerate(pairwise(widths)):
        if depth:
            layers.append(nn.MaxPool2d(2))
        layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], outputs))
