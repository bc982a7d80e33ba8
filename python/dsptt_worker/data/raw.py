"""Raw samples, as the data set has them before any processing: the input that users of the networks have to supply."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .dataset import Dataset
from .image_files import Background
from .scaling import Scaling

LONGEST_NAMES = 2**18
"""Total length of the columns' names beyond which they are left out: a message header holds 1 MiB at most."""


@dataclass(frozen=True)
class Raw:
    """Shape of a sample, whether its numbers are bytes, and the ``scaling`` that normalises them; ``target_scaling``,
    ``white``, ``columns`` and ``background`` as in ``Dataset``."""

    shape: tuple[int, ...]
    is_bytes: bool
    scaling: Scaling
    target_scaling: Scaling | None
    white: float | None
    columns: list[str]
    background: Background | None


def raw_of(dataset: Dataset) -> Raw:
    """Describes a data set's raw samples."""
    inputs = dataset.train.inputs
    scaling = dataset.scaling if dataset.normalisation is None else dataset.normalisation.scaling()
    names = dataset.columns if sum(map(len, dataset.columns)) <= LONGEST_NAMES else []
    return Raw(
        shape=tuple(inputs.shape[1:]),
        is_bytes=inputs.dtype == torch.uint8,
        scaling=Scaling.of(torch.zeros(1), torch.ones(1)) if scaling is None else scaling,
        target_scaling=dataset.target_scaling,
        white=dataset.white,
        columns=names,
        background=dataset.background,
    )
