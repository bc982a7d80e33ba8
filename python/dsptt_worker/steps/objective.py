"""The function that training and search descend: the network's loss on a batch of a data stream, and its gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from ..network.flat import FlatNetwork
from ..network.forward import Forward, raise_as_networks
from ..network.losses import Loss
from ..streams import seed_layers
from .batches import Batches


@dataclass(frozen=True)
class Objective:
    """The network in training mode, its execution, and the batches that measure it, each cut into ``chunks``."""

    net: FlatNetwork
    forward: Forward
    loss: Loss
    batches: Batches
    chunks: int
    seed: int

    def prepare(self, stream: str, step: int) -> None:
        """Does the host's part of a step: selects the batch, and seeds the generators that layers draw from."""
        self.batches.place(stream, step)
        seed_layers(self.seed, f"{stream}/step{step}", self.net.theta.device)

    def gradient(self) -> Tensor:
        """Computes the batch's gradient into ``net.grad`` and returns its loss, both on the device."""
        self.net.grad.zero_()
        return reduce(torch.add, map(_backward, self._losses()))

    def value(self) -> Tensor:
        """Computes the batch's loss, on the device."""
        return reduce(torch.add, self._losses())

    def _losses(self) -> Iterator[Tensor]:
        """Computes the losses of the batch's chunks, each times the chunk's part of the batch, so that they and their
        gradients add up to those of the batch. Dropout draws the step's masks chunk by chunk: others than for the whole
        batch."""
        inputs, targets = self.batches.gather()
        if self.chunks == 1:
            yield self.loss.train(self.forward.trained(inputs), targets)
            return
        for some, wanted in zip(inputs.tensor_split(self.chunks), targets.tensor_split(self.chunks), strict=True):
            yield self.loss.train(self.forward.trained(some), wanted) * (len(wanted) / len(targets))


def _backward(loss: Tensor) -> Tensor:
    try:
        loss.backward()  # type: ignore[no-untyped-call]
    except Exception as error:  # a network that is not ours may have steps of its own here
        raise_as_networks(error, "in its backward pass")
    return loss.detach()
