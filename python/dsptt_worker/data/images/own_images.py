"""A user's images: a folder with a folder for each class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import PIL
import torch
from msgspec import Meta
from numpy.typing import NDArray

from ...errors import ConfigFaultError
from ..cache import Arrays, cached
from ..crop_flip import Augment, augmentation
from ..dataset import Dataset, Split, stratified_order
from ..normalisation import Normalise, normalisation_of
from ..shares import Share, TestShare, check_trains_on_all, split_sizes
from .files import Background, ImageReader, Resize, digest, read_content, read_images, told
from .folders import Part, Tree, read_tree

SHARE = 0.15

Side = Annotated[int, Meta(ge=4, le=1024)]


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    side: Side | Annotated[list[Side], Meta(min_length=2, max_length=2)] = 32,
    resize: Resize = False,
    validation: Share = SHARE,
    test: TestShare = SHARE,
    augment: Augment = "crop-flip",
    background: Background = "white",
    normalise: Normalise = "data",
) -> Dataset:
    """Loads the images of ``dir/CLASS/``, or of ``dir/train/CLASS/`` and, if they are there, ``dir/val/CLASS/`` and
    ``dir/test/CLASS/``: [3, height, width] uint8.

    Every file is read that Pillow can decode, also in folders below a class's; others, and those with the ending of a
    text, are left out with a notice, but one with the ending of an image is an error. Folders of splits may also be
    called ``training``, ``valid``, ``validation`` and ``testing``, in any case. Of several pictures in a file the first
    is read, of more than 8 bits a pixel the upper 8; grey images have three equal channels; colour profiles are
    ignored.

    ``side``: pixels of their sides, or [height, width]; images of another size are an error unless ``resize``, which
    scales them to it whatever their shape, or ``resize: crop``, which scales them until they cover it and cuts it from
    their centre. ``validation`` and ``test``: their shares of the images, or of
    those in ``train`` if they have no folder of their own. The cut is fixed and stratified. ``augment``: random crops
    from the image with a black border of an eighth of the side, and flips. ``background``: what transparent pixels are
    laid over; an image of which nothing is left on it is an error. ``normalise``: batches are normalised by the
    training images' own mean and deviation (``data``), by ImageNet's, by a ``mean`` and ``std`` for each channel of
    pixels from 0 to 1, or not at all (``none``: pixels from 0 to 1).

    Raises:
        ConfigFaultError: no folder, or shares that leave a class nothing to train on.
        DataFaultError: too few classes or images, splits with different classes, or a file that cannot be read rightly.
    """
    if dir is None:
        raise ConfigFaultError(
            "dataset 'images' reads images of yours: give the data directory, a folder with a folder for each class"
        )
    folder = Path(dir)
    tree = read_tree(folder)
    height, width = (side, side) if isinstance(side, int) else side
    wanted = f"not {width}x{height}: set dataset.args.side, or dataset.args.resize to have every image scaled to it"
    reader = ImageReader("RGB", (width, height), resize, background, wanted)
    parts = {"train": _shuffled(tree.train), **tree.own}
    shares = {"validation": validation, "test": test}
    left = {split: 0 if split in tree.own else share for split, share in shares.items()}
    sizes = split_sizes(len(tree.train.paths), left["validation"], left["test"], f"{folder}: images")
    decoded = {split: _decoded(part, reader) for split, part in parts.items()}
    splits = dict(zip(("train", "validation", "test"), _cut(parts["train"], decoded["train"], sizes), strict=True))
    splits |= {split: _split(part.labels, decoded[split]["images"]) for split, part in tree.own.items()}
    check_trains_on_all(splits["train"].targets.numpy(), tree.classes)
    return Dataset(
        splits["train"],
        splits["validation"],
        splits["test"],
        tree.classes,
        augmentation(augment, min(height, width)),
        normalisation_of(splits["train"].inputs, msgspec.convert(normalise, Normalise)),
        white=255.0,
        background=background,
        crop=resize == "crop",
        notices=[*tree.notices, *_notices(folder, tree, shares), *_changes(folder, parts, decoded, background)],
    )


def _shuffled(part: Part) -> Part:
    """Returns the images in an order whose every stretch is stratified, so that the splits are stretches of the mapped
    file."""
    order = stratified_order(part.labels)
    return Part([part.paths[place] for place in order], part.labels[order])


def _decoded(part: Part, reader: ImageReader) -> Arrays:
    """Returns images and what was found in their files, decoded when files of this content are first read. To read and
    hash them takes a tenth of the time of decoding; that a file is unchanged, its name, size and times do not tell."""
    digests = [digest(read_content(path)) for path in part.paths]
    what = ["images by content", PIL.__version__, *reader.form(), *digests]
    return cached(what, lambda: read_images(part.paths, digests, reader))


def _cut(part: Part, decoded: Arrays, sizes: Sequence[int]) -> list[Split]:
    stops = np.cumsum(sizes)[:-1]
    pairs = zip(np.split(part.labels, stops), np.split(decoded["images"], stops), strict=True)
    return [_split(labels, images) for labels, images in pairs]


def _split(labels: NDArray[np.int64], images: NDArray[np.uint8]) -> Split:
    return Split(torch.from_numpy(images), torch.from_numpy(labels))


def _notices(folder: Path, tree: Tree, shares: dict[str, float]) -> list[str]:
    """Tells of a share that is not used although it was stated, and of test images taken from those for training."""
    unused = [split for split, share in shares.items() if split in tree.own and share != SHARE]
    said = [f"{folder}: there is a folder of {split} images: dataset.args.{split} is not used" for split in unused]
    if tree.own and "test" not in tree.own:
        said.append(f"{folder}: there is no folder of test images: a share of those for training is taken")
    return said


def _changes(folder: Path, parts: dict[str, Part], decoded: dict[str, Arrays], background: Background) -> list[str]:
    paths = [path for part in parts.values() for path in part.paths]
    found = np.concatenate([decoded[split]["found"] for split in parts])
    return [f"{folder}: {said}" for said in told(found, paths, folder, background)]
