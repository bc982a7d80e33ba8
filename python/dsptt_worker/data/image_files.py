"""A user's image files, decoded to bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..errors import DataFaultError
from .cache import room


def class_folders(folder: Path) -> list[str]:
    """Lists the names of the folders in a folder, one a class, in alphabetical order.

    Raises:
        DataFaultError: there are none, or one only.
    """
    names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(names) < 2:
        found = f"one only, {names[0]}" if names else "none"
        raise DataFaultError(f"{folder} must have a folder of images for each of at least two classes, got {found}")
    return names


def image_paths(folder: Path, classes: Sequence[str]) -> tuple[list[Path], NDArray[np.int64]]:
    """Lists every file in the classes' folders except hidden ones, in alphabetical order within a class, with their
    labels.

    Raises:
        DataFaultError: a class has no images.
    """
    paths: list[Path] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        found = sorted(path for path in (folder / name).iterdir() if path.is_file() and not path.name.startswith("."))
        if not found:
            raise DataFaultError(f"{folder / name} holds no images")
        paths += found
        labels += [label] * len(found)
    return paths, np.array(labels, np.int64)


def read_images(paths: Sequence[Path], side: int, *, resize: bool) -> NDArray[np.uint8]:
    """Reads colour images [samples, 3, side, side], rotated by their EXIF orientation; grey ones have three equal
    channels.

    With ``resize``, images of any shape are scaled to ``side`` x ``side``, bilinearly, averaging where they shrink.

    Raises:
        DataFaultError: a file is no image, or one of another size and ``resize`` is off.
    """
    images = room((len(paths), 3, side, side))
    for place, path in enumerate(paths):
        images[place] = _read(path, side, resize).transpose(2, 0, 1)
    return images


def _read(path: Path, side: int, resize: bool) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as image:
            if image.size != (side, side) and not resize:
                raise DataFaultError(
                    f"{path} has {image.width}x{image.height} pixels, not {side}x{side}: set dataset.args.side, or "
                    "dataset.args.resize to have every image scaled to it"
                )
            colour = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:  # Pillow's for damaged files
        raise DataFaultError(f"cannot read {path} as an image: {error}") from error
    return np.asarray(colour.resize((side, side), Image.Resampling.BILINEAR))
