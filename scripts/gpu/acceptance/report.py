"""report.json and report.md: whole at any moment, so that a kill leaves what is known."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

Status = Literal["passed", "failed", "skipped", "timed out"]


@dataclass(frozen=True)
class Result:
    """How a step ended."""

    name: str
    shows: str
    status: Status
    seconds: float
    details: dict[str, Any]

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise ValueError(f"step {self.name}: unknown status {self.status!r}")
        if not self.seconds >= 0:
            raise ValueError(f"step {self.name}: seconds must be >= 0: {self.seconds}")


@dataclass
class Report:
    """report.json, schema 1. ``ended`` is null, and ``running`` a step's name, where
    the acceptance was killed."""

    pack: dict[str, Any]
    device: str
    smoke: bool
    minutes: float
    started: str
    schema: int = 1
    ended: str | None = None
    running: str | None = None
    steps: list[Result] = field(default_factory=list)

    def begin(self, name: str) -> None:
        """Note which step runs now."""
        self.running = name

    def add(self, result: Result) -> None:
        """Note a step's end.

        Raises:
            ValueError: a step of that name is noted already.
        """
        if any(step.name == result.name for step in self.steps):
            raise ValueError(f"step {result.name} ended twice")
        self.running = None
        self.steps.append(replace(result, details=_finite(result.details)))

    @property
    def good(self) -> bool:
        """Whether no step failed or ran out of time."""
        return all(step.status in ("passed", "skipped") for step in self.steps)


def now() -> str:
    """The time, as reports state it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write(path: Path, text: str) -> None:
    """Write a file so that it is never seen half written."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(text)
    os.replace(beside, path)


def _finite(details: Any) -> Any:
    """The same, with NaN and infinities as text: JSON has no numbers for them."""
    if isinstance(details, dict):
        return {key: _finite(value) for key, value in details.items()}
    if isinstance(details, list):
        return [_finite(value) for value in details]
    if isinstance(details, float) and not math.isfinite(details):
        return str(details)
    return details


def as_json(report: Report) -> str:
    """The report as it is written."""
    return json.dumps(asdict(report), indent=2, allow_nan=False) + "\n"
