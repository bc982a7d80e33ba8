"""What a network remembers outside of its state_dict, to be named in an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

OF_TORCH = frozenset(vars(nn.Module()))


def differing_attribute(one: nn.Module, other: nn.Module) -> str | None:
    """Returns the first attribute or buffer that is not in the state_dict and differs between two networks; None: none
    is known to."""
    theirs = dict(other.named_modules())
    for place, part in one.named_modules():
        mine, others = _hidden(part), _hidden(theirs[place]) if place in theirs else {}
        for name, value in mine.items():
            if name not in others or not _equal(value, others[name]):
                return f"{place}.{name}" if place else name
    return None


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
