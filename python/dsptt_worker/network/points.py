"""New points out of given parameters or of other points."""

from __future__ import annotations

import numpy as np
import torch

from ..errors import ProtocolFaultError
from ..protocol.codec import Array
from .flat import Point


def placed(like: Point, parameters: Array) -> Point:
    """A point with these parameters [P], another's rest and fresh optimizer state.

    Raises:
        ProtocolFaultError: not one number for each parameter.
    """
    if parameters.shape != like.theta.shape:
        raise ProtocolFaultError(
            f"placePoint: the network has {len(like.theta)} parameters, got a tensor of shape {list(parameters.shape)}"
        )
    return like.moved_to(torch.tensor(parameters, dtype=torch.float32, device=like.theta.device))


def averaged(sources: list[Point], weights: Array) -> Point:
    """The sum of the sources' parameters, each times its weight; the first one's rest and fresh optimizer state.

    Summed in float64, so that an average of hundreds of networks is rounded once.

    Raises:
        ProtocolFaultError: not one finite weight for each source.
    """
    if weights.shape != (len(sources),) or not np.isfinite(weights).all():
        raise ProtocolFaultError(
            f"averagePoints: weights must be {len(sources)} finite numbers, one a source, got shape "
            f"{list(weights.shape)}: {weights.tolist()[:10]}"
        )
    total = torch.zeros_like(sources[0].theta, dtype=torch.float64)
    for source, weight in zip(sources, weights.tolist(), strict=True):
        total.add_(source.theta, alpha=weight)
    return sources[0].moved_to(total.float())
