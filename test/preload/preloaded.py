"""Forks our Python programs from a process that has imported torch: a start takes 0.1 s of CPU instead of 5.

``preloaded.py run PYTHON FOLDER OWNER ARGS...`` does what ``PYTHON ARGS...`` does. Programs of this checkout are forked
by a server, which the first such call starts and which leaves when the process OWNER has ended; others are executed.
Standard streams, directory, environment, signals and exit status are the program's own; its process id is another one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGE = ROOT + "/python"
STARTER = PACKAGE + "/start.py"
PLACED = ["-m", "dsptt_worker"]
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST = 2**20  # bytes of a request


def run(python: str, folder: str, owner: str, arguments: list[str]) -> None:
    """Stands for a Python process with these arguments, and ends as it does."""
    if not is_ours(arguments):
        os.execvp(python, [python, *arguments])
    connection = connected(python, folder, owner)
    for number in FORWARDED:
        signal.signal(
            number, lambda number, _frame: connection.sendall(f"{number}\n".encode())
        )
    streams = [
        0,
        1,
        2,
        *map(int, os.environ.get("NODE_CHANNEL_FD", "").split()),
    ]  # pythonia's channel to Node
    request = {
        "arguments": arguments,
        "directory": os.getcwd(),
        "environment": dict(os.environ),
        "streams": streams,
    }
    text = json.dumps(request).encode() + b"\n"
    connection.sendall(text[socket.send_fds(connection, [text], streams) :])
    for stream in streams:
        os.close(stream)  # a pipe ends when the program closes it
    status = int(connection.recv(64) or 1 << 8)
    if os.WIFSIGNALED(status):
        with contextlib.suppress(OSError):  # SIGKILL has no handler
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def is_ours(arguments: list[str]) -> bool:
    """Whether it is a program of this checkout, or the one by which pythonia runs ours."""
    is_program = arguments[:1] == [STARTER]
    is_placed = arguments[:2] == PLACED
    is_pythonia = arguments[:1] != [] and arguments[0].endswith(
        "/pythonia/interface.py"
    )
    is_known = is_program or is_placed or is_pythonia
    is_like_ours = "ATEN_CPU_CAPABILITY" not in os.environ  # torch has asked for it
    return is_known and is_like_ours and os.environ.get("PYTHONPATH") == PACKAGE


def connected(python: str, folder: str, owner: str) -> socket.socket:
    """A connection to the server, started if need be. The lock passes to the server, which gives it back once it
    listens: the process that starts it may be killed meanwhile."""
    address = f"{folder}/socket"
    with open(f"{folder}/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(address):
            from subprocess import DEVNULL, Popen

            command = [
                python,
                os.path.abspath(__file__),
                "serve",
                address,
                owner,
                str(lock.fileno()),
            ]
            with open(f"{folder}/errors", "wb") as errors:
                streams = {
                    "stdin": DEVNULL,
                    "stdout": errors,
                    "stderr": errors,
                    "pass_fds": [lock.fileno()],
                }
                Popen(
                    command,
                    cwd="/",
                    env={**os.environ, "PYTHONPATH": PACKAGE},
                    start_new_session=True,
                    **streams,
                )
    with open(f"{folder}/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    return connection


def serve(address: str, owner: int, lock: int) -> list[str] | None:
    """Forks a program for each connection until the owner has ended. Answers, in such a program, its arguments."""
    import gc

    import dsptt_worker.serve.server  # noqa: F401
    import sklearn.datasets  # noqa: F401

    gc.collect()
    gc.freeze()  # pages that no collection writes to stay shared
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        listener.settimeout(1)
        os.close(lock)
        while runs(owner):
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG) != (0, 0):
                    pass
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                if os.fork() == 0:
                    break
                connection.close()
        else:
            return None
    return program(connection)


def program(connection: socket.socket) -> list[str]:
    """Forks the program that a connection asks for, and answers its arguments there; here, waits for its end."""
    request, streams, _, _ = socket.recv_fds(connection, LONGEST, 4)
    while not request.endswith(b"\n"):
        request += connection.recv(LONGEST)
    pid = os.fork()
    if pid > 0:
        keep(pid, connection, streams)
    connection.close()
    asked = json.loads(request)
    if asked["arguments"][0] == STARTER or asked["arguments"][:2] == PLACED:
        os.setsid()  # as Node starts them; pythonia's Python does it by itself
    for number, stream in zip(
        asked["streams"], [moved(stream) for stream in streams], strict=True
    ):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["directory"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.stdout.reconfigure(write_through="PYTHONUNBUFFERED" in os.environ)
    return asked["arguments"]


def moved(stream: int) -> int:
    """The same stream under a number that no program expects."""
    number = fcntl.fcntl(stream, fcntl.F_DUPFD, 64)
    os.close(stream)
    return number


def keep(pid: int, connection: socket.socket, streams: list[int]) -> None:
    """Forwards signals to the program, kills it if the process that stands for it has been, and tells of its end."""
    import threading

    def forward() -> None:
        while numbers := connection.recv(64):
            for number in numbers.split():
                os.kill(pid, int(number))
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)

    for stream in (0, 1, 2, *streams):
        os.close(stream)
    threading.Thread(target=forward, daemon=True).start()
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        connection.sendall(str(status).encode())
    os._exit(0)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    verb, *rest = sys.argv[1:]
    if verb == "run":
        run(rest[0], rest[1], rest[2], rest[3:])
    arguments = serve(rest[0], int(rest[1]), int(rest[2]))
    if arguments is None:
        return
    start(arguments)


def start(arguments: list[str]) -> None:
    """Does what Python does with these arguments."""
    import atexit
    import runpy

    try:
        if arguments[:2] == PLACED:
            sys.path[0] = PACKAGE
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.path[0] = os.path.dirname(arguments[0])
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(
            end.code
        )  # to take all modules down would copy every page that they share: 0.3 s


if __name__ == "__main__":
    main()
