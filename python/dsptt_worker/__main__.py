"""``python -m dsptt_worker --listen ADDRESS``: serve on ``ipc:///DIRECTORY``, or on ``tcp://HOST:PORT`` with ``--keys``
(started by hand, for the clients of a list) or ``--client-key`` (started by a client, for itself)."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[0] == os.getcwd():  # noqa: PTH109 (pathlib would import modules)
    # python -m puts the current folder first: a file in it must not be taken for a module of Python's own.
    sys.path.append(sys.path.pop(0))

import argparse
import signal
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .serve.placed import PlacedSockets
    from .serve.remote import RemoteSockets

MAX_SOCKET_PATH = 103  # bytes: macOS's limit, the smallest; Linux takes 107
LISTEN_HELP = """ipc:///DIRECTORY: an existing directory that only its owner can enter (0700); or tcp://HOST:PORT, with
--keys: work is served on PORT and control on PORT + 1"""
CLIENT_KEY_HELP = """for tcp://ADDRESS:0: the public key of the one client, in hexadecimal; the first line of standard
output says where the worker listens"""
LEAVE_HELP = "with --client-key: leave after so many seconds without a word from the client"
KEYS_HELP = "for tcp: the directory `server` that `dsptt keys` has made, readable by its owner only"


def main() -> int:
    """Parses the command line, then serves. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dsptt_worker", description="The PyTorch worker of dsptt.")
    parser.add_argument("--listen", help=LISTEN_HELP)
    parser.add_argument("--keys", type=Path, help=KEYS_HELP)
    parser.add_argument("--client-key", help=CLIENT_KEY_HELP)
    parser.add_argument("--leave-after", type=float, metavar="SECONDS", help=LEAVE_HELP)
    parser.add_argument("--until-stdin-ends", action="store_true", help="leave when standard input, a pipe, ends")
    options = parser.parse_args()
    try:
        if options.client_key is not None:
            if options.keys is not None:
                raise ValueError("--keys and --client-key exclude each other")
            from .serve.placed import PlacedSockets  # noqa: PLC0415 (a local worker does not need it)

            placed = PlacedSockets(options.listen or "", options.client_key)
            return _serve_placed(placed, options.leave_after, until_stdin_ends=options.until_stdin_ends)
        where = _where(options.listen or "", options.keys)
    except ValueError as error:
        parser.error(str(error))
    if isinstance(where, Path):
        return _serve(where, until_stdin_ends=options.until_stdin_ends)
    return _serve_remote(where)


def _where(listen: str, keys: Path | None) -> Path | RemoteSockets:
    return _remote_sockets(listen, keys) if listen.startswith("tcp://") else _directory(listen, keys)


def _serve_placed(sockets: PlacedSockets, leave_after_s: float | None, *, until_stdin_ends: bool) -> int:
    # The client decides what Ctrl-C means; a scheduler that takes the machine back sends SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from .serve.progress import Progress, leave_when_stdin_ends  # noqa: PLC0415 (a worker without a client ends before)

    progress = Progress()
    signal.signal(signal.SIGTERM, lambda *_: progress.leave.set())
    if until_stdin_ends:
        leave_when_stdin_ends(progress)
    sockets.listen(progress.leave.set)
    print(sockets.announcement, flush=True)
    from .serve.server import Server  # noqa: PLC0415 (torch takes seconds: the client knows by now that there is a worker)

    Server(sockets, progress, leave_after_s).serve()
    return int(sockets.has_failed)


def _directory(listen: str, keys: Path | None) -> Path:
    if not listen.startswith("ipc:///"):
        raise ValueError(f"--listen must be ipc:///DIRECTORY, or tcp://HOST:PORT with --keys, got {listen!r}")
    if keys is not None:
        raise ValueError("--keys is for tcp: on ipc the directory's mode decides which users can connect")
    directory = Path(listen.removeprefix("ipc://"))
    if not directory.is_dir() or stat.S_IMODE(directory.stat().st_mode) & 0o077:
        raise ValueError(f"--listen: {directory} must be an existing directory with mode 0700")
    if len(str(directory / "control").encode()) > MAX_SOCKET_PATH:
        raise ValueError(
            f"--listen: {directory}/control is longer than {MAX_SOCKET_PATH} bytes; use a shorter directory"
        )
    return directory


def _serve(directory: Path, *, until_stdin_ends: bool) -> int:
    # Ctrl-C in a terminal reaches the whole foreground group: the client decides what it means, not the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from .serve.progress import Progress, leave_when_stdin_ends  # noqa: PLC0415 (after the checks)
    from .serve.server import Server  # noqa: PLC0415 (torch takes seconds: after the checks)
    from .serve.sockets import LocalSockets  # noqa: PLC0415

    progress = Progress()
    signal.signal(signal.SIGTERM, lambda *_: progress.leave.set())
    server = Server(LocalSockets(directory), progress)
    if until_stdin_ends:
        leave_when_stdin_ends(progress)
    server.serve()
    return 0


def _remote_sockets(listen: str, keys: Path | None) -> RemoteSockets:
    from .serve.keys import read_server_keys  # noqa: PLC0415 (a local worker does not need it)
    from .serve.remote import RemoteSockets, TcpAddress  # noqa: PLC0415

    address = TcpAddress.parse(listen)
    if keys is None:
        raise ValueError(
            "--listen tcp:// is served with keys only: make them with dsptt keys DIR, then --keys DIR/server"
        )
    return RemoteSockets(address, read_server_keys(keys))


def _serve_remote(sockets: RemoteSockets) -> int:
    # The user started this process: Ctrl-C is meant for it, and a second one ends a step that does not end by itself.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    from .serve.progress import Progress  # noqa: PLC0415 (after the checks)
    from .serve.server import Server  # noqa: PLC0415 (torch takes seconds: after the checks)

    progress = Progress()

    def leave(number: int, _frame: object) -> None:
        if progress.leave.is_set():
            os._exit(128 + number)
        progress.leave.set()

    try:
        sockets.listen(progress.leave.set)
    except (ValueError, RuntimeError) as error:
        print(f"python -m dsptt_worker: error: {error}", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    print(sockets.description, flush=True)
    Server(sockets, progress).serve()
    if sockets.has_failed:
        print("the check of clients' keys has ended: no client can connect, so the worker ends", file=sys.stderr)
    return int(sockets.has_failed)


if __name__ == "__main__":
    sys.exit(main())
