"""Where a worker listens: its two sockets, bound, and what must go when they do."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Protocol

import zmq

from ..protocol import message

CONTROL_FRAME_BYTES = 2 * message.MAX_HEADER_BYTES  # no tensors; a header somewhat too long still gets an answer


class Sockets(Protocol):
    """The *work* and the *control* socket, bound."""

    work: zmq.Socket[bytes]
    control: zmq.Socket[bytes]
    #: Whether several clients can reach the worker, which then takes one at a time.
    are_shared: bool

    def end(self) -> None:
        """Release what lies behind the two sockets, which are closed by now."""


def router(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
    """A socket for requests of many clients, with the limits that hold everywhere.

    Of each client a window of requests waits here; more wait on its side. Of answers that it does not read, more than a
    window are dropped, so that they cannot pile up.
    """
    socket = context.socket(zmq.ROUTER)
    socket.linger = 0
    socket.maxmsgsize = message.MAX_FRAME_BYTES
    socket.rcvhwm = socket.sndhwm = message.MAX_WINDOW
    return socket


class LocalSockets:
    """``DIRECTORY/work`` and ``DIRECTORY/control``: whoever can enter the directory can connect."""

    are_shared = False

    def __init__(self, directory: Path) -> None:
        """Bind both."""
        self._directory = directory
        self._context = zmq.Context()
        self.work, self.control = router(self._context), router(self._context)
        self.control.maxmsgsize = CONTROL_FRAME_BYTES
        self.work.bind(f"ipc://{directory / 'work'}")
        self.control.bind(f"ipc://{directory / 'control'}")

    def end(self) -> None:
        """Remove the sockets' files and, if it is empty then, the directory."""
        self._context.term()
        for name in ("work", "control"):
            (self._directory / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._directory.rmdir()
