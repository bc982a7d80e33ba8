"""Networks built as the worker builds them, with their weights from files."""

from __future__ import annotations

from collections.abc import Callable

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.zoo import HANDED, Need
from dsptt_worker.zoo.lazy import materialise
from dsptt_worker.zoo.python import Maker, python_function
from dsptt_worker.zoo.weights_file import set_weights

from .code import check_code, find_code
from .source import MemberFile, Source

Build = Callable[[], nn.Module]


def load_networks(
    source: Source, members: list[MemberFile], build: Build | None, *, trust_code: bool
) -> list[nn.Module]:
    """Loads the members' networks on the CPU, in evaluation mode. The caller's random numbers are left alone.

    Raises:
        ConfigFaultError: nothing that may be run builds such a network, or it builds another one.
        DataFaultError: a member's file is damaged.
    """
    need = Need(torch.zeros(1, *source.samples.shape), source.samples.outputs, source.samples.kind)
    with torch.random.fork_rng(devices=[]):
        label, make = _builder(source, need, build, trust_code=trust_code)
        return [_network(label, make, need, member) for member in members]


def _network(label: str, make: Build, need: Need, member: MemberFile) -> nn.Module:
    state = _tensors(member)
    module = make()
    if not isinstance(module, nn.Module):
        raise ConfigFaultError(f"{label} must return a torch.nn.Module, got {type(module).__name__}")
    materialise(module, label, need)
    set_weights(module, state, label)
    return module.cpu().eval()


def _tensors(member: MemberFile) -> dict[str, Tensor]:
    try:
        return load(member.read())
    except (SafetensorError, KeyError, ValueError) as error:
        raise DataFaultError(f"the member {member.path} is no safetensors file: {error}") from error


def _builder(source: Source, need: Need, build: Build | None, *, trust_code: bool) -> tuple[str, Build]:
    model = source.model
    if build is not None:
        return "the function given as build", build
    if model.python is not None:
        if not trust_code:
            raise ConfigFaultError(
                f"{source.path} names code to be imported, {model.python}: look at it, and give --trust-code "
                "(in Python trust_code=True, or build=...) if you trust it"
            )
        where, folder = find_code(source)
        maker = python_function(where, model.args, need, folder)
        return maker.label, lambda: _checked(maker, source)
    if model.name == HANDED:
        raise ConfigFaultError(
            f"the networks of {source.path} were built by a script, which alone can build them again: in Python give "
            "load_ensemble a function that does, build=..."
        )
    if model.name not in MODELS:
        raise ConfigFaultError(f"{source.path} names model {model.name!r}, which this version of dsptt does not have")
    named = MODELS[model.name]
    return f"model {model.name!r}", lambda: named(need.inputs, need.outputs, **model.args)


def _checked(maker: Maker, source: Source) -> nn.Module:
    module = maker.make()
    if maker.project is not None:
        check_code(source, maker.project)
    return module
