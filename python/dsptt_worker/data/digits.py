"""Optical digits: 1,797 grey images of 8x8 in 10 classes (UCI; the copy that scikit-learn ships)."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits

from .dataset import Dataset, standardise, stratified
from .shift import Pixels, Shift


def load(*, shift: Pixels = 0) -> Dataset:
    """300 training, 500 validation and 997 test images, [1, 8, 8], standardised over the training images.

    ``shift``: training images are moved by up to that many pixels each way, drawn anew for every image and epoch.
    """
    raw = load_digits()
    images = raw.images.astype(np.float32)[:, None]
    train, validation, test = standardise(
        stratified(images, raw.target.astype(np.int64), (300, 500, 997)), (0, 1, 2, 3)
    )
    augmentation = Shift(shift, train.inputs.min().item()) if shift else None
    return Dataset(train, validation, test, [str(digit) for digit in range(10)], augmentation)
