"""The check of clients' keys: answers libzmq's request about each new client (ZAP, RFC 27), in a thread of its own.

If the request's address is not bound, libzmq lets every client in; if it is bound and no answer comes, libzmq lets no
client in. So this handler's socket stays bound until the sockets that it guards are closed, whatever happens to its
thread. pyzmq's ``ThreadAuthenticator`` closes its socket when its thread ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import zmq

ADDRESS = "inproc://zeromq.zap.01"
DOMAIN = b"dsptt"
IDLE_POLL_MS = 200
LET_IN = (b"200", b"OK")
REFUSED = (b"400", b"unknown key")


class ZapHandler:
    """Lets in the clients of an allow-list only."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], clients: Mapping[bytes, str]) -> None:
        """Binds the address. ``clients``: names by public key, 32 bytes each."""
        self._clients = clients
        self._on_failure: Callable[[], None] = lambda: None
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="zap", daemon=True)
        self._socket = context.socket(zmq.REP)
        self._socket.linger = 0
        self._socket.bind(ADDRESS)
        self.refused = 0

    def start(self, on_failure: Callable[[], None]) -> None:
        """Starts to answer. ``on_failure`` is called if answering ends by anything but ``stop``."""
        self._on_failure = on_failure
        self._thread.start()

    def stop(self) -> None:
        """Stops answering: from now on no client is let in."""
        self._leave.set()
        if self._thread.is_alive():
            self._thread.join()

    def close(self) -> None:
        """Releases the address. The guarded sockets must be closed by now."""
        self.stop()
        self._socket.close(0)

    def _serve(self) -> None:
        try:
            while not self._leave.is_set():
                if self._socket.poll(IDLE_POLL_MS):
                    self._socket.send_multipart(self._answer(self._socket.recv_multipart()))
        finally:
            if not self._leave.is_set():
                self._on_failure()

    def _answer(self, question: list[bytes]) -> list[bytes]:
        version, request, domain, _address, _routing_id, mechanism, *credentials = question
        name = None
        if (domain, mechanism, len(credentials)) == (DOMAIN, b"CURVE", 1):
            name = self._clients.get(credentials[0])
        self.refused += name is None
        status, text = REFUSED if name is None else LET_IN
        return [version, request, status, text, (name or "").encode(), b""]
