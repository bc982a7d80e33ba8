"""A multi-layer perceptron of any shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from torch import nn

from ..ranges import Range

Width = Annotated[int, Range(ge=1)]
Activation = Literal["relu", "tanh"]
ACTIVATIONS: dict[Activation, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


def build(
    inputs: Sequence[int],
    outputs: int,
    *,
    hidden: list[Width] | None = None,
    activation: Activation = "relu",
    dropout: Annotated[float, Range(ge=0, lt=1)] = 0.0,
    hiddenBias: bool = True,  # noqa: N803 (the name that a configuration uses)
) -> nn.Module:
    """Builds fully connected layers of the ``hidden`` widths (default [32]), each followed by the activation and
    dropout.

    ``hiddenBias``: true if hidden layers have biases; the output layer always does. The paper's network for wine
    quality (figure 3c) is ``hidden: [5], activation: tanh, hiddenBias: false``: 55 + 5 + 1 = 61 parameters.
    """
    widths = [math.prod(inputs), *([32] if hidden is None else hidden)]
    layers: list[nn.Module] = [nn.Flatten()]
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after, bias=hiddenBias), ACTIVATIONS[activation]()]
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))
