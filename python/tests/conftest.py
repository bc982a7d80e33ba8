"""Shared fixtures: one thread, property tests that repeat themselves exactly, and tasks that are opened once.

A test may use the shared tasks in any way that leaves their list of points and paths and their network's layers
unchanged: every test loads the network's state anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from builders import digits_task, trained_point, wine_task
from finished_run import FinishedRun, finished_run
from hypothesis import HealthCheck, settings
from worker_process import WorkerProcess, short_directory

from dsptt_worker.network.flat import Point
from dsptt_worker.task import Task

torch.set_num_threads(1)
settings.register_profile(
    "dsptt",
    deadline=None,
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("dsptt")


@pytest.fixture(scope="session")
def digits() -> Task:
    """Digits, augmented, and a network with batch norm."""
    return digits_task()


@pytest.fixture(scope="session")
def wine() -> Task:
    """Wine and a perceptron without layers that hold state."""
    return wine_task()


@pytest.fixture(scope="session")
def forgetful() -> Task:
    """Wine and a perceptron with dropout."""
    return wine_task(dropout=0.5)


@pytest.fixture
def point(digits: Task) -> Point:
    """A trained point of the digits task, the test's own."""
    return trained_point(digits)


@pytest.fixture
def socket_directory() -> Iterator[Path]:
    """Creates an empty directory with mode 0700 and a short path."""
    with short_directory() as directory:
        yield directory


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A finished run on digits, which no test changes."""
    return finished_run(tmp_path_factory.mktemp("digits") / "run")


@pytest.fixture(scope="session")
def wines(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A finished run on wine quality, which no test changes."""
    return finished_run(tmp_path_factory.mktemp("wines") / "run", "winequality")


@pytest.fixture(scope="session")
def worker() -> Iterator[WorkerProcess]:
    """Starts a worker process that all tests share; each of them opens sockets of its own."""
    with WorkerProcess.start() as process:
        yield process
