"""The worker's data sets, and the stratified split that every small one shares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..table_layout import Layout
from ..task_kind import TaskKind, kind_of
from .images.files import Background
from .normalisation import Normalisation
from .scaling import Scaling

STRATA = 10
"""Parts of equal size, by the number to be predicted, in which a regression's split is stratified."""


@dataclass(frozen=True)
class Split:
    """Inputs [samples, ...] float32, or images [samples, channels, height, width] uint8, which the data set's
    normalisation turns into numbers a batch at a time; and targets: int64 classes [samples], float32 labels [samples,
    labels] of 0 and 1, or float32 numbers to be predicted [samples]. ``unscaled``: the hash of the split before it was
    standardised, which rounds otherwise on other CPUs."""

    inputs: Tensor
    targets: Tensor
    unscaled: str | None = None

    def __len__(self) -> int:
        return len(self.targets)

    def sha256(self) -> str:
        """Returns the hash of the samples and targets as they were read."""
        if self.unscaled is not None:
            return self.unscaled
        hashed = hashlib.sha256()
        for tensor in (self.inputs, self.targets):
            hashed.update(f"{tensor.dtype} {list(tensor.shape)} ".encode())
            hashed.update(np.ascontiguousarray(tensor.numpy()).data)
        return hashed.hexdigest()

    def to(self, device: torch.device) -> Split:
        """Moves the samples to a device."""
        return Split(self.inputs.to(device), self.targets.to(device))

    def in_default_layout(self) -> Split:
        """Returns the split with inputs in torch's default strides; copied where they have others."""
        default = torch.empty(self.inputs.shape, device="meta").stride()
        if self.inputs.stride() == default:  # is_contiguous() ignores the strides of dimensions of 1
            return self
        return Split(self.inputs.clone(memory_format=torch.contiguous_format), self.targets)


class Augmentation(Protocol):
    """Random changes of training inputs, drawn for a whole epoch at once, applied a batch at a time on the device."""

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        """Draws the random numbers of each place in the epoch's order, [samples, ...] on the CPU."""

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        """Returns the changed batch; ``drawn`` is the batch's part of ``draw``'s answer, on the inputs' device."""


@dataclass(frozen=True)
class Dataset:
    """Three fixed splits (validation may be empty), the classes' names (empty for regression), the augmentation of
    training batches (None: none), and the normalisation of every batch (None: inputs are numbers).

    ``are_labels``: the classes are labels, of which a sample has any number.

    For users of the networks: the ``scaling`` that was applied to inputs which are numbers, and the ``target_scaling``
    of numbers to be predicted (None: none); the value of a ``white`` pixel (None: not images); the inputs' ``columns``
    by name, if they have names; the ``layout`` of the table that they were read from (None: no table of the user's);
    the ``background`` that transparent pixels of a user's images were laid over (None: no such images), and whether
    images of another size are to be cut around their centre (``crop``) instead of squashed. ``wide``: inputs were
    standardised in 64 bits, which their own units may need. ``notices`` tell what of the user's data was left out or
    changed, and why.
    """

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
    layout: Layout | None = None
    background: Background | None = None
    crop: bool = False
    wide: bool = False
    are_labels: bool = False
    notices: list[str] = field(default_factory=list)

    @property
    def kind(self) -> TaskKind:
        """Answer that is wanted for a sample."""
        return kind_of(self.classes, are_labels=self.are_labels)

    @property
    def outputs(self) -> int:
        """Number of outputs that a network needs: one a class, one a label, or one number."""
        return max(1, len(self.classes))

    def in_default_layout(self) -> Dataset:
        """Returns the data set as any network takes it. Our own take digits in strides of their own, by which their
        convolutions have always rounded, but after which a ``view`` fails."""
        train, validation, test = (split.in_default_layout() for split in self.splits().values())
        return replace(self, train=train, validation=validation, test=test)

    def splits(self) -> dict[str, Split]:
        """Splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def sha256(self) -> str:
        """Returns the hash of all samples and targets as they were read."""
        splits = {name: split.sha256() for name, split in self.splits().items()}
        return hashlib.sha256(json.dumps(splits).encode()).hexdigest()


def stratified(inputs: NDArray[np.float32], targets: NDArray[np.int64], sizes: Sequence[int]) -> list[Split]:
    """Cuts a data set into splits of the given sizes, each with the classes in the whole set's proportions.

    The cut is fixed: it depends on the data alone, never on a run's seed.
    """
    order = stratified_order(targets)
    stops = np.cumsum([0, *sizes])
    parts = [order[start:stop] for start, stop in pairwise(stops)]
    return [Split(torch.from_numpy(inputs[part]), torch.from_numpy(targets[part])) for part in parts]


def stratified_order(targets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns the samples' indices, shuffled within their class, the classes then interleaved evenly, so that every
    stretch of the order is stratified."""
    shuffle = np.random.RandomState(0)  # the legacy generator: its stream will never change
    rank = np.empty(len(targets))
    for label in np.unique(targets):
        members = np.flatnonzero(targets == label)
        rank[shuffle.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    order: NDArray[np.int64] = np.lexsort((targets, rank))
    return order


def strata_of_numbers(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Returns the tenth of all numbers, by size, that each belongs to: strata for ``stratified_order``."""
    ranks: NDArray[np.int64] = np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
    return ranks * STRATA // len(numbers)


def standardise(splits: Sequence[Split], dims: tuple[int, ...]) -> tuple[tuple[Split, Split, Split], Scaling]:
    """Shifts and scales training, validation and test split so that the training split has mean 0 and deviation 1;
    returns them and the scaling.

    Mean and standard deviation are taken over ``dims``; a feature that never changes is only shifted.
    """
    mean = splits[0].inputs.mean(dims, keepdim=True)
    std = splits[0].inputs.std(dims, keepdim=True)
    std = torch.where(std > 0, std, torch.ones_like(std))
    train, validation, test = (
        Split((split.inputs - mean).div_(std), split.targets, split.sha256()) for split in splits
    )
    return (train, validation, test), Scaling.of(mean, std)


def standardise_targets(splits: tuple[Split, Split, Split]) -> tuple[tuple[Split, Split, Split], Scaling]:
    """Shifts and scales the splits' targets, float32, so that those of training have mean 0 and deviation 1; returns
    the splits and the scaling."""
    numbers = splits[0].targets.double()
    mean, std = numbers.mean(), numbers.std()
    train, validation, test = (
        Split(split.inputs, ((split.targets - mean) / std).float(), split.sha256()) for split in splits
    )
    return (train, validation, test), Scaling.of(mean, std)
