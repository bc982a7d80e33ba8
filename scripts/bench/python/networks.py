"""Networks and training images of a configuration, as in a user's own script."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dsptt_worker.data import DATASETS
from dsptt_worker.models import MODELS
from torch import Tensor, nn

GREY_LEVELS = 16  # of the digits' pixels


@dataclass(frozen=True)
class Images:
    """Training images [samples, height, width(, channels)] uint8 and labels, with their augmentation.

    Holds how far a crop may move them, whether they are flipped, and mean and deviation of each channel.
    """

    pixels: np.ndarray
    labels: list[int]
    shift: int
    flip: bool
    mean: Tensor
    std: Tensor


def load_images(dataset: dict[str, object]) -> Images:
    """Returns the training split of a data set of images, as bytes."""
    loaded = DATASETS[dataset["name"]](**dataset["args"])
    inputs, labels = loaded.train.inputs, loaded.train.targets.tolist()
    if loaded.normalisation is None:  # digits, which are standardised already
        low, high = inputs.min(), inputs.max()
        pixels = ((inputs - low) / (high - low) * GREY_LEVELS).round().byte()[:, 0]
        std = GREY_LEVELS / (high - low)
        statistics = (-low * std)[None], std[None]
        return Images(
            pixels.numpy(), labels, loaded.augmentation.pixels, False, *statistics
        )
    scale = loaded.normalisation.scale.flatten()
    offset = loaded.normalisation.offset.flatten()
    pixels = inputs.permute(0, 2, 3, 1).contiguous().numpy()
    padding = loaded.augmentation.padding
    return Images(pixels, labels, padding, True, -offset / scale, 1 / scale)


def build(model: dict[str, object], images: Images) -> nn.Module:
    """Returns the network, freshly initialised from torch's own generator."""
    shape = images.pixels.shape[1:]
    channels = shape[2] if len(shape) == 3 else 1
    return MODELS[model["name"]]((channels, *shape[:2]), 10, **model["args"])
