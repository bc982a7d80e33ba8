"""Sockets on TCP: CURVE on both, and only clients on the allow-list may connect."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from dataclasses import dataclass

import zmq
from zmq.utils.monitor import recv_monitor_message

from .keys import ServerKeys
from .sockets import CONTROL_FRAME_BYTES, router
from .zap import DOMAIN, ZapHandler

HANDSHAKE_MS = 5_000  # longest time that an unknown client can hold a connection, and memory for its data
HEARTBEAT_MS = 5_000
SILENCE_MS = 20_000  # less than the 30 s after which a client regards a worker as dead
CHECK_MS = 10_000
LARGEST_PORT = 65_535
REASONS = {
    errno.EADDRINUSE: "the port is in use: choose another one, or end what listens there",
    errno.EACCES: "this user may not listen there: choose a port above 1023",
}


@dataclass(frozen=True)
class TcpAddress:
    """``tcp://HOST:PORT``; work is served on PORT, control on PORT + 1. Port 0: the system chooses both."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> TcpAddress:
        """Reads the address.

        Raises:
            ValueError: not such an address, or no port is left for control.
        """
        matched = re.fullmatch(r"tcp://([\w.*-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", text)
        if matched is None:
            raise ValueError(f"--listen must be tcp://HOST:PORT, such as tcp://0.0.0.0:5555, got {text!r}")
        host, port = matched[1], int(matched[2])
        if not 1 <= port < LARGEST_PORT:
            raise ValueError(
                f"--listen: the port must be 1 to {LARGEST_PORT - 1} (control has the next one), got {port}"
            )
        return cls(host, port)

    @property
    def work(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    @property
    def control(self) -> str:
        return f"tcp://{self.host}:{self.port + 1 if self.port else 0}"


class RemoteSockets:
    """Both sockets on TCP, with the ZAP handler that decides which clients may connect. The handler is bound and
    answers before the sockets are bound."""

    are_shared = True

    def __init__(self, address: TcpAddress, keys: ServerKeys) -> None:
        """Creates the sockets; nothing listens yet."""
        self._address, self._keys = address, keys
        self._context = zmq.Context()
        self.handler = ZapHandler(self._context, keys.clients)
        self.work, self.control = self._guarded(), self._guarded()
        self.control.maxmsgsize = CONTROL_FRAME_BYTES
        self.has_failed = False

    def listen(self, on_failure: Callable[[], None]) -> None:
        """Binds, and checks that an unknown client is refused. ``on_failure`` is called when the handler dies: leave
        then.

        Raises:
            ValueError: the address cannot be bound.
            RuntimeError: unknown clients are let in.
        """

        def fail() -> None:
            self.has_failed = True
            on_failure()

        try:
            self.handler.start(fail)
            self.bind()
            for endpoint in self.endpoints:
                self._must_refuse_strangers(endpoint)
        except Exception:
            self.work.close(0)
            self.control.close(0)
            self.end()
            raise

    @property
    def endpoints(self) -> tuple[str, str]:
        """The addresses on which work and control are served, once bound."""
        work, control = (socket.getsockopt_string(zmq.LAST_ENDPOINT) for socket in (self.work, self.control))
        return work, control

    @property
    def description(self) -> str:
        """Text for the terminal: the addresses and the clients that may connect."""
        names = ", ".join(sorted(self._keys.clients.values()))
        return f"serving {self._address.work} (work) and {self._address.control} (control) for the clients {names}"

    def bind(self) -> None:
        """Binds both sockets, whether or not the handler answers.

        Raises:
            ValueError: the address cannot be bound.
        """
        for socket, address in ((self.work, self._address.work), (self.control, self._address.control)):
            try:
                socket.bind(address)
            except zmq.ZMQError as error:
                reason = REASONS.get(error.errno or 0, f"not an address of this machine ({error.strerror})")
                raise ValueError(f"--listen: cannot listen on {address}: {reason}") from error

    def end(self) -> None:
        """Closes the handler, then the context."""
        self.handler.close()
        self._context.term()

    def _guarded(self) -> zmq.Socket[bytes]:
        socket = router(self._context)
        socket.curve_server = True
        socket.curve_secretkey = self._keys.secret
        socket.zap_domain = DOMAIN
        socket.handshake_ivl = HANDSHAKE_MS
        socket.heartbeat_ivl = HEARTBEAT_MS
        socket.heartbeat_timeout = SILENCE_MS
        socket.router_handover = True  # a client that comes back after its connection broke is the same client
        socket.ipv6 = self._address.host.startswith("[")
        return socket

    def _must_refuse_strangers(self, endpoint: str) -> None:
        """Connects with the right server key and an unlisted key pair, and checks that the handler refused it."""
        before = self.handler.refused
        public, secret = zmq.curve_keypair()
        stranger = self._context.socket(zmq.DEALER)
        stranger.linger = 0
        stranger.curve_publickey, stranger.curve_secretkey = public, secret
        stranger.curve_serverkey = self._keys.public
        stranger.ipv6 = endpoint.startswith("tcp://[")
        monitor = stranger.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        try:
            stranger.connect(endpoint.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:"))
            heard = bool(monitor.poll(CHECK_MS)) and recv_monitor_message(monitor)["event"]
            if heard != zmq.EVENT_HANDSHAKE_FAILED_AUTH or self.handler.refused == before:
                how = "let in" if heard == zmq.EVENT_HANDSHAKE_SUCCEEDED else f"not refused within {CHECK_MS} ms"
                raise RuntimeError(f"{endpoint}: a client with an unknown key was {how}, so no client is served")
        finally:
            stranger.disable_monitor()
            monitor.close(0)
            stranger.close(0)
