"""The first direction of a search path: random, scaled so that its length means the same in every layer."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..errors import ConfigFaultError
from ..streams import generator
from .flat import FlatNetwork


def draw_direction(net: FlatNetwork, origin: Tensor, seed: int, stream: str, scale: str) -> Tensor:
    """Draws the direction v, [P] on the network's device, from the named stream; equal on every device and in every
    layout.

    ``layer``: each weight tensor's part has that tensor's norm; tensors with fewer than two dimensions (batch norm,
    biases) and tensors of norm 0 get 0. ``filter``: like ``layer``, for each output filter (Li et al. 2018).
    ``gaussian``: standard normal, unscaled. ``unit``: the whole vector has norm 1.

    Raises:
        ConfigFaultError: the direction is 0 everywhere, so that the path would never leave its origin.
    """
    noise = net.laid_out(torch.randn(net.parameters, generator=generator(seed, stream)))
    here = origin.cpu()
    for part, weights in zip(net.tensors(noise), net.tensors(here), strict=True):
        _SCALES[scale](part, weights)
    if scale == "unit":
        noise.div_(torch.linalg.vector_norm(noise))
    if not noise.any():
        raise ConfigFaultError(
            f"the direction with scale {scale!r} is 0 everywhere: the network has no weight tensor of two or more "
            "dimensions that is not 0; use scale 'gaussian' or 'unit'"
        )
    return noise.to(origin.device)


def _layer(part: Tensor, weights: Tensor) -> None:
    if weights.ndim < 2:
        part.zero_()
    else:
        part.mul_(_ratio(torch.linalg.vector_norm(weights), torch.linalg.vector_norm(part)))


def _filter(part: Tensor, weights: Tensor) -> None:
    if weights.ndim < 2:
        part.zero_()
        return
    inner = tuple(range(1, weights.ndim))
    norms = torch.linalg.vector_norm(weights, dim=inner, keepdim=True)
    part.mul_(_ratio(norms, torch.linalg.vector_norm(part, dim=inner, keepdim=True)))


def _ratio(wanted: Tensor, drawn: Tensor) -> Tensor:
    """Computes ``wanted / drawn``, or 0 where ``drawn`` is 0: a filter of one weight can draw 0."""
    return torch.where(drawn > 0, wanted / drawn, torch.zeros_like(drawn))


def _unscaled(part: Tensor, weights: Tensor) -> None:
    """Leaves Gaussian noise as drawn; ``unit`` is scaled as a whole."""


_SCALES: dict[str, Callable[[Tensor, Tensor], None]] = {
    "layer": _layer,
    "filter": _filter,
    "gaussian": _unscaled,
    "unit": _unscaled,
}
