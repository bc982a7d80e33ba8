"""Networks from a Python function that a configuration names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from ..errors import ConfigFaultError
from ..user_code.project import Project
from ..user_code.user_function import UserFunction, find_function
from .need import Need

DEFINE = "defineModel"
OUTPUTS = ("outputs", "num_classes", "classes")


@dataclass(frozen=True)
class Maker:
    """A call that builds a network, the network's label in messages, and the user's modules that build it (None: it is
    one of ours)."""

    label: str
    make: Callable[[], nn.Module]
    project: Project | None = None


def python_function(where: str, arguments: dict[str, object], need: Need, folder: Path = Path()) -> Maker:
    """Returns a call of the function at ``package.module:function``, ``file.py`` or ``file.py:function``. A module is
    searched for where Python searches, then in ``folder``.

    A parameter called ``inputs`` gets one sample's shape, and one called ``outputs``, ``num_classes`` or ``classes``
    the number of outputs, unless the arguments say otherwise; a function of ``**kwargs`` gets the arguments alone.

    Raises:
        ConfigFaultError: no such module, file or function, one whose import fails, or arguments that it does not take.
    """
    found = find_function(where, "model", DEFINE, folder)
    given = completed(found, arguments, need)
    return Maker(found.label, lambda: _network(found, given), found.project)


def completed(found: UserFunction, arguments: dict[str, object], need: Need) -> dict[str, object]:
    """Returns the configuration's arguments, completed from the data for parameters that name a property of them.

    Raises:
        ConfigFaultError: the function does not take them.
    """
    asked = found.parameters() or []
    given: dict[str, object] = {}
    if "inputs" in asked:
        given["inputs"] = tuple(need.inputs)
    outputs = next((name for name in OUTPUTS if name in asked), None)
    if outputs is not None and not any(name in arguments for name in OUTPUTS):
        given[outputs] = need.outputs
    given |= arguments
    found.check(given, arguments)
    return given


def _network(found: UserFunction, arguments: Mapping[str, object]) -> nn.Module:
    module = found.call(arguments)
    if not isinstance(module, nn.Module):
        raise ConfigFaultError(f"{found.label} must return a torch.nn.Module, got {type(module).__name__}")
    return module
