"""Training batches of named data streams: step s of a stream is the same batch whatever was asked before."""

from __future__ import annotations

import torch
from torch import Tensor

from .data import Augmentation, Normalisation, Split
from .errors import ConfigFaultError
from .streams import generator


class Batches:
    """The training split on its device, cut into shuffled epochs; the last partial batch of an epoch is dropped."""

    def __init__(
        self,
        train: Split,
        augmentation: Augmentation | None,
        size: int,
        seed: int,
        normalisation: Normalisation | None = None,
    ) -> None:
        """Serve batches of a training split that lies on its device, and its normalisation there too; size 0: all of
        it, in its own order, every step.

        Raises:
            ConfigFaultError: the batch is larger than the training split.
        """
        if size > len(train):
            raise ConfigFaultError(f"batchSize must be at most the {len(train)} training samples, got {size}")
        self.size = size or len(train)
        self.per_epoch = len(train) // self.size
        self._shuffled = size > 0
        self._train = train
        self._augmentation = augmentation
        self._normalisation = normalisation
        self._seed = seed
        self._epoch: tuple[str, int] | None = None
        self._order = torch.empty(0)
        self._drawn: Tensor | None = None

    def batch(self, stream: str, step: int) -> tuple[Tensor, Tensor]:
        """Inputs [batch, ...] float32 and targets [batch] of a step, augmented, then normalised. The epoch's order and
        draws are made on the CPU and moved once an epoch, so that no step waits for the device."""
        if not self._shuffled and self._augmentation is None:
            return self.normalised(self._train.inputs), self._train.targets
        epoch, place = divmod(step, self.per_epoch)
        if self._epoch != (stream, epoch):
            self._begin(stream, epoch)
        chosen = slice(place * self.size, (place + 1) * self.size)
        index = self._order[chosen]
        inputs = self._train.inputs[index]
        if self._augmentation is not None and self._drawn is not None:
            inputs = self._augmentation.apply(inputs, self._drawn[chosen])
        return self.normalised(inputs), self._train.targets[index]

    def normalised(self, inputs: Tensor) -> Tensor:
        """Inputs of any split as the network takes them, float32."""
        return inputs if self._normalisation is None else self._normalisation.apply(inputs)

    def _begin(self, stream: str, epoch: int) -> None:
        draws = generator(self._seed, f"{stream}/epoch{epoch}")
        samples, device = len(self._train), self._train.inputs.device
        if self._shuffled:
            self._order = torch.randperm(samples, generator=draws).to(device, non_blocking=True)
        else:  # sums over the same samples in another order would round differently: the same function at every step
            self._order = torch.arange(samples, device=device)
        if self._augmentation is not None:
            self._drawn = self._augmentation.draw(samples, draws).to(device, non_blocking=True)
        self._epoch = (stream, epoch)
