"""UCI wine: 178 wines of three cultivars, 13 chemical measurements each (CC BY 4.0)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import DataFaultError
from .dataset import Dataset, standardise, stratified
from .shipped import shipped


def load(*, dir: str | None = None) -> Dataset:  # noqa: A002 (the name that a configuration uses)
    """Loads 90 training, 44 validation and 44 test wines, [13], standardised over the training wines.

    ``dir``: a folder with UCI's own ``wine.data``; without it, scikit-learn's copy.

    Raises:
        DataFaultError: the folder or the file is missing or is not UCI's file.
    """
    inputs, targets = _read(Path(dir)) if dir is not None else _shipped()
    splits = stratified(np.asarray(inputs, np.float32), np.asarray(targets, np.int64), (90, 44, 44))
    standardised, scaling = standardise(splits, (0,))
    return Dataset(*standardised, ["class_0", "class_1", "class_2"], scaling=scaling)


def _shipped() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    table = shipped("wine_data.csv", skip=1)
    return table[:, :-1], table[:, -1].astype(np.int64)


def _read(folder: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    path = folder / "wine.data"
    try:
        table = np.loadtxt(path, delimiter=",", ndmin=2)
    except (OSError, ValueError) as error:
        raise DataFaultError(f"cannot read {path}: {error}; expected UCI's wine.data") from error
    if table.shape != (178, 14) or set(table[:, 0]) != {1, 2, 3} or not np.isfinite(table).all():
        raise DataFaultError(f"{path} must have 178 rows of a class 1 to 3 and 13 numbers, got a {table.shape} table")
    return table[:, 1:], table[:, 0].astype(np.int64) - 1
