"""What a network remembers outside of its state_dict, to be named in an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    """Compares plain values and tensors; any other two objects count as equal."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and torch.equal(a.cpu(), b.cpu())
    if type(a) is not type(b):
        return False
    if isinstance(a, bool | int | float | str):
        return a == b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_equal(value, b[key]) for key, value in a.items())
    if isinstance(a, Sequence) and isinstance(b, Sequence):
        return len(a) == len(b) and all(map(_equal, a, b))
    return not hasattr(a, "tolist") or _equal(a.tolist(), b.tolist())  # type: ignore[attr-defined]  # NumPy's arrays
