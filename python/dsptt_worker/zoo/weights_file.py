"""Weights that a configuration names: safetensors, or a file of ``torch.save`` that holds tensors alone."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from ..errors import ConfigFaultError, DataFaultError

SHOWN = 3
DEPTH = 3  # of dicts within dicts: {"state": {"model": {...}}}


@dataclass(frozen=True)
class Weights:
    """Content of a file of weights: every dict of tensors in it, by its keys from outside to inside, joined by dots
    (none for the file itself). Training scripts store the state under a key of their choice, beside an epoch and an
    optimizer."""

    file: str
    states: dict[str, dict[str, Tensor]]


def read_weights(file: str) -> Weights:
    """Reads tensors to the CPU. No code in the file is run: only tensors and plain containers are accepted.

    Raises:
        DataFaultError: no such file, a damaged one, one that holds code, or no tensors by name.
    """
    path = Path(file)
    if not path.is_file():
        raise DataFaultError(f"the weights {file} do not exist")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataFaultError(f"the weights {file} cannot be read: {error}") from error
    return weights_in(content, file, is_safetensors=path.suffix == ".safetensors")


def weights_in(content: bytes, file: str, *, is_safetensors: bool) -> Weights:
    """Reads tensors from a file's bytes; ``file`` is its name in messages.

    Raises:
        DataFaultError: as for ``read_weights``.
    """
    found = _safetensors(content, file) if is_safetensors else _torch_file(content, file)
    states = dict(_states(found, []))
    if not states:
        raise DataFaultError(
            f"the weights {file} hold no state_dict: tensors by name, alone or under a key such as 'model'"
        )
    return Weights(file, states)


def is_of_torch(content: bytes) -> bool:
    """True if a file's bytes begin as ``torch.save`` writes them: a zip archive, or a pickle of older versions. A
    safetensors file, whose first eight bytes are the length of the JSON behind them, may begin in either way too."""
    return content.startswith((b"PK\x03\x04", b"\x80")) and content[8:9] != b"{"


def _states(found: object, keys: list[str]) -> Iterator[tuple[str, dict[str, Tensor]]]:
    if not isinstance(found, dict) or len(keys) > DEPTH:
        return
    tensors = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
    if tensors:
        yield ".".join(keys), tensors
    for key, value in found.items():
        yield from _states(value, [*keys, str(key)])


def _safetensors(content: bytes, file: str) -> object:
    try:
        return load(content)
    except (SafetensorError, KeyError, ValueError) as error:
        raise DataFaultError(f"the weights {file} are not a safetensors file, or a damaged one ({error})") from error


def _torch_file(content: bytes, file: str) -> object:
    try:
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise DataFaultError(
            f"the weights {file} are refused: they are no file of torch.save, or a pickle that holds more than tensors "
            "and would run code when read; save the state_dict alone, best as safetensors"
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise DataFaultError(f"the weights {file} cannot be read: {error}") from error


def set_weights(module: nn.Module, state: dict[str, Tensor], label: str) -> None:
    """Sets the module's whole state.

    Raises:
        ConfigFaultError: names or shapes that are not the module's.
    """
    said = differences(module.state_dict(), state)
    if said:
        raise ConfigFaultError(f"the weights do not fit {label}: {said}")
    module.load_state_dict(state)


def differences(mine: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> str:
    """Describes how a state's names and shapes differ from a network's; empty if they do not."""
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
    return "; ".join(f"{len(names)} {what} ({_first(names)})" for what, names in complaints.items() if names)


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
