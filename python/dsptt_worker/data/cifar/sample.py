"""An excerpt of CIFAR-10 that comes with the package: 2,000 training and 500 test images, for trying recipes out and
for tests where the real archive is not at hand.

The images are the first 2,000 records of ``data_batch_1`` and the first 500 of ``test_batch`` of a copy of CIFAR-10
(A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009) that was made from PNG files and has their
pixels coded with loss; ``scripts/data/cifar-sample.py`` laid them side by side in two JPEG files, which loses a little
more. Labels are exact. Errors measured on it are not those of CIFAR-10.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray
from PIL import Image

from ...errors import ConfigFaultError
from ..crop_flip import Augment
from ..dataset import Dataset
from .images import Normalise, Side, colour_images
from .layouts import CIFAR10
from .records import SIDE, Records

TRAINING = 2_000
TEST = 500
FOLDER = Path(__file__).parent / "cifar10-sample"


def load(
    *,
    train: Annotated[int, Meta(ge=1, le=TRAINING)] = 1_500,
    validation: Annotated[int, Meta(ge=0, le=TRAINING - 1)] = 500,
    test: Annotated[int, Meta(ge=1, le=TEST)] = TEST,
    augment: Augment = "crop-flip",
    normalise: Normalise = "cifar",
    side: Side = 32,
) -> Dataset:
    """Loads ``train`` training, ``validation`` validation and ``test`` test images, [3, side, side] uint8; the
    arguments are those of CIFAR-10, within 2,000 training images.

    Raises:
        ConfigFaultError: more training and validation images than there are.
    """
    if train + validation > TRAINING:
        raise ConfigFaultError(
            f"dataset.args: train and validation share the {TRAINING} training images, got {train} + {validation}"
        )
    labels = np.frombuffer((FOLDER / "labels.bin").read_bytes(), np.uint8)
    training = Records(_tiles(FOLDER / "train.jpg"), labels[:TRAINING])
    testing = Records(_tiles(FOLDER / "test.jpg"), labels[TRAINING:])
    parts = training.part(0, train), training.part(TRAINING - validation, TRAINING), testing.part(0, test)
    return colour_images(parts, list(CIFAR10.classes), augment=augment, normalise=normalise, side=side)


def _tiles(path: Path) -> NDArray[np.uint8]:
    """Cuts a mosaic into its images, row by row: [samples, 3, 32, 32]."""
    with Image.open(path) as image:
        mosaic = np.asarray(image.convert("RGB"))
    rows, columns = mosaic.shape[0] // SIDE, mosaic.shape[1] // SIDE
    return mosaic.reshape(rows, SIDE, columns, SIDE, 3).transpose(0, 2, 4, 1, 3).reshape(-1, 3, SIDE, SIDE)
