"""State of a network outside of its state_dict, to be named in an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

OF_TORCH = frozenset(vars(nn.Module()))


def differing_attributes(one: nn.Module, other: nn.Module) -> list[str]:
    """Returns the attributes and buffers that are not in the state_dict and are known to differ between two networks of
    one form."""
    theirs = dict(other.named_modules())
    differing = []
    for place, part in one.named_modules():
        others = _hidden(theirs[place]) if place in theirs else {}
        names = [name for name, mine in _hidden(part).items() if name not in others or not _equal(mine, others[name])]
        differing += [f"{place}.{name}" if place else name for name in names]
    return differing


def _hidden(part: nn.Module) -> dict[str, object]:
    attributes = {name: value for name, value in vars(part).items() if name not in OF_TORCH}
    kept = part.state_dict(keep_vars=True)
    buffers = {name: value for name, value in part.named_buffers(recurse=False) if name not in kept}
    return {**attributes, **buffers}


def _equal(a: object, b: object) -> bool:
    """Compares tensors and plain values; any other two objects count as equal."""
    a, b = (value.tolist() if hasattr(value, "tolist") and not isinstance(value, Tensor) else value for value in (a, b))
    for kind, alike in _ALIKE.items():
        if isinstance(a, kind) or isinstance(b, kind):
            return isinstance(a, kind) and isinstance(b, kind) and alike(a, b)
    return True


_ALIKE: dict[type, Callable[[Any, Any], bool]] = {
    Tensor: lambda a, b: a.shape == b.shape and torch.equal(a.cpu(), b.cpu()),
    str: lambda a, b: a == b,
    float: lambda a, b: a == b,
    int: lambda a, b: a == b,
    Mapping: lambda a, b: a.keys() == b.keys() and all(_equal(value, b[key]) for key, value in a.items()),
    Sequence: lambda a, b: len(a) == len(b) and all(map(_equal, a, b)),
}
