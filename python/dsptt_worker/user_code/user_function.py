"""Functions of the user's that a configuration names: in a package, or in a file of the user's own.

Naming one in a configuration is what allows its code to run; nothing here is ever loaded because data say so.
"""

from __future__ import annotations

import difflib
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import ConfigFaultError
from .project import Project, plain


@dataclass(frozen=True)
class UserFunction:
    """A function, the part of the configuration that names it (``model``), its label in messages, and the user's
    modules that it belongs to."""

    part: str
    label: str
    function: Callable[..., object]
    project: Project

    def parameters(self) -> list[str] | None:
        """Returns the names of the parameters that can be given by name; None if the function does not tell."""
        try:
            signature = inspect.signature(self.function)
        except ValueError:  # a builtin without a signature
            return None
        named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        return [parameter.name for parameter in signature.parameters.values() if parameter.kind in named]

    def check(self, arguments: Mapping[str, object], stated: Iterable[str]) -> None:
        """Checks that the function takes the arguments. ``stated``: the names of those that the configuration states.

        Raises:
            ConfigFaultError: it does not.
        """
        asked = self.parameters()
        if asked is None:
            return
        try:
            inspect.signature(self.function).bind(**arguments)
        except TypeError as error:
            takes = _close(next((name for name in stated if name not in asked), ""), asked)
            raise ConfigFaultError(
                f"{self.label} does not take {self.part}.args: {error}; its parameters: {takes}"
            ) from error

    def call(self, arguments: Mapping[str, object]) -> object:
        """Calls the function.

        Raises:
            ConfigFaultError: it raised; the cause is kept.
        """
        try:
            with self.project.running():
                return self.function(**arguments)
        except (Exception, SystemExit) as error:
            raise ConfigFaultError(f"{self.label} raised {said(error)}") from error


def find_function(where: str, part: str, default: str, folder: Path) -> UserFunction:
    """Finds the function at ``package.module:function``, ``file.py`` or ``file.py:function``. A module is searched for
    where Python searches, then in ``folder``.

    ``part``: the part of the configuration that names it, such as ``model``; ``default``: the function of a file.

    Raises:
        ConfigFaultError: no such module, file or function, or one whose import fails.
    """
    source, _, name = where.partition(":")
    is_file = source.endswith(".py")
    option = f"{part}.python"
    if not source or not (name or is_file):
        raise ConfigFaultError(f"{option} must be package.module:function, file.py or file.py:function, got {where!r}")
    owner = Project(Path(source).parent if is_file else folder)
    module = _load_file(Path(source), owner, option) if is_file else _import(source, owner, option)
    function = _find(module, source, name or default, option)
    return UserFunction(part, f"{part} {source}:{name or default}", function, owner)


def said(error: BaseException) -> str:
    """Returns an error's type and message, or the line that raised it if it has no message (an assertion)."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {plain(str(error)) or f'at {frames[-1].line}'}"


def _import(name: str, owner: Project, option: str) -> ModuleType:
    try:
        return owner.import_module(name)
    except ModuleNotFoundError as error:
        missing = plain(error.name or "")
        if missing == name.partition(".")[0]:
            raise ConfigFaultError(
                f"{option}: there is no package {missing!r} in {sys.executable}: install it there "
                f"({sys.executable} -m pip install {missing})"
            ) from error
        if name == missing or name.startswith(f"{missing}."):
            raise ConfigFaultError(f"{option}: there is no module {missing!r}{_siblings(error.name or '')}") from error
        raise ConfigFaultError(f"{option}: importing {name} failed: {plain(str(error))}") from error
    except (Exception, SystemExit) as error:
        raise ConfigFaultError(f"{option}: importing {name} failed: {said(error)}") from error


def _siblings(name: str) -> str:
    parent, _, last = name.rpartition(".")
    package = sys.modules.get(parent)
    names = [module.name for module in pkgutil.iter_modules(getattr(package, "__path__", []))]
    return f"; {plain(parent)} has: {_close(last, names)}"


def _load_file(path: Path, owner: Project, option: str) -> ModuleType:
    """Runs the file with its present content. Its folder is searched last, so that it can import its neighbours."""
    if not path.is_file():
        raise ConfigFaultError(f"{option}: there is no file {path}")
    try:
        return owner.run_file(path)
    except (Exception, SystemExit) as error:
        raise ConfigFaultError(f"{option}: running {path} failed: {said(error)}") from error


def _find(module: ModuleType, source: str, name: str, option: str) -> Callable[..., object]:
    found: Any = module
    for step in name.split("."):
        found = getattr(found, step, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    if found is not None:
        raise ConfigFaultError(f"{option}: {source}:{name} is no function, but {type(found).__name__}")
    there = [known for known, value in vars(module).items() if callable(value) and not known.startswith("_")]
    raise ConfigFaultError(f"{option}: {source} has no function {name!r}; it has: {_close(name, there)}")


def _close(name: str, names: Iterable[str]) -> str:
    """Returns the names closest to this one; the first in order if none is close."""
    every = sorted(names)
    return ", ".join(difflib.get_close_matches(name, every, 5, 0.5) or every[:10]) or "none"
