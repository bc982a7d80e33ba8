"""Decoded arrays kept on the disk: unpacking an archive or a folder of images takes seconds, reading bytes does not.

They are mapped, not read: what a machine's memory cannot hold stays on the disk until it is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.uint8]]

CHECKSUMS = "crc32.json"


def cache_directory() -> Path:
    """``$DSPTT_CACHE``, or ``~/.cache/dsptt``."""
    return Path(os.environ.get("DSPTT_CACHE") or Path.home() / ".cache" / "dsptt")


def cached(what: object, make: Callable[[], Arrays]) -> Arrays:
    """The arrays that ``make`` made of ``what`` when it was first asked for, a plain value that tells contents apart.

    An entry that is damaged is made again. A cache that cannot be written only costs time.
    """
    key = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]
    entry = cache_directory() / "decoded" / key
    arrays = _load(entry)
    if arrays is None:
        arrays = make()
        with contextlib.suppress(OSError):
            _store(entry, arrays)
    return arrays


def room(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An array to decode into: in a file that has no name and ends with it, so that the whole need not fit in memory;
    in memory where there is no place for such a file."""
    try:
        folder = cache_directory() / "decoded"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, math.prod(shape))  # a mapped write to a full disk ends the process
            return np.memmap(file, np.uint8, "r+", shape=shape)
    except (OSError, AttributeError):  # the latter where the system cannot reserve room
        return np.empty(shape, np.uint8)


def stamp(path: Path) -> list[str | int]:
    """What tells a file's content from another's without reading it: name, size and time of the last change."""
    status = path.stat()
    return [path.name, status.st_size, status.st_mtime_ns]


def _load(entry: Path) -> Arrays | None:
    """None: there is no such entry, or not all of it is as it was written."""
    try:
        checksums = json.loads((entry / CHECKSUMS).read_text("utf-8"))
        # "c": whoever writes to an array changes neither the file nor what others read
        arrays = {name: np.load(entry / f"{name}.npy", mmap_mode="c", allow_pickle=False) for name in checksums}
    except (OSError, ValueError, EOFError):
        return None
    return arrays if _checksums(arrays) == checksums else None


def _store(entry: Path, arrays: Arrays) -> None:
    """Under another name first: whoever finds an entry, in this process or another, finds all of it."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=entry.parent, prefix=f"{entry.name}-"))
    try:
        for name, array in arrays.items():
            np.save(made / f"{name}.npy", array, allow_pickle=False)
        (made / CHECKSUMS).write_text(json.dumps(_checksums(arrays)), "utf-8")
        shutil.rmtree(entry, ignore_errors=True)  # a damaged one
        made.rename(entry)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _checksums(arrays: Arrays) -> dict[str, int]:
    return {name: zlib.crc32(np.ascontiguousarray(array).data) for name, array in arrays.items()}
