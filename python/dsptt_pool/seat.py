"""The actor that holds one worker as a child process, on the node where Ray has placed it.

Ray carries this module to the node by value, where nothing of ours is installed: it imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEPT_OUTPUT = 64 * 1024
INSIST_S = 5
"""Time between two signals to a worker that does not end."""


class Seat:
    """One worker and its end. ``start`` is called once, ``wait`` after it; ``stop`` at any time, by another thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._output = b""

    def start(self, python: str, arguments: list[str]) -> dict[str, Any] | None:
        """Starts the worker and waits until it listens.

        Returns:
            Its announcement; None if it has ended instead, as ``wait`` tells.
        """
        command = [python, "-m", "dsptt_worker", *arguments, "--until-stdin-ends"]
        try:
            self._child = subprocess.Popen(  # noqa: S603
                command,
                env=worker_environment(os.environ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            self._output = str(error).encode()
            return None
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._keep(line)
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict) and {"work", "control", "key"} <= said.keys():
                    return said
        return None

    def wait(self) -> tuple[int | None, str | None, str]:
        """Waits for the worker's end.

        Returns:
            Its exit code, None if a signal ended it or it could not be started; that signal; its last output.
        """
        if self._child is None:
            return None, None, self._said()
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._keep(line)
        code = self._child.wait()
        return (code, None, self._said()) if code >= 0 else (None, signal.Signals(-code).name, self._said())

    def stop(self, grace_s: float) -> None:
        """Ends the worker's standard input, waits, then sends SIGTERM and SIGKILL."""
        child = self._child
        if child is None:
            return
        with contextlib.suppress(OSError, ValueError):  # it has ended
            assert child.stdin is not None
            child.stdin.close()
        for sent, after_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, INSIST_S)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(after_s)
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, sent)

    def _keep(self, line: bytes) -> None:
        self._output = (self._output + line)[-KEPT_OUTPUT:]

    def _said(self) -> str:
        return self._output.decode(errors="replace")


def worker_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Returns a worker's environment: that of Ray's process without what opens the cluster, and with our package."""
    kept = {name: value for name, value in own.items() if not name.startswith(("RAY_AUTH_", "RAY_JOB_CONFIG_JSON"))}
    package = importlib.util.find_spec("dsptt_worker")  # where Ray has unpacked it
    if package is not None and package.origin is not None:
        kept["PYTHONPATH"] = str(Path(package.origin).parent.parent)
    return {**kept, "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
