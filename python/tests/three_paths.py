"""A search with three paths, as tests of captured steps run it on CPU and CUDA."""

from __future__ import annotations

from builders import never, new_path, trained_point
from torch import Tensor

from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.steps.search_path import SearchPath
from dsptt_worker.task import Task


def three_paths(task: Task) -> list[SearchPath]:
    """Creates paths from a network that has trained a little."""
    origin = trained_point(task, 4)
    return [new_path(task, origin, f"v{k}", factor=0.2) for k in range(3)]


def search(task: Task, paths: list[SearchPath], spec: Solver, start: int) -> tuple[Tensor, Tensor, Tensor]:
    """Makes six steps of the paths: losses, norms, and the parameters before steps 0 and 4, the latter twice."""
    picked, growth, rho2 = [0, 1, 1, 0, 2, 0], [1.1, 1.0, 1.2, 1.05, 1.1, 1.0], [0.02, 0.05, 0.01] * 2
    program = SearchProgram(paths, picked, growth, rho2, spec, (0, 4, 4))
    return programs.search(task, program, "search", start, never)
