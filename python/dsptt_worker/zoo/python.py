"""Networks and losses from a Python function that a configuration names: of a package, or of a file of the user's.

Naming it in a configuration is what allows its code to run; nothing here is ever loaded because data say so.
"""

from __future__ import annotations

import difflib
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from ..errors import ConfigFaultError
from .need import Need
from .project import Project, plain

DEFINE = "defineModel"
OUTPUTS = ("outputs", "num_classes", "classes")


@dataclass(frozen=True)
class Maker:
    """A call that builds a network, the network's label in messages, and the user's modules that build it (None: it is
    one of ours)."""

    label: str
    make: Callable[[], nn.Module]
    project: Project | None = None


@dataclass(frozen=True)
class Call:
    """A call of a user's function, its label in messages, and the user's modules that it uses."""

    label: str
    call: Callable[[], object]
    project: Project


def python_function(where: str, arguments: dict[str, object], need: Need, folder: Path = Path()) -> Maker:
    """Returns a call of the function that builds a network, as ``python_call`` finds it.

    Raises:
        ConfigFaultError: no such module, file or function, one whose import fails, or arguments that it does not take.
    """
    found = python_call("model", DEFINE, where, arguments, need, folder)
    return Maker(found.label, lambda: _module(found), found.project)


def python_call(
    part: str, define: str, where: str, arguments: dict[str, object], need: Need, folder: Path = Path()
) -> Call:
    """Returns a call of the function at ``package.module:function``, ``file.py`` (its function ``define``) or
    ``file.py:function``. A module is searched for where Python searches, then in ``folder``. ``part`` is the part of
    the configuration that names the function.

    A parameter called ``inputs`` gets one sample's shape, and one called ``outputs``, ``num_classes`` or ``classes``
    the number of outputs, unless the arguments say otherwise; a function of ``**kwargs`` gets the arguments alone.

    Raises:
        ConfigFaultError: no such module, file or function, one whose import fails, or arguments that it does not take.
    """
    source, _, name = where.partition(":")
    is_file = source.endswith(".py")
    if not source or not (name or is_file):
        raise ConfigFaultError(
            f"{part}.python must be package.module:function, file.py or file.py:function, got {where!r}"
        )
    owner = Project(Path(source).parent if is_file else folder)
    module = _load_file(part, Path(source), owner) if is_file else _import(part, source, owner)
    function = _find(part, module, source, name or define)
    label = f"{part} {source}:{name or define}"
    given = _arguments(function, part, label, arguments, need)
    return Call(label, lambda: _call(function, label, given, owner.running()), owner)


def _import(part: str, name: str, owner: Project) -> ModuleType:
    try:
        return owner.import_module(name)
    except ModuleNotFoundError as error:
        missing = plain(error.name or "")
        if missing == name.partition(".")[0]:
            raise ConfigFaultError(
                f"{part}.python: there is no package {missing!r} in {sys.executable}: install it there "
                f"({sys.executable} -m pip install {missing})"
            ) from error
        if name == missing or name.startswith(f"{missing}."):
            raise ConfigFaultError(
                f"{part}.python: there is no module {missing!r}{_siblings(error.name or '')}"
            ) from error
        raise ConfigFaultError(f"{part}.python: importing {name} failed: {plain(str(error))}") from error
    except (Exception, SystemExit) as error:
        raise ConfigFaultError(f"{part}.python: importing {name} failed: {_said(error)}") from error


def _siblings(name: str) -> str:
    parent, _, last = name.rpartition(".")
    package = sys.modules.get(parent)
    names = [module.name for module in pkgutil.iter_modules(getattr(package, "__path__", []))]
    return f"; {plain(parent)} has: {_close(last, names)}"


def _load_file(part: str, path: Path, owner: Project) -> ModuleType:
    """Runs the file with its present content. Its folder is searched last, so that it can import its neighbours."""
    if not path.is_file():
        raise ConfigFaultError(f"{part}.python: there is no file {path}")
    try:
        return owner.run_file(path)
    except (Exception, SystemExit) as error:
        raise ConfigFaultError(f"{part}.python: running {path} failed: {_said(error)}") from error


def _find(part: str, module: ModuleType, source: str, name: str) -> Callable[..., object]:
    found: Any = module
    for step in name.split("."):
        found = getattr(found, step, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    if found is not None:
        raise ConfigFaultError(f"{part}.python: {source}:{name} is no function, but {type(found).__name__}")
    there = [known for known, value in vars(module).items() if callable(value) and not known.startswith("_")]
    raise ConfigFaultError(f"{part}.python: {source} has no function {name!r}; it has: {_close(name, there)}")


def _arguments(
    function: Callable[..., object], part: str, label: str, arguments: dict[str, object], need: Need
) -> dict[str, object]:
    """Returns the configuration's arguments, completed from the data for parameters that name a property of them."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # a builtin without a signature: the arguments are passed unchecked
        return arguments
    asked = [p.name for p in signature.parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    given: dict[str, object] = {}
    if "inputs" in asked:
        given["inputs"] = tuple(need.inputs)
    outputs = next((name for name in OUTPUTS if name in asked), None)
    if outputs is not None and not any(name in arguments for name in OUTPUTS):
        given[outputs] = need.outputs
    given |= arguments
    try:
        signature.bind(**given)
    except TypeError as error:
        takes = _close(next((n for n in arguments if n not in asked), ""), asked)
        raise ConfigFaultError(f"{label} does not take {part}.args: {error}; its parameters: {takes}") from error
    return given


def _call(
    function: Callable[..., object], label: str, arguments: dict[str, object], running: AbstractContextManager[None]
) -> object:
    try:
        with running:
            return function(**arguments)
    except (Exception, SystemExit) as error:
        raise ConfigFaultError(f"{label} raised {_said(error)}") from error


def _module(found: Call) -> nn.Module:
    module = found.call()
    if not isinstance(module, nn.Module):
        raise ConfigFaultError(f"{found.label} must return a torch.nn.Module, got {type(module).__name__}")
    return module


def _said(error: BaseException) -> str:
    """Returns an error's type and message, or the line that raised it if it has no message (an assertion)."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {plain(str(error)) or f'at {frames[-1].line}'}"


def _close(name: str, names: Iterable[str]) -> str:
    """Returns the names closest to this one; the first in order if none is close."""
    every = sorted(names)
    return ", ".join(difflib.get_close_matches(name, every, 5, 0.5) or every[:10]) or "none"
