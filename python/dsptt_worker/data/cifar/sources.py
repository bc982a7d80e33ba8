"""Sources of CIFAR's official files: unpacked, in a folder above, or in the archive."""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from pathlib import Path

import numpy as np

from ...errors import DataFaultError
from ..cache import Arrays, cached
from .layouts import Layout
from .records import Records, class_names, joined, parse, read_folder

BLOCK = 1 << 20


def read(folder: Path, layout: Layout) -> tuple[Records, Records, list[str]]:
    """Reads training records, test records and the classes' names, from the folder itself, a folder in it, or the
    archive in it.

    The content of an archive goes through the cache; for unpacked files, a cache would only repeat their bytes.

    Raises:
        DataFaultError: no readable files are there, or they are damaged.
    """
    for unpacked in (folder, folder / layout.folder):
        if any((unpacked / file).is_file() for file in layout.files):
            return *read_folder(unpacked, layout), class_names(unpacked, layout)
    archive = folder / layout.archive
    if archive.is_file():
        # by content, so that a copy or a new date does not decode again: hashing takes 0.2 s, decoding 5 s
        key = ["archive", _digest(archive, hashlib.sha256())]
        made = cached(key, lambda: _unpacked(archive, layout))
        train = Records(made["train-images"], made["train-labels"])
        return train, Records(made["test-images"], made["test-labels"]), list(layout.classes)
    if folder.name == layout.pickles or (folder / layout.pickles).is_dir():
        raise DataFaultError(
            f"{folder} has the Python version, whose files are pickles and are never loaded: take the binary version, "
            f"{layout.archive}"
        )
    raise DataFaultError(
        f"{folder} has neither {layout.archive} nor {layout.folder}: put the official archive (binary version) there"
    )


def _unpacked(archive: Path, layout: Layout) -> Arrays:
    """Reads the archive's records without writing a file under a name that the archive gives."""
    parts = dict.fromkeys(layout.files, Records(np.empty(0, np.uint8), np.empty(0, np.uint8)))
    try:
        _check(archive, layout)
        with tarfile.open(archive, "r:gz") as members:
            for file in layout.files:
                content = members.extractfile(f"{layout.folder}/{file}")
                data = b"" if content is None else content.read()
                parts[file] = parse(np.frombuffer(data, np.uint8), layout, file, f"{archive}: {file}")
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error) as error:
        raise DataFaultError(f"cannot read {archive}: {error}; download it again") from error
    *training, testing = parts.values()
    train = joined(training)
    return {
        "train-images": train.images,
        "train-labels": train.labels,
        "test-images": testing.images,
        "test-labels": testing.labels,
    }


def _check(archive: Path, layout: Layout) -> None:
    """Checks that the archive is the official one; any other could unpack to anything."""
    digest = _digest(archive, hashlib.md5(usedforsecurity=False))
    if digest != layout.md5:
        raise DataFaultError(
            f"{archive} is not the official archive or is damaged: its md5 must be {layout.md5}, got {digest}; "
            "download it again"
        )


def _digest(path: Path, digest: hashlib._Hash) -> str:
    """Computes the hash of a file in hexadecimal digits, reading it in blocks."""
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise DataFaultError(f"cannot read {path}: {error}") from error
    return digest.hexdigest()
