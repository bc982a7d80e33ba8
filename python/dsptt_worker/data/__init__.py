"""Data sets by name. To add one: a file beside this one with a ``load`` function, and a line in ``DATASETS``."""

from __future__ import annotations

from collections.abc import Callable

from . import cifar, cifar_sample, digits, fashion_mnist, mnist, own_images, own_table, wine, winequality
from .cifar_layouts import CIFAR10, CIFAR100
from .dataset import Augmentation, Dataset, Split
from .normalisation import Normalisation
from .raw import Raw, raw_of

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": digits.load,
    "mnist": mnist.load,
    "wine": wine.load,
    "winequality": winequality.load,
    "fashion-mnist": fashion_mnist.load,
    "cifar10": cifar.loader("cifar10", CIFAR10),
    "cifar100": cifar.loader("cifar100", CIFAR100),
    "cifar10-sample": cifar_sample.load,
    "csv": own_table.load,
    "images": own_images.load,
}

__all__ = ["DATASETS", "Augmentation", "Dataset", "Normalisation", "Raw", "Split", "raw_of"]
