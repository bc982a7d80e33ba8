"""How a task is run, which changes its speed: precision, layout, compiler and graphs."""

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
    """Make sure that a device and this machine can run a task as it asks, before data are loaded.

    Raises:
        ConfigFaultError: a precision that the device has not, or no compiler.
    """
    check_precision(spec.precision, device)
    if spec.compile:
        check_compiler(device)


class Execution:
    """Runs the network of a task. ``objective`` is what steps go down, ``forward`` what evaluates."""

    def __init__(
        self, spec: Open, net: FlatNetwork, loss: Loss, batches: Batches, notify: Callable[[str], None]
    ) -> None:
        """``notify`` is told why steps are not captured, where they should be and cannot."""
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
        """Set torch's switches back to what they were before the task."""

    def capture_with(self, capture: Capture) -> None:
        """Capture steps from now on."""
        self.objective.batches.count_on_device()
        self._captured = Captured(self.objective.net.theta.device, capture)

    @property
    def runner(self) -> Runner:
        """What makes the steps of the next program."""
        captured = self._captured
        return self._direct if captured is None or captured.refused is not None else captured
