"""Mixup and cutmix: each sample of a training batch is mixed with another one of the batch, and its loss with the loss
for that one's target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data import Dataset
from ..errors import ConfigFaultError
from ..network.losses import Loss
from ..protocol import Open
from ..streams import stream_seed
from ..task_kind import TaskKind

_SHARE, _OUTSIDE, _TOP, _BOTTOM, _LEFT, _RIGHT = range(6)


@dataclass(frozen=True)
class Mixing:
    """Mixing with shares from Beta(alpha, alpha): ``mixup`` (Zhang et al. 2018) and ``cutmix`` (Yun et al. 2019) are
    the alphas, 0 for none. With both, one of them is drawn for each batch."""

    mixup: float
    cutmix: float
    sides: tuple[int, ...]  # height and width of images; anything for mixup alone

    def draw(self, seed: int, stream: str, steps: int, batch: int) -> tuple[Tensor, Tensor]:
        """Draws an epoch's mixing from a named stream, on the CPU: the partner of each place of each batch,
        [steps, batch] int64, and the numbers of each batch, [steps, 6] float32."""
        draws = np.random.RandomState(np.random.MT19937(stream_seed(seed, stream)))  # its stream will never change
        cuts = draws.random_sample(steps) < bool(self.cutmix) / (bool(self.mixup) + bool(self.cutmix))
        alpha = np.where(cuts, self.cutmix, self.mixup)
        share = draws.beta(alpha, alpha)
        numbers = np.stack([share, share, *np.zeros((4, steps))], 1)
        if self.cutmix:
            numbers[cuts] = self._boxes(share, draws)[cuts]
        partners = np.stack([draws.permutation(batch) for _ in range(steps)])
        return torch.from_numpy(partners), torch.from_numpy(numbers).float()

    def _boxes(self, share: NDArray[np.float64], draws: np.random.RandomState) -> NDArray[np.float64]:
        """Draws a box with the rest of each share around any pixel. What lies beyond the border is cut off, and goes to
        the share."""
        edges = []
        for side in self.sides:
            centre, half = draws.randint(0, side, len(share)), (0.5 * np.sqrt(1 - share) * side).astype(np.int64)
            edges += [np.maximum(centre - half, 0), np.minimum(centre + half, side)]
        top, bottom, left, right = edges
        kept = 1 - (bottom - top) * (right - left) / math.prod(self.sides)
        return np.stack([kept, np.ones(len(share)), *edges], 1)

    def apply(self, inputs: Tensor, targets: Tensor, partners: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Mixes several batches: inputs [several, batch, ...] float32 and targets [several, batch, ...] by ``draw``'s
        rows for each, [several, ...]. Targets become [several, batch, 3, ...]: own, partner's, the own one's share."""
        row = torch.arange(len(inputs), device=inputs.device)[:, None]
        share = numbers[:, _OUTSIDE].view(-1, *[1] * (inputs.ndim - 1))
        if self.cutmix:
            share = share * ~self._box(numbers)
        others = targets[row, partners]
        of_own = numbers[:, _SHARE].view(-1, *[1] * (others.ndim - 1)).expand_as(others)
        both = torch.stack([targets, others, of_own], 2)
        return torch.lerp(inputs[row, partners], inputs, share), both

    def _box(self, numbers: Tensor) -> Tensor:
        """Returns the pixels of each batch that come from the partner, [several, 1, 1, height, width]."""
        edges = numbers.view(len(numbers), -1, 1, 1, 1, 1).unbind(1)
        row, column = (torch.arange(side, device=numbers.device) for side in self.sides)
        inside = (row[:, None] >= edges[_TOP]) & (row[:, None] < edges[_BOTTOM])
        return inside & (column >= edges[_LEFT]) & (column < edges[_RIGHT])

    def loss(self, loss: Loss, kind: TaskKind) -> Loss:
        """Returns the loss whose training takes the targets of ``apply``."""
        return replace(loss, train=_of_both(loss.train, torch.int64 if kind == "classes" else torch.float32))


def _of_both(train: Callable[[Tensor, Tensor], Tensor], dtype: torch.dtype) -> Callable[[Tensor, Tensor], Tensor]:
    def mixed(outputs: Tensor, targets: Tensor) -> Tensor:
        own, others, shares = targets.unbind(1)
        share = shares.flatten()[0]  # one for the whole batch
        return share * train(outputs, own.to(dtype)) + (1 - share) * train(outputs, others.to(dtype))

    return mixed


def mixing_of(spec: Open, dataset: Dataset) -> Mixing | None:
    """Returns the mixing of a task's batches; None: none.

    Raises:
        ConfigFaultError: cutmix for samples that are no images.
    """
    if not spec.mixup and not spec.cutmix:
        return None
    shape = list(dataset.train.inputs.shape[1:])
    if spec.cutmix and len(shape) != 3:
        raise ConfigFaultError(
            f"cutmix is for images [channels, height, width], but a sample of dataset "
            f"{spec.dataset.name or spec.dataset.python!r} has shape {shape}: use mixup"
        )
    return Mixing(spec.mixup, spec.cutmix, tuple(shape[-2:]))
