"""Samples in numpy files. No pickle is read."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs, checked

NAMES = ("inputs", "x", "images", "data")
"""Names that mark the array of samples among several."""
PICKLED = "it holds Python objects, which are never loaded: save the numbers alone"
DAMAGED = (OSError, ValueError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""Errors of numpy and zipfile for damaged and encrypted files, and for headers that promise too much."""


def read_array(path: Path, samples: Samples) -> Inputs:
    """Reads the samples [samples, ...] in a ``.npy`` file, or in a ``.npz`` file: its only array, or the first that
    exists of ``inputs``, ``x``, ``images`` and ``data``.

    Raises:
        DataFaultError: the file is damaged, holds objects or no such array, or samples of another kind than the run's.
    """
    try:
        with path.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            values = found if isinstance(found, np.ndarray) else _array_of(found, path)
    except DAMAGED as error:
        why = PICKLED if "allow_pickle" in str(error) else str(error)
        raise DataFaultError(f"cannot read {path} as an array of numbers: {why}") from error
    kept = checked(values, samples, str(path))
    return Inputs(kept, [str(row) for row in range(len(kept))])


def _array_of(archive: Any, path: Path) -> NDArray[Any]:
    names = list(archive.files)
    chosen = names if len(names) == 1 else [name for name in NAMES if name in names]
    if not chosen:
        raise DataFaultError(f"{path} holds {', '.join(names) or 'no array'}: call the samples {NAMES[0]!r}")
    values = archive[chosen[0]]
    if not isinstance(values, np.ndarray):  # numpy returns the bytes of an entry that is not an array
        raise DataFaultError(f"{path}: {chosen[0]!r} in it is no array")
    return values
