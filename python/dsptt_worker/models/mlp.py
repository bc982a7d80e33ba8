"""Multi-layer perceptron of any shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta
from torch import nn

Width = Annotated[int, Meta(ge=1)]
Activation = Literal["relu", "tanh"]
ACTIVATIONS: dict[Activation, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


def build(
    inputs: Sequence[int],
    classes: int,
    *,
    hidden: list[Width] | None = None,
    activation: Activation = "relu",
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.0,
) -> nn.Module:
    """Fully connected layers of the ``hidden`` widths (default [32]), each followed by the activation and dropout."""
    widths = [math.prod(inputs), *([32] if hidden is None else hidden)]
    layers: list[nn.Module] = [nn.Flatten()]
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), ACTIVATIONS[activation]()]
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(widths[-1], classes))
