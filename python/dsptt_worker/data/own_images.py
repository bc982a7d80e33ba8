"""A user's images: a folder with a folder for each class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from msgspec import Meta
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError
from .cache import cached, stamp
from .crop_flip import Augment, augmentation
from .dataset import Dataset, Split, stratified_order
from .image_files import class_folders, image_paths, read_images
from .normalisation import Normalisation, statistics
from .shares import Share, TestShare, check_trains_on_all, split_sizes

Part = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Images [samples, 3, side, side] and labels [samples]."""


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    side: Annotated[int, Meta(ge=4, le=1024)] = 32,
    resize: bool = False,
    validation: Share = 0.15,
    test: TestShare = 0.15,
    augment: Augment = "crop-flip",
) -> Dataset:
    """Loads the images of ``dir/CLASS/``, or of ``dir/train/CLASS/`` and ``dir/test/CLASS/``: [3, side, side] uint8.

    ``side``: pixels of their sides; images of another size are an error unless ``resize``. ``validation`` and ``test``:
    their shares of the images (with ``train`` and ``test`` folders ``validation`` is a share of the training images,
    and ``test`` is ignored). The cut is fixed and stratified. ``augment``: random crops from the image with a black
    border of an eighth of the side, and flips. Batches are normalised by the training images' own mean and deviation.

    Raises:
        ConfigFaultError: no folder, or shares that leave a class nothing to train on.
        DataFaultError: too few classes or images, or a file that is no image or one of another size.
    """
    if dir is None:
        raise ConfigFaultError(
            "dataset 'images' reads images of yours: give the data directory, a folder with a folder for each class"
        )
    folder = Path(dir)
    if (folder / "train").is_dir() and (folder / "test").is_dir():
        classes = class_folders(folder / "train")
        _check_same(folder, classes)
        images, labels = _decoded(folder / "train", classes, side, resize)
        last = _decoded(folder / "test", classes, side, resize, shuffled=False)
        held_back = max(1, round(validation * len(labels))) if validation else 0
        cut = [*_cut(images, labels, [len(labels) - held_back]), last]
    else:
        classes = class_folders(folder)
        images, labels = _decoded(folder, classes, side, resize)
        sizes = split_sizes(len(labels), validation, test, f"{folder}: images")
        cut = _cut(images, labels, np.cumsum(sizes)[:-1].tolist())
    check_trains_on_all(cut[0][1], classes)
    training, held_out, tested = (Split(torch.from_numpy(pixels), torch.from_numpy(labels)) for pixels, labels in cut)
    normalisation = Normalisation.of(*statistics(training.inputs))
    return Dataset(training, held_out, tested, classes, augmentation(augment, side), normalisation, white=255.0)


def _check_same(folder: Path, classes: Sequence[str]) -> None:
    tested = class_folders(folder / "test")
    if tested != classes:
        name = sorted(set(tested) ^ set(classes))[0]
        here, there = ("train", "test") if name in classes else ("test", "train")
        raise DataFaultError(f"{folder}: train and test must have the same classes, {here} has {name!r}, {there} not")


def _decoded(folder: Path, classes: Sequence[str], side: int, resize: bool, *, shuffled: bool = True) -> Part:
    """Returns images and labels, decoded when these very files are read for the first time. ``shuffled``: in an order
    whose every stretch is stratified, so that the splits are stretches of the mapped file."""
    paths, labels = image_paths(folder, classes)
    order = stratified_order(labels) if shuffled else np.arange(len(labels))
    paths, labels = [paths[place] for place in order], labels[order]
    files = [[path.parent.name, *stamp(path)] for path in paths]
    what = ["images in order", str(folder.resolve()), side, resize, *files]
    return cached(what, lambda: {"images": read_images(paths, side, resize=resize)})["images"], labels


def _cut(images: NDArray[np.uint8], labels: NDArray[np.int64], stops: Sequence[int]) -> list[Part]:
    return list(zip(np.split(images, stops), np.split(labels, stops), strict=True))
