"""The tensors of a network's state: which ones points and files can hold."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from ..errors import ConfigFaultError

KEPT = frozenset(
    getattr(torch, name)
    for name in (
        *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
        *("float16", "bfloat16", "float32", "float64", "complex64", "float8_e4m3fn", "float8_e5m2"),
    )
)
"""Element types that safetensors and the operations on points have."""


def check_state(module: nn.Module) -> None:
    """Checks that every tensor of a module's state can be copied, compared and written to a file.

    Raises:
        ConfigFaultError: one cannot, or the state_dict holds something else.
    """
    for name, parameter in module.named_parameters():
        if not parameter.requires_grad:
            _check(f"parameter {name}", parameter)
    for name, buffer in module.named_buffers():
        _check(f"buffer {name}", buffer)
        if buffer.requires_grad:
            raise ConfigFaultError(
                f"buffer {name} has a gradient: compute it in forward, or detach it before register_buffer"
            )
    for name, tensor in state_of(module).items():
        _check(f"{name} of the model's state_dict", tensor)


def state_of(module: nn.Module) -> dict[str, Tensor]:
    """Returns the module's state_dict.

    Raises:
        ConfigFaultError: it cannot be made, or holds something else than tensors.
    """
    try:
        state: object = module.state_dict()
    except Exception as error:  # a module that is not ours may raise anything
        raise ConfigFaultError(f"the model's state_dict() raises {type(error).__name__}: {error}") from error
    if not isinstance(state, Mapping):
        raise ConfigFaultError(f"the model's state_dict() must return tensors by name, got {type(state).__name__}")
    for name, value in state.items():
        if not isinstance(value, Tensor):
            raise ConfigFaultError(
                f"the model's state_dict holds {name!r}, which is {type(value).__name__} and no tensor: return a "
                "tensor from get_extra_state, or keep the value in a buffer"
            )
    return dict(state)


def is_expanded(tensor: Tensor) -> bool:
    """Reports whether elements of a dense tensor share memory: nothing can then be copied into it."""
    return any(stride == 0 and size > 1 for size, stride in zip(tensor.shape, tensor.stride(), strict=True))


def is_finite(tensor: Tensor, own: Tensor) -> bool:
    """Reports whether every element is a finite number, or is infinite where the network's ``own`` tensor is so too, as
    in masks of attention; ``own`` has the same shape."""
    numbers = _numbers(tensor)
    return bool((torch.isfinite(numbers) | (numbers == _numbers(own).to(numbers.device))).all())


def _numbers(tensor: Tensor) -> Tensor:
    """Converts 8-bit floats, for which torch has no comparisons."""
    return tensor.float() if tensor.is_floating_point() and tensor.itemsize == 1 else tensor


def _check(what: str, tensor: Tensor) -> None:
    if is_lazy(tensor):
        raise ConfigFaultError(f"{what} is lazy: the model has run once, and did not use it")
    if tensor.is_meta:
        raise ConfigFaultError(f"{what} has no values (device meta): give the model its weights when it is built")
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.dtype not in KEPT:
        layout = "" if tensor.layout == torch.strided else f" in layout {tensor.layout}"
        raise ConfigFaultError(
            f"{what} is {tensor.dtype}{layout}: it must be dense, of a type that safetensors files can hold, such as "
            "float32 or int64"
        )
