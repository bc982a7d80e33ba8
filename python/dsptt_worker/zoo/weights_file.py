"""Weights that a configuration names: safetensors, or a file of ``torch.save`` that holds tensors alone."""

from __future__ import annotations

import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..errors import ConfigFaultError, DataFaultError

NESTED = ("state_dict", "model")  # keys under which training scripts store the state, beside an epoch and an optimizer
PARALLEL = "module."  # prefix that DataParallel adds to every name
SHOWN = 3


def read_weights(file: str) -> dict[str, Tensor]:
    """Reads a ``state_dict`` to the CPU. No code in the file is run: only tensors and plain containers are accepted.

    Raises:
        DataFaultError: no such file, a damaged one, one that holds code, or no tensors by name.
    """
    path = Path(file)
    if not path.is_file():
        raise DataFaultError(f"the weights {file} do not exist")
    found = _safetensors(path) if path.suffix == ".safetensors" else _torch_file(path)
    for key in NESTED:
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
    if not isinstance(found, dict) or not all(isinstance(t, Tensor) for t in found.values()) or not found:
        raise DataFaultError(f"the weights {file} hold no state_dict: tensors by name, alone or under 'state_dict'")
    state = {str(name): tensor for name, tensor in found.items()}
    if all(name.startswith(PARALLEL) for name in state):
        state = {name.removeprefix(PARALLEL): tensor for name, tensor in state.items()}
    for name, tensor in state.items():
        if not torch.isfinite(tensor).all():
            raise DataFaultError(f"the weights {file} hold values that are not finite, first in {name!r}")
    return state


def _safetensors(path: Path) -> object:
    try:
        return load_file(path)
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise DataFaultError(f"the weights {path} are not a safetensors file, or a damaged one ({error})") from error


def _torch_file(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise DataFaultError(
            f"the weights {path} are refused: they are no file of torch.save, or a pickle that holds more than tensors "
            "and would run code when read; save the state_dict alone, best as safetensors"
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise DataFaultError(f"the weights {path} cannot be read: {error}") from error


def set_weights(module: nn.Module, state: dict[str, Tensor], label: str) -> None:
    """Sets the module's whole state.

    Raises:
        ConfigFaultError: names or shapes that are not the module's.
    """
    mine = module.state_dict()
    shared = mine.keys() & state.keys()
    complaints = {
        "missing": [name for name in mine if name not in state],
        "unexpected": [name for name in state if name not in mine],
        "of another shape": [
            f"{name} {list(state[name].shape)} where {list(mine[name].shape)} is needed"
            for name in mine
            if name in shared and state[name].shape != mine[name].shape
        ],
    }
    said = [f"{len(names)} {what} ({_first(names)})" for what, names in complaints.items() if names]
    if said:
        raise ConfigFaultError(f"the weights do not fit {label}: {'; '.join(said)}")
    module.load_state_dict(state)


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
