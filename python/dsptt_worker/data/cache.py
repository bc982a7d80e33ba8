"""A disk cache of decoded arrays: unpacking an archive or a folder of images takes seconds, reading bytes does not.

Arrays are mapped, not read: those larger than the machine's memory stay on the disk until they are used.
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
    """Returns ``$DSPTT_CACHE``, or ``~/.cache/dsptt``."""
    return Path(os.environ.get("DSPTT_CACHE") or Path.home() / ".cache" / "dsptt")


def cached(what: object, make: Callable[[], Arrays]) -> Arrays:
    """Returns the arrays of ``what``, a plain value that identifies their content: ``make`` builds them at the first
    request.

    A damaged entry is built again. A cache that cannot be written only costs time.
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
    """Creates an array to decode into: in an unnamed file that ends with the array, so that the whole need not fit in
    memory; in memory if no such file can be created."""
    try:
        folder = cache_directory() / "decoded"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, math.prod(shape))  # a mapped write to a full disk ends the process
            return np.memmap(file, np.uint8, "r+", shape=shape)
    except (OSError, AttributeError):  # AttributeError: a system that cannot reserve space
        return np.empty(shape, np.uint8)


def _load(entry: Path) -> Arrays | None:
    """Reads an entry; None if it is missing or not intact."""
    try:
        checksums = json.loads((entry / CHECKSUMS).read_text("utf-8"))
        # "c": writing to an array changes neither the file nor the arrays of other readers
        arrays = {name: np.load(entry / f"{name}.npy", mmap_mode="c", allow_pickle=False) for name in checksums}
    except (OSError, ValueError, EOFError):
        return None
    return arrays if _checksums(arrays) == checksums else None


def _store(entry: Path, arrays: Arrays) -> None:
    """Writes an entry under a temporary name first: every reader that finds an entry, in any process, finds it
    complete."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=entry.parent, prefix=f"{entry.name}-"))
    try:
        for name, array in arrays.items():
            np.save(made / f"{name}.npy", array, allow_pickle=False)
        (made / CHECKSUMS).write_text(json.dumps(_checksums(arrays)), "utf-8")
        shutil.rmtree(entry, ignore_errors=True)  # a damaged entry
        made.rename(entry)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _checksums(arrays: Arrays) -> dict[str, int]:
    return {name: zlib.crc32(np.ascontiguousarray(array).data) for name, array in arrays.items()}
