"""Optional packages, which only some uses of an ensemble need."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from dsptt_worker.errors import ConfigFaultError

EXTRAS = {
    "onnx": ["onnx", "onnxscript", "onnxruntime"],
    "tensorboard": ["tensorboard"],
    "mlflow": ["mlflow-skinny"],
}
"""Packages of each extra, as in pyproject.toml."""


def needed(extra: str, module: str) -> Any:
    """Imports a module of an extra.

    Raises:
        ConfigFaultError: it is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        packages = " ".join(EXTRAS[extra])
        raise ConfigFaultError(
            f"this needs the Python package {error.name}: {sys.executable} -m pip install {packages} "
            f"(or install dsptt-worker[{extra}])"
        ) from error
