"""Objects of this process that a script in Node uses: it refers to them by number, and sends and receives plain data.

Only text crosses pythonia, so that none of its own rules for values, falsy attributes or numeric keys matter.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from ..errors import ConfigFaultError
from ..protocol.message import Count
from ..user_code.project import Project


class Import(Struct, tag="import", forbid_unknown_fields=True):
    """Imports a module by its name."""

    module: str


class ImportFile(Struct, tag="file", forbid_unknown_fields=True):
    """Runs a Python file, given by its absolute path, as a module."""

    path: str


class Get(Struct, tag="get", forbid_unknown_fields=True):
    """Follows ``path``, names or indices between dots, from an object; an empty path is the object itself."""

    on: Count
    path: str


class Call(Struct, tag="call", forbid_unknown_fields=True):
    """Calls the object at ``path``."""

    on: Count
    path: str
    args: list[object]
    keywords: dict[str, object]


class Put(Struct, tag="set", forbid_unknown_fields=True):
    """Sets the attribute or item at ``path``."""

    on: Count
    path: str
    value: object


class Value(Struct, tag="value", forbid_unknown_fields=True):
    """Value at ``path``, as JSON."""

    on: Count
    path: str


class Text(Struct, tag="text", forbid_unknown_fields=True):
    """Text of an object as ``print`` shows it."""

    on: Count


class Found(Struct, forbid_unknown_fields=True):
    """Number of an object, and its Python class."""

    ref: Count
    type: str


class Plain(Struct, forbid_unknown_fields=True):
    """A value in its JSON form."""

    value: object


ObjectRequest: TypeAlias = Import | ImportFile | Get | Call | Put | Value | Text


class ScriptObjects:
    """Objects that the script holds. They stay until ``clear``: the script's own references are not counted."""

    def __init__(self) -> None:
        """Starts without objects."""
        self._objects: list[object] = []
        self._projects: list[Project] = []

    def clear(self) -> None:
        """Forgets all objects."""
        self._objects = []

    def code(self) -> dict[str, str]:
        """Returns the SHA-256 of each file that was run, and of those that it imported, by their paths from the first
        one's folder."""
        return {name: sha256 for one in self._projects for name, sha256 in one.code(self._projects[0].folder).items()}

    def forget(self) -> None:
        """Keeps the modules: another task takes the network that they have built."""

    def find(self, number: int) -> object:
        """Returns the object of that number.

        Raises:
            ConfigFaultError: there is none (any more).
        """
        if not 0 <= number < len(self._objects):
            raise ConfigFaultError("this Python object is gone: the factory that made it is over")
        return self._objects[number]

    def answer(self, request: ObjectRequest) -> Found | Plain:
        """Executes a request.

        Raises:
            ConfigFaultError: a path that leads nowhere, a value without a JSON form.
            Exception: whatever the Python code that is called raises.
        """
        if isinstance(request, Import):
            return self._refer(_import(request.module))
        if isinstance(request, ImportFile):
            return self._refer(self._run_file(Path(request.path)))
        found = self.find(request.on)
        if isinstance(request, Text):
            return Plain(str(found))
        if isinstance(request, Put):
            parent, _, name = request.path.rpartition(".")
            _put(_follow(found, parent), name, self._decode(request.value))
            return Plain(None)
        found = _follow(found, request.path)
        if isinstance(request, Value):
            return Plain(_plain(found, request.path))
        if isinstance(request, Call):
            if not callable(found):
                raise ConfigFaultError(f"{request.path or 'the object'} is a {_kind(found)} and cannot be called")
            keywords = {name: self._decode(value) for name, value in request.keywords.items()}
            found = found(*map(self._decode, request.args), **keywords)
        return self._refer(found)

    def _run_file(self, path: Path) -> object:
        """Runs the file with its present content; its folder is searched last, so that it can import its neighbours."""
        if not path.is_file():
            raise ConfigFaultError(f"there is no Python file {path}")
        self._projects.append(Project(path.parent))
        return self._projects[-1].run_file(path)

    def _refer(self, found: object) -> Found:
        self._objects.append(found)
        return Found(len(self._objects) - 1, _kind(found))

    def _decode(self, value: object) -> object:
        """Decodes an argument: ``{"ref": n}`` is an object, ``{"dict": {...}}`` a dict, anything else itself."""
        if isinstance(value, list):
            return [self._decode(item) for item in value]
        if isinstance(value, dict):
            if "dict" in value:
                return {key: self._decode(item) for key, item in value["dict"].items()}
            return self.find(value["ref"])
        return value


def _import(name: str) -> object:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        raise ConfigFaultError(
            f"there is no package {error.name!r} in {sys.executable}: install it there "
            f"({sys.executable} -m pip install {error.name})"
        ) from error


def _follow(found: object, path: str) -> object:
    for name in path.split(".") if path else []:
        found = _step(found, name, path)
    return found


def _step(found: object, name: str, path: str) -> object:
    item: object
    if isinstance(found, Mapping) and name in found:
        item = found[name]
    elif isinstance(found, Sequence) and name.isdecimal() and int(name) < len(found):
        item = found[int(name)]
    else:
        item = _attribute(found, name, path)
    return item


def _attribute(found: object, name: str, path: str) -> object:
    try:
        return getattr(found, name)
    except AttributeError as error:
        there = _names(found)
        close = difflib.get_close_matches(name, there, 5, 0.5) or there[:10]
        where = "" if name == path else f" (in {path})"
        raise ConfigFaultError(
            f"{_kind(found)} has no {name!r}{where}; it has: {', '.join(close) or 'none'}"
        ) from error


def _names(found: object) -> list[str]:
    """Lists the public names in an object, a network's layers first."""
    children = getattr(found, "named_children", None)
    layers = [name for name, _ in children()] if callable(children) and not isinstance(found, type) else []
    return list(dict.fromkeys([*layers, *(name for name in dir(found) if not name.startswith("_"))]))


def _put(found: object, name: str, value: object) -> None:
    if isinstance(found, dict):
        found[name] = value
    elif isinstance(found, list):
        found[int(name)] = value
    else:
        setattr(found, name, value)


def _plain(found: object, path: str) -> object:
    try:
        return msgspec.to_builtins(found)
    except TypeError as error:
        raise ConfigFaultError(
            f"{path or 'the object'} is a {_kind(found)} and has no JSON form: hand the object itself on, or ask for a "
            "number or a list of it"
        ) from error


def _kind(found: object) -> str:
    kind = found if isinstance(found, type) else type(found)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
