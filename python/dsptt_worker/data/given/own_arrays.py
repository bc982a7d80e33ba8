"""A user's arrays in NumPy's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ...errors import ConfigFaultError, DataFaultError
from ..crop_flip import Augment
from ..dataset import Dataset
from ..normalisation import Normalise
from .prepared import SPLITS, Given, Preparation, prepared


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    classes: list[str] | None = None,
    labels: list[str] | None = None,
    normalise: Normalise | None = None,
    augment: Augment = "none",
    columns: list[str] | None = None,
) -> Dataset:
    """Loads ``dir/train-inputs.npy`` [samples, ...] and ``dir/train-targets.npy`` [samples], and those of
    ``validation`` and ``test`` if there are any; else a share of 15 % of the training samples is taken for each.

    Bytes [samples, channels, height, width] are images. Integers and texts as targets are classes, floating-point
    numbers are to be predicted. ``classes``: the names that integers count, from 0. ``labels``: the names of labels,
    whose targets [samples, labels] are 0 or 1 each. ``normalise``: for images ``data`` (the default: by the training
    images' own mean and deviation), ``imagenet``, ``none`` (pixels from 0 to 1), or a ``mean`` and ``std`` for each
    channel; for other numbers ``none`` (the default), ``data``, or a ``mean`` and ``std`` for each column.

    Raises:
        ConfigFaultError: no folder, or arguments that do not fit the arrays.
        DataFaultError: a file is missing or damaged, or samples that no network can be trained on.
    """
    if dir is None:
        raise ConfigFaultError("dataset 'arrays' reads arrays of yours: give the data directory")
    folder = Path(dir)
    present = [name for name in SPLITS if name == "train" or any(_file(folder, name, kind).exists() for kind in KINDS)]
    given = {name: Given(*(_read(_file(folder, name, kind)) for kind in KINDS)) for name in present}
    stated = msgspec.convert(normalise, Normalise | None)
    return prepared(given, Preparation(classes, labels, stated, augment, columns or ()))


KINDS = ("inputs", "targets")


def _file(folder: Path, split: str, kind: str) -> Path:
    return folder / f"{split}-{kind}.npy"


def _read(path: Path) -> NDArray[Any]:
    try:
        loaded: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False)
    except FileNotFoundError as error:
        raise DataFaultError(f"there is no {path}: write it with numpy.save, or with writeArrays") from error
    except (OSError, ValueError, EOFError) as error:
        raise DataFaultError(f"{path} cannot be read as an array of NumPy's: {error}") from error
    return loaded
