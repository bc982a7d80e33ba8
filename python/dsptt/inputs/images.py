"""Image files as samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs

IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
MODES = {1: "L", 3: "RGB"}


def image_files(path: Path) -> list[Path]:
    """Lists the file itself, or every image file in a folder and the folders in it, in alphabetical order.

    Raises:
        DataFaultError: the folder has no image files.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in IMAGES and not _is_hidden(file, path))
    if not files:
        raise DataFaultError(f"{path} holds no image files ({', '.join(IMAGES)})")
    return files


def read_images(files: Sequence[Path], samples: Samples, *, resize: bool) -> Inputs:
    """Reads images in the form of the run's data: with its number of channels, from 0 to its white; rotated by their
    EXIF orientation.

    Raises:
        DataFaultError: the run's samples are no images, a file is none, or one of another size and ``resize`` is off.
    """
    if samples.white is None or len(samples.shape) != 3 or samples.shape[0] not in MODES:
        raise DataFaultError(
            f"the run's samples are {list(samples.shape)} numbers of dataset {samples.dataset!r}, no images: give a "
            ".csv, .npy or .npz file"
        )
    images = np.stack([_read(file, samples, resize) for file in files])
    values = images if samples.is_bytes else images.astype(np.float32) * np.float32(samples.white / 255)
    return Inputs(values, [str(file) for file in files])


def _read(path: Path, samples: Samples, resize: bool) -> NDArray[np.uint8]:
    channels, height, width = samples.shape
    try:
        with Image.open(path) as image:
            turned = ImageOps.exif_transpose(image)
            if turned.size != (width, height) and not resize:
                raise DataFaultError(
                    f"{path} has {turned.width}x{turned.height} pixels, the networks take {width}x{height}: scale it, "
                    "or give --resize"
                )
            pixels = turned.convert(MODES[channels]).resize((width, height), Image.Resampling.BILINEAR)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:  # Pillow's for damaged files
        raise DataFaultError(f"cannot read {path} as an image: {error}") from error
    return np.asarray(pixels, np.uint8).reshape(height, width, channels).transpose(2, 0, 1)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
