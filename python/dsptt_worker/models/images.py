"""What the networks for images share: checks of a sample's shape, and how convolutions are preceded and initialised."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import nn

from ..errors import ConfigFaultError


def image_shape(model: str, inputs: Sequence[int]) -> tuple[int, int, int]:
    """A sample's shape as (channels, height, width).

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
    """See that something is left of an image [channels, height, width] once its sides are halved (rounded down).

    Raises:
        ConfigFaultError: a side is shorter than 2 to the power of ``halvings``.
    """
    if min(inputs[1:]) < 2**halvings:
        raise ConfigFaultError(
            f"model {model!r} halves images {halvings} times and so needs sides of {2**halvings} pixels or more, but a "
            f"sample has shape {list(inputs)}"
        )


def he_fan_out(network: nn.Module) -> None:
    """Draw the weights of each convolution from N(0, 2/(k*k*out)), k*k its window and ``out`` its output channels, and
    set its bias to 0.

    He et al. 2015 (arXiv:1502.01852), the form that keeps the gradients' variance. Garipov et al.
    (dnn-mode-connectivity, ``models/``) and Huang et al. (liuzhuang13/DenseNet, ``models/densenet.lua``) both take it.
    Batch norm (weight 1, bias 0) and linear layers (uniform within 1/sqrt(inputs)) keep what PyTorch gives them, which
    is also what they use.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            window = math.prod(layer.kernel_size)
            nn.init.normal_(layer.weight, 0.0, math.sqrt(2 / (window * layer.out_channels)))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def preactivated(convolution: nn.Conv2d) -> list[nn.Module]:
    """Batch norm and ReLU before a convolution; the ReLU overwrites batch norm's output, which nobody else reads."""
    return [nn.BatchNorm2d(convolution.in_channels), nn.ReLU(inplace=True), convolution]
