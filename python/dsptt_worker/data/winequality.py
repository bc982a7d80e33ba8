"""UCI wine quality: the score that tasters gave a wine, to be predicted from 11 chemical measurements.

P. Cortez, A. Cerdeira, F. Almeida, T. Matos and J. Reis, Wine Quality, UCI Machine Learning Repository, 2009,
https://doi.org/10.24432/C56S3T, licence CC BY 4.0. ``winequality-red.csv`` beside this file is UCI's own, unchanged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError
from .dataset import Dataset, standardise, standardise_targets, stratified

SIZES = {"red": (1000, 299, 300), "white": (3062, 918, 918)}


def load(
    *,
    color: Literal["red", "white"] = "red",
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
) -> Dataset:
    """Loads 1000 training, 299 validation and 300 test wines (white: 3062, 918 and 918), [11], with one number to be
    predicted.

    Inputs are standardised over the training wines, and so is the target: the score less its training mean, divided by
    its training deviation. A mean squared error of 1 is therefore that of always predicting the mean. The cut is
    stratified by score.

    ``dir``: a folder with UCI's own ``winequality-red.csv`` and ``winequality-white.csv``; without it, the copy of the
    red wines in this package.

    Raises:
        ConfigFaultError: white wines without a folder.
        DataFaultError: the file is missing or is not UCI's file.
    """
    if color == "white" and dir is None:
        raise ConfigFaultError(
            "dataset 'winequality' has only the red wines built in: for color 'white' give the data directory, a "
            "folder with UCI's winequality-white.csv"
        )
    folder = Path(__file__).parent if dir is None else Path(dir)
    table = _read(folder / f"winequality-{color}.csv", sum(SIZES[color]))
    splits = stratified(table[:, :11].astype(np.float32), table[:, 11].astype(np.int64), SIZES[color])
    standardised, scaling = standardise(splits, (0,))
    scored, target_scaling = standardise_targets(standardised)
    return Dataset(*scored, [], scaling=scaling, target_scaling=target_scaling)


def _read(path: Path, rows: int) -> NDArray[np.float64]:
    expected = f"expected UCI's file: a line of names, then {rows} rows of 11 numbers and a score, ';' between"
    try:
        table = np.loadtxt(path, delimiter=";", skiprows=1, ndmin=2)
    except (OSError, ValueError) as error:
        raise DataFaultError(f"cannot read {path}: {error}; {expected}") from error
    scores = table[:, -1]
    if table.shape != (rows, 12) or not np.isfinite(table).all() or not np.isin(scores, range(11)).all():
        raise DataFaultError(f"{path} holds a {table.shape} table of other numbers; {expected} from 0 to 10")
    return table
