"""The check that raw samples are of the run's kind, for files and for tensors alike.
``src/inference/check-batch.ts`` states the same rules."""

from __future__ import annotations

from torch import Tensor

from dsptt_worker.errors import DataFaultError

from .samples import Samples


def check_shape(shape: tuple[int, ...], samples: Samples, where: str) -> None:
    """Checks that an array of this shape holds samples, one at least.

    Raises:
        DataFaultError: it has another shape than [samples, ...], or no samples.
    """
    wanted = samples.shape
    if shape[1:] == wanted and len(shape) == len(wanted) + 1:
        if not shape[0]:
            raise DataFaultError(f"{where} holds no samples")
        return
    hint = ""
    left_out = [] if samples.layout is None else samples.layout.unused
    if left_out and shape[1:] == (wanted[0] + len(left_out),):
        hint = f": the run uses no column {', '.join(map(str, left_out[:5]))} of its table"
    elif shape == wanted:
        hint = ": one sample alone needs a first dimension of 1"
    elif len(wanted) == 3 and shape[1:] == (*wanted[1:], wanted[0]):
        hint = ": channels come before rows and columns, transpose(0, 3, 1, 2)"
    elif wanted[0] == 1 and shape[1:] == wanted[1:]:
        hint = ": the channel is a dimension of its own, values[:, None]"
    expected = ", ".join(map(str, wanted))
    raise DataFaultError(f"{where} has shape {list(shape)}, but [samples, {expected}] is needed{hint}")


def check_values(values: Tensor, samples: Samples, where: str) -> None:
    """Checks at least one sample [samples, ...] of numbers.

    Raises:
        DataFaultError: a number that is not finite, or pixels of another scale than the run's.
    """
    if values.is_floating_point():
        _check_finite(values, where)
    if samples.white is not None:
        _check_scale(values, samples.white, where)


def _check_finite(values: Tensor, where: str) -> None:
    wrong = ~values.float().isfinite()
    if wrong.any():
        row, *place = wrong.nonzero()[0].tolist()
        value = values[row][tuple(place)].item()
        raise DataFaultError(
            f"{where}, sample {row} (from 0), holds {value:g} at {place}, which is no finite 32-bit number"
        )


def _check_scale(pixels: Tensor, white: float, where: str) -> None:
    least, most = pixels.min().item(), pixels.max().item()
    said = f"{where} holds pixels from {least:g} to {most:g}"
    if least < 0 or most > white:
        raise DataFaultError(f"{said}, but those of this run's data are from 0 to {white:g}")
    # Whole numbers up to 1 may be pictures that are so dark; fractions alone show another scale
    if most <= 1 < white and pixels.is_floating_point() and (pixels != pixels.round()).any():
        raise DataFaultError(f"{said}, but white is {white:g} in this run's data: multiply them by {white:g}")
