"""The reduced comparison: as many steps as fit the seconds that are left."""

from __future__ import annotations

import json
from typing import Any

from outcome import SkippedError, UnmetError
from place import Place
from running import run, wait

METHODS = ["dsp-tt", "snapshot", "fge"]
KEPT = 60.0
"""Seconds that are left for the steps after this one."""
IN_STEPS = 0.55
"""The part of the time that goes to steps; the rest evaluates, and starts workers."""
LEAST, MOST = 1000, 200 * 390
SHOWN = ["members", "steps", "testErrorPct", "testLoss", "outputCorrelation", "seconds"]
TIER_SHARE, SEARCH_SHARE = 0.25, 0.3


def compare(place: Place, seconds: float) -> None:
    """Run DSP-TT, SSE and FGE at the same budget."""
    within = seconds if place.smoke else seconds - KEPT
    if within <= 0:
        raise SkippedError(f"fewer than {KEPT:.0f} s were left")
    config = _smoke() if place.smoke else _config(place, within)
    file = place.work / "compare-config.json"
    file.write_text(json.dumps({**config, "device": place.device}))
    flags = ["--methods", ",".join(METHODS), "--seeds", "0", "--quiet"]
    out = ["--out", str(_runs(place)), "--format", "markdown"]
    command = place.dsptt("compare", "--config", str(file), *flags, *out)
    run(place, "compare", command, within)


def comparison(place: Place) -> dict[str, Any]:
    """Each method's row; of one that was cut off, the runs that had finished."""
    file = place.work / "compare-config.json"
    if not file.exists():
        return {}
    details = {"config": json.loads(file.read_text())}
    made = _runs(place) / "comparison.json"
    if not made.exists():
        finished = sorted(_runs(place).glob("*/**/result.json"))
        return {
            **details,
            "finished": [_of_run(json.loads(f.read_text())) for f in finished],
        }
    rows = json.loads(made.read_text())["rows"]
    details["methods"] = [_of_row(row) for row in rows]
    if any(row["failures"] for row in rows):
        raise UnmetError("a run failed", details)
    return details


def wait_for_cifar(place: Place, seconds: float) -> None:
    """Wait until the images are unpacked."""
    if "cifar" not in place.background:
        raise SkippedError(
            "the pack has no CIFAR-10: the built-in excerpt stands for it"
        )
    wait(place, "cifar", place.background["cifar"], seconds)


def _config(place: Place, seconds: float) -> dict[str, Any]:
    """ResNet-20 at the full-scale preset's recipe, on what the measured speed allows."""
    steps = _budget(place, seconds)
    search = TIER_SHARE * SEARCH_SHARE * steps
    # rho1 must reach its end within half of the search; the paper's pace where it does.
    increment = max(1e-3, round(1.05 * 0.98 / (search / 2), 4))
    has_all = place.known.get("cifar", {}).get("images") is not None
    excerpt = {"name": "cifar10-sample", "args": {"normalise": "cifar"}}
    return {
        "preset": "cifar10-resnet164",
        "model": {"args": {"depth": 20}},
        "dataset": {"dir": str(place.cifar)} if has_all else excerpt,
        "budget": {"steps": steps},
        "selectOn": "training" if has_all else "validation",
        "dspTt": {
            "tierShare": TIER_SHARE,
            "searchShare": SEARCH_SHARE,
            "rho1": {"increment": increment},
            "decideEvery": max(1, min(50, int(search / 40))),
        },
        "pairBarriers": False,
        **_fast(place),
    }


def _fast(place: Place) -> dict[str, Any]:
    return {"precision": "bf16", "channelsLast": True} if place.device == "cuda" else {}


def _budget(place: Place, seconds: float) -> int:
    """Steps a method, from the speed that an earlier step measured."""
    try:
        rates = place.known["graphs"]["networks"]["preresnet-20"]["stepsPerSecond"]
    except KeyError:
        raise SkippedError("no speed was measured to choose a budget by") from None
    mode = "graph bf16" if place.device == "cuda" else "graph fp32"
    steps = IN_STEPS * seconds / len(METHODS) * rates[mode]["descend"]
    if steps < LEAST:
        raise SkippedError(f"{seconds:.0f} s are too few: {steps:.0f} steps a method")
    return min(MOST, int(steps) // 100 * 100)


def _smoke() -> dict[str, Any]:
    return {
        "preset": "cifar10-resnet164",
        "scale": "smoke",
        "model": {"args": {"depth": 20, "width": 4}},
        "threads": 1,
    }


def _runs(place: Place) -> Any:
    return place.work / "compare"


def _of_row(row: dict[str, Any]) -> dict[str, Any]:
    means = {name: row["means"].get(name) for name in SHOWN}
    return {
        "method": row["title"],
        **{name: mean and mean["mean"] for name, mean in means.items()},
        "failures": [failure["message"] for failure in row["failures"]],
    }


def _of_run(result: dict[str, Any]) -> dict[str, Any]:
    named = {e["name"]: e for e in result["ensembles"]}
    ensemble = named.get(result["result"], {})
    return {
        "method": result["method"],
        "steps": result["budget"]["steps"],
        "testErrorPct": ensemble.get("testErrorPct"),
        "testLoss": ensemble.get("testLoss"),
    }
