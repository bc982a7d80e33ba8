"""A module that is handed over within this process: the task works with that object itself.

The registry is global to the process, because the hand-over and the ``open`` that uses it arrive by different channels
(a call through pythonia, a message on a socket), and a process hosts one worker.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from ..user_code.project import Code
from .lazy import is_lazy_module, materialise
from .need import Need

Init = Literal["given", "reset"]
LABEL = "the module handed over"


@dataclass
class Handed:
    """The object, and a copy of it in its first state; the copy is None while the object is lazy, which PyTorch cannot
    copy. ``code`` is of the script's files that have built it."""

    module: nn.Module
    first: nn.Module | None
    code: Code | None


_handed: list[Handed] = []  # at most one


def hand_over(module: object, code: Code | None = None) -> None:
    """Makes ``module``, built by files of ``code``, the network of the model ``handed``. It replaces the one before.

    Raises:
        ConfigFaultError: not an ``nn.Module``, or one that cannot be copied.
    """
    if not isinstance(module, nn.Module):
        raise ConfigFaultError(f"a torch.nn.Module must be handed over, got {type(module).__name__}")
    _handed[:] = [Handed(module, None if is_lazy_module(module) else _copy(module), code)]


def handed() -> Handed:
    """Returns the module that was handed over last.

    Raises:
        ConfigFaultError: nothing was.
    """
    if not _handed:
        raise ConfigFaultError(
            "no module was handed over to this worker: model 'handed' is for scripts that give a factory of modules"
        )
    return _handed[0]


def first_network(need: Need, *, init: Init = "given") -> nn.Module:
    """Returns the object itself, set back to its first state: as handed over, or reset (seed torch before)."""
    given = handed()
    if given.first is None:
        materialise(given.module, LABEL, need)
        given.first = _copy(given.module)
    _restore(given.module, given.first)
    if init == "reset":
        reset(given.module)
    return given.module


def fresh_network(*, init: Init = "given") -> nn.Module:
    """Returns a copy of the module in its first state: as handed over, or reset (seed torch before)."""
    given = handed()
    module = _copy(given.module if given.first is None else given.first)
    if init == "reset":
        reset(module)
    return module


def reset(module: nn.Module) -> None:
    """Calls ``reset_parameters`` on every submodule with parameters of its own, in order.

    Raises:
        ConfigFaultError: a submodule has parameters and no such method.
    """
    for name, part in module.named_modules():
        if not any(True for _ in part.parameters(recurse=False)):
            continue
        again = getattr(part, "reset_parameters", None)
        if not callable(again):
            raise ConfigFaultError(
                f"{LABEL} cannot be reset: submodule {name or '(the module itself)'} ({type(part).__name__}) has "
                "parameters but no reset_parameters method; give it one, or use init: given"
            )
        again()


def _copy(module: nn.Module) -> nn.Module:
    try:
        return copy.deepcopy(module)
    except Exception as error:  # a foreign __deepcopy__ may raise anything
        raise ConfigFaultError(f"{LABEL} ({type(module).__name__}) cannot be copied: {error}") from error


def _restore(module: nn.Module, first: nn.Module) -> None:
    """Puts back the first state of the module, which training has moved since."""
    mine, kept = dict(_tensors(module)), dict(_tensors(first))
    described, expected = _described(mine), _described(kept)
    if described != expected:
        changed = sorted(described.items() ^ expected.items())[0][0]
        raise ConfigFaultError(f"{LABEL} has changed since then, first at {changed!r}: hand it over again")
    with torch.no_grad():
        for name, tensor in mine.items():
            tensor.copy_(kept[name])


def _tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from module.named_parameters()
    yield from module.named_buffers()


def _described(tensors: dict[str, Tensor]) -> dict[str, str]:
    return {name: f"{list(t.shape)} {t.dtype} {t.requires_grad}" for name, t in tensors.items()}
