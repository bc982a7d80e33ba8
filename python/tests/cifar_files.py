"""Small data in the layout of CIFAR's official files: the checks of the real files do not depend on the number of
records."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from dsptt_worker.data import Dataset
from dsptt_worker.data.cifar.layouts import CIFAR10, CIFAR100, Layout
from dsptt_worker.data.cifar.official import loader

SMALL = replace(CIFAR10, train=("data_batch_1.bin", "data_batch_2.bin"), train_records=10, test_records=6)
SMALL100 = replace(CIFAR100, train_records=20, test_records=6)
ARGUMENTS = {"train": 12, "validation": 5, "test": 4}


def records(layout: Layout, file: str) -> np.ndarray:
    """Builds a file's records, [records, label bytes + 3072]; each file has different ones."""
    draw = np.random.RandomState(list(layout.files).index(file))
    table = draw.randint(0, 256, (layout.files[file], layout.label_bytes + 3072)).astype(np.uint8)
    table[:, 0] = draw.randint(0, 10, len(table))
    table[:, layout.label_bytes - 1] = draw.randint(0, len(layout.classes), len(table))
    return table


def training(layout: Layout) -> np.ndarray:
    """Returns the records of all training files."""
    return np.concatenate([records(layout, file) for file in layout.train])


def write_folder(parent: Path, layout: Layout) -> Path:
    """Writes the folder that the archive unpacks to, into a parent folder."""
    folder = parent / layout.folder
    folder.mkdir(parents=True)
    for file in layout.files:
        (folder / file).write_bytes(records(layout, file).tobytes())
    return folder


def write_archive(parent: Path, layout: Layout, source: Path) -> Layout:
    """Writes the archive of a folder from ``write_folder``; returns the layout with its checksum."""
    parent.mkdir(parents=True, exist_ok=True)
    path = parent / layout.archive
    with tarfile.open(path, "w:gz") as archive:
        archive.add(source, layout.folder)
    return replace(layout, md5=hashlib.md5(path.read_bytes()).hexdigest())


def load_small(folder: Path, layout: Layout = SMALL, **arguments: object) -> Dataset:
    """Loads 12 training, 5 validation and 4 test images by default."""
    load: Callable[..., Dataset] = loader("cifar10", layout)
    return load(dir=str(folder), **{**ARGUMENTS, **arguments})
