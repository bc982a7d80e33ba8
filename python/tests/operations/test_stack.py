"""Points that are trained as rows of one tensor, compared with the same points trained one after the other."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from builders import ADAM, ADAMW, NESTEROV, PLAIN, descend, never, new_point, open_message, same_state
from torch import nn
from zoo import asking, written

from dsptt_worker.errors import CancelledFaultError, ConfigFaultError
from dsptt_worker.network.flat import FlatNetwork, Point
from dsptt_worker.network.losses import LOSSES
from dsptt_worker.operations.stack import Stack, StackProgram, stack_for
from dsptt_worker.protocol import Open, Solver
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.steps.stacked_gradient import StackedGradient
from dsptt_worker.task import Task, open_task

MEMBERS = 3
STREAMS = [f"data/{k}" for k in range(MEMBERS)]
SOLVERS = {"sgd": PLAIN, "nesterov": NESTEROV, "adam": ADAM, "adamw": ADAMW}


def stacked(**changes: Any) -> Open:
    """Builds the request to open a task whose networks are trained in a stack."""
    return open_message(**{"model_args": {"hidden": [8]}, "membersAtOnce": MEMBERS, "membersWay": "stack", **changes})


@cache
def opened(**changes: Any) -> tuple[Task, Stack]:
    """Opens a task with its stack; all tests with equal arguments share it."""
    arguments: dict[str, Any] = {"dataset_args": {"shift": 1}} if changes.get("dataset") == "digits" else {}
    if changes.pop("dropout", False):
        arguments["model_args"] = {"hidden": [64], "dropout": 0.5}
    spec = stacked(**arguments, **changes)
    task = open_task(spec)
    stack = stack_for(task, spec)
    assert stack is not None
    return task, stack


def points(task: Task) -> list[Point]:
    """Creates freshly initialised points, each from a stream of its own."""
    return [new_point(task, f"init/{k}") for k in range(MEMBERS)]


def rates(steps: int) -> list[list[float]]:
    """Returns different rates for each member."""
    return [[0.05 / (1 + k) / (1 + i) for i in range(steps)] for k in range(MEMBERS)]


def program(steps: int, solver: Solver = NESTEROV, start: int = 0) -> StackProgram:
    """Builds a program of ``steps`` steps from step ``start``."""
    lr = [row[start:] for row in rates(start + steps)]
    return StackProgram(lr, solver, STREAMS, [start] * MEMBERS)


def apart(a: Point, b: Point) -> float:
    """Computes the distance of two points, relative to their length."""
    return float((a.theta - b.theta).norm() / b.theta.norm())


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize(
    "changes", [{}, {"batchSize": 0}, {"dataset": "digits"}], ids=["wine", "full gradient", "augmented digits"]
)
def test_a_stack_trains_as_one_after_the_other_does(changes: dict[str, Any], solver: Solver) -> None:
    task, stack = opened(**changes)
    for steps, tolerance in ((1, 1e-5), (20, 1e-3)):
        rows, singles = points(task), points(task)
        losses, _ = stack.descend(rows, program(steps, solver), never)
        for k, (row, single) in enumerate(zip(rows, singles, strict=True)):
            alone = descend(task, single, rates(steps)[k], stream=STREAMS[k], solver=solver)
            torch.testing.assert_close(losses[k], alone, rtol=tolerance, atol=1e-6)
            assert apart(row, single) < tolerance
            assert (row.solver is None) == (single.solver is None)
            if row.solver is not None and single.solver is not None:
                assert row.solver.steps == single.solver.steps


def test_the_cuts_of_a_program_change_no_bit() -> None:
    task, stack = opened()
    whole, cut = points(task), points(task)
    losses, _ = stack.descend(whole, program(11, ADAM), never)
    parts = [stack.descend(cut, program(steps, ADAM, start), never)[0] for start, steps in ((0, 1), (1, 4), (5, 6))]
    assert torch.equal(losses, torch.cat(parts, 1))
    assert all(same_state(a, b) for a, b in zip(whole, cut, strict=True))


def test_a_point_goes_on_alone_where_its_stack_has_ended() -> None:
    task, stack = opened()
    rows, singles = points(task), points(task)
    stack.descend(rows, program(6), never)
    descend(task, rows[1], [0.01] * 4, stream=STREAMS[1], start=6)
    descend(task, singles[1], rates(6)[1], stream=STREAMS[1])
    descend(task, singles[1], [0.01] * 4, stream=STREAMS[1], start=6)
    assert apart(rows[1], singles[1]) < 1e-5


def test_a_network_that_diverges_leaves_the_others_as_they_are() -> None:
    task, stack = opened()
    rows, calm = points(task), points(task)
    wild = StackProgram([[1e30] * 5, *rates(5)[1:]], PLAIN, STREAMS, [0] * MEMBERS)
    _, finite = stack.descend(rows, wild, never)
    assert finite == [False, True, True]
    stack.descend(calm, program(5, PLAIN), never)
    assert not torch.isfinite(rows[0].theta).all()
    assert all(torch.equal(a.theta, b.theta) for a, b in zip(rows[1:], calm[1:], strict=True))


def test_a_cancelled_program_leaves_points_as_they_were() -> None:
    task, stack = opened()
    rows = points(task)
    calls = iter(range(7))

    def cancelled() -> None:
        if next(calls, None) is None:
            raise CancelledFaultError("cancelled")

    with pytest.raises(CancelledFaultError):
        stack.descend(rows, program(10), cancelled)
    assert all(same_state(a, b) for a, b in zip(rows, points(task), strict=True))


def test_every_network_and_every_step_has_dropout_of_its_own_and_the_same_each_time() -> None:
    task, stack = opened(dropout=True)

    def losses() -> torch.Tensor:
        same = [new_point(task) for _ in range(MEMBERS)]
        standing = StackProgram([[0.0] * 2] * MEMBERS, PLAIN, ["data"] * MEMBERS, [0] * MEMBERS)
        return stack.descend(same, standing, never)[0]

    first = losses()
    assert len(set(first[:, 0].tolist())) == MEMBERS
    assert torch.equal(first, losses())


class Scaled(nn.Module):
    """A network with a buffer that it reads, and a parameter that is not trained."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3)
        self.frozen = nn.Parameter(torch.ones(4), requires_grad=False)
        self.register_buffer("scale", torch.ones(1))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.layer(inputs * self.frozen) * self.scale


