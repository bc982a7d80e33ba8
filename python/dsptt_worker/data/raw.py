"""Raw samples, as the data set has them before any processing: the input that users of the networks have to supply."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..table_layout import Layout
from .dataset import Dataset
from .images.files import Background
from .scaling import Scaling


@dataclass(frozen=True)
class Raw:
    """Shape of a sample, whether its numbers are bytes, and the ``scaling`` that normalises them; ``target_scaling``,
    ``white``, ``columns``, ``layout``, ``background``, ``crop`` and ``wide`` as in ``Dataset``."""

    shape: tuple[int, ...]
    is_bytes: bool
    scaling: Scaling
    target_scaling: Scaling | None
    white: float | None
    columns: list[str]
    layout: Layout | None
    background: Background | None
    crop: bool
    wide: bool


def raw_of(dataset: Dataset) -> Raw:
    """Describes a data set's raw samples."""
    inputs = dataset.train.inputs
    scaling = dataset.scaling if dataset.normalisation is None else dataset.normalisation.scaling()
    return Raw(
        shape=tuple(inputs.shape[1:]),
        is_bytes=inputs.dtype == torch.uint8,
        scaling=Scaling.of(torch.zeros(1), torch.ones(1)) if scaling is None else scaling,
        target_scaling=dataset.target_scaling,
        white=dataset.white,
        columns=dataset.columns,
        layout=dataset.layout,
        background=dataset.background,
        crop=dataset.crop,
        wide=dataset.wide,
    )
