"""Raw samples in memory, and the check that they are of the run's kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsptt_worker.errors import DataFaultError

from ..samples import Samples


@dataclass(frozen=True)
class Inputs:
    """Samples [samples, ...] of the run's shape, uint8 or float32, the name of each in its file, and notices about what
    was left out or changed."""

    values: NDArray[np.generic]
    names: list[str]
    notices: list[str] = field(default_factory=list)


def checked(values: NDArray[Any], samples: Samples, where: str) -> NDArray[np.generic]:
    """Returns the values in the type that the networks' module takes.

    Raises:
        DataFaultError: another shape or type than the run's samples have, none at all, or values that cannot be theirs.
    """
    _check_shape(values.shape, samples, where)
    if values.dtype.kind not in "uif":
        raise DataFaultError(f"{where} holds {values.dtype}, numbers are needed (uint8, or float32)")
    numbers = values if values.dtype == np.uint8 else _finite(values, where)
    if samples.white is not None:
        _check_scale(numbers, samples.white, where)
    return numbers


def _finite(values: NDArray[Any], where: str) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        numbers = values.astype(np.float32)
    if not np.isfinite(numbers).all():
        row = int(np.argwhere(~np.isfinite(numbers))[0][0])
        raise DataFaultError(f"{where}, sample {row} (from 0) holds a value that is no finite 32-bit number")
    return numbers


def _check_shape(shape: tuple[int, ...], samples: Samples, where: str) -> None:
    wanted = samples.shape
    if shape[1:] == wanted and len(shape) == len(wanted) + 1:
        if not shape[0]:
            raise DataFaultError(f"{where} holds no samples")
        return
    hint = ""
    if shape == wanted:
        hint = ": one sample alone needs a first dimension of 1"
    elif len(wanted) == 3 and shape[1:] == (*wanted[1:], wanted[0]):
        hint = ": channels come before rows and columns, transpose(0, 3, 1, 2)"
    elif wanted[0] == 1 and shape[1:] == wanted[1:]:
        hint = ": the channel is a dimension of its own, values[:, None]"
    expected = ", ".join(map(str, wanted))
    raise DataFaultError(f"{where} has shape {list(shape)}, but [samples, {expected}] is needed{hint}")


def _check_scale(pixels: NDArray[Any], white: float, where: str) -> None:
    least, most = float(pixels.min()), float(pixels.max())
    said = f"{where} holds pixels from {least:g} to {most:g}"
    if least < 0 or most > white:
        raise DataFaultError(f"{said}, but those of this run's data are from 0 to {white:g}")
    if 0 < most <= 1 < white and pixels.dtype != np.uint8:
        raise DataFaultError(
            f"{said}, but white is {white:g} in this run's data: multiply them (or give them as uint8, if so dark)"
        )
