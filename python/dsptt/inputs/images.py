"""Image files as samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from dsptt_worker.data.images.files import LEVELS, Background, ImageReader, Resize, name_of, read_content, some, told
from dsptt_worker.data.images.folders import images_below
from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs

MODES: dict[int, Literal["L", "RGB"]] = {1: "L", 3: "RGB"}
BACKGROUNDS: dict[str | None, Background | None] = {None: None, **{name: name for name in LEVELS}}


def read_images(paths: Sequence[Path], samples: Samples, *, resize: bool) -> Inputs:
    """Reads image files, and all images in folders and the folders below them, in alphabetical order, as the run's own
    images were read: cut around their centre if those were, with the data's number of channels, from 0 to its white.
    Names are relative to a folder that is given alone.

    Raises:
        DataFaultError: the run's samples are no images, a folder has none, or a file is none or of another size and
            ``resize`` is off.
    """
    reader = _reader(samples, resize)
    files: list[Path] = []
    others: list[Path] = []
    for path in paths:
        images, left_out = images_below(path) if path.is_dir() else ([path], [])
        if not images:
            raise DataFaultError(f"{path} holds no image files")
        files += images
        others += left_out
    decoded = [reader.read(file, read_content(file)) for file in files]
    pixels = np.stack([image for image, _ in decoded])
    values = pixels if samples.is_bytes else pixels.astype(np.float32) * np.float32((samples.white or 0) / 255)
    folder = paths[0] if len(paths) == 1 and paths[0].is_dir() else None
    notices = [f"left out, as no images: {some(others, folder)}"] if others else []
    found = np.array([found for _, found in decoded], np.uint8)
    notices += told(found, files, folder, reader.background)
    return Inputs(values, [name_of(file, folder) for file in files], notices)


def _reader(samples: Samples, resize: bool) -> ImageReader:
    if samples.white is None or len(samples.shape) != 3 or samples.shape[0] not in MODES:
        raise DataFaultError(
            f"the run's samples are {list(samples.shape)} numbers of dataset {samples.dataset!r}, no images: give a "
            ".csv, .npy or .npz file"
        )
    if samples.background not in BACKGROUNDS:
        raise DataFaultError(f"the run's data.json is damaged: 'background' is {samples.background!r}")
    channels, height, width = samples.shape
    background = BACKGROUNDS[samples.background]
    wanted = f"the networks take {width}x{height}: scale it, or give --resize"
    as_trained: Resize = "crop" if resize and samples.crop else resize
    return ImageReader(MODES[channels], (width, height), as_trained, background, wanted)
