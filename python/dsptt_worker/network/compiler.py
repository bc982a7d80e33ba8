"""Requirements of torch.compile, checked before anything is compiled."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys

import torch

from ..errors import ConfigFaultError


def check_compiler(device: torch.device) -> None:
    """Checks that torch.compile can compile for a device.

    Raises:
        ConfigFaultError: a compiler is missing.
    """
    default = "clang++" if sys.platform == "darwin" else "g++"
    wanted = os.environ.get("CXX", default)
    if shutil.which(wanted) is None:
        raise ConfigFaultError(
            f"compile needs a C++ compiler, and {wanted!r} is not found: install g++ or clang, name yours in the "
            "environment variable CXX, or leave compile off"
        )
    if device.type == "cuda" and importlib.util.find_spec("triton") is None:
        raise ConfigFaultError("compile needs the package triton on CUDA devices: install it, or leave compile off")
