"""Multi-layer perceptron of any shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import nn

from ..errors import ConfigFaultError

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


def build(
    inputs: Sequence[int],
    classes: int,
    *,
    hidden: list[int] | None = None,
    activation: str = "relu",
    dropout: float = 0.0,
) -> nn.Module:
    """Fully connected layers of the ``hidden`` widths (default [32]), each followed by the activation and dropout."""
    if activation not in ACTIVATIONS:
        raise ConfigFaultError(f"model.args.activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    widths = [math.prod(inputs), *([32] if hidden is None else hidden)]
    layers: list[nn.Module] = [nn.Flatten()]
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), ACTIVATIONS[activation]()]
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(widths[-1], classes))
