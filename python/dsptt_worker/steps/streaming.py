"""Training inputs that stay in the host's memory, which may be a mapped file: each batch is copied when needed.

A thread gathers the next batch into one of two buffers while the step before runs. On CUDA the buffers are pinned, and
copied on a stream of their own into two more on the device, so that neither the host nor the step waits for a copy.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class _Ahead:
    """A batch that is being gathered: its samples and its buffer."""

    index: Tensor
    slot: int
    done: Future[None]


class Feed:
    """Copies batches of ``inputs`` to a device, into ``shown``: [size, ...], the same memory for every batch."""

    def __init__(self, inputs: Tensor, size: int, device: torch.device) -> None:
        """``inputs`` [samples, ...] lie on the host."""
        self._inputs = inputs
        # the layout of a resident batch: networks round differently in another layout
        self.shown = torch.empty_like(inputs[torch.arange(size)], device=device)
        self._slots = [torch.empty_like(self.shown, device="cpu", pin_memory=self.shown.is_cuda) for _ in range(2)]
        self._side = _SideStream(self.shown) if self.shown.is_cuda else None
        self._thread = ThreadPoolExecutor(1, "batches")
        self._ahead: _Ahead | None = None

    def show(self, index: Tensor, following: Tensor | None) -> None:
        """Copies the samples of an index [size] on the host to ``shown``, and begins to gather ``following``."""
        slot = self._gathered(index)
        if self._side is None:
            self.shown.copy_(self._slots[slot])
        else:
            self._side.bring(self._slots[slot], slot)
        if following is not None:
            other = 1 - slot
            self._ahead = _Ahead(following, other, self._thread.submit(self._gather, following, other))

    def _gathered(self, index: Tensor) -> int:
        """Returns the buffer that holds the samples of an index."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.done.result()
            if torch.equal(ahead.index, index):
                return ahead.slot
        self._gather(index, 0)
        return 0

    def _gather(self, index: Tensor, slot: int) -> None:
        if self._side is not None:
            self._side.wait_until_left(slot)
        torch.index_select(self._inputs, 0, index, out=self._slots[slot])


class _SideStream:
    """Copies buffers to the device beside the steps that run there, ordered by two events a buffer: ``arrived`` (the
    copy to the device has ended: the host may write the buffer again) and ``taken`` (the step has its copy: the next
    one may arrive)."""

    def __init__(self, shown: Tensor) -> None:
        self._shown = shown
        self._stream = torch.cuda.Stream(shown.device)  # type: ignore[no-untyped-call]
        self._staged = [torch.empty_like(shown) for _ in range(2)]
        self._arrived = [torch.cuda.Event(blocking=True) for _ in range(2)]  # type: ignore[no-untyped-call]
        self._taken = [torch.cuda.Event() for _ in range(2)]  # type: ignore[no-untyped-call]

    def bring(self, buffer: Tensor, slot: int) -> None:
        """Queues the copies of a pinned buffer; the host does not wait."""
        steps = torch.cuda.current_stream(self._shown.device)
        self._stream.wait_event(self._taken[slot])
        with torch.cuda.stream(self._stream):
            self._staged[slot].copy_(buffer, non_blocking=True)
            self._arrived[slot].record(self._stream)
        steps.wait_event(self._arrived[slot])
        self._shown.copy_(self._staged[slot], non_blocking=True)  # within the device: negligible time
        self._taken[slot].record(steps)

    def wait_until_left(self, slot: int) -> None:
        """Waits until the buffer has been copied to the device; the gathering thread waits here, not the steps."""
        self._arrived[slot].synchronize()
