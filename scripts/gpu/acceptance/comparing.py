"""The reduced comparison: as many steps as fit the seconds that are left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from step import CIFAR, WORK, Step, read_json

METHODS = ["dsp-tt", "snapshot", "fge"]
KEPT = 60.0
"""Seconds that are left for the steps after this one."""
IN_STEPS = 0.55
"""The part of the time that goes to steps; the rest evaluates, and starts workers."""
LEAST, MOST = 1000, 200 * 390
TIER_SHARE, SEARCH_SHARE = 0.25, 0.3


def chosen(step: Step) -> tuple[float, dict[str, Any]]:
    """Seconds that the comparison may take, and its configuration."""
    if step.smoke:
        width = {"depth": 20, "width": 4}
        smoke = {"scale": "smoke", "model": {"args": width}, "threads": 1}
        return step.left(), _on(step, smoke)
    seconds = step.left() - KEPT
    return seconds, _on(step, _full(step, seconds))


def finished(out: Path) -> list[dict[str, Any]]:
    """The result of each run that has finished, also of a comparison that was cut off."""
    results = [read_json(file) for file in sorted(out.glob("*/**/result.json"))]
    return [
        {
            "method": result["method"],
            "steps": result["budget"]["steps"],
            **next(e for e in result["ensembles"] if e["name"] == result["result"]),
        }
        for result in results
    ]


def _on(step: Step, config: dict[str, Any]) -> dict[str, Any]:
    return {"preset": "cifar10-resnet164", "device": step.device, **config}


def _full(step: Step, seconds: float) -> dict[str, Any]:
    """ResNet-20 at the full-scale preset's recipe, on what the measured speed allows."""
    steps = _budget(step, seconds)
    search = TIER_SHARE * SEARCH_SHARE * steps
    # rho1 must reach its end within half of the search; the paper's pace where it does.
    increment = max(1e-3, round(1.05 * 0.98 / (search / 2), 4))
    has_all = any(CIFAR.glob("*/test_batch.bin"))
    excerpt = {"name": "cifar10-sample", "args": {"normalise": "cifar"}}
    fast = {"precision": "bf16", "channelsLast": True}
    return {
        "model": {"args": {"depth": 20}},
        "dataset": {"dir": str(CIFAR)} if has_all else excerpt,
        "budget": {"steps": steps},
        "selectOn": "training" if has_all else "validation",
        "dspTt": {
            "tierShare": TIER_SHARE,
            "searchShare": SEARCH_SHARE,
            "rho1": {"increment": increment},
            "decideEvery": max(1, min(50, int(search / 40))),
        },
        "pairBarriers": False,
        **(fast if step.device == "cuda" else {}),
    }


def _budget(step: Step, seconds: float) -> int:
    """Steps a method, from the speed that an earlier step measured."""
    measured = WORK / "graphs.json"
    if not measured.exists():
        pytest.skip("no speed was measured to choose a budget by")
    rates = read_json(measured)["networks"]["preresnet-20"]["stepsPerSecond"]
    mode = "graph bf16" if step.device == "cuda" else "graph fp32"
    steps = IN_STEPS * seconds / len(METHODS) * rates[mode]["descend"]
    if steps < LEAST:
        pytest.skip(f"{seconds:.0f} s are too few: {steps:.0f} steps a method")
    return min(MOST, int(steps) // 100 * 100)
