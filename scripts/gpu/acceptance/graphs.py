"""Steps as CUDA graphs against the same steps one kernel at a time: the same numbers, and how much faster.

The worker's own handlers, in one process. Answers in the file named, after each network anew.
On a CPU nothing is captured, so that this only shows that it works.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dsptt_worker import protocol
from dsptt_worker.handlers import Handlers
from dsptt_worker.message import Request
from msgspec.structs import replace

HEADER = {"id": 1, "sender": "acceptance"}
PATHS = ["a", "b", "c", "d", "e"]
SOLVER = protocol.Solver(
    solver="sgd",
    momentum=0.9,
    nesterov=False,
    weightDecay=3e-4,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-8,
)
CALIBRATION = replace(SOLVER, momentum=0.0, weightDecay=0.0)
MODES: dict[str, dict[str, Any]] = {
    "eager fp32": {"precision": "fp32", "graphs": "off"},
    "graph fp32": {"precision": "fp32", "graphs": "auto"},
    "eager bf16": {"precision": "bf16", "graphs": "off", "channelsLast": True},
    "graph bf16": {"precision": "bf16", "graphs": "auto", "channelsLast": True},
}
RHO1_START = 0.02
EQUAL_STEPS = 20
FIRST_STEP = 1e-5
LAST_STEP = 1e-3


class Session:
    """A task opened in a mode, with a point that moves and paths from another."""

    def __init__(self, task: dict[str, Any], mode: str) -> None:
        self.notices: list[str] = []
        self._handlers = Handlers("acceptance", self.notices)
        self._call(protocol.Open(**HEADER, **task, **MODES[mode]))
        self._call(protocol.NewPoint(**HEADER, point="origin", stream="init"))
        for path in PATHS:
            names = {"path": path, "origin": "origin", "stream": path}
            self._call(protocol.NewPath(**HEADER, **names, scale="layer"))
        self._call(protocol.CopyPoint(**HEADER, point="moving", source="origin"))

    def _call(self, request: Request, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        return self._handlers.handle(request, arrays, lambda: None)[1]

    def descend(self, start: int, steps: int, lr: float = 0.05) -> np.ndarray:
        """The losses of training steps."""
        named = {"point": "moving", "stream": "data", "start": start}
        request = protocol.Descend(**HEADER, **named, solver=SOLVER, capture=[])
        arrays = {"lr": np.full(steps, lr), "noise": np.empty(0)}
        return self._call(request, **arrays)["loss"]

    def search(self, start: int, steps: int, *, first: bool = False) -> np.ndarray:
        """The losses of search steps, one path after the other; the first one of a path
        takes it to where searches begin."""
        named = {"paths": PATHS, "stream": "search", "start": start}
        request = protocol.Search(
            **HEADER, **named, solver=CALIBRATION, capture=[], cosines=True
        )
        path = np.arange(steps, dtype=np.int32) % len(PATHS)
        growth = np.full(steps, 1.01 if first else 1.0)
        growth[: len(PATHS) if first else 0] = RHO1_START
        arrays = {"growth": growth, "rho2": np.full(steps, 0.01)}
        return self._call(request, path=path, **arrays)["loss"]


def main() -> None:
    """Measure each network, and fail where graphs change the numbers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("answer", type=Path)
    parser.add_argument("--device", required=True)
    parser.add_argument("--smoke", action="store_true")
    flags = parser.parse_args()
    steps, repeats = (4, 3) if flags.smoke else (60, 5)
    networks: dict[str, Any] = {}
    for name, task in _tasks(flags.device, flags.smoke).items():
        equality = _equality(task)
        speeds = {mode: _speed(task, mode, steps, repeats) for mode in MODES}
        networks[name] = {"equality": equality, "stepsPerSecond": speeds}
        flags.answer.write_text(json.dumps({"networks": networks}))
    if not all(network["equality"]["equal"] for network in networks.values()):
        raise SystemExit("graphs change the numbers by more than rounding")


def _tasks(device: str, smoke: bool) -> dict[str, dict[str, Any]]:
    common = {
        "loss": "crossEntropy",
        "batchSize": 16 if smoke else 128,
        "batchChunks": 1,
        "allowChunkedBn": False,
        "seed": 0,
        "device": device,
        "threads": 1,
    }
    data = {"train": 64, "validation": 16, "test": 16, "side": 16} if smoke else {}
    models = (
        {"preresnet-20": {"depth": 20, "width": 4}}
        if smoke
        else {"preresnet-20": {"depth": 20}, "preresnet-164": {"depth": 164}}
    )
    return {
        name: {
            **common,
            "dataset": protocol.DatasetSpec(name="cifar10-sample", args=data),
            "model": protocol.ModelSpec(name="preresnet", args=args),
        }
        for name, args in models.items()
    }


def _equality(task: dict[str, Any]) -> dict[str, Any]:
    """How far losses are from those of eager steps: again eager, and captured. With cuDNN held to algorithms that give
    the same bits each time, so that what graphs change is all that there is to see."""
    torch.backends.cudnn.deterministic = True
    try:
        eager, again = (_losses(Session(task, "eager fp32")) for _ in range(2))
        captured = Session(task, "graph fp32")
        graph = _losses(captured)
    finally:
        torch.backends.cudnn.deterministic = False
    away, again_away = _differences(graph, eager), _differences(again, eager)
    first, largest = float(away[:, 0].max()), float(away.max())
    return {
        "equal": first <= FIRST_STEP and largest <= LAST_STEP,
        "steps": EQUAL_STEPS,
        "firstStep": first,
        "largest": largest,
        "eagerAgain": float(again_away.max()),
        "sameBits": np.array_equal(graph, eager),
        "notCaptured": captured.notices,
    }


def _differences(losses: np.ndarray, eager: np.ndarray) -> np.ndarray:
    return np.abs(losses / eager - 1)


def _losses(session: Session) -> np.ndarray:
    """Those of training steps, and those of search steps."""
    descent = session.descend(0, EQUAL_STEPS)
    search = session.search(0, EQUAL_STEPS, first=True)
    return np.array([descent, search], dtype=np.float64)


def _speed(task: dict[str, Any], mode: str, steps: int, repeats: int) -> dict[str, Any]:
    """Steps a second, the median of programs of some steps; the first ones warm up."""
    session = Session(task, mode)
    rates: dict[str, Any] = {}
    for name, program in (("descend", session.descend), ("search", session.search)):
        program(0, max(steps // 4, len(PATHS)))
        seconds = []
        for repeat in range(repeats):
            begun = time.perf_counter()
            program((repeat + 1) * steps, steps)
            seconds.append(time.perf_counter() - begun)
        rates[name] = round(steps / statistics.median(seconds), 2)
    return {**rates, "notCaptured": session.notices}


main()
