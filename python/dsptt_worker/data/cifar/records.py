"""The official binary files of CIFAR-10 and CIFAR-100: records of a label and 3 x 32 x 32 bytes of a colour image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from .layouts import Layout

SIDE = 32
PIXELS = 3 * SIDE * SIDE


@dataclass(frozen=True)
class Records:
    """Images [samples, 3, 32, 32] and labels [samples], as the files hold them."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def part(self, start: int, stop: int) -> Records:
        """Returns the records from ``start`` up to ``stop``."""
        return Records(self.images[start:stop], self.labels[start:stop])


def parse(content: NDArray[np.uint8], layout: Layout, file: str, where: str) -> Records:
    """Parses the records of a file's bytes; ``where`` names the file to the user.

    Raises:
        DataFaultError: the file is too short or too long, or a label is out of range.
    """
    records, size = layout.files[file], layout.label_bytes + PIXELS
    if len(content) != records * size:
        raise DataFaultError(
            f"{where} is damaged: it must hold {records * size} bytes ({records} records of {size}), got "
            f"{len(content)}; unpack {layout.archive} again"
        )
    table = content.reshape(records, size)
    labels = table[:, layout.label_bytes - 1].copy()
    if labels.max() >= len(layout.classes):
        wrong = int(np.argmax(labels >= len(layout.classes)))
        raise DataFaultError(
            f"{where} is damaged: record {wrong} has label {labels[wrong]}, labels are 0 to "
            f"{len(layout.classes) - 1}; unpack {layout.archive} again"
        )
    return Records(table[:, layout.label_bytes :].reshape(records, 3, SIDE, SIDE), labels)


def joined(parts: Sequence[Records]) -> Records:
    """Concatenates the records of several files."""
    return Records(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))


def read_folder(folder: Path, layout: Layout) -> tuple[Records, Records]:
    """Reads training and test records from the folder that the archive unpacks to.

    Raises:
        DataFaultError: a file is missing, cannot be read or is damaged.
    """
    parts = [parse(_content(folder / file, layout), layout, file, str(folder / file)) for file in layout.files]
    return joined(parts[:-1]), parts[-1]


def class_names(folder: Path, layout: Layout) -> list[str]:
    """Reads the classes' names from the file beside the records; if it is missing, returns the names of the official
    file.

    Raises:
        DataFaultError: the file holds another number of names.
    """
    path = folder / layout.names
    if not path.is_file():
        return list(layout.classes)
    names = path.read_text("utf-8", errors="replace").split()
    if len(names) != len(layout.classes):
        raise DataFaultError(f"{path} must hold {len(layout.classes)} names, one a line, got {len(names)}")
    return names


def _content(path: Path, layout: Layout) -> NDArray[np.uint8]:
    if not path.is_file():
        raise DataFaultError(f"{path} is missing: unpack {layout.archive} again")
    try:
        return np.fromfile(path, np.uint8)
    except OSError as error:
        raise DataFaultError(f"cannot read {path}: {error}") from error
