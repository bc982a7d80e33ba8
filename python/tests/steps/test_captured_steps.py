"""Steps that are captured once and replayed, compared with direct ones: on tapes, the CPU's substitute for CUDA
graphs."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch
from builders import (
    ADAM,
    ADAMW,
    NESTEROV,
    PLAIN,
    descend,
    digits_task,
    never,
    new_path,
    new_point,
    open_message,
    same_solver,
    same_state,
    solver,
    wine_task,
    with_network,
)
from tape import TapeCapture
from three_paths import search, three_paths
from torch import Tensor, nn

from dsptt_worker.errors import CancelledFaultError
from dsptt_worker.network import numbers as step_numbers
from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.steps.runner import Direct
from dsptt_worker.task import Task, open_task

LR = [0.05, 0.1, 0.02, 0.01, 0.1, 0.05]
SOLVERS = {"plain": PLAIN, "momentum": solver(momentum=0.9, weightDecay=5e-3), "nesterov": NESTEROV}
ADAMS = {"adam": ADAM, "adamw": ADAMW}
EVERY_SOLVER = pytest.mark.parametrize("spec", [*SOLVERS.values(), *ADAMS.values()], ids=[*SOLVERS, *ADAMS])
TASKS: dict[str, Callable[[], Task]] = {
    "batch norm and augmentation": digits_task,
    "dropout": lambda: wine_task(dropout=0.5),
    "dropout in chunks": lambda: wine_task(dropout=0.5, batchChunks=4),
    "the full gradient": lambda: wine_task(batchSize=0),
    "bytes, cropped and flipped": lambda: open_task(
        open_message(
            "cifar10-sample",
            "preresnet",
            dataset_args={"train": 90, "validation": 0, "test": 1, "side": 8},
            model_args={"depth": 8, "width": 2},
        )
    ),
}
EVERY_TASK = pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)


def captured(task: Task) -> tuple[Task, TapeCapture]:
    """Returns the task, its steps captured from now on."""
    capture = TapeCapture(task.net.module)
    task.execution.capture_with(capture)
    return task, capture


def close(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def rates(spec: Solver) -> list[float]:
    return LR if spec.solver == "sgd" else [rate / 10 for rate in LR]


@EVERY_TASK
def test_replayed_training_goes_where_training_goes_over_epochs_programs_and_points(make: Callable[[], Task]) -> None:
    direct, (replayed, capture) = make(), captured(make())
    for spec in (NESTEROV, ADAMW):
        ends = []
        for task in (direct, replayed):
            points = [new_point(task, "a"), new_point(task, "b")]
            losses = [
                descend(task, point, rates(spec), start=start, solver=spec) for start in (7, 13) for point in points
            ]
            ends.append((torch.cat(losses), *(point.theta for point in points), *points[1].rest))
        for one, other in zip(*ends, strict=True):
            close(one, other)
    assert capture.captured == 2


@EVERY_SOLVER
def test_replayed_training_keeps_the_state_of_every_solver(spec: Solver) -> None:
    direct, (replayed, _) = digits_task(), captured(digits_task())
    points = [new_point(task) for task in (direct, replayed)]
    for start in (0, 6):
        for task, point in zip((direct, replayed), points, strict=True):
            descend(task, new_point(task, "other"), rates(spec), solver=spec)
            descend(task, point, rates(spec), start=start, solver=spec)
    states = [point.solver for point in points]
    assert (states[0] is None) == (states[1] is None)
    if states[0] is not None and states[1] is not None:
        assert states[0].steps == states[1].steps
        for one, other in zip(states[0].vectors, states[1].vectors, strict=True):
            close(one, other)


@EVERY_SOLVER
def test_a_replayed_search_goes_where_a_search_goes(spec: Solver) -> None:
    direct, (replayed, capture) = digits_task(), captured(digits_task())
    every = [three_paths(direct), three_paths(replayed)]
    before = capture.captured
    for start in (0, 6):
        answers = [search(task, paths, spec, start) for task, paths in zip((direct, replayed), every, strict=True)]
        for one, other in zip(*answers, strict=True):
            close(one, other)
    for path, other in zip(*every, strict=True):
        close(path.d, other.d)
        assert (path.solver is None) == (other.solver is None)
    assert capture.captured == before + 3  # one a path


def test_a_path_that_is_calibrated_by_another_solver_is_captured_anew() -> None:
    direct, (replayed, _) = wine_task(), captured(wine_task())
    every = [three_paths(direct), three_paths(replayed)]
    for start, spec in enumerate((PLAIN, ADAM, NESTEROV, ADAM)):
        for task, paths in zip((direct, replayed), every, strict=True):
            search(task, paths, spec, 6 * start)
    for path, other in zip(*every, strict=True):
        close(path.d, other.d)


def test_buffers_that_a_search_must_reset_are_reset_between_replays() -> None:
    ends = []
    for task, capturing in ((wine_task(), False), (wine_task(), True)):
        torch.manual_seed(0)
        module = nn.Sequential(nn.utils.spectral_norm(nn.Linear(13, 6)), nn.Tanh(), nn.Linear(6, 3))
        own = with_network(task, module.train())
        if capturing:
            captured(own)
        paths = [new_path(own, own.net.point(), f"v{k}") for k in range(3)]
        for path in paths:
            path.origin = paths[0].origin
        ends.append(search(own, paths, PLAIN, 0))
    for one, other in zip(*ends, strict=True):
        close(one, other)


def test_noise_and_taken_down_parameters_are_those_of_direct_steps() -> None:
    direct, (replayed, _) = wine_task(dropout=0.5), captured(wine_task(dropout=0.5))
    answers = []
    for task in (direct, replayed):
        point = new_point(task)
        program = DescentProgram(LR, NESTEROV, [0.0, 0.3, 0.1, 0.0, 0.0, 0.2], (0, 5, 5, 2))
        answers.append((*programs.descend(task, point, program, "train", 2, never), point.theta))
    for one, other in zip(*answers, strict=True):
        close(one, other)


def test_programs_longer_than_the_numbers_on_the_device_go_on_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_numbers, "CAPACITY", 2)
    direct, (replayed, _) = wine_task(), captured(wine_task())
    points = [new_point(task) for task in (direct, replayed)]
    for steps in (5, 2, 6):
        close(descend(direct, points[0], LR[:steps]), descend(replayed, points[1], LR[:steps]))
    close(points[0].theta, points[1].theta)


def test_a_step_may_be_tried_at_the_last_place_of_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_numbers, "CAPACITY", 2)
    direct, (replayed, _) = wine_task(), captured(wine_task())
    every = [three_paths(direct), three_paths(replayed)]
    for task, paths in zip((direct, replayed), every, strict=True):
        search(task, paths, ADAM, 0)  # moves the second path first at place 1
    for path, other in zip(*every, strict=True):
        close(path.d, other.d)


def test_a_cancelled_replayed_program_leaves_its_point_as_it_was() -> None:
    task, _ = captured(digits_task())
    point = new_point(task)
    descend(task, point, LR)
    before = point.clone()
    left = iter(range(4))

    def tick() -> None:
        if next(left, None) is None:
            raise CancelledFaultError("enough")

    with pytest.raises(CancelledFaultError):
        programs.descend(task, point, DescentProgram(LR, NESTEROV), "train", 6, tick)
    assert same_state(point, before)
    assert same_solver(point.solver, before.solver)


class Counting(nn.Linear):
    """A layer that keeps a count on the host."""

    seen = 0

    def forward(self, inputs: Tensor) -> Tensor:
        self.seen += 1
        return super().forward(inputs) * (1 + 0.01 * self.seen)


class Lucky(nn.Linear):
    """A layer that draws on the host."""

    def forward(self, inputs: Tensor) -> Tensor:
        return super().forward(inputs) * (1 + random.random())


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (Counting, "layer 0 changes its seen in every step"),
        (Lucky, "the network draws random numbers on the host, which would be the same in every step"),
    ],
)
def test_a_network_whose_host_takes_part_is_not_captured_and_trains_as_without(
    layer: type[nn.Linear], reason: str
) -> None:
    ends = []
    for capturing in (False, True):
        torch.manual_seed(0)
        random.seed(0)
        task = with_network(wine_task(), nn.Sequential(layer(13, 6), nn.Tanh(), nn.Linear(6, 3)))
        if capturing:
            _, capture = captured(task)
        point = task.net.point()
        descend(task, point, LR[:2])
        descend(task, point, LR, start=2)
        ends.append(point)
    assert (capture.refused, capture.captured) == (reason, 0)
    assert isinstance(task.runner, Direct)
    close(ends[0].theta, ends[1].theta)
