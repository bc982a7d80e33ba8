"""What a step of the acceptance uses: children with a time limit, and notes of what they showed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import STDOUT, Popen, TimeoutExpired
from typing import Any

import pytest

PACK = Path(__file__).resolve().parents[1]
PACKAGE = PACK / "package"
WORK = Path(os.environ["ACCEPT_WORK"])
"""The folder that ``accept`` has made, removed in the end."""
CIFAR = WORK / "cifar"
GRACE = 5  # seconds between SIGTERM and SIGKILL
LAST_LINES = 40
PATIENCE = 3  # limits are for a GPU; a CPU, perhaps a busy one, gets so many times more


ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_children: list[Popen[bytes]] = []


def start(command: Sequence[str], log: Path) -> Popen[bytes]:
    """Start a child in a process group of its own, with all that it prints in a log. A signal
    that would end this process waits until the child is known to ``end_all``."""
    with log.open("ab") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            child = Popen(
                command,
                cwd=WORK,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=STDOUT,
                process_group=0,
                preexec_fn=lambda: signal.pthread_sigmask(  # noqa: PLW1509 (no thread runs)
                    signal.SIG_SETMASK, before
                ),
            )
            _children.append(child)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def end_all() -> None:
    """End the children that still run: a signal may come before the step that started one waits for it."""
    for child in _children:
        if child.poll() is None:
            end(child)


def end(child: Popen[bytes]) -> None:
    """End a child and all of its group, gently first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with suppress(TimeoutExpired):
            child.wait(GRACE)


@dataclass(frozen=True)
class Step:
    """A step that runs. ``ends``: when all must be over, in seconds since 1970.
    ``details``: what the report says of this step."""

    name: str
    out: Path
    device: str
    smoke: bool
    ends: float
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """The file that all output goes to."""
        return self.out / "logs" / f"{self.name}.log"

    @property
    def answer(self) -> Path:
        """The file that a child of this step answers in."""
        return WORK / f"{self.name}.json"

    def left(self) -> float:
        """Seconds until all must be over."""
        return max(0.0, self.ends - time.time())

    def run(self, command: Sequence[str], seconds: float) -> None:
        """Run a child to its end, as ``wait`` does."""
        self.wait(start(command, self.log), seconds)

    def wait(self, child: Popen[bytes], seconds: float) -> None:
        """Wait for a child's end; the step fails where that takes too long, or where its
        exit code is not 0."""
        patience = PATIENCE if self.device == "cpu" else 1
        limit = min(seconds * patience, self.left())
        try:
            with suppress(TimeoutExpired):
                child.wait(limit)
            code = child.poll()
        finally:
            end(child)
        if code is None:
            pytest.fail(f"ended after {limit:.0f} s", pytrace=False)
        if code != 0:
            printed = "\n".join(self.printed()[-LAST_LINES:])
            pytest.fail(f"exit code {code}; its output ends:\n{printed}", pytrace=False)

    def measure(self, command: Sequence[str], seconds: float) -> dict[str, Any]:
        """Run a child that answers in JSON; what it answers is noted however it ends."""
        try:
            self.run(command, seconds)
        finally:
            if self.answer.exists():
                self.details.update(read_json(self.answer))
        return self.details

    def printed(self) -> list[str]:
        """The lines of the log."""
        return self.log.read_text(errors="replace").splitlines()

    def python(self, program: str, *arguments: str) -> list[str]:
        """A command line of a program beside this one."""
        return [sys.executable, str(Path(__file__).with_name(program)), *arguments]

    def dsptt(self, *arguments: str) -> list[str]:
        """A command line of dsptt."""
        return ["node", str(PACKAGE / "scripts" / "dsptt.js"), *arguments]


def read_json(file: Path) -> Any:
    """What a file holds, with NaN and infinities as text: the report's JSON has no numbers for them."""
    return json.loads(file.read_text(), parse_constant=str)
