"""The idx format of MNIST's official files: a magic number, the sizes of the dimensions, then bytes."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import DataFaultError

UNSIGNED_BYTES = 0x08


def read_idx(folder: Path, name: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Reads the array in ``folder/name``, or in ``folder/name.gz``, which must have this shape.

    Raises:
        DataFaultError: neither file is there, or it is damaged or holds something else.
    """
    path = next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)
    if path is None:
        raise DataFaultError(f"{folder} has neither {name} nor {name}.gz: put the official files there, gzipped or not")
    header = bytes([0, 0, UNSIGNED_BYTES, len(shape)]) + np.array(shape, ">u4").tobytes()
    size = len(header) + math.prod(shape)
    content = _content(path, size)
    if content[: len(header)] != header:
        raise DataFaultError(
            f"{path} is not the official file: it must begin with {header.hex(' ', 4)} (unsigned bytes, shape "
            f"{list(shape)}), got {content[: len(header)].hex(' ', 4) or 'nothing'}; download it again"
        )
    if len(content) != size:
        got = "more" if len(content) > size else len(content)
        raise DataFaultError(f"{path} is damaged: it must hold {size} bytes, got {got}; download it again")
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)


def _content(path: Path, size: int) -> bytes:
    """Reads at most one byte more than ``size``: a small gzip file may unpack to anything."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            return bytes(file.read(size + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise DataFaultError(f"cannot read {path}: {error}; download it again") from error
