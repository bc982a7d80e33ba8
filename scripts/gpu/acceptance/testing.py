"""The worker's own tests, on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from outcome import SkippedError, UnmetError
from place import Place
from running import run

CUDA = "test_cuda.py"
QUICK = ["test_flat.py", "test_programs.py"]
"""What a smoke run looks at."""


def on_cuda(place: Place, seconds: float) -> None:
    """The tests that need a CUDA device."""
    file = _tests(place) / CUDA
    if not file.exists():
        raise SkippedError(f"the pack has no {CUDA}")
    _pytest(place, "cuda-tests", [str(file)], seconds)


def elsewhere(place: Place, seconds: float) -> None:
    """All others."""
    tests = _tests(place)
    files = [str(tests / name) for name in QUICK] if place.smoke else [str(tests)]
    _pytest(place, "worker-tests", [*files, f"--ignore={tests / CUDA}"], seconds)


def counts(name: str) -> Callable[[Place], dict[str, Any]]:
    """How many tests of a step passed, failed and were skipped."""

    def read(place: Place) -> dict[str, Any]:
        file = _results(place, name)
        if not file.exists():
            return {}
        cases = list(ElementTree.parse(file).getroot().iter("testcase"))
        failed = [
            c
            for c in cases
            if c.find("failure") is not None or c.find("error") is not None
        ]
        skipped = [c for c in cases if c.find("skipped") is not None]
        details = {
            "passed": len(cases) - len(failed) - len(skipped),
            "skipped": len(skipped),
            "failed": [f"{c.get('classname')}::{c.get('name')}" for c in failed],
        }
        if details["passed"] == 0 and not failed:
            reasons = {m.get("message") or "" for c in cases for m in c.iter("skipped")}
            raise SkippedError(
                f"no test ran: {'; '.join(sorted(reasons)) or 'none there'}"
            )
        if failed:
            raise UnmetError(
                f"{len(failed)} tests failed: see logs/{name}.log", details
            )
        return details

    return read


def _pytest(place: Place, name: str, args: list[str], seconds: float) -> None:
    project = place.package / "python"
    command = [str(place.python), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    where = ["-c", str(project / "pyproject.toml"), "--rootdir", str(project)]
    results = f"--junitxml={_results(place, name)}"
    run(place, name, [*command, *where, results, *args], seconds)


def _tests(place: Place) -> Path:
    return place.package / "python" / "tests"


def _results(place: Place, name: str) -> Path:
    return place.work / f"{name}.xml"
