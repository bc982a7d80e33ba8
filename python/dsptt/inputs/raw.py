"""Raw samples in memory, and the check that they are of the run's kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dsptt_worker.errors import DataFaultError

from ..checking import check_shape, check_values
from ..samples import Samples


@dataclass(frozen=True)
class Inputs:
    """Samples [samples, ...] of the run's shape, bytes or floats, the name of each in its file, and notices about what
    was not read, or read otherwise than it might seem."""

    values: NDArray[np.generic]
    names: list[str]
    notices: list[str] = field(default_factory=list)


def checked(values: NDArray[Any], samples: Samples, where: str) -> NDArray[np.generic]:
    """Returns the values in the type that the networks' module takes.

    Raises:
        DataFaultError: another shape or type than the run's samples have, none at all, or values that cannot be theirs.
    """
    check_shape(values.shape, samples, where)
    if values.dtype.kind not in "uif":
        raise DataFaultError(f"{where} holds {values.dtype}, numbers are needed (uint8, or float32)")
    numbers = values if values.dtype == np.uint8 else _floats(values, samples)
    check_values(torch.from_numpy(np.ascontiguousarray(numbers)), samples, where)
    return numbers


def _floats(values: NDArray[Any], samples: Samples) -> NDArray[np.floating[Any]]:
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float32 if samples.precision == torch.float32 else np.float64)
