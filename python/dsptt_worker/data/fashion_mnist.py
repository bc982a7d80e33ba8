"""Fashion-MNIST: grey images of 28x28 of clothes in 10 classes (Xiao, Rasul and Vollgraf 2017, MIT licence), from the
four official files, which have the names and shapes of MNIST's."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .dataset import Dataset
from .mnist import TRAINING, VALIDATION, grey_images
from .shift import Pixels

CLASSES = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    train: Annotated[int, Meta(ge=1, le=TRAINING - VALIDATION)] = TRAINING - VALIDATION,
    shift: Pixels = 0,
) -> Dataset:
    """Loads ``train`` training, 5,000 validation and 10,000 test images, [1, 28, 28]; arguments, splits, standardising
    and errors are those of MNIST."""
    return grey_images("fashion-mnist", CLASSES, dir, train, shift)