def test_buffers_and_frozen_parameters_are_each_networks_own() -> None:
    net = FlatNetwork(Scaled())
    loss = LOSSES["crossEntropy"]
    generator = torch.Generator().manual_seed(1)
    inputs, targets = torch.randn(2, 5, 4, generator=generator), torch.tensor([[0, 1, 2, 0, 1], [2, 2, 1, 0, 0]])
    rows = [net.point(), net.point().moved_to(torch.randn(15, generator=generator))]
    rows[1].rest[0].fill_(2.0)
    rows[1].rest[1].fill_(0.5)
    rest = [torch.stack([row.rest[k] for row in rows]) for k in range(2)]
    gradients, losses = StackedGradient(net, loss)(torch.stack([row.theta for row in rows]), rest, inputs, targets)
    for k, row in enumerate(rows):
        net.load(row)
        net.grad.zero_()
        alone = loss.train(net.module(inputs[k]), targets[k])
        alone.backward()
        torch.testing.assert_close(losses[k], alone.detach())
        torch.testing.assert_close(gradients[k], net.grad)


BRANCHES = """
    class Branches(nn.Linear):
        def forward(self, inputs):
            return super().forward(-inputs if self.training and inputs.sum() > 0 else inputs)

    def defineModel(inputs, outputs):
        return Branches(inputs[0], outputs)
"""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "digits", "model": "conv", "model_args": {}}, r"keep statistics, as 1 \(BatchNorm2d\)"),
        ({"batchChunks": 2}, "batchChunks must be 1, got 2"),
        ({"data": "stream"}, "needs the training data on the device"),
        ({"precision": "bf16"}, "computes in float32 and is not compiled, got precision 'bf16'"),
    ],
)
def test_what_cannot_be_stacked_is_refused_when_the_task_is_opened(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigFaultError, match=message):
        Handlers("worker").handle(stacked(**changes), {}, never)


def test_a_network_that_decides_by_its_input_is_refused(tmp_path: Path) -> None:
    spec = asking(python=written(tmp_path, BRANCHES))
    with pytest.raises(ConfigFaultError, match=r"'stack' cannot run this network \(.*\): use 'processes'"):
        Stack(open_task(spec), 2)


def test_one_network_at_a_time_needs_no_stack() -> None:
    spec = stacked(membersAtOnce=1)
    assert stack_for(open_task(spec), spec) is None
