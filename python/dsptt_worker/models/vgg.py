"""VGG networks (Simonyan and Zisserman 2015, arXiv:1409.1556) with a small classifier, for small images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from torch import nn

from ..ranges import Range
from .images import check_halvings, he_fan_out, image_shape

Width = Annotated[int, Range(ge=1)]
Stage = Annotated[list[Width], Range(min_length=1)]
VGG16 = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]]


def build(
    inputs: Sequence[int],
    outputs: int,
    *,
    stages: Annotated[list[Stage], Range(min_length=1)] | None = None,
    hidden: list[Width] | None = None,
    dropout: Annotated[float, Range(ge=0, lt=1)] = 0.5,
    batchNorm: bool = False,  # noqa: N803 (the name that a configuration uses)
) -> nn.Module:
    """Builds 3x3 convolutions (with biases) and ReLUs of each stage's widths, a 2x2 maximum after every stage; then
    linear layers of the ``hidden`` widths with ReLU (default [512, 512]), dropout before each, and one to the outputs.

    ``stages``: VGG-16's unless given; an image side needs 2 pixels to the power of their number. ``batchNorm`` puts
    batch norm before the convolutions' ReLUs. Parameters of VGG-16 on CIFAR-10 / 100: 15,245,130 / 15,291,300, with
    batch norm 15,253,578 / 15,299,748. Initialised by ``he_fan_out``. Source: timgaripov/dnn-mode-connectivity,
    ``models/vgg.py``.

    Raises:
        ConfigFaultError: samples that are no images, or too small for the number of stages.
    """
    channels, height, width = image_shape("vgg", inputs)
    plan = VGG16 if stages is None else stages
    check_halvings("vgg", inputs, len(plan))
    layers: list[nn.Module] = []
    for stage in plan:
        for before, after in pairwise([channels, *stage]):
            layers += _convolution(before, after, batchNorm)
        layers.append(nn.MaxPool2d(2))
        channels = stage[-1]
    pixels = math.prod(side >> len(plan) for side in (height, width))
    widths = [channels * pixels, *([512, 512] if hidden is None else hidden)]
    network = nn.Sequential(*layers, nn.Flatten(), *_classifier(widths, dropout), nn.Linear(widths[-1], outputs))
    he_fan_out(network)
    return network


def _convolution(before: int, after: int, batch_norm: bool) -> list[nn.Module]:
    normalisation = [nn.BatchNorm2d(after)] if batch_norm else []
    return [nn.Conv2d(before, after, 3, padding=1), *normalisation, nn.ReLU(inplace=True)]


def _classifier(widths: list[int], dropout: float) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [*([nn.Dropout(dropout)] if dropout else []), nn.Linear(before, after), nn.ReLU(inplace=True)]
    return layers
