"""The actor that holds a worker, without Ray: it is a plain class."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from dsptt_pool.seat import Seat, worker_environment

ARGUMENTS = ["--listen", "tcp://127.0.0.1:0", "--client-key", "0" * 64]


@pytest.fixture
def seat() -> Iterator[Seat]:
    seat = Seat()
    yield seat
    seat.stop(0)


def test_tells_where_its_worker_listens_and_how_it_ended(seat: Seat) -> None:
    said = seat.start(sys.executable, ARGUMENTS)
    assert said is not None
    assert said["work"].startswith("tcp://127.0.0.1:")
    os.kill(said["pid"], signal.SIGKILL)
    code, ended_by, _ = seat.wait()
    assert (code, ended_by) == (None, "SIGKILL")


def test_ends_a_worker_that_does_not_leave_by_itself(seat: Seat) -> None:
    said = seat.start(sys.executable, ARGUMENTS)
    assert said is not None
    os.kill(said["pid"], signal.SIGSTOP)
    seat.stop(0.05)
    assert seat.wait()[1] == "SIGKILL"


def test_tells_what_a_worker_says_that_does_not_start(seat: Seat) -> None:
    assert seat.start(sys.executable, ["--nonsense"]) is None
    code, ended_by, output = seat.wait()
    assert (code, ended_by) == (2, None)
    assert "unrecognized arguments: --nonsense" in output


def test_tells_that_there_is_no_such_python(seat: Seat) -> None:
    assert seat.start("/no/python", ARGUMENTS) is None
    assert seat.wait() == (None, None, "[Errno 2] No such file or directory: '/no/python'")


def test_hands_a_worker_nothing_that_opens_the_cluster() -> None:
    own = {"RAY_AUTH_TOKEN": "a", "RAY_AUTH_TOKEN_PATH": "b", "RAY_JOB_CONFIG_JSON_ENV_VAR": "c", "HOME": "/home/me"}
    assert set(worker_environment(own)) == {"HOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUNBUFFERED"}
