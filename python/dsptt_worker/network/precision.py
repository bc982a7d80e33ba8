"""Precisions: the requirements of each on a device, and the switches of torch that it sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch

from ..errors import ConfigFaultError

Precision = Literal["fp32", "tf32", "bf16"]

AMPERE = (8, 0)
"""The first compute capability with TF32 and bfloat16."""


def check_precision(precision: Precision, device: torch.device) -> None:
    """Checks that a device supports a precision.

    Raises:
        ConfigFaultError: it does not.
    """
    if precision == "tf32" and device.type != "cuda":
        raise ConfigFaultError(
            f"precision 'tf32' is a mode of CUDA devices, got device {str(device)!r}: use 'fp32', or 'bf16', which "
            "runs anywhere"
        )
    if precision == "fp32" or device.type != "cuda":
        return
    capability = torch.cuda.get_device_capability(device)
    if capability < AMPERE:
        raise ConfigFaultError(
            f"precision {precision!r} needs a CUDA device of compute capability 8.0 or more, {device} "
            f"({torch.cuda.get_device_name(device)}) has {'.'.join(map(str, capability))}: use 'fp32'"
        )


def switch(precision: Precision, device: torch.device) -> Callable[[], None]:
    """Sets whether float32 products and convolutions on CUDA are rounded to TF32: torch rounds convolutions by default,
    which fp32 must not. Returns a function that restores the switches: other code in this process may use torch too."""
    if device.type != "cuda":
        return lambda: None
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = (matmul.allow_tf32, cudnn.allow_tf32)
    matmul.allow_tf32 = cudnn.allow_tf32 = precision == "tf32"

    def restore() -> None:
        matmul.allow_tf32, cudnn.allow_tf32 = before

    return restore
