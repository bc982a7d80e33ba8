"""A user's folders of images: their splits, classes and files."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...errors import DataFaultError
from .files import is_image, some

ENDINGS = frozenset(
    {".avif", ".bmp", ".dib", ".gif", ".heic", ".heif", ".ico", ".j2k", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg"}
    | {".jpx", ".jxl", ".pbm", ".pcx", ".pgm", ".png", ".pnm", ".ppm", ".psd", ".svg", ".tga", ".tif", ".tiff", ".webp"}
)
"""Endings of images: such a file is an image, and an error if it cannot be read."""
NOTES = frozenset({".csv", ".html", ".json", ".log", ".md", ".tsv", ".txt", ".xml", ".yaml", ".yml"})
"""Endings of texts, of which thousands may lie among images: to try all as images would take seconds at every start."""
SYSTEM = frozenset(["__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin", "system volume information"])
"""Names, in lower case, that operating systems put into folders; they count as hidden."""
SPLITS = {
    **dict.fromkeys(["train", "training"], "train"),
    **dict.fromkeys(["val", "valid", "validation"], "validation"),
    **dict.fromkeys(["test", "testing"], "test"),
}
"""Splits by the names of their folders, in lower case."""

Kind = Literal["folder", "file", "other"]
Entry = tuple[Path, Kind]


@dataclass(frozen=True)
class Part:
    """Image files, class after class, and their labels [files]."""

    paths: list[Path]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Tree:
    """Images below a folder: the classes' names, the images for training, those of the splits ``validation`` and
    ``test`` that have folders of their own, and notices about what was left out."""

    classes: list[str]
    train: Part
    own: dict[str, Part]
    notices: list[str]


def read_tree(folder: Path) -> Tree:
    """Lists the images of ``folder/CLASS/``, or of ``folder/train/CLASS/``, ``folder/val/CLASS/`` and
    ``folder/test/CLASS/``, of which the last two may be missing, with those in folders below. Files and folders whose
    names begin with a dot, and those that operating systems add, do not count.

    Raises:
        DataFaultError: too few classes, a class without images, or splits with other classes than ``train``.
    """
    splits = _splits(folder)
    walk = _Walk(folder)
    if not splits:
        classes = walk.classes(folder).values()
        return Tree([path.name for path in classes], walk.part(classes), {}, walk.notices())
    walk.leave_out(path for path, _ in _inside(folder) if path not in splits.values())
    parts = {split: walk.classes(path) for split, path in splits.items()}
    _check_same(folder, splits, parts)
    first = parts["train"]
    own = {split: walk.part(classes[name] for name in first) for split, classes in parts.items()}
    return Tree([path.name for path in first.values()], own.pop("train"), own, walk.notices())


def images_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """Lists the image files in a folder and the folders below it, and its other files, both in alphabetical order. A
    folder that links lead to more than once counts once.

    Raises:
        DataFaultError: a folder cannot be read, or a link leads nowhere.
    """
    images: list[Path] = []
    others: list[Path] = []
    seen = {_identity(above) for above in [folder, *folder.resolve().parents]}  # where a link back up would lead
    for path, kind in _below(folder, seen):
        if kind == "other" and path.is_symlink():
            raise DataFaultError(f"{path} is a link to a file that is not there")
        (images if kind == "file" and _is_taken(path) else others).append(path)
    return images, others


class _Walk:
    """Lists classes and their images, and remembers what it leaves out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left: list[Path] = []
        self._deeper: list[Path] = []

    def leave_out(self, paths: Iterable[Path]) -> None:
        """Remembers files and folders that are not read."""
        self._left += paths

    def classes(self, folder: Path) -> dict[str, Path]:
        """Returns the folders of a folder, one a class, in alphabetical order, by their names in composed Unicode: a
        copy from another file system may have decomposed ones."""
        inside = _inside(folder)
        folders = [path for path, kind in inside if kind == "folder"]
        self.leave_out(path for path, kind in inside if kind != "folder")
        if len(folders) < 2:
            got = f"one only, {folders[0].name}" if folders else "none"
            raise DataFaultError(f"{folder} must have a folder of images for each of at least two classes, got {got}")
        found: dict[str, Path] = {}
        for path in folders:
            if found.setdefault(unicodedata.normalize("NFC", path.name), path) != path:
                raise DataFaultError(f"{folder} has two folders of the same name but for its coding, {path.name!r}")
        return found

    def part(self, classes: Iterable[Path]) -> Part:
        """Lists the images of classes in that order."""
        paths: list[Path] = []
        labels: list[int] = []
        for label, folder in enumerate(classes):
            images, others = images_below(folder)
            if not images:
                raise DataFaultError(f"{folder} holds no images")
            self.leave_out(others)
            self._deeper += [path for path in images if path.parent != folder]
            paths += images
            labels += [label] * len(images)
        return Part(paths, np.array(labels, np.int64))

    def notices(self) -> list[str]:
        """Returns what the user should know of the files found."""
        said = {
            "left out, as no images of a class": self._left,
            "images in folders below that of a class count as that class's": self._deeper,
        }
        return [f"{self._folder}: {what}: {some(paths, self._folder)}" for what, paths in said.items() if paths]


