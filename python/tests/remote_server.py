"""A server on TCP in this process, its keys, and clients with keys of any kind."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from worker_process import ANSWER_MS, Client
from zmq.utils.monitor import recv_monitor_message

from dsptt_worker.serve.keys import ServerKeys, read_server_keys
from dsptt_worker.serve.progress import Progress
from dsptt_worker.serve.remote import RemoteSockets, TcpAddress
from dsptt_worker.serve.server import Server

Pair = tuple[bytes, bytes]


def write_server_keys(directory: Path, *clients: Pair) -> Path:
    """Writes a worker's directory of keys, as ``dsptt keys`` does."""
    public, secret = zmq.curve_keypair()
    (directory / "clients").mkdir(parents=True)
    files = {"public.key": public, "secret.key": secret}
    files |= {f"clients/client{index}.key": pair[0] for index, pair in enumerate(clients)}
    for name, key in files.items():
        (directory / name).write_bytes(key + b"\n")
        (directory / name).chmod(0o600)
    for path in (directory, directory / "clients"):
        path.chmod(0o700)
    return directory


def free_port() -> int:
    """Finds a port that is free on the loopback, with the next one free too."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        try:
            second.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            return free_port()
        return port


@dataclass
class RemoteServer:
    """A server, the keys it knows, and the events of its sockets."""

    address: TcpAddress
    keys: ServerKeys
    client: Pair
    sockets: RemoteSockets
    progress: Progress
    context: zmq.Context[Any]
    names: Iterator[int]

    @classmethod
    @contextlib.contextmanager
    def start(cls, directory: Path, *, answering: bool = True) -> Iterator[RemoteServer]:
        """Serves in a thread until the block ends; with a handler that does not answer if not ``answering``."""
        pair = zmq.curve_keypair()
        keys = read_server_keys(write_server_keys(directory / "server", pair))
        address = TcpAddress("127.0.0.1", free_port())
        sockets, progress, context = RemoteSockets(address, keys), Progress(), zmq.Context()
        if answering:
            sockets.listen(progress.leave.set)
        else:
            sockets.bind()
        thread = threading.Thread(target=Server(sockets, progress).serve)
        thread.start()
        try:
            yield cls(address, keys, pair, sockets, progress, context, itertools.count(1))
        finally:
            progress.leave.set()
            thread.join()
            context.destroy(0)

    def right(self, socket: str = "work", name: str = "") -> RemoteClient:
        """Creates a client whose key the server knows."""
        return RemoteClient(self, socket, self.client, self.keys.public, name)


class RemoteClient(Client):
    """One socket of one client, and the events of its connection. Without keys it is not encrypted."""

    def __init__(
        self, server: RemoteServer, socket: str, pair: Pair | None, server_key: bytes | None, name: str = ""
    ) -> None:
        self.sender = f"client{next(server.names)}"
        self._ids = itertools.count(1)
        self._socket = server.context.socket(zmq.DEALER)
        self._socket.linger = 0
        if name:
            self._socket.setsockopt_string(zmq.IDENTITY, f"{name}.{self.sender}")
        if pair is not None:
            self._socket.curve_publickey, self._socket.curve_secretkey = pair
            self._socket.curve_serverkey = server_key
        self._monitor = self._socket.get_monitor_socket(
            zmq.EVENT_HANDSHAKE_SUCCEEDED
            | zmq.EVENT_HANDSHAKE_FAILED_AUTH
            | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
            | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
        )
        self._socket.connect(getattr(server.address, socket))

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Receives the next real answer, skipping the messages by which the worker checks that its client is still
        connected."""
        header, frames = super().receive()
        return (header, frames) if header["id"] else self.receive()

    def fate(self) -> zmq.Event:
        """Returns the result of the handshake: success, or the kind of failure."""
        assert self._monitor.poll(ANSWER_MS), f"neither let in nor refused within {ANSWER_MS} ms"
        return zmq.Event(recv_monitor_message(self._monitor)["event"])

    def has_answer(self) -> bool:
        """True if anything at all has come back."""
        return bool(self._socket.poll(0))
