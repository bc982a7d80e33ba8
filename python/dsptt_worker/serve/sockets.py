"""The two sockets on which a worker listens, bound, and the resources that end with them."""

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
    #: True if several clients can reach the worker, which then serves one at a time.
    are_shared: bool

    def end(self) -> None:
        """Releases what lies behind the two sockets, which are closed by now."""


def router(context: zmq.Context[zmq.Socket[bytes]]) -> zmq.Socket[bytes]:
    """Creates a socket for requests of many clients, with the limits that hold everywhere.

    A window of each client's requests waits here; further ones wait on the client's side. Unread answers beyond a
    window are dropped, so that they cannot pile up.
    """
    socket = context.socket(zmq.ROUTER)
    socket.linger = 0
    socket.maxmsgsize = message.MAX_FRAME_BYTES
    socket.rcvhwm = socket.sndhwm = message.MAX_WINDOW
    return socket


class LocalSockets:
    """``DIRECTORY/work`` and ``DIRECTORY/control``: every user with access to the directory can connect."""

    are_shared = False

    def __init__(self, directory: Path) -> None:
        """Binds both sockets."""
        self._directory = directory
        self._context = zmq.Context()
        self.work, self.control = router(self._context), router(self._context)
        self.control.maxmsgsize = CONTROL_FRAME_BYTES
        self.work.bind(f"ipc://{directory / 'work'}")
        self.control.bind(f"ipc://{directory / 'control'}")

    def end(self) -> None:
        """Removes the sockets' files and, if it is then empty, the directory."""
        self._context.term()
        for name in ("work", "control"):
            (self._directory / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._directory.rmdir()
