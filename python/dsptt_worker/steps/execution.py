"""Execution of a task, which determines its speed: precision, layout, compiler and graphs."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..network.compiler import check_compiler
from ..network.flat import FlatNetwork
from ..network.forward import Forward
from ..network.losses import Loss
from ..network.precision import check_precision, switch
from ..protocol import Open
from .batches import Batches
from .cuda_graphs import CudaGraphs
from .objective import Objective
from .runner import Capture, Captured, Direct, Runner


def check_execution(spec: Open, device: torch.device) -> None:
    """Checks that the device and this machine support the task's execution, before data are loaded.

    Raises:
        ConfigFaultError: a precision that the device does not support, or no compiler.
    """
    check_precision(spec.precision, device)
    if spec.compile:
        check_compiler(device)


class Execution:
    """Runs the network of a task. ``objective`` is the function that steps descend, ``forward`` evaluates."""

    def __init__(
        self, spec: Open, net: FlatNetwork, loss: Loss, batches: Batches, notify: Callable[[str], None]
    ) -> None:
        """``notify`` is called with the reason if steps should be captured and cannot be."""
        device = net.theta.device
        self.forward = Forward(
            net.module, device, spec.precision, channels_last=spec.channelsLast, compiled=spec.compile
        )
        self.objective = Objective(net, self.forward, loss, batches, spec.batchChunks, spec.seed)
        self._direct = Direct(device)
        self._captured: Captured | None = None
        if device.type == "cuda" and spec.graphs == "auto":
            self.capture_with(CudaGraphs(device, net.module, notify))
        self.end = switch(spec.precision, device)
        """Restores torch's switches from before the task."""

    def capture_with(self, capture: Capture) -> None:
        """Captures steps from now on."""
        self.objective.batches.count_on_device()
        self._captured = Captured(self.objective.net.theta.device, capture)

    @property
    def runner(self) -> Runner:
        """Runner of the next program's steps."""
        captured = self._captured
        return self._direct if captured is None or captured.refused is not None else captured
