"""A substitute for CUDA graphs on a CPU: the operations of one step are recorded, and repeated on the same memory.

As in a CUDA graph, everything that the host decided or calculated during the recording stays as it was then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from dsptt_worker.steps.step import Replay
from dsptt_worker.steps.trial import UncapturableError, check_replayable, undone

CPU = torch.device("cpu")


class Tape(TorchDispatchMode):
    """Records operations with their input and output tensors; none of them is freed."""

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[tuple[Any, Any, Any, list[Tensor], list[Tensor]]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        taken = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        results = [leaf for leaf in tree_leaves(given) if isinstance(leaf, Tensor)]
        self._operations.append((func, args, kwargs or {}, taken, results))
        return given

    def replay(self) -> None:
        """Repeats the operations: results go to the same memory, views stay the same."""
        with torch.no_grad():
            for func, args, kwargs, taken, results in self._operations:
                places = {tensor.untyped_storage().data_ptr() for tensor in taken}
                fresh = [leaf for leaf in tree_leaves(func(*args, **kwargs)) if isinstance(leaf, Tensor)]
                for old, new in zip(results, fresh, strict=True):
                    if old.untyped_storage().data_ptr() not in places:
                        old.copy_(new)


class TapeCapture:
    """Captures steps as ``CudaGraphs`` does, on tapes."""

    def __init__(self, module: nn.Module) -> None:
        self.refused: str | None = None
        self.captured = 0
        self._module = module

    def of(self, run: Callable[[], None], changes: list[Tensor]) -> Replay | None:
        """See ``Capture``."""
        try:
            with undone(changes, CPU):
                check_replayable(run, self._module, CPU)
        except UncapturableError as error:
            self.refused = str(error)
            return None
        self.captured += 1
        tape = Tape()
        with undone(changes, CPU), tape:
            run()
        return tape.replay
