"""CIFAR-10 and CIFAR-100: colour images of 32x32 in 10 or 100 classes (A. Krizhevsky, Learning Multiple Layers of
Features from Tiny Images, 2009), from the official archives' binary version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from ...errors import ConfigFaultError
from ..crop_flip import Augment
from ..dataset import Dataset
from .images import Normalise, Side, colour_images
from .layouts import Layout
from .sources import read


def loader(name: str, layout: Layout) -> Callable[..., Dataset]:
    """Creates the load function of CIFAR-10 or CIFAR-100."""

    def load(
        *,
        dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
        train: Annotated[int, Meta(ge=1, le=50_000)] = 45_000,
        validation: Annotated[int, Meta(ge=0, le=49_999)] = 5_000,
        test: Annotated[int, Meta(ge=1, le=10_000)] = 10_000,
        augment: Augment = "crop-flip",
        normalise: Normalise = "cifar",
        side: Side = 32,
    ) -> Dataset:
        """Loads ``train`` training, ``validation`` validation and ``test`` test images, [3, side, side] uint8.

        ``dir``: the folder that the official archive (binary version) unpacks to, a folder that contains it, or one
        that contains the archive. ``train``: number of training images, the first ones of the official training set.
        ``validation``: number of validation images, the last ones of it; 0 to train on all 50,000. ``test``: number of
        test images, the first ones. ``augment``: random crops from the image with a black border of 4 pixels (2 or 1
        for a smaller ``side``) and flips. ``normalise``: by the constants that recipes use for CIFAR (one set for
        both), or for ImageNet, or by the chosen training images' own mean and deviation. ``side``: 16 or 8 for images
        averaged over 2x2 or 4x4 pixels, for cheap runs. CIFAR-100 has its fine labels.

        Raises:
            ConfigFaultError: no folder, or more training and validation images than there are.
            DataFaultError: a file is missing or is not the official one.
        """
        if dir is None:
            raise ConfigFaultError(
                f"dataset {name!r} is not built in: give the data directory, a folder with {layout.archive} or with "
                f"the folder {layout.folder} that it unpacks to"
            )
        if train + validation > layout.training:
            raise ConfigFaultError(
                f"dataset.args: train and validation share the {layout.training} training images, got {train} + "
                f"{validation}"
            )
        training, testing, classes = read(Path(dir), layout)
        last = layout.training - validation
        parts = training.part(0, train), training.part(last, layout.training), testing.part(0, test)
        return colour_images(parts, classes, augment=augment, normalise=normalise, side=side)

    return load
