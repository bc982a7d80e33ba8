"""The benches of ``npm run bench``, each a step: what one measured stays known whatever the next one does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from outcome import UnmetError
from place import Place
from running import run
from step import Step

LIMITS = {"bridge": 90, "search": 60, "train": 150}
SHOWS = {
    "bridge": "what driving from TypeScript costs",
    "search": "what a search step costs beside a training step",
    "train": "training beside the loop that users run today",
}


def bench_steps() -> list[Step]:
    """A step for each bench that says something about a CUDA device."""
    return [
        Step(f"bench-{name}", SHOWS[name], limit, _bench(name), _rows(name))
        for name, limit in LIMITS.items()
    ]


def _bench(name: str) -> Callable[[Place, float], None]:
    def act(place: Place, seconds: float) -> None:
        program = str(place.package / "scripts" / "bench" / "main.js")
        sizes = ["--quick", "--pairs", "1"] if place.smoke else []
        flags = ["--only", name, "--device", place.device, *sizes]
        answer = ["--json", str(place.answer(f"bench-{name}"))]
        command = [str(place.node), program, *flags, *answer]
        run(place, f"bench-{name}", command, seconds)

    return act


def _rows(name: str) -> Callable[[Place], dict[str, Any]]:
    def read(place: Place) -> dict[str, Any]:
        file = place.answer(f"bench-{name}")
        if not file.exists():
            return {}
        made = json.loads(file.read_text())
        rows = made["rows"]
        if place.smoke:  # one pair says nothing of a target
            rows = [{**row, "target": None, "met": None} for row in rows]
        details = {"rows": rows, "versions": made["environment"]["versions"]}
        if made["failures"]:
            messages = "; ".join(failure["message"] for failure in made["failures"])
            raise UnmetError(messages, details)
        return details

    return read
