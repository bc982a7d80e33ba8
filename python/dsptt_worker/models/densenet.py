"""Densely connected networks with bottlenecks and compression (DenseNet-BC, Huang et al. 2017, arXiv:1608.06993)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from ..ranges import Range
from .images import check_halvings, he_fan_out, image_shape, preactivated

BLOCKS = 3
BOTTLENECK = 4


def build(
    inputs: Sequence[int],
    outputs: int,
    *,
    depth: Annotated[int, Range(ge=10)] = 100,
    growth: Annotated[int, Range(ge=1)] = 12,
    reduction: Annotated[float, Range(gt=0, le=1)] = 0.5,
    dropout: Annotated[float, Range(ge=0, lt=1)] = 0.0,
) -> nn.Module:
    """Builds a 3x3 convolution to twice ``growth`` channels; three blocks of (depth - 4) / 6 layers, each of which adds
    ``growth`` channels to all that came before; between blocks a transition, which keeps the share ``reduction`` of the
    channels and halves the image; batch norm, ReLU, the mean over pixels, a linear layer. ``dropout`` follows every
    convolution but the first.

    769,162 parameters on CIFAR-10 and 800,032 on CIFAR-100 by default. Images need sides of 4 pixels or more.
    Initialised by ``he_fan_out``, the linear layer's bias with 0. Source: liuzhuang13/DenseNet, ``models/densenet.lua``
    and ``models/DenseConnectLayer.lua``.

    Raises:
        ConfigFaultError: samples that are no images or too small, a depth that is not 6n + 4, or a reduction that
            leaves no channel.
    """
    channels = image_shape("densenet", inputs)[0]
    check_halvings("densenet", inputs, BLOCKS - 1)
    count = _layers_of_a_block(depth)
    before = 2 * growth
    layers: list[nn.Module] = [nn.Conv2d(channels, before, 3, padding=1, bias=False)]
    for block in range(BLOCKS):
        if block:
            after = _reduced(before, reduction)
            layers += [*_convolution(nn.Conv2d(before, after, 1, bias=False), dropout), nn.AvgPool2d(2)]
            before = after
        layers += [DenseLayer(before + layer * growth, growth, dropout) for layer in range(count)]
        before += count * growth
    classifier = nn.Linear(before, outputs)
    layers += [nn.BatchNorm2d(before), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), classifier]
    network = nn.Sequential(*layers)
    he_fan_out(network)
    nn.init.zeros_(classifier.bias)
    return network


class DenseLayer(nn.Module):
    """Appends to its input [batch, before, h, w] the ``growth`` channels that a 1x1 convolution to four times as many
    and a 3x3 convolution compute from it: [batch, before + growth, h, w]."""

    def __init__(self, before: int, growth: int, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_convolution(nn.Conv2d(before, BOTTLENECK * growth, 1, bias=False), dropout),
            *_convolution(nn.Conv2d(BOTTLENECK * growth, growth, 3, padding=1, bias=False), dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Concatenates the input and the new channels."""
        return torch.cat((x, self.body(x)), dim=1)


def _convolution(convolution: nn.Conv2d, dropout: float) -> list[nn.Module]:
    return [*preactivated(convolution), *([nn.Dropout(dropout)] if dropout else [])]


def _layers_of_a_block(depth: int) -> int:
    count, rest = divmod(depth - 4, 2 * BLOCKS)
    if rest or not count:
        lower = max(count, 1) * 2 * BLOCKS + 4
        raise ConfigFaultError(
            f"model 'densenet' needs a depth of 6n + 4, such as {lower} or {lower + 2 * BLOCKS}, got {depth}"
        )
    return count


def _reduced(channels: int, reduction: float) -> int:
    kept = int(channels * reduction)
    if not kept:
        raise ConfigFaultError(
            f"model 'densenet' with reduction {reduction} keeps none of the {channels} channels before a transition: "
            f"it must be {1 / channels:.3g} or more"
        )
    return kept
