"""A placed worker that answers the requests of descents without a network and without torch: its steps only take time.

``many-workers.ts`` starts many, to measure what each costs Node. Sockets, frames and threads are the worker's own.
Started like a Python: ``idle_worker.py -m dsptt_worker --listen ...``, with the worker's package on PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np

STEP_S = 0.005  # that of a ResNet-164 of batch 128 on a large GPU
SLICE_S = 0.1
PARAMETERS = 1_704_154  # of that network: 6.8 MB a vector


def main() -> int:
    """Puts stand-ins where torch and the operations would be imported, and serves."""
    sys.argv[1:3] = []  # -m dsptt_worker
    from dsptt_worker import protocol
    from dsptt_worker.protocol import message
    from dsptt_worker.protocol.session import SplitSizes

    nothing = message.Result()

    class Handlers:
        def __init__(self, worker: str, _notices: list[str]) -> None:
            self._worker = worker

        def handle(
            self, request: Any, tensors: dict[str, Any], tick: Callable[[], None]
        ) -> tuple[Any, dict[str, Any]]:
            if isinstance(request, protocol.Hello):
                return self._hello(), {}
            if isinstance(request, protocol.Open):
                return opened, {}
            if isinstance(request, protocol.Descend):
                return protocol.DescendResult(finite=True), _descend(
                    tensors["lr"].size, tick
                )
            if isinstance(request, protocol.SaveState):
                return nothing, {"state": np.zeros(8 * PARAMETERS, np.uint8)}
            return nothing, {}

        def _hello(self) -> Any:
            return protocol.HelloResult(
                protocol=message.PROTOCOL_VERSION,
                worker=self._worker,
                versions={
                    "dspttWorker": "0",
                    "python": "3",
                    "torch": "0",
                    "numpy": np.__version__,
                },
                devices=["cpu"],
                datasets=["digits"],
                models=["conv"],
                pid=os.getpid(),
            )

    sys.modules["torch"] = types.ModuleType("torch")
    stand_in = types.ModuleType("dsptt_worker.serve.handlers")
    stand_in.__dict__.update(NOTHING=nothing, Answer=tuple, Handlers=Handlers)
    sys.modules["dsptt_worker.serve.handlers"] = stand_in
    opened = protocol.OpenResult(
        parameters=PARAMETERS,
        stepsPerEpoch=352,
        samples=SplitSizes(train=45_000, validation=5_000, test=10_000),
        classes=[str(k) for k in range(10)],
        device="cpu",
        deviceName="CPU",
        threads=1,
        signature="idle",
        stateSha256="0" * 64,
        samplesSha256="0" * 64,
        code={},
        weightsSha256=None,
        lossCode={},
    )
    from dsptt_worker.__main__ import main as serve

    return serve()


def _descend(steps: int, tick: Callable[[], None]) -> dict[str, Any]:
    """Takes the time of so many steps."""
    end = time.monotonic() + steps * STEP_S
    for _ in range(steps):
        tick()
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, SLICE_S))
    return {
        "loss": np.ones(steps, np.float32),
        "captured": np.zeros((0, PARAMETERS), np.float32),
    }


if __name__ == "__main__":
    sys.exit(main())
