"""Data sets by name. To add one: a file beside this one with a ``load`` function, and a line in ``DATASETS``."""

from __future__ import annotations

from collections.abc import Callable

from . import digits, mnist, wine, winequality
from .dataset import Augmentation, Dataset, Split

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": digits.load,
    "mnist": mnist.load,
    "wine": wine.load,
    "winequality": winequality.load,
}

__all__ = ["DATASETS", "Augmentation", "Dataset", "Split"]
