"""Optical digits: 1,797 grey images of 8x8 in 10 classes (UCI; the copy that scikit-learn ships)."""

from __future__ import annotations

import numpy as np

from .dataset import Dataset, standardise, stratified
from .shift import Pixels, Shift
from .shipped import shipped

WHITE = 16.0
"""Largest value of a pixel."""


def load(*, shift: Pixels = 0) -> Dataset:
    """Loads 300 training, 500 validation and 997 test images, [1, 8, 8], standardised over the training images.

    ``shift``: training images are moved by up to that many pixels each way, drawn anew for every image and epoch.
    """
    table = shipped("digits.csv.gz")
    images = table[:, :-1].reshape(-1, 8, 8).astype(np.float32)[:, None]  # our convolutions round by these strides
    cut = stratified(images, table[:, -1].astype(np.int64), (300, 500, 997))
    splits, scaling = standardise(cut, (0, 1, 2, 3))
    augmentation = Shift(shift, splits[0].inputs.min().item()) if shift else None
    return Dataset(*splits, [str(digit) for digit in range(10)], augmentation, scaling=scaling, white=WHITE)
