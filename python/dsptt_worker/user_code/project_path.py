"""The folders of a project, and where a module of that name is found: in one of them, or elsewhere before."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


class ProjectPath:
    """A project's entries of ``sys.path``: its folder, searched last, and those that its code adds, before or after all
    others."""

    def __init__(self, folder: Path) -> None:
        """Has the folder alone."""
        self._folder = str(folder)
        self._first: list[str] = []
        self._last: list[str] = []
        self._others: list[str] | None = None  # sys.path without the project's entries, while they are installed
        self._is_own: dict[str, bool] = {}

    def own(self) -> list[str]:
        """Lists the project's entries in order, those included that its code is adding now."""
        first, last = self._split()
        return [*first, *last, self._folder]

    def has(self, entry: str | None) -> bool:
        """Reports whether a folder is one of the project's."""
        return entry is not None and _real(entry) in {_real(own) for own in self.own()}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Puts the project's entries on ``sys.path``; at the end keeps those that were added, and restores the rest."""
        if self._others is not None:
            yield
            return
        self._others = list(sys.path)
        sys.path[:] = [*self._first, *self._others, *self._last, self._folder]
        try:
            yield
        finally:
            self._first, self._last = self._split()
            sys.path[:] = self._others
            self._others = None

    def owns(self, top: str) -> bool:
        """Reports whether a module without parents is found in one of the project's folders before any other."""
        if top not in self._is_own:
            found = self._is_found_here(top)
            if found is None:
                return False  # its code may add a folder that has it, and try again
            self._is_own[top] = found
        return self._is_own[top]

    def find(self, fullname: str, path: Sequence[str] | None = None) -> ModuleSpec | None:
        """Finds a module on a path, by default the project's own entries."""
        return PathFinder.find_spec(fullname, self.own() if path is None else path)

    def _split(self) -> tuple[list[str], list[str]]:
        """Returns the entries before and after all others."""
        if self._others is None:
            return self._first, self._last
        start = next((place for place, entry in enumerate(sys.path) if entry in self._others), len(sys.path))
        known = {*self._others, self._folder}
        first, last = sys.path[:start], sys.path[start:]
        return [entry for entry in first if entry not in known], [entry for entry in last if entry not in known]

    def _is_found_here(self, top: str) -> bool | None:
        """Looks for a module where Python would; None: it is nowhere."""
        has_portion = False
        for finder in sys.meta_path:
            if finder is PathFinder:
                for entry in self._entries():
                    spec = PathFinder.find_spec(top, [entry])
                    if spec is not None and spec.origin is not None:
                        return self.has(entry)
                    has_portion = has_portion or (spec is not None and self.has(entry))  # without __init__.py
            elif finder.find_spec(top, None) is not None:
                return False
        return True if has_portion else None

    def _entries(self) -> list[str]:
        """Lists the path that is searched. The folder of the script that runs, or the current one, is not on it: its
        modules would be taken for the project's, or the other way round."""
        first, last = self._split()
        script = getattr(sys.modules.get("__main__"), "__file__", None)
        left_out = {_real(""), _real(self._folder), None if script is None else _real(str(Path(script).parent))}
        others = sys.path if self._others is None else self._others
        return [*first, *(entry for entry in others if _real(entry) not in left_out), *last, self._folder]


def entry_of(spec: ModuleSpec | None) -> str | None:
    """Returns the folder in which a module without parents was found; None for a module without a file."""
    if spec is None:
        return None
    file = spec.origin if spec.has_location else None
    place = next(iter(spec.submodule_search_locations or []), file)
    return None if place is None else str(Path(place).parent)


def _real(entry: str) -> str:
    return os.path.realpath(entry)
