"""Where an acceptance runs, what for, and what its children inherit."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any


@dataclass
class Place:
    """``pack``: the unpacked archive. ``out``: where report and logs go. ``work``: a
    folder of our own, removed in the end. ``ends``: when all must be over, by
    ``time.monotonic``. ``known``: the details of earlier steps, by step.
    ``background``: what runs beside the steps."""

    pack: Path
    out: Path
    work: Path
    device: str
    smoke: bool
    ends: float
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    background: dict[str, Popen[bytes]] = field(default_factory=dict)

    @property
    def package(self) -> Path:
        """The built package."""
        return self.pack / "package"

    @property
    def python(self) -> Path:
        """The Python that has the worker's packages, once it is set up."""
        return self.work / "python" / "bin" / "python"

    @property
    def node(self) -> Path:
        """The pack's Node, once it is unpacked."""
        return self.work / "bin" / "node"

    @property
    def cifar(self) -> Path:
        """The folder of the official CIFAR-10 files, once they are unpacked."""
        return self.work / "cifar"

    def left(self) -> float:
        """Seconds until all must be over."""
        return self.ends - time.monotonic()

    def log(self, name: str) -> Path:
        """The file that a step's output goes to."""
        return self.out / "logs" / f"{name}.log"

    def answer(self, name: str) -> Path:
        """The file that a step's child answers in."""
        return self.work / f"{name}.json"

    def dsptt(self, *arguments: str) -> list[str]:
        """A command line of dsptt."""
        script = self.package / "scripts" / "dsptt.js"
        return [str(self.node), str(script), *arguments]

    def environment(self) -> dict[str, str]:
        """What children inherit. Nothing of theirs stays on the machine."""
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        ours = {
            "PATH": path,
            "DSPTT_PYTHON": str(self.python),
            "DSPTT_CACHE": str(self.work / "cache"),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.work / "hypothesis"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those of the machine fit its pytest
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self.package / "python"),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.work),
            "NO_COLOR": "1",
        }
        if self.device == "cpu":
            ours["CUDA_VISIBLE_DEVICES"] = ""
        if self.smoke:
            ours["OMP_NUM_THREADS"] = "1"  # two threads on busy cores wait, not compute
        return {**os.environ, **ours}
