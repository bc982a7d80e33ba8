"""The options of an acceptance, its report, and its end by a signal."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from step import CIFAR, ENDING, PACK, WORK, Step, end, end_all, read_json, start

from report import Report, Reporter, iso, step_name

atexit.register(shutil.rmtree, WORK, ignore_errors=True)
FINISHING = 5  # seconds that writing and removing may take


def pytest_addoption(parser: pytest.Parser) -> None:
    """What ``accept`` takes besides pytest's own options, such as ``-k``."""
    parser.addoption("--out", type=Path, required=True)
    parser.addoption("--minutes", type=_minutes, default=9.0, help="for all steps")
    parser.addoption("--device", choices=["cuda", "cpu"], default="cuda")
    parser.addoption("--smoke", action="store_true", help="tiny sizes: does it work")


def pytest_configure(config: pytest.Config) -> None:
    """Report from now on, and end by signals."""
    for number in ENDING:
        signal.signal(number, _interrupt)
    os.environ["DSPTT_PYTHON"] = sys.executable
    device, smoke = config.option.device, config.option.smoke
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if smoke:
        # Two threads on busy cores wait instead of computing.
        os.environ["OMP_NUM_THREADS"] = "1"
    began = iso(float(os.environ["ACCEPT_BEGUN"]))
    report = Report(
        read_json(PACK / "pack.json"), device, smoke, config.option.minutes, began
    )
    config.pluginmanager.register(Reporter(report, config.option.out))


def pytest_unconfigure() -> None:
    """Leave no child behind."""
    end_all()


@pytest.fixture
def step(request: pytest.FixtureRequest) -> Step:
    """The step that a test is."""
    option = request.config.option
    ends = float(os.environ["ACCEPT_BEGUN"]) + 60 * option.minutes - FINISHING
    name = step_name(request.node.name)
    made = Step(name, option.out, option.device, option.smoke, ends)
    request.node.user_properties.append(("details", made.details))
    if made.left() == 0:
        pytest.skip("the minutes are over")
    return made


@pytest.fixture(scope="session", autouse=True)
def unpacking(pytestconfig: pytest.Config) -> Iterator[Popen[bytes] | None]:
    """CIFAR-10 is unpacked beside the first steps; None where the pack has none."""
    if not (PACK / "cifar").is_dir():
        yield None
        return
    command = [sys.executable, str(PACK / "cifar" / "unpack.py"), "cifar10", str(CIFAR)]
    child = start(command, pytestconfig.option.out / "logs" / "cifar.log")
    yield child
    end(child)


def _minutes(text: str) -> float:
    value = float(text)
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 600, got {text}")
    return value


def _interrupt(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    pytest.exit(f"ended by {signal.Signals(number).name}", returncode=128 + number)
