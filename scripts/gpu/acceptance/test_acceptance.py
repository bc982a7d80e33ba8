"""The steps, the most telling first, each within the seconds that it may take."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from subprocess import Popen

import pytest
from comparing import METHODS, chosen, finished
from step import CIFAR, PACKAGE, WORK, Step, read_json

QUERY = (
    "name,driver_version,memory.total,memory.used,utilization.gpu,clocks.sm,clocks.mem,"
    "power.limit,persistence_mode,mig.mode.current"
)
PROBE = """
import os, platform, sys, torch
print(platform.platform(), len(os.sched_getaffinity(0)), "CPUs, Python", sys.version)
print("torch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())
if sys.argv[1] == "cuda":
    torch.cuda.init()  # says what is wrong where there is no device
    print(*map(torch.cuda.get_device_properties, range(torch.cuda.device_count())), sep="\\n")
"""
TESTS = PACKAGE / "python" / "tests"
CUDA_TESTS = TESTS / "steps" / "test_cuda.py"
QUICK_TESTS = [
    TESTS / "network" / "test_flat.py",
    TESTS / "operations" / "test_programs.py",
]
"""What a smoke run looks at."""
MEMORY_TARGET = 1.015


def test_device(step: Step) -> None:
    """what torch and the driver say of the machine"""
    if shutil.which("nvidia-smi") is not None:
        step.run(["nvidia-smi", f"--query-gpu={QUERY}", "--format=csv"], 30)
    step.run([sys.executable, "-c", PROBE, step.device], 60)
    step.details["printed"] = "\n".join(step.printed())


def test_doctor(step: Step) -> None:
    """TypeScript, ZeroMQ and the worker work together"""
    step.run(step.dsptt("doctor"), 60)
    step.details["printed"] = "\n".join(step.printed())


def test_cuda_tests(step: Step) -> None:
    """the worker's tests that need CUDA"""
    if step.device == "cpu":
        pytest.skip("needs a CUDA device")
    _worker_tests(step, 150, CUDA_TESTS)


def test_graphs(step: Step) -> None:
    """steps as CUDA graphs: equal numbers, speed"""
    smoke = ["--smoke"] if step.smoke else []
    flags = ["--device", step.device, *smoke]
    step.measure(step.python("graphs.py", str(step.answer), *flags), 120)


def test_cifar(step: Step, unpacking: Popen[bytes] | None) -> None:
    """CIFAR-10 is unpacked"""
    if unpacking is None:
        pytest.skip("the pack has no CIFAR-10: the built-in excerpt stands for it")
    step.wait(unpacking, 180)
    files = CIFAR.glob("cifar-10-batches-bin/*_batch*.bin")
    step.details["images"] = sum(file.stat().st_size for file in files) // 3073
    assert step.details["images"] > 0


def test_bench_bridge(step: Step) -> None:
    """what driving from TypeScript costs"""
    _bench(step, "bridge", 90)


def test_bench_search(step: Step) -> None:
    """what a search step costs beside a training step"""
    _bench(step, "search", 60)


def test_bench_train(step: Step) -> None:
    """training beside the loop that users run today"""
    _bench(step, "train", 150)


def test_memory(step: Step) -> None:
    """what a search takes beside training"""
    out = WORK / "memory"
    scale = ["--scale", "smoke"] if step.smoke else []
    flags = ["--dataset", "cifar10-sample", "--quiet", "--out", str(out), *scale]
    step.run(step.dsptt("reproduce", "memory", *flags), 90)
    made = read_json(out / "memory.json")
    training = made["trainingPeakBytes"] - made["dataBytes"]
    ratio = (made["searchPeakBytes"] - made["dataBytes"]) / training
    row = {
        "name": "memory: peak of a search over that of training",
        "ratio": ratio,
        "low": None,
        "high": None,
        "target": f"<= {MEMORY_TARGET}",
        "met": ratio <= MEMORY_TARGET,
    }
    step.details.update(made, rows=_judged(step, [row]))


def test_compare(step: Step) -> None:
    """DSP-TT, SSE and FGE at one budget"""
    seconds, config = chosen(step)
    step.details["config"] = config
    file, out = step.answer, WORK / "compare"
    file.write_text(json.dumps(config))
    flags = ["--methods", ",".join(METHODS), "--seeds", "0", "--quiet"]
    command = step.dsptt("compare", "--config", str(file), *flags, "--out", str(out))
    try:
        step.run(command, seconds)
    finally:
        step.details["finished"] = finished(out)
    assert len(step.details["finished"]) == len(METHODS)


def test_worker_tests(step: Step) -> None:
    """all other tests of the worker"""
    tests = QUICK_TESTS if step.smoke else [TESTS, f"--ignore={CUDA_TESTS}"]
    _worker_tests(step, 3600, *tests)


def _worker_tests(step: Step, seconds: float, *tests: Path | str) -> None:
    """The last line that pytest prints counts them; some must have run."""
    project = PACKAGE / "python"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    where = ["-c", str(project / "pyproject.toml"), "--rootdir", str(project)]
    try:
        step.run([*command, *where, *map(str, tests)], seconds)
    finally:
        step.details["printed"] = step.printed()[-1]
    assert " passed" in step.details["printed"], "no test ran"


def _bench(step: Step, name: str, seconds: float) -> None:
    """One of ``npm run bench``: its rows are noted also where another one failed."""
    program = str(PACKAGE / "scripts" / "bench" / "main.js")
    sizes = ["--quick", "--pairs", "1"] if step.smoke else []
    flags = [
        "--only",
        name,
        "--device",
        step.device,
        *sizes,
        "--json",
        str(step.answer),
    ]
    try:
        step.measure(["node", program, *flags], seconds)
    finally:
        step.details["rows"] = _judged(step, step.details.get("rows", []))


def _judged(step: Step, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """On a smoke run no target is judged: one pair says nothing of it."""
    unjudged = {"target": None, "met": None} if step.smoke else {}
    return [{**row, **unjudged} for row in rows]
