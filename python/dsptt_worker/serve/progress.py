"""State that a worker's threads share. Imports no torch: a worker can leave while torch is still being imported."""

from __future__ import annotations

import os
import secrets
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from ..errors import CancelledFaultError

if TYPE_CHECKING:
    from ..protocol.message import Envelope

GRACE_S = 3.0
REMEMBERED = 10_000  # number of cancelled requests that are remembered


class Progress:
    """State that the threads share: the worker's progress, cancelled requests, and whether the worker is to leave."""

    def __init__(self) -> None:
        self.worker = secrets.token_hex(8)
        self.steps = 0
        self.busy: str | None = None
        self.notices: list[str] = []  # of the open task; a thread sees the list before or after an append, never within
        self.leave = threading.Event()
        self._cancelled: OrderedDict[tuple[str, int], None] = OrderedDict()

    def cancel(self, sender: str, ids: list[int]) -> None:
        """Cancels these requests of a client, whether they run, wait or have yet to arrive."""
        for id_ in ids:
            self._cancelled[sender, id_] = None
            if len(self._cancelled) > REMEMBERED:
                self._cancelled.popitem(last=False)

    def check(self, request: Envelope) -> None:
        """Raises if the request is cancelled.

        Raises:
            CancelledFaultError: its client has cancelled it, or the worker is leaving.
        """
        if self.leave.is_set() or (request.sender, request.id) in self._cancelled:
            raise CancelledFaultError(f"{request.op} was cancelled")


def leave_soon(progress: Progress) -> None:
    """Leaves. A step that does not end within the grace time is not waited for."""
    progress.leave.set()
    last = threading.Timer(GRACE_S, os._exit, (1,))
    last.daemon = True  # a worker that leaves earlier does not wait for it
    last.start()


def leave_when_stdin_ends(progress: Progress) -> None:
    """Watches stdin, a pipe from the parent process: when it ends, the parent is gone, and this process leaves."""

    def watch() -> None:
        while os.read(0, 1 << 16):
            pass
        leave_soon(progress)

    threading.Thread(target=watch, name="stdin", daemon=True).start()
