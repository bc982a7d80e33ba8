"""Data sets that scikit-learn ships, read from its files: importing it takes as long as half of torch does."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import DataFaultError, PackageFaultError


def shipped(name: str, *, skip: int = 0) -> NDArray[np.float64]:
    """Reads the table [samples, inputs and the target] of a file of ``sklearn/datasets/data``, without its first
    ``skip`` lines.

    Raises:
        PackageFaultError: scikit-learn is not installed.
        DataFaultError: it has no such file.
    """
    found = find_spec("sklearn")
    if found is None or found.origin is None:
        raise PackageFaultError(f"{name} comes with scikit-learn, which is not installed")
    path = Path(found.origin).parent / "datasets" / "data" / name
    try:
        return np.loadtxt(path, delimiter=",", skiprows=skip)
    except (OSError, ValueError) as error:
        raise DataFaultError(f"cannot read scikit-learn's {path}: {error}") from error
