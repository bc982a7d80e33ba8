"""Training batches of named data streams: step s of a stream is the same batch whatever was asked before."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ..data import Augmentation, Normalisation, Split
from ..errors import ConfigFaultError
from ..streams import generator
from .streaming import Feed


class Batches:
    """The training split, cut into shuffled epochs; the last partial batch of an epoch is dropped.

    A batch is made in two steps. ``place`` is the host's: it says which batch is meant, and once an epoch draws the
    epoch's order and augmentation on the CPU and moves them, so that no step waits for the device. ``gather`` is the
    device's, and reads nothing but memory that stays where it is: it can be captured.
    """

    def __init__(
        self,
        train: Split,
        augmentation: Augmentation | None,
        size: int,
        seed: int,
        normalisation: Normalisation | None = None,
        feed: Feed | None = None,
    ) -> None:
        """Serve batches of a training split that lies on its device, and its normalisation there too; size 0: all of
        it, in its own order, every step. With a ``feed`` inputs are what it brings; the targets lie on the device.

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
        self._changes = size > 0 or augmentation is not None  # from step to step
        self._epoch: tuple[str, int] | None = None
        self._host_order = torch.empty(0)
        self._order: Tensor | None = None
        self._drawn: Tensor | None = None
        self._place = 0
        self._counter: Tensor | None = None

    def count_on_device(self) -> None:
        """From now on the place of a batch in its epoch is a number on the device, for steps that are captured."""
        self._counter = torch.zeros(1, dtype=torch.int64, device=self._device)

    def batch(self, stream: str, step: int) -> tuple[Tensor, Tensor]:
        """Inputs [batch, ...] float32 and targets [batch] of a step, augmented, then normalised."""
        self.place(stream, step)
        return self.gather()

    def place(self, stream: str, step: int) -> None:
        """Make a step's batch the one that ``gather`` gives."""
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
        """The batch's inputs and targets, as ``batch`` gives them."""
        if not self._changes:
            return self.normalised(self._train.inputs), self._train.targets
        index = self._of_place(self._order)
        inputs = self._train.inputs[index] if self._feed is None else self._feed.shown
        if self._augmentation is not None:
            inputs = self._augmentation.apply(inputs, self._of_place(self._drawn))
        return self.normalised(inputs), self._train.targets[index]

    @property
    def come_from_host(self) -> bool:
        """Whether inputs are brought to the device batch by batch."""
        return self._feed is not None

    def another(self) -> Batches:
        """The same batches, with a place of its own in them. Not where they come from the host."""
        size = self.size if self._shuffled else 0
        return Batches(self._train, self._augmentation, size, self._seed, self._normalisation)

    def normalised(self, inputs: Tensor) -> Tensor:
        """Inputs of any split as the network takes them, float32."""
        return inputs if self._normalisation is None else self._normalisation.apply(inputs)

    def _of_place(self, epochs: Tensor | None) -> Tensor:
        """The rows of a place, of an epoch's [places, batch, ...]."""
        assert epochs is not None
        return epochs[self._place] if self._counter is None else epochs.index_select(0, self._counter)[0]

    def _begin(self, stream: str, epoch: int) -> None:
        draws = generator(self._seed, f"{stream}/epoch{epoch}")
        samples = len(self._train)
        # unshuffled: sums over the same samples in another order would round otherwise, and be another function
        order = torch.randperm(samples, generator=draws) if self._shuffled else torch.arange(samples)
        self._host_order = self._by_place(order)
        self._order = self._moved(self._host_order, self._order)
        if self._augmentation is not None:
            self._drawn = self._moved(self._by_place(self._augmentation.draw(samples, draws)), self._drawn)
        self._epoch = (stream, epoch)

    def _by_place(self, rows: Tensor) -> Tensor:
        return rows[: self.per_epoch * self.size].view(self.per_epoch, self.size, *rows.shape[1:])

    def _moved(self, host: Tensor, there: Tensor | None) -> Tensor:
        """The same on the device; for steps that are captured, in the memory that the epoch before had."""
        if there is None or self._counter is None:
            there = torch.empty_like(host, device=self._device)
        return there.copy_(host.pin_memory() if there.is_cuda else host, non_blocking=True)


def gather_all(several: Sequence[Batches]) -> tuple[Tensor, Tensor]:
    """What each of several that serve the same data would gather, in one go: inputs [several, batch, ...] float32 and
    targets [several, batch]."""
    (first, *_), each = several, (len(several), several[0].size)
    if not first._changes:
        inputs, targets = first.gather()
        return inputs.expand(len(several), *inputs.shape), targets.expand(each)
    index = torch.cat([batches._of_place(batches._order) for batches in several])
    inputs = first._train.inputs.index_select(0, index)
    if first._augmentation is not None:
        drawn = torch.cat([batches._of_place(batches._drawn) for batches in several])
        inputs = first._augmentation.apply(inputs, drawn)
    inputs = first.normalised(inputs)
    return inputs.view(*each, *inputs.shape[1:]), first._train.targets.index_select(0, index).view(each)
