"""Sizes of the splits of a user's own data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError

Share = Annotated[float, Meta(ge=0, lt=1)]
TestShare = Annotated[float, Meta(gt=0, lt=1)]

FEWEST = 10


def split_sizes(samples: int, validation: float, test: float, what: str) -> tuple[int, int, int]:
    """Computes the numbers of training, validation and test samples: shares rounded to whole samples, at least 1 of any
    share that is not 0. ``test`` is 0 if the test samples come from elsewhere.

    Raises:
        ConfigFaultError: the shares leave nothing to train on.
        DataFaultError: fewer than 10 samples for all three.
    """
    if validation + test >= 1:
        raise ConfigFaultError(
            f"dataset.args: validation and test are shares that leave some for training, got {validation} + {test}"
        )
    if test and samples < FEWEST:
        raise DataFaultError(f"{what}: {samples} are too few, at least {FEWEST} are needed")
    held_out = [max(1, round(share * samples)) if share else 0 for share in (validation, test)]
    if sum(held_out) >= samples:
        raise ConfigFaultError(f"dataset.args: validation {validation} and test {test} take all of {samples} samples")
    return samples - sum(held_out), held_out[0], held_out[1]


def check_trains_on_all(labels: NDArray[np.int64], classes: Sequence[str]) -> None:
    """Checks that every class is among the training labels.

    Raises:
        ConfigFaultError: a class is not.
    """
    missing = sorted(set(range(len(classes))) - set(labels.tolist()))
    if missing:
        raise ConfigFaultError(
            f"dataset.args: with these shares class {classes[missing[0]]!r} has nothing to train on: make validation "
            "and test smaller"
        )
