"""Construction of points from given parameters or from other points."""

from __future__ import annotations

import numpy as np
import torch

from ..errors import ProtocolFaultError
from ..protocol.codec import Array
from .flat import Point


def take_average(point: Point) -> None:
    """Puts the running average in the place of a point's parameters, with fresh optimizer state.

    Raises:
        ProtocolFaultError: there is none.
    """
    if point.average is None:
        raise ProtocolFaultError("takeAverage: the point's last program kept no running average (ema)")
    point.theta.copy_(point.average)
    point.average = point.solver = None


def placed(like: Point, parameters: Array) -> Point:
    """Creates a point with these parameters [P], the rest of ``like`` and fresh optimizer state.

    Raises:
        ProtocolFaultError: not one number for each parameter.
    """
    if parameters.shape != like.theta.shape:
        raise ProtocolFaultError(
            f"placePoint: the network has {len(like.theta)} parameters, got a tensor of shape {list(parameters.shape)}"
        )
    return like.moved_to(torch.tensor(parameters, dtype=torch.float32, device=like.theta.device))


def averaged(sources: list[Point], weights: Array) -> Point:
    """Sums the sources' parameters, each times its weight; takes the rest of the first source and fresh optimizer
    state.

    The sum is in float64, so that an average of hundreds of networks is rounded once.

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
