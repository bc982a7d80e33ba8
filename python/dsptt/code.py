"""The code that builds a run's networks: where it lies now, and whether it is what it was when the run was made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dsptt_worker.errors import DataFaultError
from dsptt_worker.user_code.package_code import found_in
from dsptt_worker.user_code.project import Project, hash_of

from .source import Source

INSTEAD = "restore it, or in Python give load_ensemble a function that builds the network, build=..."


def find_code(source: Source) -> tuple[str, Path]:
    """Returns ``model.python`` of a run with its file's absolute path, and the folder of the code that it names. Of the
    places at which it may lie, it is the first at which every file is what it was; nothing is run.

    Raises:
        DataFaultError: there is no such file, or a file has changed since the run was made.
    """
    stated = source.model.python or ""
    name, colon, function = stated.partition(":")
    if not name:
        return stated, Path()
    if not name.endswith(".py"):
        return stated, _module_folder(source, name)
    files = [file for file in source.places(name) if file.is_file()]
    if not files:
        raise _nowhere(source, name, source.places(name))
    folder = _unchanged([file.parent for file in files], source)
    file = next(file for file in files if file.parent == folder)
    return f"{file}{colon}{function}", folder


def code_base(source: Source) -> Path | None:
    """Returns the folder from which ``model.python`` of a run leads to its code now; None if no folder is found."""
    name = (source.model.python or "").partition(":")[0]
    try:
        where, folder = find_code(source)
    except DataFaultError:
        return None
    if not name.endswith(".py"):
        return folder
    file = Path(where.partition(":")[0])
    return next((base for base in source.places(".") if Path(os.path.normpath(base / name)) == file), None)


def check_code(source: Source, project: Project) -> None:
    """Checks that a network was built by no file that the run did not read.

    Raises:
        DataFaultError: it was built by another one too.
    """
    recorded = source.model.code
    others = [name for name in project.own_code() if name not in recorded]
    if recorded and others:
        raise DataFaultError(
            f"{project.folder / others[0]} builds the network of {source.path} now, and did not when the run was made: "
            f"{INSTEAD}"
        )


def _module_folder(source: Source, name: str) -> Path:
    folders = [folder for folder in source.places(".") if Project(folder).owns(name)]
    if folders:
        return _unchanged(folders, source)
    elsewhere = found_in(name)
    if elsewhere is not None:
        _unchanged([elsewhere], source)
    elif source.model.code:  # else it is a package to be installed
        raise _nowhere(source, name, source.places("."))
    return source.places(".")[0]


def _nowhere(source: Source, name: str, places: list[Path]) -> DataFaultError:
    looked = ", ".join(str(place) for place in places)
    return DataFaultError(f"{source.path} names code that does not exist, {name}: it was looked for at {looked}")


def _unchanged(folders: list[Path], source: Source) -> Path:
    changed = [_changed(folder, source.model.code) for folder in folders]
    if None in changed:
        return folders[changed.index(None)]
    raise DataFaultError(
        f"{changed[0]} has changed since {source.path} was made, and may build another network now: {INSTEAD}"
    )


def _changed(folder: Path, code: Mapping[str, str]) -> Path | None:
    return next((folder / name for name, sha256 in code.items() if hash_of(folder / name) != sha256), None)
