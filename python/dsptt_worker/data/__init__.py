"""Data sets by name. To add one: a file beside this one with a ``load`` function (a user's own data have
folders: ``tables``, ``images``, ``given``), and a line in ``DATASETS``."""

from __future__ import annotations

from collections.abc import Callable

from . import digits, fashion_mnist, mnist, wine, winequality
from .cifar import layouts, official, sample
from .dataset import Augmentation, Dataset, Split
from .given import own_arrays
from .images import own_images
from .normalisation import Normalisation
from .raw import Raw, raw_of
from .tables import own_table

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": digits.load,
    "mnist": mnist.load,
    "wine": wine.load,
    "winequality": winequality.load,
    "fashion-mnist": fashion_mnist.load,
    "cifar10": official.loader("cifar10", layouts.CIFAR10),
    "cifar100": official.loader("cifar100", layouts.CIFAR100),
    "cifar10-sample": sample.load,
    "csv": own_table.load,
    "images": own_images.load,
    "arrays": own_arrays.load,
}

__all__ = ["DATASETS", "Augmentation", "Dataset", "Normalisation", "Raw", "Split", "raw_of"]
