"""Trial of a step: run and undone, to detect actions that a captured step could not repeat."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


class UncapturableError(Exception):
    """Reason why a step cannot be captured; the text ends a sentence."""


@contextmanager
def undone(changes: list[Tensor], device: torch.device) -> Iterator[None]:
    """Restores the tensors and random generators at the end: no trace of a step that was run inside remains."""
    kept = [tensor.clone() for tensor in changes]
    generators = _generators(device)
    states = [generator.get_state() for generator in generators]
    hosts = (random.getstate(), np.random.get_state())
    try:
        yield
    finally:
        for tensor, was in zip(changes, kept, strict=True):
            tensor.copy_(was)
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)
        random.setstate(hosts[0])
        np.random.set_state(hosts[1])


def check_replayable(run: Callable[[], None], module: nn.Module, device: torch.device) -> None:
    """Runs a step, so that everything created at the first use exists, and once more to detect whether the host does
    more than launch operations: a captured step launches the same ones each time.

    Raises:
        UncapturableError: the step keeps numbers, or draws random ones, on the host.
    """
    before = _host_values(module)
    run()
    values, draws = _host_values(module), _host_draws(device)
    run()
    changed = [place for place, value in _host_values(module).items() if values.get(place) != value]
    if changed:
        _restore(module, before)
        layer, name = changed[0]
        raise UncapturableError(f"layer {layer or 'of the whole network'} changes its {name} in every step")
    if _host_draws(device) != draws:
        raise UncapturableError("the network draws random numbers on the host, which would be the same in every step")


def _generators(device: torch.device) -> list[torch.Generator]:
    own = [torch.cuda.default_generators[device.index or 0]] if device.type == "cuda" else []
    return [torch.default_generator, *own]


def _host_values(module: nn.Module) -> dict[tuple[str, str], object]:
    """Returns the plain values that layers hold, by layer and name."""
    return {
        (layer, name): value
        for layer, part in module.named_modules()
        for name, value in vars(part).items()
        if isinstance(value, bool | int | float | str)
    }


def _restore(module: nn.Module, values: dict[tuple[str, str], object]) -> None:
    layers = dict(module.named_modules())
    for layer, name in _host_values(module):
        if (layer, name) in values:
            setattr(layers[layer], name, values[layer, name])
        else:
            delattr(layers[layer], name)


def _host_draws(device: torch.device) -> tuple[Any, ...]:
    """Returns the states of the host's random generators, without torch's own on a CPU device, where layers may draw
    from it."""
    torchs = torch.default_generator.get_state().tolist() if device.type == "cuda" else None
    name, keys, *rest = np.random.get_state(legacy=True)
    return random.getstate(), (name, keys.tolist(), *rest), torchs  # type: ignore[union-attr]
