"""MNIST: grey images of 28x28 of handwritten digits in 10 classes (LeCun et al. 1998), from the four official files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from msgspec import Meta
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError
from .dataset import Dataset, Split, standardise
from .idx import read_idx
from .shift import Pixels, Shift

TRAINING = 60_000
TEST = 10_000
VALIDATION = 5_000


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    train: Annotated[int, Meta(ge=1, le=TRAINING - VALIDATION)] = TRAINING - VALIDATION,
    shift: Pixels = 0,
) -> Dataset:
    """Loads ``train`` training, 5,000 validation and 10,000 test images, [1, 28, 28], standardised over the training
    images.

    ``dir``: the folder with ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``, ``t10k-images-idx3-ubyte`` and
    ``t10k-labels-idx1-ubyte``, each gzipped (``.gz``) or not. ``train``: number of training images, the first ones of
    the official training set; its last 5,000 are for validation. ``shift``: training images are moved by up to that
    many pixels each way, drawn anew for every image and epoch.

    Raises:
        ConfigFaultError: no folder.
        DataFaultError: a file is missing or is not the official one.
    """
    return grey_images("mnist", [str(digit) for digit in range(10)], dir, train, shift)


def grey_images(name: str, classes: list[str], folder: str | None, train: int, shift: int) -> Dataset:
    """Loads a data set of ten classes from files of MNIST's names and shapes; ``load`` describes the arguments."""
    if folder is None:
        raise ConfigFaultError(
            f"dataset {name!r} is not built in: give the data directory, a folder with the four official files "
            "(train-images-idx3-ubyte, train-labels-idx1-ubyte and the same of t10k, gzipped or not)"
        )
    images, labels = _part(Path(folder), "train", TRAINING)
    last = TRAINING - VALIDATION
    parts = [(images[:train], labels[:train]), (images[last:], labels[last:]), _part(Path(folder), "t10k", TEST)]
    splits, scaling = standardise([_split(*part) for part in parts], (0, 1, 2, 3))
    augmentation = Shift(shift, splits[0].inputs.min().item()) if shift else None
    return Dataset(*splits, classes, augmentation, scaling=scaling, white=255.0)


def _part(folder: Path, name: str, samples: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images = read_idx(folder, f"{name}-images-idx3-ubyte", (samples, 28, 28))
    labels = read_idx(folder, f"{name}-labels-idx1-ubyte", (samples,))
    if labels.max() > 9:
        raise DataFaultError(f"{folder}/{name}-labels-idx1-ubyte must hold digits 0 to 9, got {labels.max()}")
    return images, labels


def _split(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Split:
    return Split(torch.from_numpy(images[:, None].astype(np.float32)), torch.from_numpy(labels.astype(np.int64)))
