"""Models from user files, for tests, and the requests that open them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import torch
from builders import open_message

from dsptt_worker.protocol import ModelSpec, Open
from dsptt_worker.task import Task, open_task
from dsptt_worker.zoo import Need

IMAGES = Need(torch.linspace(-1, 1, 2 * 3 * 32 * 32).view(2, 3, 32, 32), 10, "classes")


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


WINE_NET = """
    import random
    import numpy as np
    SEEN = {"count": 0.0}
    CLOSED = [0.0]
    DRAWN = np.random.rand()
    class Settings:
        pass
    class Extra(nn.Linear):
        def __init__(self, extra):
            super().__init__(13, 3)
            self.extra = extra
        def get_extra_state(self):
            return self.extra
        def set_extra_state(self, state):
            self.extra = state
        def forward(self, x):
            return super().forward(x) * self.extra
    class Net(nn.Module):
        shared = 0.0
        drawn = torch.randn(13)
        def __init__(self):
            super().__init__()
            self.settings = Settings()
            self.layer = nn.Linear(13, 3)
            {init}
        def forward(self, x):
            {forward}
    def defineModel():
        return Net()
"""


def opened_net(tmp_path: Path, init: str, forward: str) -> Task:
    """Opens wine with a network of one linear layer, with more lines in its constructor and these in its forward."""

    def block(lines: str) -> str:
        return "\n            ".join(lines.split("\n"))

    code = WINE_NET.replace("{init}", block(init)).replace("{forward}", block(forward))
    return open_task(asking(python=written(tmp_path, code)))
