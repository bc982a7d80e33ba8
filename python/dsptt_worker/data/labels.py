"""Several labels a sample: targets [samples, labels] of 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataFaultError
from .listing import shown
from .tables.lengths import check_lengths

FEWEST = 10
"""Samples that a combination of labels needs to be a stratum of its own."""


def check_labels(names: Sequence[str]) -> None:
    """Checks the names of labels.

    Raises:
        DataFaultError: there are fewer than two, two are equal, or they are too long together.
    """
    if not names:
        raise DataFaultError("labels is an empty list: name at least two labels")
    if len(names) == 1:
        raise DataFaultError(f"one label alone is two classes: give {shown(names[0])} as a class, without labels")
    if len(set(names)) < len(names):
        raise DataFaultError("two labels have one name")
    check_lengths(names, "the labels")


def check_both(train: NDArray[Any], names: Sequence[str]) -> None:
    """Checks that every label is there in some training samples, and absent in others.

    Raises:
        DataFaultError: one is not.
    """
    for column, name in zip(train.T, names, strict=True):
        if (column == column[0]).all():
            raise DataFaultError(
                f"label {shown(name)} is {column[0]:g} in every training sample, so that nothing can be learnt of it: "
                "leave it out"
            )


def strata_of_labels(targets: NDArray[Any]) -> NDArray[np.int64]:
    """Returns the stratum of each sample, for ``stratified_order``: its combination of labels. Combinations of fewer
    than 10 samples are one stratum together."""
    _, combination, counts = np.unique(targets, axis=0, return_inverse=True, return_counts=True)
    own = combination.reshape(-1)
    return np.where(counts[own] < FEWEST, -1, own).astype(np.int64)
