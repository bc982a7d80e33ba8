"""Bytes that tensors take, and their peak: the cost of a search beside training."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol

import torch
from torch import Tensor
from torch.nn.parameter import is_lazy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ..protocol import Memory, MemoryResult
from ..task import Task

Counted = Literal["cuda allocator", "live tensors"]


@dataclass(frozen=True)
class Reading:
    """Number of bytes taken now, and the peak since the reading before."""

    allocated: int
    peak: int


class Meter(Protocol):
    """Counts from its creation until ``close``."""

    counted: Counted

    def read(self) -> Reading:
        """Returns the bytes taken; the peak starts again from here."""

    def close(self) -> None:
        """Stops counting."""


def open_meter(device: torch.device) -> Meter:
    """Starts counting the bytes of a device's tensors: everything in the process, not one task's alone."""
    return _CudaMeter(device) if device.type == "cuda" else _LiveTensors()


class MemoryWatch:
    """A count that begins with one request and ends with another."""

    def __init__(self) -> None:
        self._meter: Meter | None = None

    def result(self, task: Task, request: Memory) -> MemoryResult:
        """Returns the answer to a ``memory`` request."""
        meter = self._meter = self._meter or open_meter(task.device)
        reading = meter.read()
        if not request.watch:
            self.end()
        return MemoryResult(
            allocatedBytes=reading.allocated,
            peakBytes=reading.peak,
            dataBytes=sum(tensor.nbytes for split in task.splits.values() for tensor in (split.inputs, split.targets)),
            counted=meter.counted,
        )

    def end(self) -> None:
        """Stops counting, if it has begun."""
        if self._meter is not None:
            self._meter.close()
        self._meter = None


class _CudaMeter:
    """The CUDA allocator's own count: tensors in blocks of 512 bytes, and the memory that libraries take from it."""

    counted: Counted = "cuda allocator"

    def __init__(self, device: torch.device) -> None:
        self._device = device
        gc.collect()
        torch.cuda.reset_peak_memory_stats(device)

    def read(self) -> Reading:
        reading = Reading(torch.cuda.memory_allocated(self._device), torch.cuda.max_memory_allocated(self._device))
        torch.cuda.reset_peak_memory_stats(self._device)
        return reading

    def close(self) -> None:
        """Does nothing: the allocator counts in any case."""


class _LiveTensors(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the result of every operation until its memory is released. Views share memory and count once; memory that
    a kernel takes and releases within one operation is not seen. The same program has the same bytes each time."""

    counted: Counted = "live tensors"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._storages: dict[int, weakref.ref[torch.UntypedStorage]] = {}
        self._live = self._peak = 0
        gc.collect()
        self._see(thing for thing in gc.get_objects() if issubclass(type(thing), Tensor))
        self.__enter__()  # type: ignore[no-untyped-call]

    def read(self) -> Reading:
        reading = Reading(self._live, self._peak)
        self._peak = self._live
        return reading

    def close(self) -> None:
        self.__exit__(None, None, None)  # type: ignore[no-untyped-call]
        self._storages.clear()

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        results = func(*args, **(kwargs or {}))
        self._see(leaf for leaf in tree_leaves(results) if isinstance(leaf, Tensor))
        return results

    def _see(self, tensors: Iterable[Tensor]) -> None:
        for tensor in tensors:
            if is_lazy(tensor) or tensor.layout != torch.strided:
                continue  # has no storage; no network of a task holds such a tensor, but this process may
            storage = tensor.untyped_storage()
            key, size = storage._cdata, storage.nbytes()
            if key in self._storages or storage.device.type != "cpu":
                continue
            self._storages[key] = weakref.ref(storage, partial(self._forget, key, size))
            self._live += size
        self._peak = max(self._peak, self._live)

    def _forget(self, key: int, size: int, _gone: object) -> None:
        if self._storages.pop(key, None) is not None:
            self._live -= size
