"""Losses and gradients of several networks of one shape, each on its own batch, in one pass (torch.func)."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import functional_call, grad_and_value, vmap
from torch.fx.experimental.proxy_tensor import make_fx

from ..network.flat import FlatNetwork, shaped
from ..network.losses import Loss

Gradient = Callable[..., tuple[Tensor, Tensor]]


class StackedGradient:
    """Computes by rows: one network's parameters, one batch, one gradient each."""

    def __init__(self, net: FlatNetwork, loss: Loss) -> None:
        self._net = net
        self._loss = loss
        self._sizes = [shape.numel() for _, shape in net.shapes]
        self._rest = [
            *(name for name, _ in net.module.named_buffers()),
            *(name for name, parameter in net.module.named_parameters() if not parameter.requires_grad),
        ]
        self._flattened: dict[tuple[object, ...], Gradient] = {}

    def __call__(self, theta: Tensor, rest: list[Tensor], inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Computes gradients [members, P] and losses [members] from parameters [members, P] and the rest of each
        network's state [members, ...], on inputs [members, batch, ...] and targets [members, batch]."""
        shape = (theta.device, theta.shape, inputs.shape, inputs.dtype)
        if shape not in self._flattened:
            # fork: tracing draws numbers that belong to the step
            with torch.random.fork_rng([theta.device] if theta.is_cuda else []):
                # a copy, in the same layout: tracing runs the network, which may write into its inputs
                copied = inputs if 0 in inputs.stride() else inputs.clone()
                self._flattened[shape] = _flattened(self._loss_of, theta, copied, targets, *rest)
        with torch.no_grad():
            return self._flattened[shape](theta, inputs, targets, *rest)

    def _loss_of(self, theta: Tensor, inputs: Tensor, targets: Tensor, *rest: Tensor) -> Tensor:
        parts = torch.split(theta, self._sizes)  # the gradients of its parts are joined in one operation
        named = {
            name: shaped(part, shape, channels_last=self._net.channels_last)
            for (name, shape), part in zip(self._net.shapes, parts, strict=True)
        }
        state = {**named, **dict(zip(self._rest, rest, strict=True))}
        return self._loss.train(functional_call(self._net.module, state, (inputs,)), targets)


def _flattened(loss: Callable[..., Tensor], *sample: Tensor) -> Gradient:
    """Computes the loss's gradient and value for every row, as a flat sequence of plain operations: each call of
    torch.func's transforms takes longer than a small network's step (docs/decisions/worker-and-wire.md). On CPUs the
    operations are then run without Python."""
    every = vmap(grad_and_value(loss), randomness="different")

    def gradients(*rows: Tensor) -> tuple[Tensor, Tensor]:
        found: tuple[Tensor, Tensor] = every(*rows)
        return found

    plain: Gradient = make_fx(gradients)(*sample)
    if sample[0].device.type != "cpu":
        return plain
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of Python values, all of which make_fx has removed
        traced: Gradient = torch.jit.trace(plain, sample, check_trace=False)  # type: ignore[no-untyped-call]
    return traced
