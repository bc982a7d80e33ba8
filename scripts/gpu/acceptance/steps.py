"""The steps, the most telling first, and what each may take of the time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benches import bench_steps
from comparing import compare, comparison, wait_for_cifar
from outcome import SkippedError, UnmetError
from place import Place
from running import run
from setting_up import set_up, what_was_set_up
from step import Step
from testing import counts, elsewhere, on_cuda

HERE = Path(__file__).parent


def _device(place: Place, seconds: float) -> None:
    program = str(HERE / "device.py")
    answer = str(place.answer("device"))
    run(place, "device", [str(place.python), program, answer], seconds)


def _device_found(place: Place) -> dict[str, Any]:
    found = _answered("device")(place)
    if place.device == "cuda" and not found.get("devices"):
        raise UnmetError(
            "torch sees no CUDA device: see the driver and CUDA_VISIBLE_DEVICES", found
        )
    return found


def _doctor(place: Place, seconds: float) -> None:
    answer = place.answer("doctor")
    run(place, "doctor", place.dsptt("doctor", "--json"), seconds, answer)


def _checks(place: Place) -> dict[str, Any]:
    file = place.answer("doctor")
    if not file.exists() or not file.read_text():
        return {}
    return {"checks": json.loads(file.read_text())}


def _graphs(place: Place, seconds: float) -> None:
    flags = ["--device", place.device, *(["--smoke"] if place.smoke else [])]
    program = [str(place.python), str(HERE / "graphs.py"), str(place.answer("graphs"))]
    run(place, "graphs", [*program, *flags], seconds)


def _memory(place: Place, seconds: float) -> None:
    """At full scale the paper's network and batch, on the built-in images."""
    out = str(place.work / "memory")
    scale = ["--scale", "smoke"] if place.smoke else []
    flags = ["--dataset", "cifar10-sample", "--quiet", "--out", out, *scale]
    run(place, "memory", place.dsptt("reproduce", "memory", *flags), seconds)


def _memory_measured(place: Place) -> dict[str, Any]:
    file = place.work / "memory" / "memory.json"
    if not file.exists():
        return {}
    made = json.loads(file.read_text())
    training = made["trainingPeakBytes"] - made["dataBytes"]
    ratio = (made["searchPeakBytes"] - made["dataBytes"]) / training
    return {
        **made,
        "rows": [
            {
                "name": "memory: peak of a search over that of training",
                "ratio": ratio,
                "low": None,
                "high": None,
                "target": "<= 1.015" if not place.smoke else None,
                "met": ratio <= 1.015 if not place.smoke else None,
            }
        ],
    }


def _answered(name: str) -> Callable[[Place], dict[str, Any]]:
    """What a child left in its answer."""

    def read(place: Place) -> dict[str, Any]:
        file = place.answer(name)
        return json.loads(file.read_text()) if file.exists() else {}

    return read


def _cifar(place: Place) -> dict[str, Any]:
    """How many images of the official files are there."""
    files = sorted(place.cifar.glob("cifar-10-batches-bin/*_batch*.bin"))
    if not files:
        raise SkippedError("nothing was unpacked")
    return {"images": sum(file.stat().st_size for file in files) // 3073}


STEPS = [
    Step(
        "set-up", "Node and the worker's packages run here", 60, set_up, what_was_set_up
    ),
    Step(
        "device",
        "what torch and the driver say of the machine",
        60,
        _device,
        _device_found,
    ),
    Step(
        "doctor",
        "TypeScript, ZeroMQ and the worker work together",
        60,
        _doctor,
        _checks,
    ),
    Step(
        "cuda-tests",
        "the worker's tests that need CUDA",
        150,
        on_cuda,
        counts("cuda-tests"),
    ),
    Step(
        "graphs",
        "steps as CUDA graphs: equal numbers, speed",
        120,
        _graphs,
        _answered("graphs"),
    ),
    Step("cifar", "CIFAR-10 is unpacked", 180, wait_for_cifar, _cifar),
    *bench_steps(),
    Step(
        "memory", "what a search takes beside training", 90, _memory, _memory_measured
    ),
    Step("compare", "DSP-TT, SSE and FGE at one budget", 36000, compare, comparison),
    Step(
        "worker-tests",
        "all other tests of the worker",
        36000,
        elsewhere,
        counts("worker-tests"),
    ),
]
