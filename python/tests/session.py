"""Requests as the server executes them, one after another, without the sockets."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from builders import PLAIN, never, open_message, solver

from dsptt_worker import protocol
from dsptt_worker.serve.handlers import Handlers

REQUESTS = {request.__struct_config__.tag: request for request in (*protocol.WORK, *protocol.CONTROL)}


class Session:
    """Handlers with wine opened and one point, ``home``."""

    def __init__(self) -> None:
        self.handlers = Handlers("worker")
        self.handlers.handle(open_message(model_args={"hidden": [8]}), {}, never)
        self.ask("newPoint", point="home", stream="init")

    def ask(self, op: str, tensors: dict[str, np.ndarray] | None = None, **fields: Any) -> tuple[Any, dict[str, Any]]:
        request = REQUESTS[op](id=1, sender="test", **fields)
        return self.handlers.handle(request, tensors or {}, never)

    def descend(self, point: str, lr: Any = (0.1, 0.1)) -> np.ndarray:
        return self.descent(point, lr)[1]["loss"]

    def descent(self, point: str, lr: Any = (0.1, 0.1), noise: Any = (), **changes: Any) -> tuple[Any, dict[str, Any]]:
        fields = {"stream": "train", "start": 0, "solver": solver(momentum=0.9), "capture": [], **changes}
        tensors = {"lr": np.array(lr, np.float64), "noise": np.array(noise, np.float64)}
        return self.ask("descend", tensors, point=point, **fields)

    def path(self, name: str = "p", origin: str = "home", stream: str = "v") -> None:
        self.ask("newPath", path=name, origin=origin, stream=stream, scale="layer")

    def search(
        self, paths: list[str], path: Any, growth: Any = None, rho2: Any = None, **fields: Any
    ) -> dict[str, Any]:
        tensors = {
            "path": np.array(path, np.int32),
            "growth": np.array([1.01] * len(path) if growth is None else growth, np.float64),
            "rho2": np.array([0.1] * len(path) if rho2 is None else rho2, np.float64),
        }
        options = {"stream": "search", "start": 0, "solver": PLAIN, "capture": [], "cosines": False, **fields}
        return self.ask("search", tensors, paths=paths, **options)[1]

    def theta(self, point: str) -> torch.Tensor:
        return self.handlers.task.points[point].theta
