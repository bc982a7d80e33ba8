"""Builders for tests of states: states of a task's points and paths, and their parts."""

from __future__ import annotations

import json
from typing import Any

from builders import ADAM, descend, digits_task, never, new_path, new_point
from safetensors.torch import load, save
from torch import Tensor

from dsptt_worker.network.flat import Point
from dsptt_worker.operations import programs, states
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.task import SearchPath, Task


def kept(task: Task, point: Point, path: SearchPath | None = None) -> dict[str, bytes]:
    """Saves the states of a point, and of a path that starts at it."""
    task.points, task.paths = {"home": point}, {} if path is None else {"p": path}
    saved = {"home": states.save_point(task, "home")}
    return saved if path is None else {**saved, "p": states.save_path(task, "p")}


def search(task: Task, paths: list[SearchPath], f: Solver, start: int, steps: int) -> list[Tensor]:
    program = SearchProgram(paths, [i % len(paths) for i in range(steps)], [1.05] * steps, [0.05] * steps, f)
    return list(programs.search(task, program, "search", start, never))


def notes_of(state: bytes) -> dict[str, Any]:
    """Returns the metadata of a state."""
    header = json.loads(state[8 : 8 + int.from_bytes(state[:8], "little")])
    return json.loads(header["__metadata__"]["dsptt"])


def adam_task() -> Task:
    """Opens digits with batch norm, with a point moved by Adam and a path from it calibrated by Adam."""
    task = digits_task()
    home = new_point(task)
    descend(task, home, [0.01] * 3, solver=ADAM)
    path = new_path(task, home)
    search(task, [path], ADAM, 0, 3)
    kept(task, home, path)
    return task


def parts(task: Task, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Returns tensors and metadata of a valid state."""
    state = states.save_point(task, "home") if kind == "point" else states.save_path(task, "p")
    return load(state), notes_of(state)


def packed(tensors: dict[str, Tensor], notes: object) -> bytes:
    return save(tensors, {"dsptt": json.dumps(notes)})
