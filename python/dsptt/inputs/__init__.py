"""Samples to predict, from files of the usual kinds: image files, tables of numbers (CSV) and numpy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dsptt_worker.data.images.files import is_image
from dsptt_worker.data.images.folders import ENDINGS
from dsptt_worker.errors import ConfigFaultError, DataFaultError

from ..samples import Samples
from .arrays import read_array
from .images import read_images
from .raw import Inputs
from .table import read_table

__all__ = ["Inputs", "read_inputs"]

TABLES = ("", ".csv", ".tsv", ".tab", ".txt", ".data", ".dat")
"""Endings of names that tables usually have; files with others are read as tables too."""


def read_inputs(paths: Sequence[Path], samples: Samples, *, resize: bool = False) -> Inputs:
    """Reads the samples in a folder of images, in image files, in one ``.npy`` or ``.npz`` file, or in one text file of
    any other name: a table.

    ``resize``: scale images of another size to the size of the networks' inputs.

    Raises:
        ConfigFaultError: files of several kinds, or several that are no images.
        DataFaultError: a file that cannot be read, or samples of another shape or type than the run's.
    """
    for path in paths:
        if not path.exists():
            raise DataFaultError(f"there is no {path}")
    kinds = {_kind(path) for path in paths}
    if kinds == {"images"}:
        return read_images(paths, samples, resize=resize)
    if len(paths) != 1:
        raise ConfigFaultError("give several image files or folders, or one .csv, .npy or .npz file")
    return _table(paths[0], samples) if kinds == {"table"} else read_array(paths[0], samples)


def _table(path: Path, samples: Samples) -> Inputs:
    try:
        return read_table(path, samples)
    except DataFaultError as error:
        if path.suffix.lower() in TABLES:
            raise
        raise DataFaultError(
            f"{error}; if it is no table: a folder of images, image files, or a .csv, .tsv, .npy or .npz file is needed"
        ) from error


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in (".npy", ".npz"):
        return "array"
    if path.is_dir() or suffix in ENDINGS or is_image(path):
        return "images"
    return "table"
