"""Choice of the state that fits a network among those in a file of weights.

A state fits whole or not at all: no tensor of the network is left as it was, and none of the state's is left out, but
for the counters that PyTorch itself adds and leaves out. Names may differ by what PyTorch's wrappers add to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from ..errors import ConfigFaultError, DataFaultError
from ..network.state_tensors import is_finite
from .weights_file import Weights, differences

WRAPPERS = frozenset({"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"})
"""Parts of names that DataParallel and DistributedDataParallel, torch.compile, FSDP and activation checkpoints add."""
OF_AVERAGES = "n_averaged"  # AveragedModel counts the networks in it
COUNTER = "num_batches_tracked"  # which PyTorch before 0.4.1 did not have


def fitting_state(weights: Weights, module: nn.Module, label: str) -> dict[str, Tensor]:
    """Returns the one state in the file that fits the module, under the module's names and in its types.

    Raises:
        ConfigFaultError: none fits, or several that differ do.
        DataFaultError: it holds values that are not finite, or of a type that does not become the module's.
    """
    mine, counters = module.state_dict(), _counters(module)
    named = {place: {**counters, **_renamed(state, mine)} for place, state in weights.states.items()}
    fitting = {place: state for place, state in named.items() if not differences(mine, state)}
    if not fitting:
        place, state = max(named.items(), key=lambda each: len(each[1].keys() & mine.keys()))
        under = f" under {place!r}" if place else ""
        raise ConfigFaultError(f"the weights{under} do not fit {label}: {differences(mine, state)}")
    found = {place: _converted(state, mine, weights.file) for place, state in fitting.items()}
    first, *others = found.values()
    if any(not _equal(first, other) for other in others):
        places = ", ".join(repr(place) for place in found)
        raise ConfigFaultError(
            f"the weights {weights.file} hold several states that fit {label}, under {places}: save the one that is "
            "meant in a file of its own"
        )
    return first


def _renamed(state: Mapping[str, Tensor], mine: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Returns the state with the network's own names in place of those that differ by wrappers and one prefix."""
    bare = {_unwrapped(name): name for name in mine}
    counted = {name: tensor for name, tensor in state.items() if name != OF_AVERAGES or name in mine}
    given = {_unwrapped(name): name for name in counted}
    if len(bare) < len(mine) or len(given) < len(counted):
        return counted

    def own(name: str, prefix: str) -> str:
        return bare.get(name.removeprefix(prefix), name) if name.startswith(prefix) else name

    renamed: dict[str, Tensor] = counted
    for prefix in dict.fromkeys(prefix for name in given for prefix in _prefixes(name, bare)):
        under = {own(name, prefix): counted[whole] for name, whole in given.items()}
        if len(under) == len(given) and len(under.keys() & mine.keys()) > len(renamed.keys() & mine.keys()):
            renamed = under
    return renamed


def _prefixes(name: str, bare: Mapping[str, str]) -> Iterator[str]:
    """Lists the prefixes without which a name is one of the network's."""
    parts = name.split(".")
    for k in range(len(parts)):
        if ".".join(parts[k:]) in bare:
            yield "".join(f"{part}." for part in parts[:k])


def _counters(module: nn.Module) -> dict[str, Tensor]:
    """Returns the counters of batch norm, as built; PyTorch's own load_state_dict lets them be missing too."""
    return {
        f"{name}.{COUNTER}" if name else COUNTER: layer.num_batches_tracked
        for name, layer in module.named_modules()
        if isinstance(layer, _NormBase) and layer.num_batches_tracked is not None
    }


def _unwrapped(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in WRAPPERS)


def _converted(state: Mapping[str, Tensor], mine: Mapping[str, Tensor], file: str) -> dict[str, Tensor]:
    converted = {}
    for name, tensor in state.items():
        value = _as_type(tensor, mine[name].dtype)
        if value is None:
            raise DataFaultError(
                f"the weights {file} hold {name!r} as {tensor.dtype}{_layout(tensor)}, which does not become the "
                f"network's {mine[name].dtype}: save it dense, as floating-point numbers"
            )
        if not is_finite(value, mine[name]):
            raise DataFaultError(f"the weights {file} hold values that are not finite, first in {name!r}")
        converted[name] = value
    return converted


def _as_type(tensor: Tensor, wanted: torch.dtype) -> Tensor | None:
    """Converts numbers of one kind (real, whole, complex) to another type of it, and real numbers that are whole to
    whole ones; None for anything else. Whole numbers for real ones are quantised weights, without their scale."""
    if tensor.layout != torch.strided or tensor.is_quantized:
        return None
    if tensor.dtype == wanted:
        return tensor
    if tensor.is_complex() or wanted.is_complex:
        return tensor.to(wanted) if tensor.is_complex() and wanted.is_complex else None
    try:
        numbers = tensor.double()
    except (NotImplementedError, RuntimeError):  # several 4-bit numbers in a byte
        return None
    if wanted.is_floating_point:
        return numbers.to(wanted) if tensor.is_floating_point() else None
    whole = numbers.to(wanted)
    return whole if torch.equal(whole.double(), numbers) else None


def _layout(tensor: Tensor) -> str:
    return "" if tensor.layout == torch.strided else f" in layout {tensor.layout}"


def _equal(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> bool:
    return all(torch.equal(tensor, b[name]) for name, tensor in a.items())
