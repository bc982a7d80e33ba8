"""Colour images as bytes: the part that the data sets of such images share."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ..crop_flip import Augment, augmentation
from ..dataset import Dataset, Split
from ..normalisation import IMAGENET, Normalisation, statistics
from .records import SIDE, Records

Normalise = Literal["cifar", "imagenet", "data"]
Side = Literal[32, 16, 8]

# Constants of the recipes. CIFAR's deviations are not the training set's (.2470 .2435 .2616): many recipes use these
# smaller ones, means of the deviations within single images, and results to be compared with them must do so too.
CONSTANTS = {
    "cifar": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    "imagenet": IMAGENET,
}


def colour_images(
    parts: tuple[Records, Records, Records], classes: list[str], *, augment: Augment, normalise: Normalise, side: Side
) -> Dataset:
    """Builds the data set of training, validation and test records of 32x32, averaged down to ``side``. The data's own
    mean and deviation are those of the training images at that size."""
    train, validation, test = (_split(part, SIDE // side) for part in parts)
    mean, std = statistics(train.inputs) if normalise == "data" else CONSTANTS[normalise]
    normalisation = Normalisation.of(mean, std)
    return Dataset(train, validation, test, classes, augmentation(augment, side), normalisation, white=255.0)


def averaged(images: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Averages images [samples, channels, height, width] over ``step`` x ``step`` pixels, rounding halves up."""
    if step == 1:
        return images
    total = np.full((*images.shape[:2], images.shape[2] // step, images.shape[3] // step), step * step // 2, np.uint16)
    for row in range(step):
        for column in range(step):
            total += images[:, :, row::step, column::step]
    return (total // (step * step)).astype(np.uint8)


def _split(part: Records, step: int) -> Split:
    images = averaged(part.images, step).copy()  # a small part would keep the whole file in memory
    return Split(torch.from_numpy(images), torch.from_numpy(part.labels.astype(np.int64)))
