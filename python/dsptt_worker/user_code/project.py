"""The modules in a folder of the user's, under names of their own: those of two folders, or of a file before and after
it was edited, may be called alike and are still two modules.

A module ``blocks`` of a project is loaded as ``dsptt_project_N.blocks``. When the project's code imports ``blocks``,
it is looked up where Python would look, with the folder last, and is the project's if it is found there: the code has
an ``__import__`` of its own among its builtins, also when it runs later, inside a network's forward.
"""

from __future__ import annotations

import builtins
import hashlib
import importlib
import importlib.util
import itertools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Protocol

from .package_code import package_files, package_folder
from .project_path import ProjectPath, entry_of

PREFIX = "dsptt_project_"
_numbers = itertools.count(1)
_projects: dict[str, Project] = {}  # by name


def plain(text: str) -> str:
    """Returns a message with the plain names of projects' modules."""
    for name in sorted(_projects, key=len, reverse=True):
        text = text.replace(f"{name}.", "")
    return text


class Code(Protocol):
    """The files of the user's own that have built a network."""

    def code(self) -> dict[str, str]:
        """Returns the SHA-256 of each file that was read so far, by its path from a folder that they share."""

    def forget(self) -> None:
        """Forgets their modules: what was built by them is not used any more."""


class Project:
    """The modules in a folder, and in folders that their code adds to ``sys.path``. Each project loads them anew."""

    def __init__(self, folder: Path) -> None:
        """Loads nothing yet."""
        self.folder = folder.resolve()
        self.name = f"{PREFIX}{next(_numbers)}"
        self._path = ProjectPath(self.folder)
        self._read: dict[Path, str] = {}  # SHA-256 of each file, as it was read
        self._strays: dict[str, ModuleType] = {}  # modules of it that others, such as a registry, import by plain names
        self._package: str | None = None  # the module that was imported first, if it is none of the folder's
        self._builtins = {**vars(builtins), "__import__": self._import}
        self._importlib = _Importlib(self)

    def run_file(self, path: Path) -> ModuleType:
        """Runs a file of the folder as a module, with its present content. What the file raises is raised."""
        self._begin()
        name = f"{self.name}.{path.stem.replace('.', '_')}"
        loader = _Loader(name, str(path), self)
        spec = importlib.util.spec_from_file_location(name, path, loader=loader)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look there for their annotations
        with self.running():
            loader.exec_module(module)
        return module

    def forget(self) -> None:
        """Forgets the modules: what was built by them is not used any more."""
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{self.name}.")]:
            del sys.modules[name]
        _projects.pop(self.name, None)

    def import_module(self, name: str) -> ModuleType:
        """Imports a module, the project's or another, as the project's code would."""
        self._package = None if self.owns(name) else name
        with self.running():
            return self._import_module(name)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Lets the project's code load modules or build networks: its folders are on ``sys.path``. Those that the code
        adds are kept for it, and taken away again."""
        self._begin()
        loaded = set(sys.modules) - self._strays.keys()
        hidden = {name: sys.modules[name] for name in self._strays.keys() & sys.modules.keys()}
        with self._path.installed():
            sys.modules.update(self._strays)
            try:
                yield
            finally:
                self._take_strays(loaded)
                sys.modules.update(hidden)
                sys.modules[self.name].__path__ = self._path.own()

    def code(self, folder: Path | None = None) -> dict[str, str]:
        """Returns the SHA-256 of each file that was read so far, by its path from a folder: by default its own."""
        own = self.own_code(folder)
        if self._package is None:
            return own
        outside = {path: hash_of(path) for path in package_files(self._package)}
        return {**own, **relative(outside, package_folder(self._package) or self.folder)}

    def own_code(self, folder: Path | None = None) -> dict[str, str]:
        """Returns the same without the files of a package that was found elsewhere."""
        return relative(self._read, folder or self.folder)

    def owns(self, name: str) -> bool:
        """Reports whether a module is the project's."""
        return self._path.owns(name.partition(".")[0])

    def find(self, fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """Finds a module of the project by its full name, and on its parent's path."""
        spec = self._path.find(fullname) if fullname.count(".") == 1 else self._path.find(fullname, path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self)
        elif spec is not None and spec.has_location:
            self.note(Path(str(spec.origin)))
        return spec

    def note(self, path: Path, content: bytes | None = None) -> None:
        """Notes that a file was read, with this content or its present one."""
        self._read[path.resolve()] = hash_of(path) if content is None else hashlib.sha256(content).hexdigest()

    def prepare(self, module: ModuleType) -> None:
        """Gives a module the project's way to import."""
        vars(module)["__builtins__"] = self._builtins

    def _begin(self) -> None:
        if self.name in _projects:
            return
        _projects[self.name] = self
        sys.modules[self.name] = package = ModuleType(self.name)
        package.__path__ = self._path.own()
        if _FINDER not in sys.meta_path:
            sys.meta_path.insert(0, _FINDER)

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 (the parameters of __import__)
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """Does what ``__import__`` does, for the project's code."""
        if level == 0 and self.owns(name):
            found = importlib.import_module(f"{self.name}.{name}")
            if not fromlist:
                return sys.modules[f"{self.name}.{name.partition('.')[0]}"]
            return builtins.__import__(found.__name__, globals, locals, fromlist, 0)
        found = builtins.__import__(name, globals, locals, fromlist or (), level)
        return self._importlib if found is importlib else found

    def _import_module(self, name: str, package: str | None = None) -> ModuleType:
        is_own = not name.startswith(".") and self.owns(name)
        return importlib.import_module(f"{self.name}.{name}" if is_own else name, package)

    def _take_strays(self, loaded: set[str]) -> None:
        for name in [name for name in sys.modules if name not in loaded and not name.startswith(PREFIX)]:
            module, top = sys.modules[name], sys.modules.get(name.partition(".")[0])
            if top is not None and self._path.has(entry_of(top.__spec__)):
                self._strays[name] = module
                if getattr(module, "__file__", None) is not None:
                    self.note(Path(str(module.__file__)))
        for name in self._strays:
            sys.modules.pop(name, None)


class _Loader(SourceFileLoader):
    """Loads a module of a project from its source: bytecode that was kept could be that of another content."""

    def __init__(self, name: str, path: str, owner: Project) -> None:
        super().__init__(name, path)
        self._owner = owner

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 (as in the base class)
        content = self.get_data(self.path)
        self._owner.note(Path(self.path), content)
        return self.source_to_code(content, self.path)

    def exec_module(self, module: ModuleType) -> None:
        self._owner.prepare(module)
        super().exec_module(module)


class _Importlib(ModuleType):
    """``importlib`` as the code of a project has it: ``import_module`` finds the project's modules."""

    def __init__(self, owner: Project) -> None:
        super().__init__("importlib")
        self.import_module = owner._import_module

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib, name)


class _Finder:
    """Finds the modules of all projects by their full names."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        name, _, module = fullname.partition(".")
        owner = _projects.get(name) if module else None
        return None if owner is None else owner.find(fullname, path)


_FINDER = _Finder()


def hash_of(path: Path) -> str:
    """Returns the SHA-256 of a file's content; empty for a file that cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def relative(files: Mapping[Path, str], folder: Path) -> dict[str, str]:
    """Returns the hashes of files by their paths from a folder, in order."""
    named = {Path(os.path.relpath(path, folder)).as_posix(): sha256 for path, sha256 in files.items()}
    return dict(sorted(named.items()))
