"""What a data set is to the worker, and the stratified split that every small one shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .normalisation import Normalisation
from .scaling import Scaling


@dataclass(frozen=True)
class Split:
    """Inputs [samples, ...] float32, or images [samples, channels, height, width] uint8, which the data set's
    normalisation turns into numbers a batch at a time; and targets [samples]: int64 classes, or float32 numbers to be
    predicted."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def to(self, device: torch.device) -> Split:
        """The same samples on a device."""
        return Split(self.inputs.to(device), self.targets.to(device))


class Augmentation(Protocol):
    """Random changes of training inputs, drawn for a whole epoch at once, applied a batch at a time on the device."""

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        """What is drawn for each place in the epoch's order, [samples, ...] on the CPU."""

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        """The changed batch; ``drawn`` is the part of ``draw``'s answer that belongs to it, on the inputs' device."""


@dataclass(frozen=True)
class Dataset:
    """Three fixed splits (validation may be empty), the classes' names (none where a number is predicted), the
    augmentation of training batches (none if None), and the normalisation of every batch (None: inputs are numbers).

    What whoever uses the networks needs to know: the ``scaling`` that inputs which are numbers have been through, and
    the ``target_scaling`` of numbers to be predicted (None: none); the value of a ``white`` pixel (None: no images);
    the inputs' ``columns`` by name, where they have names."""

    train: Split
    validation: Split
    test: Split
    classes: list[str]
    augmentation: Augmentation | None = None
    normalisation: Normalisation | None = None
    scaling: Scaling | None = None
    target_scaling: Scaling | None = None
    white: float | None = None
    columns: list[str] = field(default_factory=list)

    @property
    def outputs(self) -> int:
        """How many outputs a network needs: one a class, or one number."""
        return max(1, len(self.classes))

    def splits(self) -> dict[str, Split]:
        """The splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def stratified(inputs: NDArray[np.float32], targets: NDArray[np.int64], sizes: Sequence[int]) -> list[Split]:
    """Cut a data set into splits of the given sizes, each with the classes in the whole set's proportions.

    The cut is fixed: it depends on the data alone, never on a run's seed.
    """
    order = stratified_order(targets)
    stops = np.cumsum([0, *sizes])
    parts = [order[start:stop] for start, stop in pairwise(stops)]
    return [Split(torch.from_numpy(inputs[part]), torch.from_numpy(targets[part])) for part in parts]


def stratified_order(targets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The samples' places, shuffled within their class, the classes then interleaved evenly, so that every stretch of
    the order is stratified."""
    shuffle = np.random.RandomState(0)  # the legacy generator: its stream is frozen for ever
    rank = np.empty(len(targets))
    for label in np.unique(targets):
        members = np.flatnonzero(targets == label)
        rank[shuffle.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    order: NDArray[np.int64] = np.lexsort((targets, rank))
    return order


def standardise(splits: Sequence[Split], dims: tuple[int, ...]) -> tuple[tuple[Split, Split, Split], Scaling]:
    """Training, validation and test split, shifted and scaled so that the training split has mean 0 and deviation 1,
    and by how much.

    Mean and standard deviation are taken over ``dims``; a feature that never changes is only shifted.
    """
    mean = splits[0].inputs.mean(dims, keepdim=True)
    std = splits[0].inputs.std(dims, keepdim=True)
    std = torch.where(std > 0, std, torch.ones_like(std))
    train, validation, test = (Split((split.inputs - mean).div_(std), split.targets) for split in splits)
    return (train, validation, test), Scaling.of(mean, std)


def standardise_targets(splits: tuple[Split, Split, Split]) -> tuple[tuple[Split, Split, Split], Scaling]:
    """The same splits, the numbers to be predicted shifted and scaled so that those of training have mean 0 and
    deviation 1, float32; and by how much."""
    numbers = splits[0].targets.double()
    mean, std = numbers.mean(), numbers.std()
    train, validation, test = (Split(split.inputs, ((split.targets - mean) / std).float()) for split in splits)
    return (train, validation, test), Scaling.of(mean, std)
