"""A worker inside the Python process that Node has started through pythonia, beside the network that a script builds
there.

pythonia's own thread, the main one, serves the script's requests (``answer``) until it hands a network over; from then
on a thread of its own serves the two sockets. This process prints to standard error: standard output belongs to the
script. ``python -m dsptt_worker`` is the same worker as a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from ..errors import Code, WorkerFaultError
from ..protocol.message import Count, Failure, Positive
from .script_objects import Found, ObjectRequest, Plain, ScriptObjects

if TYPE_CHECKING:
    from ..serve.progress import Progress
    from ..serve.server import Server

CHANNEL = "NODE_CHANNEL_FD"
GRACE_S = 3.0


class Begin(Struct, tag="begin", forbid_unknown_fields=True):
    """Makes this process a worker's: a session of its own, which leaves with Node. ``directory`` is for its sockets."""

    directory: str


class HandOver(Struct, tag="handOver", forbid_unknown_fields=True):
    """Makes the object the network of the model ``handed``, and starts to serve. All objects are forgotten."""

    on: Count


class Begun(Struct, forbid_unknown_fields=True):
    """Process id of the process that began."""

    pid: Positive


class StateEntry(Struct, forbid_unknown_fields=True):
    """A tensor of a network's state: ``form`` is its shape and type, ``sha256`` of its values (empty while lazy)."""

    name: str
    form: str
    sha256: str


class Taken(Struct, forbid_unknown_fields=True):
    """Description by which the network that was handed over is recognised."""

    state: list[StateEntry]


_decoder = msgspec.json.Decoder(Begin | HandOver | ObjectRequest)
_objects = ScriptObjects()
_directories: list[Path] = []  # holds one after ``begin``
_serving: list[Progress] = []  # holds one after ``hand_over``


def answer(request: str) -> str:
    """Serves a request of the script. Errors are answers too: ``{"error": {code, message, traceback}}``."""
    try:
        return msgspec.json.encode({"ok": _answer(_decoder.decode(request))}).decode()
    except (Exception, SystemExit) as error:  # a zoo may raise anything
        return msgspec.json.encode({"error": _described(error)}).decode()


def _answer(request: Begin | HandOver | ObjectRequest) -> Begun | Taken | Found | Plain:
    if isinstance(request, Begin):
        return _begin(Path(request.directory))
    if isinstance(request, HandOver):
        return _hand_over(_objects.find(request.on))
    return _objects.answer(request)


def _described(error: BaseException) -> Failure:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, WorkerFaultError):
        return Failure(error.code, str(error), trace)
    code: Code = "data" if isinstance(error, OSError) else "config"
    return Failure(code, f"Python raised {type(error).__name__}: {error}", trace)


def _begin(directory: Path) -> Begun:
    _directories.append(directory)
    os.setsid()  # Ctrl-C in a terminal reaches Node alone, and Node can end all processes started here at once
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.path[:] = [*sys.path[1:], str(Path.cwd())]  # the first was pythonia's folder; a script's modules come last
    threading.Thread(target=_leave_with_node, name="node", daemon=True).start()
    from .hosted_network import seed  # noqa: PLC0415 (torch takes seconds: once Node is watched)

    seed()
    return Begun(os.getpid())


def _hand_over(network: object) -> Taken:
    from ..serve.progress import Progress  # noqa: PLC0415
    from ..serve.server import Server  # noqa: PLC0415
    from ..serve.sockets import LocalSockets  # noqa: PLC0415
    from .hosted_network import take  # noqa: PLC0415 (imports torch)

    state = take(network, _objects)
    _objects.clear()
    progress = Progress()
    server = Server(LocalSockets(_directories[0]), progress)
    _serving.append(progress)
    threading.Thread(target=_serve, args=(server,), name="work").start()
    return Taken(state)


def _serve(server: Server) -> None:
    status = 1
    try:
        server.serve()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        _end(status)  # the main thread waits for requests of Node that may never come


def _leave_with_node() -> None:
    """Waits until the other end of pythonia's channel is closed: Node has ended, in whatever way, and this process
    leaves.

    A step that does not end within the grace time is not waited for.
    """
    channel = select.poll()
    channel.register(int(os.environ[CHANNEL]), 0)  # a hang-up is always reported; messages on it are pythonia's
    channel.poll()
    for progress in _serving:
        progress.leave.set()
        threading.Timer(GRACE_S, _end, (1,)).start()
    if not _serving:
        _end(1)


def _end(status: int) -> None:
    for directory in _directories:
        for name in ("work", "control"):
            (directory / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            directory.rmdir()
    with contextlib.suppress(OSError, ValueError):  # the reader may have ended
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)
