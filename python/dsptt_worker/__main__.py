"""``python -m dsptt_worker --listen ipc:///DIRECTORY``: serve on DIRECTORY/work and DIRECTORY/control."""

from __future__ import annotations

import argparse
import json
import signal
import stat
import sys
from pathlib import Path

MAX_SOCKET_PATH = 103  # bytes: macOS's limit, the smallest; Linux takes 107
GRACE_S = 3.0


def main() -> int:
    """Parse the command line, then serve. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dsptt_worker", description="The PyTorch worker of dsptt.")
    parser.add_argument("--listen", help="ipc:///DIRECTORY: an existing directory that only its owner can enter (0700)")
    parser.add_argument("--until-stdin-ends", action="store_true", help="leave when standard input, a pipe, ends")
    parser.add_argument("--describe", action="store_true", help="print the protocol as JSON and leave")
    options = parser.parse_args()
    if options.describe:
        from .describe import describe  # noqa: PLC0415 (a worker that serves does not need it)

        print(json.dumps(describe()))
        return 0
    try:
        directory = _directory(options.listen)
    except ValueError as error:
        parser.error(str(error))
    return _serve(directory, until_stdin_ends=options.until_stdin_ends)


def _directory(listen: str | None) -> Path:
    if not listen or not listen.startswith("ipc:///"):
        raise ValueError(f"--listen must be ipc:///DIRECTORY (no other transport is served), got {listen!r}")
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
    from .server import Progress, Server, leave_when_stdin_ends  # noqa: PLC0415 (torch takes seconds: after the checks)

    progress = Progress()
    signal.signal(signal.SIGTERM, lambda *_: progress.leave.set())
    server = Server(directory, progress)
    if until_stdin_ends:
        leave_when_stdin_ends(progress, GRACE_S)
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
