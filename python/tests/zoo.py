"""Models from user files, for tests, and the requests that open them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import torch
from builders import open_message

from dsptt_worker.protocol import ModelSpec, Open
from dsptt_worker.zoo import Need

IMAGES = Need(torch.linspace(-1, 1, 2 * 3 * 32 * 32).view(2, 3, 32, 32), 10, 10)


def asking(dataset: str = "wine", **model: Any) -> Open:
    """Builds the request to open a task with such a model, on wine (13 numbers, 3 classes) by default."""
    message = open_message(dataset)
    message.model = ModelSpec(**model)
    return message


def written(directory: Path, code: str, name: str = "own.py") -> str:
    """Writes a file with this code; returns its path."""
    file = directory / name
    file.write_text("import torch\nfrom torch import nn\n" + textwrap.dedent(code))
    return str(file)
