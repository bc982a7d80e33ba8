"""Conversion of points to and from the bytes of safetensors files. No pickle is ever read."""

from __future__ import annotations

import json
from collections.abc import Mapping

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from ..errors import DataFaultError
from .flat import FlatNetwork, Point
from .state_tensors import is_finite


def to_safetensors(net: FlatNetwork, point: Point, metadata: dict[str, str]) -> bytes:
    """Serialises the network's ``state_dict`` at the point. Plain safetensors and torch can load it; the bytes are
    always the same."""
    net.load(point)
    state = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in net.module.state_dict().items()
    }
    # one key alone: safetensors writes several in an order that changes from process to process
    return save(state, {"dsptt": json.dumps(metadata, sort_keys=True)})


def from_safetensors(net: FlatNetwork, file: bytes) -> Point:
    """Reads the point whose ``state_dict`` a file holds.

    Raises:
        DataFaultError: not a safetensors file, other names, shapes or types than the network's, or values not finite.
    """
    state, own = read_tensors(file), net.module.state_dict()
    check_tensors(state, own)
    for name, tensor in state.items():
        if not is_finite(tensor, own[name]):
            raise DataFaultError(f"tensor {name!r} holds values that are not finite")
    net.module.load_state_dict(state)
    return net.point()


def read_tensors(file: bytes) -> dict[str, Tensor]:
    """Reads the tensors of a safetensors file, on the CPU.

    Raises:
        DataFaultError: not such a file, or a damaged one.
    """
    try:
        return load(file)
    except (SafetensorError, KeyError, ValueError) as error:  # KeyError: an element type that torch does not have
        raise DataFaultError(f"not a safetensors file of this network, or a damaged one ({error})") from error


def check_tensors(state: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> None:
    """Checks that a file's tensors have the names, shapes and types of the expected ones.

    Raises:
        DataFaultError: they have not.
    """
    for name, tensor in expected.items():
        if name not in state:
            raise DataFaultError(f"the file has no tensor {name!r}, which the network needs: it is of another network")
        if state[name].shape != tensor.shape:
            shapes = f"has shape {list(state[name].shape)}, the network needs {list(tensor.shape)}"
            raise DataFaultError(f"tensor {name!r} {shapes}: it is of another network")
        if state[name].dtype != tensor.dtype:
            raise DataFaultError(f"tensor {name!r} has type {state[name].dtype}, the network needs {tensor.dtype}")
    unknown = [name for name in state if name not in expected]
    if unknown:
        raise DataFaultError(f"the file holds tensor {unknown[0]!r}, which the network does not have")
