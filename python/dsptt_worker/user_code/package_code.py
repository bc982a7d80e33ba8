"""The files of a package that Python finds, and that is not installed: one of the user's own on PYTHONPATH, or one that
is installed for editing."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from importlib.machinery import ModuleSpec
from pathlib import Path

from .project_path import entry_of

OURS = ("dsptt", "dsptt_worker")
INSTALLED = ("site-packages", "dist-packages")


def found_in(name: str) -> Path | None:
    """Returns the folder in which Python finds the package of a module; None if it finds none, or none in a file."""
    try:
        found = entry_of(importlib.util.find_spec(name.partition(".")[0]))
    except ValueError:  # a module that was made by a program
        return None
    return None if found is None else Path(found)


def package_folder(name: str) -> Path | None:
    """Returns the folder with the user's own package that a module belongs to; None for an installed package, for one
    of Python's own, and for one that does not exist."""
    found = found_in(name)
    if found is None or name.partition(".")[0] in OURS or any(part in INSTALLED for part in found.parts):
        return None
    return None if found.is_relative_to(sysconfig.get_paths()["stdlib"]) else found


def package_files(name: str) -> list[Path]:
    """Lists the files that are loaded from the folder of the user's own package that a module belongs to."""
    folder = package_folder(name)
    if folder is None:
        return []
    tops = {loaded for loaded, module in list(sys.modules.items()) if entry_of(_spec(module)) == str(folder)}
    files = [
        getattr(module, "__file__", None) for loaded, module in sys.modules.items() if loaded.partition(".")[0] in tops
    ]
    return [Path(file) for file in files if file is not None]


def _spec(module: object) -> ModuleSpec | None:
    return getattr(module, "__spec__", None)
