"""The builder of a task's networks, from any source."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from ..arguments import check_arguments
from ..errors import ConfigFaultError
from ..models import MODELS
from ..streams import seed_layers, stream_seed
from ..user_code.project import Code, hash_of
from . import handed
from .fitting_weights import fitting_state
from .lazy import materialise
from .need import Need
from .python import Maker, python_function
from .weights_file import read_weights

if TYPE_CHECKING:
    from ..protocol import ModelSpec

HANDED = "handed"


@dataclass(frozen=True)
class Builder:
    """Builds the networks of a task: ``first`` the one that the task works with, ``fresh`` one for a new point, both on
    the task's device and initialised from the named stream: the same stream gives the same state. ``anew`` runs the
    user's file again before it builds one, as another process would. ``label`` names them in messages. ``code``: the
    user's files that build them (None: they are ours). ``weights_sha256``: the hash of the file of their weights.
    ``forget_anew`` forgets the modules that ``anew`` has loaded."""

    label: str
    first: Callable[[str], nn.Module]
    fresh: Callable[[str], nn.Module]
    anew: Callable[[str], nn.Module]
    code: Code | None
    weights_sha256: str | None = None
    forget_anew: Callable[[], None] = lambda: None


def builder(spec: ModelSpec, need: Need, seed: int, modules: str | None = None) -> Builder:
    """Creates the builder of the networks that a specification describes; a module that it names is searched for in the
    folder ``modules`` last.

    Raises:
        ConfigFaultError: an unknown name, a wrong argument, or a function or module that cannot be used.
        DataFaultError: weights that cannot be read.
    """
    if (spec.name is None) == (spec.python is None):
        raise ConfigFaultError(
            "model needs a name or a python function, one of the two: "
            f"got name {spec.name!r} and python {spec.python!r}"
        )
    if spec.name == HANDED:
        return _handed(spec, need, seed)
    maker = source(spec, need, modules)
    weights = None if spec.weights is None else read_weights(spec.weights)
    weights_sha256 = None if spec.weights is None else hash_of(Path(spec.weights))

    def build(stream: str, make: Callable[[], nn.Module] = maker.make) -> nn.Module:
        _seed(seed, stream)
        module = make()
        materialise(module, maker.label, need)
        if weights is not None:
            module.load_state_dict(fitting_state(weights, module, maker.label))
        return _moved(module, maker.label, need.samples.device)

    again: list[Maker] = []

    def anew(stream: str) -> nn.Module:
        _seed(seed, f"{stream}/file")
        with contextlib.suppress(ConfigFaultError):  # a file that registers something can run only once in a process
            again.append(source(spec, need, modules))
        return build(stream, again[-1].make if again else maker.make)

    def forget_anew() -> None:
        for one in again:
            if one.project is not None:
                one.project.forget()

    return Builder(maker.label, build, build, anew, maker.project, weights_sha256, forget_anew)


def unshared(module: nn.Module, earlier: nn.Module) -> nn.Module:
    """Returns the module if it shares no tensor with an earlier one.

    Raises:
        ConfigFaultError: it does.
    """
    taken = {id(tensor) for tensor in chain(earlier.parameters(), earlier.buffers())}
    if any(id(tensor) in taken for tensor in chain(module.parameters(), module.buffers())):
        raise ConfigFaultError(
            "the model's function returned a network, or parts of one, that it had returned before: "
            "it must build a new one at each call"
        )
    return module


def source(spec: ModelSpec, need: Need, modules: str | None = None) -> Maker:
    """Returns a call of the function, built-in or the user's, that builds the network.

    Raises:
        ConfigFaultError: an unknown name, a wrong argument, or a function that does not exist.
    """
    if spec.python is None:
        return _named(spec, need)
    return python_function(spec.python, spec.args, need, Path(modules or ""))


def _seed(seed: int, stream: str) -> None:
    """Seeds every generator that a network may draw from. Built-in networks are initialised on the CPU, equally for
    every device; other networks may draw from any generator."""
    import numpy as np  # noqa: PLC0415 (using networks needs no numpy)

    seed_layers(seed, stream, torch.device("cpu"))
    value = stream_seed(seed, stream)
    random.seed(value)
    np.random.seed(value % 2**32)


def _moved(module: nn.Module, label: str, device: torch.device) -> nn.Module:
    try:
        return module.to(device)
    except Exception as error:  # a module without values, one that is not ours, or too little memory
        raise ConfigFaultError(f"{label} cannot be moved to {device}: {type(error).__name__}: {error}") from error


def _named(spec: ModelSpec, need: Need) -> Maker:
    if spec.name not in MODELS:
        raise ConfigFaultError(f"unknown model {spec.name!r}; known: {', '.join([*MODELS, HANDED])}")
    make = MODELS[spec.name]
    check_arguments("model", make, spec.args)
    return Maker(f"model {spec.name!r}", lambda: make(need.inputs, need.outputs, **spec.args))


def _handed(spec: ModelSpec, need: Need, seed: int) -> Builder:
    if spec.weights is not None:
        raise ConfigFaultError(
            "model 'handed' has the weights that it was handed over with: load them before, not here"
        )
    check_arguments("model", handed.first_network, spec.args)
    init: handed.Init = "reset" if spec.args.get("init") == "reset" else "given"
    device = need.samples.device

    def first(stream: str) -> nn.Module:
        _seed(seed, stream)
        return handed.first_network(need, init=init).to(device)

    def fresh(stream: str) -> nn.Module:
        _seed(seed, stream)
        return handed.fresh_network(init=init).to(device)

    return Builder(handed.LABEL, first, fresh, fresh, handed.handed().code)
