"""Runs the programs that the bridge benchmark drives over ZeroMQ inside one Python process.

Reads one JSON command a line on standard input, answers ``{"seconds": s, "loss": last}`` a line.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from dsptt_worker import protocol
from dsptt_worker.protocol.message import Request
from dsptt_worker.serve.handlers import Handlers

HEADER = {"id": 1, "sender": "bench"}
SOLVER = protocol.Solver.__struct_fields__


def main() -> None:
    """Serves commands until standard input ends."""
    handlers = Handlers("bench")
    for line in sys.stdin:
        command = json.loads(line)
        start = time.perf_counter()
        loss = _SERVE[command.pop("do")](handlers, **command)
        print(
            json.dumps({"seconds": time.perf_counter() - start, "loss": loss}),
            flush=True,
        )


def _call(
    handlers: Handlers, request: Request, **arrays: np.ndarray
) -> dict[str, np.ndarray]:
    return handlers.handle(request, arrays, lambda: None)[1]


def _open(handlers: Handlers, *, task: dict[str, object], paths: list[str]) -> float:
    spec = {
        **task,
        "dataset": protocol.DatasetSpec(**task["dataset"]),
        "model": protocol.ModelSpec(**task["model"]),
        "batchChunks": 1,
        "allowChunkedBn": False,
    }
    _call(handlers, protocol.Open(**HEADER, **spec))
    _call(handlers, protocol.NewPoint(**HEADER, point="origin", stream="init"))
    for path in paths:
        _call(
            handlers,
            protocol.NewPath(
                **HEADER, path=path, origin="origin", stream=path, scale="layer"
            ),
        )
    _call(handlers, protocol.CopyPoint(**HEADER, point="moving", source="origin"))
    return 0.0


def _descend(
    handlers: Handlers,
    *,
    start: int,
    program: dict[str, object],
    solver: dict[str, object],
) -> float:
    loss = np.empty(0)
    steps, chunk = program["steps"], program["chunk"]
    for at in range(0, steps, chunk):
        request = protocol.Descend(
            **HEADER,
            point="moving",
            stream="data",
            start=start + at,
            solver=_solver(solver),
            capture=[],
        )
        lr = np.full(min(chunk, steps - at), program["rate"])
        loss = _call(handlers, request, lr=lr, noise=np.empty(0))["loss"]
    return float(loss[-1])


def _search(
    handlers: Handlers,
    *,
    start: int,
    program: dict[str, object],
    solver: dict[str, object],
) -> float:
    loss = np.empty(0)
    steps, cell, paths = program["steps"], program["cell"], program["paths"]
    for at in range(0, steps, cell):
        count = min(cell, steps - at)
        request = protocol.Search(
            **HEADER,
            paths=paths,
            stream="search",
            start=start + at,
            solver=_solver(solver),
            capture=[],
            cosines=True,
        )
        arrays = {
            "path": np.arange(count) % len(paths),
            "growth": np.full(count, program["growth"]),
            "rho2": np.full(count, program["rho2"]),
        }
        loss = _call(handlers, request, **arrays)["loss"]
    return float(loss[-1])


def _solver(values: dict[str, object]) -> protocol.Solver:
    return protocol.Solver(**{name: values[name] for name in SOLVER})


_SERVE = {"open": _open, "descend": _descend, "search": _search}

if __name__ == "__main__":
    main()
