"""Training batches of named data streams: step s of a stream is the same batch whatever was requested before."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ..data import Augmentation, Normalisation, Split
from ..errors import ConfigFaultError
from ..streams import generator
from .mixing import Mixing
from .streaming import Feed


class Batches:
    """The training split, cut into shuffled epochs; the last partial batch of an epoch is dropped.

    The inputs of every batch are memory of its own, in which no later batch is served: a network may write into them.

    A batch is built in two steps. ``place`` runs on the host: it selects the batch, and once an epoch draws the epoch's
    order and augmentation on the CPU and copies them to the device, so that no step waits for the device. ``gather``
    runs on the device and reads only memory whose address does not change: it can be captured.
    """

    def __init__(
        self,
        train: Split,
        augmentation: Augmentation | None,
        size: int,
        seed: int,
        normalisation: Normalisation | None = None,
        feed: Feed | None = None,
        mixing: Mixing | None = None,
    ) -> None:
        """Serves batches of a training split that lies on its device, with its normalisation. Size 0: the whole split,
        in its own order, every step. With a ``feed``, inputs come from it and only the targets lie on the device. With
        ``mixing``, the samples of a batch are mixed after all of this, and targets are those of ``Mixing.apply``.

        Raises:
            ConfigFaultError: the batch is larger than the training split.
        """
        if size > len(train):
            raise ConfigFaultError(f"batchSize must be at most the {len(train)} training samples, got {size}")
        self.size = size or len(train)
        self.per_epoch = len(train) // self.size
        self._shuffled = size > 0
        self._train = train
        self._device = train.targets.device
        self._augmentation = augmentation
        self._normalisation = normalisation
        self._seed = seed
        self._feed = feed
        self._mixing = mixing
        self._changes = size > 0 or augmentation is not None or mixing is not None  # batches differ from step to step
        self._epoch: tuple[str, int] | None = None
        self._host_order = torch.empty(0)
        self._order: Tensor | None = None
        self._drawn: Tensor | None = None
        self._partners: Tensor | None = None
        self._mixed: Tensor | None = None
        self._place = 0
        self._counter: Tensor | None = None

    def count_on_device(self) -> None:
        """Keeps the index of a batch in its epoch on the device from now on, for captured steps."""
        self._counter = torch.zeros(1, dtype=torch.int64, device=self._device)

    def batch(self, stream: str, step: int) -> tuple[Tensor, Tensor]:
        """Returns inputs and targets [batch, ...] of a step, augmented, normalised, then mixed."""
        self.place(stream, step)
        return self.gather()

    def place(self, stream: str, step: int) -> None:
        """Selects a step's batch for ``gather``."""
        epoch, self._place = divmod(step, self.per_epoch)
        if self._changes and self._epoch != (stream, epoch):
            self._begin(stream, epoch)
        if self._counter is not None:
            self._counter.fill_(self._place)
        if self._feed is not None:
            following = self._place + 1
            self._feed.show(
                self._host_order[self._place], self._host_order[following] if following < self.per_epoch else None
            )

    def gather(self) -> tuple[Tensor, Tensor]:
        """Returns the selected batch's inputs and targets, as ``batch`` does."""
        inputs, targets = self._unmixed()
        if self._mixing is None:
            return inputs, targets
        (inputs,), (targets,) = _mixed([self], inputs[None], targets[None])
        return inputs, targets

    def _unmixed(self) -> tuple[Tensor, Tensor]:
        if not self._changes:
            return self.normalised(self._train.inputs), self._train.targets
        index = self._of_place(self._order)
        inputs = self._train.inputs[index] if self._feed is None else self._feed.shown
        if self._augmentation is not None:
            inputs = self._augmentation.apply(inputs, self._of_place(self._drawn))
        elif self._feed is not None:
            return self.normalised(inputs), self._train.targets[index]
        return self._scaled(inputs), self._train.targets[index]

    @property
    def come_from_host(self) -> bool:
        """True if inputs are copied to the device batch by batch."""
        return self._feed is not None

    def another(self) -> Batches:
        """Creates equal batches with a selection of their own. Not for batches that come from the host."""
        size = self.size if self._shuffled else 0
        return Batches(self._train, self._augmentation, size, self._seed, self._normalisation, mixing=self._mixing)

    def normalised(self, inputs: Tensor) -> Tensor:
        """Normalises inputs of any split for the network, float32, into memory of their own."""
        return inputs.clone() if self._normalisation is None else self._normalisation.apply(inputs)

    def _scaled(self, inputs: Tensor) -> Tensor:
        """Normalises inputs that are a copy already, without another one."""
        return inputs if self._normalisation is None else self._normalisation.apply(inputs)

    def _of_place(self, epochs: Tensor | None) -> Tensor:
        """Returns the selected batch's rows of an epoch's [places, batch, ...]."""
        assert epochs is not None
        return epochs[self._place] if self._counter is None else epochs.index_select(0, self._counter)[0]

    def _begin(self, stream: str, epoch: int) -> None:
        draws = generator(self._seed, f"{stream}/epoch{epoch}")
        samples = len(self._train)
        # unshuffled: sums over the same samples in another order round differently, and are another function
        order = torch.randperm(samples, generator=draws) if self._shuffled else torch.arange(samples)
        self._host_order = self._by_place(order)
        self._order = self._moved(self._host_order, self._order)
        if self._augmentation is not None:
            self._drawn = self._moved(self._by_place(self._augmentation.draw(samples, draws)), self._drawn)
        if self._mixing is not None:
            partners, mixed = self._mixing.draw(self._seed, f"{stream}/mixing{epoch}", self.per_epoch, self.size)
            self._partners = self._moved(partners, self._partners)
            self._mixed = self._moved(mixed, self._mixed)
        self._epoch = (stream, epoch)

    def _by_place(self, rows: Tensor) -> Tensor:
        return rows[: self.per_epoch * self.size].view(self.per_epoch, self.size, *rows.shape[1:])

    def _moved(self, host: Tensor, there: Tensor | None) -> Tensor:
        """Copies a tensor to the device; for captured steps, into the memory of the previous epoch's."""
        if there is None or self._counter is None:
            there = torch.empty_like(host, device=self._device)
        return there.copy_(host.pin_memory() if there.is_cuda else host, non_blocking=True)


def gather_all(several: Sequence[Batches]) -> tuple[Tensor, Tensor]:
    """Gathers the batches of several that serve the same data, in one operation: inputs [several, batch, ...] float32
    and targets [several, batch, ...]."""
    (first, *_), each = several, (len(several), several[0].size)
    if not first._changes:
        inputs, targets = first.gather()
        return inputs.expand(len(several), *inputs.shape), targets.expand(len(several), *targets.shape)
    index = torch.cat([batches._of_place(batches._order) for batches in several])
    inputs = first._train.inputs.index_select(0, index)
    if first._augmentation is not None:
        drawn = torch.cat([batches._of_place(batches._drawn) for batches in several])
        inputs = first._augmentation.apply(inputs, drawn)
    inputs = first._scaled(inputs)
    targets = first._train.targets.index_select(0, index)
    return _mixed(several, inputs.view(*each, *inputs.shape[1:]), targets.view(*each, *targets.shape[1:]))


def _mixed(several: Sequence[Batches], inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Mixes the samples of each selected batch, [several, batch, ...], if they are to be mixed."""
    mixing = several[0]._mixing
    if mixing is None:
        return inputs, targets
    partners = torch.stack([batches._of_place(batches._partners) for batches in several])
    numbers = torch.stack([batches._of_place(batches._mixed) for batches in several])
    return mixing.apply(inputs, targets, partners, numbers)
