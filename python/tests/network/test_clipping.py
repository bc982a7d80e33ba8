"""Gradients clipped by their length: as torch does it, in every way that steps are run."""

from __future__ import annotations

import pytest
import torch
from builders import ADAMW, NESTEROV, PLAIN, descend, never, new_path, new_point, open_message, solver, wine_task
from msgspec.structs import replace
from tape import TapeCapture

from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.operations.stack import StackProgram, stack_for
from dsptt_worker.protocol import Solver
from dsptt_worker.task import open_task

BOUND = 0.3
SOLVERS = {"plain": PLAIN, "momentum": solver(momentum=0.9), "nesterov": NESTEROV, "adamw": ADAMW}
EVERY_SOLVER = pytest.mark.parametrize("spec", [replace(one, clipNorm=BOUND) for one in SOLVERS.values()], ids=SOLVERS)
LR = [0.1] * 12


@pytest.mark.parametrize("bound", [1e-3, BOUND, 1e6])
def test_clipped_sgd_is_that_of_torch(bound: float) -> None:
    task = wine_task()
    point, theirs = new_point(task), new_point(task)
    descend(task, point, LR, solver=replace(PLAIN, clipNorm=bound))
    task.net.load(theirs)
    parameters = list(task.net.module.parameters())
    for step, rate in enumerate(LR):
        inputs, targets = task.batches.batch("train", step)
        loss = torch.nn.functional.cross_entropy(task.net.module(inputs), targets)
        gradients = torch.autograd.grad(loss, parameters)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        torch.nn.utils.clip_grad_norm_(parameters, bound)
        with torch.no_grad():
            for parameter in parameters:
                assert parameter.grad is not None
                parameter.sub_(rate * parameter.grad)
    torch.testing.assert_close(point.theta, task.net.theta, rtol=1e-5, atol=1e-6)


def test_a_bound_that_no_gradient_reaches_changes_nothing() -> None:
    task = wine_task()
    free, bounded = new_point(task), new_point(task)
    assert torch.equal(descend(task, free, LR), descend(task, bounded, LR, solver=replace(NESTEROV, clipNorm=1e6)))
    assert torch.equal(free.theta, bounded.theta)


@EVERY_SOLVER
def test_each_network_of_a_stack_is_clipped_by_its_own_length(spec: Solver) -> None:
    message = open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack")
    task = open_task(message)
    stack = stack_for(task, message)
    assert stack is not None
    streams = ["data/a", "data/b"]
    points = [new_point(task, stream) for stream in streams]
    points[1].theta.mul_(4)  # gradients of another length
    alone = [point.clone() for point in points]
    losses, _ = stack.descend(points, StackProgram([LR, LR], spec, streams, [0, 0]), never)
    for stream, row, point in zip(streams, losses, alone, strict=True):
        expected = descend(task, point, LR, stream=stream, solver=spec)
        torch.testing.assert_close(row, expected, rtol=1e-3, atol=1e-5)


@EVERY_SOLVER
def test_captured_steps_clip_as_direct_ones_do(spec: Solver) -> None:
    direct, captured = wine_task(), wine_task()
    capture = TapeCapture(captured.net.module)
    captured.execution.capture_with(capture)
    losses = descend(direct, new_point(direct), LR, solver=spec)
    again = descend(captured, new_point(captured), LR, solver=spec)
    torch.testing.assert_close(again, losses, rtol=1e-5, atol=0)
    assert capture.refused is None


def test_a_calibration_step_is_no_longer_than_its_bound_allows() -> None:
    task = wine_task()
    path = new_path(task, new_point(task))
    before = path.d.clone()
    program = SearchProgram([path], [0], [1.0], [0.5], replace(PLAIN, clipNorm=1e-3))
    programs.search(task, program, "search", 0, never)
    assert float((path.d - before).norm()) == pytest.approx(0.5 * 1e-3, rel=1e-2)
