"""Shared parts of the networks for images: checks of a sample's shape, pre-activation and initialisation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import nn

from ..errors import ConfigFaultError


def image_shape(model: str, inputs: Sequence[int]) -> tuple[int, int, int]:
    """Returns a sample's shape as (channels, height, width).

    Raises:
        ConfigFaultError: the samples are no images; ``model`` names the network that cannot take them.
    """
    if len(inputs) != 3:
        raise ConfigFaultError(
            f"model {model!r} needs images [channels, height, width], but a sample has shape {list(inputs)}"
        )
    channels, height, width = inputs
    return channels, height, width


def check_halvings(model: str, inputs: Sequence[int], halvings: int) -> None:
    """Checks that an image [channels, height, width] is not empty after its sides are halved (rounded down).

    Raises:
        ConfigFaultError: a side is shorter than 2 to the power of ``halvings``.
    """
    if min(inputs[1:]) < 2**halvings:
        raise ConfigFaultError(
            f"model {model!r} halves images {halvings} times and so needs sides of {2**halvings} pixels or more, but a "
            f"sample has shape {list(inputs)}"
        )


def he_fan_out(network: nn.Module) -> None:
    """Draws the weights of each convolution from N(0, 2/(k*k*out)), k*k its window and ``out`` its output channels, and
    sets its bias to 0.

    He et al. 2015 (arXiv:1502.01852), the form that keeps the gradients' variance. Garipov et al.
    (dnn-mode-connectivity, ``models/``) and Huang et al. (liuzhuang13/DenseNet, ``models/densenet.lua``) both use it.
    Batch norm (weight 1, bias 0) and linear layers (uniform within 1/sqrt(inputs)) keep PyTorch's initial values, which
    these sources use too.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            window = math.prod(layer.kernel_size)
            nn.init.normal_(layer.weight, 0.0, math.sqrt(2 / (window * layer.out_channels)))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def preactivated(convolution: nn.Conv2d) -> list[nn.Module]:
    """Puts batch norm and ReLU before a convolution; the ReLU overwrites batch norm's output, which is not used
    elsewhere."""
    return [nn.BatchNorm2d(convolution.in_channels), nn.ReLU(inplace=True), convolution]
