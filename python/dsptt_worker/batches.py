"""Training batches of named data streams: step s of a stream is the same batch whatever was asked before."""

from __future__ import annotations

import torch
from torch import Tensor

from .data import Dataset
from .errors import ConfigFaultError
from .streams import generator


class Batches:
    """The training split on its device, cut into shuffled epochs; the last partial batch of an epoch is dropped."""

    def __init__(self, dataset: Dataset, size: int, seed: int, device: torch.device) -> None:
        """Put the training split on the device.

        Raises:
            ConfigFaultError: the batch is larger than the training split.
        """
        if size > len(dataset.train):
            raise ConfigFaultError(f"batchSize must be at most the {len(dataset.train)} training samples, got {size}")
        self.inputs = dataset.train.inputs.to(device)
        self.targets = dataset.train.targets.to(device)
        self.size = size
        self.per_epoch = len(dataset.train) // size
        self._augmentation = dataset.augmentation
        self._seed = seed
        self._device = device
        self._epoch: tuple[str, int] | None = None
        self._order = torch.empty(0)
        self._drawn: Tensor | None = None

    def batch(self, stream: str, step: int) -> tuple[Tensor, Tensor]:
        """Inputs [batch, ...] and targets [batch] of a step, augmented. The epoch's order and draws are made on the CPU
        and moved once an epoch, so that no step waits for the device."""
        epoch, place = divmod(step, self.per_epoch)
        if self._epoch != (stream, epoch):
            self._begin(stream, epoch)
        chosen = slice(place * self.size, (place + 1) * self.size)
        index = self._order[chosen]
        inputs = self.inputs[index]
        if self._augmentation is not None and self._drawn is not None:
            inputs = self._augmentation.apply(inputs, self._drawn[chosen])
        return inputs, self.targets[index]

    def _begin(self, stream: str, epoch: int) -> None:
        draws = generator(self._seed, f"{stream}/epoch{epoch}")
        samples = len(self.targets)
        self._order = torch.randperm(samples, generator=draws).to(self._device, non_blocking=True)
        if self._augmentation is not None:
            self._drawn = self._augmentation.draw(samples, draws).to(self._device, non_blocking=True)
        self._epoch = (stream, epoch)
