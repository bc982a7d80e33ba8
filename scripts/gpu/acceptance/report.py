"""report.json and report.md: whole at any moment, so that a kill leaves what is known."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Report:
    """report.json, schema 1. ``ended`` is null where the acceptance was killed;
    ``running`` is the step that ran when it was, or when it was interrupted."""

    pack: dict[str, Any]
    device: str
    smoke: bool
    minutes: float
    started: str
    schema: int = 1
    ended: str | None = None
    running: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)


class Reporter:
    """Notes of each pytest test what it showed, and writes the report before and after each."""

    def __init__(self, report: Report, out: Path) -> None:
        self._report = report
        self._out = out
        self._shows: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        """Know what each step shows: the first line of its docstring."""
        self._shows = {i.name: (i.obj.__doc__ or "").split("\n")[0] for i in items}

    def pytest_runtest_logstart(self, location: tuple[str, int, str]) -> None:
        """Note which step runs now."""
        self._report.running = step_name(location[2])
        self._write()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a step's end."""
        if report.when != "call" and report.passed:
            return
        details = dict(report.user_properties)["details"]
        if report.failed:
            details["error"] = report.longreprtext
        elif report.skipped:
            details["why"] = report.longrepr[2].removeprefix("Skipped: ")
        test = report.location[2]
        self._report.steps.append(
            {
                "name": step_name(test),
                "shows": self._shows[test],
                "status": report.outcome,
                "seconds": round(report.duration, 2),
                "details": details,
            }
        )
        self._report.running = None
        self._write()

    def pytest_sessionfinish(self) -> None:
        """Note the end."""
        self._report.ended = iso(time.time())
        self._write()

    def _write(self) -> None:
        texts = {
            "report.json": json.dumps(asdict(self._report), indent=2, allow_nan=False),
            "report.md": as_markdown(self._report),
        }
        for name, text in texts.items():
            beside = self._out / f".{name}"
            beside.write_text(f"{text}\n")
            os.replace(beside, self._out / name)


def step_name(test: str) -> str:
    """The step that a test is: ``bench-search`` of ``test_bench_search``."""
    return test.removeprefix("test_").replace("_", "-")


def iso(seconds: float) -> str:
    """A time in seconds since 1970, as reports state it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def as_markdown(report: Report) -> str:
    """What was run, what was met, and each step with all that it showed."""
    pack, ran = report.pack, report.running or "nothing"
    changed = " with changes" if pack["changed"] else ""
    ratios = [row for step in report.steps for row in step["details"].get("rows", [])]
    times = [
        f"- pack: {pack['version']}, commit {pack['commit']}{changed}",
        f"- begun {report.started}, at most {report.minutes:g} minutes",
        f"- ended: {report.ended or 'not yet, or killed'} (running: {ran})",
    ]
    parts = [
        f"# Acceptance on {report.device}{' (smoke)' if report.smoke else ''}",
        "\n".join(times),
        _table(["name", "status", "seconds", "shows"], report.steps),
        "## Ratios\n\nA target is missed only where the interval lies wholly beyond it.",
        _table(["name", "ratio", "low", "high", "target", "met"], ratios),
    ]
    return "\n\n".join([*parts, *map(_step, report.steps)])


def _step(step: dict[str, Any]) -> str:
    """Texts as they are; everything else but rows as JSON."""
    details = {key: text for key, text in step["details"].items() if key != "rows"}
    texts = [details.pop(key) for key in ("error", "why", "printed") if key in details]
    if details:
        texts.append(json.dumps(details, indent=2))
    fenced = [f"~~~\n{text}\n~~~" for text in texts]
    return "\n\n".join([f"## {step['name']}: {step['status']}", *fenced])


def _table(keys: list[str], rows: list[dict[str, Any]]) -> str:
    lines = [
        keys,
        ["---"] * len(keys),
        *([_cell(row[key]) for key in keys] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return f"{value:.3f}" if isinstance(value, int | float) else value or "-"
