"""What the machine has, as torch and the driver tell it. Answers in the file named; only reads, never sets."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

QUERY = (
    "name,driver_version,memory.total,memory.used,utilization.gpu,clocks.sm,clocks.mem,"
    "power.limit,persistence_mode,mig.mode.current"
)


def main(answer: Path) -> None:
    """Write the answer; the driver's own table goes to standard output."""
    import torch

    answer.write_text(
        json.dumps(
            {
                "platform": platform.platform(),
                "python": platform.python_version(),
                "cpus": len(os.sched_getaffinity(0)),
                "torch": torch.__version__,
                "cuda": torch.version.cuda,
                "cudnn": torch.backends.cudnn.version(),
                "devices": [_device(i) for i in range(torch.cuda.device_count())],
                "driver": _driver(),
            }
        )
    )


def _device(index: int) -> dict[str, Any]:
    import torch

    properties = torch.cuda.get_device_properties(index)
    return {
        "name": properties.name,
        "capability": f"{properties.major}.{properties.minor}",
        "memoryMiB": properties.total_memory // 2**20,
        "multiprocessors": properties.multi_processor_count,
        "l2MiB": getattr(properties, "L2_cache_size", 0) / 2**20,
    }


def _driver() -> list[dict[str, str]]:
    """One entry a device; none where there is no driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    print(_printed(program))
    printed = _printed(program, f"--query-gpu={QUERY}", "--format=csv,noheader")
    names = QUERY.split(",")
    lines = [line.split(", ") for line in printed.strip().splitlines()]
    return [dict(zip(names, values)) for values in lines]


def _printed(*command: str) -> str:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=30
    ).stdout


main(Path(sys.argv[1]))
