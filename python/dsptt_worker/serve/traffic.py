"""Receiving and sending on a socket, within bounds that hold whatever the clients do."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import zmq

from ..protocol.codec import Buffer
from ..protocol.message import MAX_FRAMES

ZERO_COPY_BYTES = 1 << 20  # sending without a copy waits for another thread, 2 to 4 ms beside a busy step loop
MAX_UNREAD_BYTES = 1 << 30


def receive(socket: zmq.Socket[bytes]) -> tuple[bytes, list[Buffer]]:
    """Receives the next message: its client, and its frames up to the first one beyond the limit."""
    client, frames = socket.recv(), list[Buffer]()
    more = bool(socket.rcvmore)
    while more:
        frame = socket.recv(copy=False)
        if len(frames) <= MAX_FRAMES + 1:
            frames.append(frame.buffer)
        more = frame.more
    return client, frames


class Outbox:
    """Sends answers over one socket, and counts the bytes of large ones that are still on their way."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        """The outbox belongs to the thread that serves ``socket``."""
        self._socket = socket
        self._unread: deque[tuple[zmq.MessageTracker, int]] = deque()

    @property
    def is_full(self) -> bool:
        """True if so many bytes wait for clients to read them that no further request should be accepted."""
        if self._unread:
            self._socket.poll(0)  # makes ZeroMQ release messages for clients that have left
        self._unread = deque((tracker, size) for tracker, size in self._unread if not tracker.done)
        return sum(size for _, size in self._unread) > MAX_UNREAD_BYTES

    def send(self, client: bytes, frames: Sequence[Buffer]) -> None:
        """Sends an answer. Large frames go without a copy: their arrays must not change any more."""
        self._socket.send(client, zmq.SNDMORE)
        for index, frame in enumerate(frames):
            more = zmq.SNDMORE if index + 1 < len(frames) else 0
            if len(frame) <= ZERO_COPY_BYTES:
                self._socket.send(frame, more)
            else:
                self._unread.append((self._socket.send(frame, more, copy=False, track=True), len(frame)))
