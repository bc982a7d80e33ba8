"""A real worker process, and a client of it that speaks the protocol with nothing but pyzmq and msgspec."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import zmq

from dsptt_worker.protocol.message import PROTOCOL_VERSION

PACKAGE = Path(__file__).parents[1]
ANSWER_MS = 30_000
WIRE_TYPES = {"float32": "f4", "float64": "f8", "int32": "i4", "uint8": "u1"}


class Refused(Exception):  # noqa: N818 (it is an answer)
    """An error answer, unchanged."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code: str = error["code"]
        self.traceback: str = error["traceback"]


@contextlib.contextmanager
def short_directory(mode: int = 0o700) -> Iterator[Path]:
    """Creates a directory whose path leaves room for a socket's name, and removes its content afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="dw", dir="/tmp"))
    directory.chmod(mode)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def launch(*arguments: str) -> subprocess.Popen[bytes]:
    """Starts ``python -m dsptt_worker`` with these arguments, its stdin a pipe."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "dsptt_worker", *arguments]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True)


class Client:
    """One socket of one client."""

    def __init__(self, context: zmq.Context[Any], path: Path, sender: str) -> None:
        self.sender = sender
        self._ids = itertools.count(1)
        self._socket = context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.connect(f"ipc://{path}")

    def send(self, op: str, tensors: dict[str, np.ndarray] | None = None, **fields: Any) -> int:
        """Sends a request and returns its id."""
        id_ = next(self._ids)
        arrays = tensors or {}
        specs = [
            {"name": name, "dtype": WIRE_TYPES[str(array.dtype)], "shape": list(array.shape)}
            for name, array in arrays.items()
        ]
        header = {"id": id_, "sender": self.sender, "op": op, "tensors": specs, **fields}
        self.send_frames([msgspec.msgpack.encode(header), *(array.tobytes() for array in arrays.values())])
        return id_

    def send_frames(self, frames: list[bytes]) -> None:
        self._socket.send_multipart(frames)

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Receives the next answer's header and tensor frames."""
        if not self._socket.poll(ANSWER_MS):
            raise TimeoutError(f"no answer within {ANSWER_MS} ms")
        header, *frames = self._socket.recv_multipart()
        return msgspec.msgpack.decode(header), frames

    def answer(self, id_: int) -> tuple[Any, dict[str, np.ndarray]]:
        """Returns the result and tensors of the next answer, which must be the one to this request."""
        header, frames = self.receive()
        assert header["id"] == id_
        if header["status"] == "error":
            raise Refused(header["error"])
        tensors = {
            spec["name"]: np.frombuffer(frame, "<" + spec["dtype"]).reshape(spec["shape"])
            for spec, frame in zip(header["tensors"], frames, strict=True)
        }
        return header["result"], tensors

    def ask(self, op: str, tensors: dict[str, np.ndarray] | None = None, **fields: Any) -> Any:
        """Sends a request, waits, and returns its result."""
        return self.answer(self.send(op, tensors, **fields))[0]

    def close(self) -> None:
        self._socket.close(0)


class WorkerProcess:
    """A process that listens in a directory of its own, and the sockets opened to it."""

    def __init__(self, directory: Path, *, watched: bool) -> None:
        self.directory = directory
        self.process = launch("--listen", f"ipc://{directory}", *(["--until-stdin-ends"] if watched else []))
        self._context: zmq.Context[Any] = zmq.Context()
        self._clients: list[Client] = []
        self._names = itertools.count(1)

    @classmethod
    @contextlib.contextmanager
    def start(cls, *, watched: bool = True) -> Iterator[WorkerProcess]:
        """Starts a worker that answers, and leaves when stdin ends if ``watched``; it is ended at the end of
        the block."""
        with short_directory() as directory:
            worker = cls(directory, watched=watched)
            try:
                worker.connect().close()
                yield worker
            finally:
                worker._end()

    def client(self, socket: str = "work", sender: str | None = None) -> Client:
        """Opens a new socket to the worker, without a greeting."""
        client = Client(self._context, self.directory / socket, sender or f"client{next(self._names)}")
        self._clients.append(client)
        return client

    def connect(self) -> Client:
        """Opens a new work socket to the worker and greets it."""
        client = self.client()
        client.ask("hello", protocol=PROTOCOL_VERSION)
        return client

    def close_stdin(self) -> None:
        """Closes stdin, as the end of the process that started the worker does."""
        self.process.stdin.close()
        self.process.stdin = None

    def wait(self) -> int:
        """Returns the exit status, after the process has left by itself."""
        return self.process.wait(ANSWER_MS / 1000)

    def _end(self) -> None:
        for client in self._clients:
            client.close()
        self._context.term()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