def _splits(folder: Path) -> dict[str, Path]:
    """Returns the folders of splits; empty if the folders are classes, of which one may be called ``train``."""
    folders = [path for path, kind in _inside(folder) if kind == "folder"]
    found: dict[str, Path] = {}
    for path in folders:
        split = SPLITS.get(path.name.lower())
        if split is not None and found.setdefault(split, path) != path:
            raise DataFaultError(f"{folder} has both {found[split].name!r} and {path.name!r}: keep one of them")
    if "train" not in found:
        if len(found) == len(folders) > 1:
            raise DataFaultError(f"{folder} has {' and '.join(path.name for path in folders)}, but no folder 'train'")
        return {}
    return found if len(found) > 1 or _holds_folders_alone(found["train"]) else {}


def _holds_folders_alone(folder: Path) -> bool:
    inside = _inside(folder)
    has_images = any(kind == "file" and path.suffix.lower() in ENDINGS for path, kind in inside)
    return not has_images and any(kind == "folder" for _, kind in inside)


def _check_same(folder: Path, splits: dict[str, Path], parts: dict[str, dict[str, Path]]) -> None:
    train = parts["train"].keys()
    for split, classes in parts.items():
        if different := sorted(train ^ classes.keys()):
            names = (splits["train"].name, splits[split].name)
            here, there = names if different[0] in train else reversed(names)
            raise DataFaultError(
                f"{folder}: {names[0]} and {names[1]} must have the same classes, {here} has {different[0]!r}, "
                f"{there} not"
            )


def _below(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Entry]:
    """Lists what is visible below a folder, except folders, in the order of the names, which no file system decides."""
    for path, kind in _inside(folder):
        if kind != "folder":
            yield path, kind
        elif _identity(path) not in seen:
            seen.add(_identity(path))
            yield from _below(path, seen)


def _inside(folder: Path) -> list[Entry]:
    try:
        with os.scandir(folder) as entries:
            visible = sorted((entry for entry in entries if not _is_hidden(entry.name)), key=lambda entry: entry.name)
    except OSError as error:
        raise DataFaultError(f"cannot read the folder {folder}: {error.strerror}") from error
    return [(Path(entry.path), _kind(entry)) for entry in visible]


def _is_taken(path: Path) -> bool:
    ending = path.suffix.lower()
    return ending in ENDINGS or (ending not in NOTES and is_image(path))


def _kind(entry: os.DirEntry[str]) -> Kind:
    try:
        return "folder" if entry.is_dir() else "file" if entry.is_file() else "other"
    except OSError:  # a link to itself
        return "other"


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in SYSTEM
