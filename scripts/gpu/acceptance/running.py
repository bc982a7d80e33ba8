"""Children: each in a process group of its own, with a time-out, and none outlives us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen

from outcome import OutOfTimeError, UnmetError
from place import Place

GRACE = 5  # seconds between SIGTERM and SIGKILL
LAST_LINES = 30
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def start(
    place: Place, name: str, command: Sequence[str], answer: Path | None = None
) -> Popen[bytes]:
    """Start a child whose output goes to its step's log, and standard output to
    ``answer`` where that is named."""
    log = place.log(name)
    with log.open("ab") as errors:
        errors.write(f"$ {' '.join(command)}\n".encode())
        errors.flush()
        with (answer or log).open("ab") as output:
            return Popen(
                command,
                cwd=place.work,
                env=place.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                process_group=0,
                preexec_fn=_die_with_us,  # noqa: PLW1509 (no other threads here)
            )


def run(
    place: Place,
    name: str,
    command: Sequence[str],
    seconds: float,
    answer: Path | None = None,
) -> None:
    """Run a child to its end.

    Raises:
        OutOfTimeError: it took longer than ``seconds``, and was ended.
        UnmetError: it ended with another code than 0.
    """
    wait(place, name, start(place, name, command, answer), seconds)


def wait(place: Place, name: str, child: Popen[bytes], seconds: float) -> None:
    """Wait for a child's end, as ``run`` does."""
    try:
        code = child.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        raise OutOfTimeError(f"ended after {seconds:.0f} s") from None
    finally:
        end(child)
    if code != 0:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise UnmetError(f"{how}; the end of its output:\n{tail(place.log(name))}")


def end(child: Popen[bytes]) -> None:
    """End a child and all of its group, gently first."""
    if child.poll() is None:
        _signal(child, signal.SIGTERM)
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            pass
    _signal(child, signal.SIGKILL)
    child.wait()


def tail(log: Path) -> str:
    """The last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])


def _signal(child: Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass  # none of the group is left


def _die_with_us() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
