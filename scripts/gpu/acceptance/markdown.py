"""The report as people read it."""

from __future__ import annotations

import json
from typing import Any

from report import Report, Result

MARKS = {"passed": "passed", "failed": "**failed**", "timed out": "**timed out**"}


def as_markdown(report: Report) -> str:
    """What was run, what was met, and each step with all that it showed."""
    parts = [
        "# Acceptance on " + report.device + (" (smoke)" if report.smoke else ""),
        _head(report),
        _table(
            ["step", "status", "seconds", "what it shows"],
            [
                [s.name, MARKS.get(s.status, s.status), f"{s.seconds:.1f}", s.shows]
                for s in report.steps
            ],
        ),
        _rows(report),
        *(_step(step) for step in report.steps),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Report) -> str:
    pack = report.pack
    changed = " with changes" if pack.get("changed") else ""
    end = report.ended or f"not yet, or killed (running: {report.running or 'nothing'})"
    return "\n".join(
        [
            f"- pack: {pack.get('version')}, commit {pack.get('commit')}{changed}",
            f"- begun {report.started}, at most {report.minutes:g} minutes",
            f"- ended: {end}",
        ]
    )


def _rows(report: Report) -> str:
    """What benches measured, with the targets, of all steps in one table."""
    rows = [
        [
            str(row.get("name")),
            *(_number(row.get(key)) for key in ("ratio", "low", "high")),
            str(row.get("target") or "-"),
            {True: "yes", False: "**no**"}.get(row.get("met"), "-"),
        ]
        for step in report.steps
        for row in step.details.get("rows", [])
    ]
    if not rows:
        return ""
    head = ["bench", "ratio", "low", "high", "target", "met"]
    note = "A target is missed only where the interval lies wholly beyond it."
    return f"## Ratios\n\n{_table(head, rows)}\n\n{note}"


def _step(step: Result) -> str:
    details = {key: value for key, value in step.details.items() if key != "rows"}
    parts = [f"## {step.name}: {step.status}"]
    for key in ("error", "why"):
        if key in details:
            parts.append(f"{_fenced(str(details.pop(key)), 'text')}")
    if details:
        parts.append(_fenced(json.dumps(details, indent=2), "json"))
    return "\n\n".join(parts)


def _fenced(text: str, language: str) -> str:
    return f"~~~{language}\n{text}\n~~~"


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "-"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(c) for c in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
