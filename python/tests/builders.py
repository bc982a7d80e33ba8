"""Builders for tests: tasks, points, messages, and the random draws of a step by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from dsptt_worker.network.directions import draw_direction
from dsptt_worker.network.flat import FlatNetwork, Point
from dsptt_worker.network.solvers import SolverState
from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.protocol import DatasetSpec, ModelSpec, Open, Solver
from dsptt_worker.steps.execution import Execution
from dsptt_worker.task import SearchPath, Task, open_task

SEED = 7


def solver(kind: str = "sgd", **changes: Any) -> Solver:
    """Creates a solver with torch's defaults."""
    fields = {"momentum": 0.0, "nesterov": False, "weightDecay": 0.0, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    return Solver(solver=kind, **{**fields, **changes})


PLAIN = solver()
NESTEROV = solver(momentum=0.9, nesterov=True, weightDecay=1e-3)
ADAM = solver("adam", weightDecay=1e-2)
ADAMW = solver("adamw", weightDecay=1e-2)


def open_message(
    dataset: str = "wine",
    model: str = "mlp",
    *,
    dataset_args: dict[str, object] | None = None,
    model_args: dict[str, object] | None = None,
    **changes: Any,
) -> Open:
    """Builds the request to open a task; wine and a perceptron by default."""
    fields: dict[str, Any] = {
        "id": 1,
        "sender": "test",
        "dataset": DatasetSpec(dataset, dataset_args or {}),
        "model": ModelSpec(model, model_args or {}),
        "loss": "crossEntropy",
        "precision": "fp32",
        "batchSize": 30,
        "batchChunks": 1,
        "allowChunkedBn": False,
        "seed": SEED,
        "device": "cpu",
        "threads": 1,
    }
    return Open(**{**fields, **changes})


def wine_task(*, dropout: float = 0.0, **changes: Any) -> Task:
    """Opens wine with a small perceptron; three steps an epoch."""
    return open_task(open_message(model_args={"hidden": [8], "dropout": dropout}, **changes))


def digits_task(*, shift: int = 1, **changes: Any) -> Task:
    """Opens digits with a tiny convolutional network with batch norm; ten steps an epoch."""
    arguments = {"dataset_args": {"shift": shift}, "model_args": {"channels": [3, 4]}}
    return open_task(open_message("digits", "conv", **{**arguments, **changes}))


def with_network(task: Task, module: nn.Module) -> Task:
    """Returns the task with another network and the default execution."""
    net = FlatNetwork(module)
    spec = open_message(seed=task.seed, batchChunks=task.chunks)
    return replace(task, net=net, execution=Execution(spec, net, task.loss, task.batches, lambda _notice: None))


def new_point(task: Task, stream: str = "init") -> Point:
    """Creates a freshly initialised point."""
    module = task.build(stream)
    task.net.module.load_state_dict(module.state_dict())
    return task.net.point()


def trained_point(task: Task, steps: int = 12, stream: str = "init") -> Point:
    """Creates a point that has learnt something and whose buffers are those of training."""
    point = new_point(task, stream)
    descend(task, point, [0.1] * steps, stream="warm-up")
    point.solver = None
    return point


def descend(
    task: Task,
    point: Point,
    lr: Sequence[float],
    *,
    stream: str = "train",
    start: int = 0,
    solver: Solver = NESTEROV,
    noise: Sequence[float] = (),
    ema: float | None = None,
) -> torch.Tensor:
    """Returns the losses of ``programs.descend``, without cancelling it."""
    return programs.descend(task, point, DescentProgram(lr, solver, noise, ema=ema), stream, start, never)[0]


def new_path(task: Task, origin: Point, stream: str = "v", scale: str = "layer", factor: float = 0.05) -> SearchPath:
    """Creates a path that stands ``factor`` times its first direction away from the origin."""
    first = draw_direction(task.net, origin.theta, task.seed, stream, scale)
    return SearchPath(origin, first.mul_(factor), stream, scale)


def never() -> None:
    """Tick of a program that is never cancelled."""


def same_state(a: Point, b: Point) -> bool:
    """True if two points are equal in every bit that training touches."""
    averages = [[] if point.average is None else [point.average] for point in (a, b)]
    return (
        torch.equal(a.theta, b.theta)
        and same_tensors(a.rest, b.rest)
        and same_solver(a.solver, b.solver)
        and same_tensors(*averages)
    )


def same_solver(a: SolverState | None, b: SolverState | None) -> bool:
    """True if two solvers would continue in the same way."""
    if a is None or b is None:
        return a is b
    return (a.solver, a.steps) == (b.solver, b.steps) and same_tensors(a.vectors, b.vectors)


def same_tensors(a: list[torch.Tensor], b: list[torch.Tensor]) -> bool:
    """True if two lists of tensors are equal."""
    return len(a) == len(b) and all(torch.equal(x, y) for x, y in zip(a, b, strict=True))
