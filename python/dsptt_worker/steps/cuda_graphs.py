"""Steps as CUDA graphs: thousands of kernels, started by one call."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from .step import Replay
from .trial import UncapturableError, check_replayable, undone

SYNC_ERROR = "error"


class CudaGraphs:
    """Captures the steps of one task.

    All graphs share one pool of memory. That is sound in any order of replays: no step leaves anything in the pool that
    a later step reads, and results that are kept (parameters, losses ...) lie outside it.
    """

    def __init__(self, device: torch.device, module: nn.Module, notify: Callable[[str], None]) -> None:
        """``notify`` is called once with the reason if steps cannot be captured."""
        self.refused: str | None = None
        self._device = device
        self._module = module
        self._notify = notify
        self._pool = torch.cuda.graph_pool_handle()

    def of(self, run: Callable[[], None], changes: list[Tensor]) -> Replay | None:
        """Captures a step, after trials that leave no trace; see ``Capture``."""
        with torch.cuda.device(self._device):
            try:
                with undone(changes, self._device):
                    self._warm_up(run)
                return self._captured(run)
            except UncapturableError as error:
                self.refused = str(error)
                self._notify(
                    f"steps run one kernel at a time and not as CUDA graphs, which costs time in small networks: "
                    f"{error} (graphs: off says that this is known)"
                )
                return None

    def _warm_up(self, run: Callable[[], None]) -> None:
        """Runs the step as torch requires before a capture: on another stream, so that libraries choose their
        algorithms and lazy parts are created now. In the last run, waiting for the device raises: a failed capture
        leaves more behind than a failed step. Errors before that are the network's own and are not explained here."""
        current, side = torch.cuda.current_stream(), torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(current)
        mode = torch.cuda.get_sync_debug_mode()
        try:
            with torch.cuda.stream(side):
                check_replayable(run, self._module, self._device)
                torch.cuda.set_sync_debug_mode(SYNC_ERROR)
                _run_without_waiting(run)
        finally:
            torch.cuda.set_sync_debug_mode(mode)
            current.wait_stream(side)

    def _captured(self, run: Callable[[], None]) -> Replay:
        """Captures the step. ``thread_local``: another thread, which feeds batches, may wait for events meanwhile."""
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
                run()
        except Exception as error:  # a network may do anything that a capture forbids
            self._recover()
            raise UncapturableError(f"the capture failed ({_first_line(error)})") from error
        return graph.replay

    def _recover(self) -> None:
        """Replaces the random generator's state by a copy: the original still counts as being captured and would draw
        nothing any more."""
        torch.cuda.synchronize()
        generator = torch.cuda.default_generators[self._device.index or 0]
        generator.graphsafe_set_state(generator.clone_state())


def _run_without_waiting(run: Callable[[], None]) -> None:
    try:
        run()
    except (RuntimeError, ConfigFaultError) as error:  # what the network raises is reported as the network's own
        raise UncapturableError(f"the network waits for the device ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    """Returns the first line of a chain's first error: ending the capture raises others on top of it."""
    while error.__context__ is not None:
        error = error.__context__
    return next(iter(str(error).splitlines()), type(error).__name__)
