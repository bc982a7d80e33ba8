"""The running average of parameters that a descent keeps, in every way that steps are run."""

from __future__ import annotations

import pytest
import torch
from builders import ADAMW, NESTEROV, descend, digits_task, never, new_point, open_message, same_state
from hypothesis import given
from hypothesis import strategies as st
from tape import TapeCapture
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from dsptt_worker.errors import CancelledFaultError, ProtocolFaultError
from dsptt_worker.network.points import take_average
from dsptt_worker.operations import programs, states
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.operations.stack import StackProgram, stack_for
from dsptt_worker.protocol import Solver
from dsptt_worker.task import Task, open_task

LR = [0.05] * 7
DECAY = 0.8
EVERY_SOLVER = pytest.mark.parametrize("solver", [NESTEROV, ADAMW], ids=["sgd", "adamw"])


def captured(task: Task) -> Task:
    task.execution.capture_with(TapeCapture(task.net.module))
    return task


@given(decay=st.floats(0, 0.9999), steps=st.integers(1, 9))
def test_the_average_is_that_of_torch_from_the_first_parameters_on(wine: Task, decay: float, steps: int) -> None:
    point, twin = new_point(wine), new_point(wine)
    model = torch.nn.ParameterList([torch.nn.Parameter(twin.theta)])
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    averaged.update_parameters(model)  # the first update copies the parameters
    for step in range(steps):
        descend(wine, twin, LR[:1], start=step)
        averaged.update_parameters(model)
    descend(wine, point, LR[:1] * steps, ema=decay)
    assert torch.equal(point.theta, twin.theta)
    assert point.average is not None
    assert torch.equal(point.average, averaged.module[0].detach())


@EVERY_SOLVER
def test_training_itself_goes_as_without_an_average(digits: Task, solver: Solver) -> None:
    plain, averaged = new_point(digits), new_point(digits)
    losses = descend(digits, plain, LR, solver=solver)
    assert torch.equal(descend(digits, averaged, LR, solver=solver, ema=DECAY), losses)
    averaged.average = None
    assert same_state(plain, averaged)


@pytest.mark.parametrize("make", [digits_task, lambda: captured(digits_task())], ids=["direct", "captured"])
def test_a_program_in_pieces_has_the_bits_of_a_whole_one(make: object) -> None:
    task = make()  # type: ignore[operator]
    whole, cut = new_point(task), new_point(task)
    descend(task, whole, LR, ema=DECAY)
    descend(task, cut, LR[:3], ema=DECAY)
    descend(task, new_point(task, "other"), LR, ema=DECAY)  # has an average of its own
    descend(task, cut, LR[3:], start=3, ema=DECAY)
    assert same_state(whole, cut)


def test_a_state_that_was_saved_in_the_middle_goes_on_to_the_same_bits(digits: Task) -> None:
    whole, first = new_point(digits), new_point(digits)
    descend(digits, whole, LR, ema=DECAY)
    descend(digits, first, LR[:3], ema=DECAY)
    digits.points["first"] = first
    state = states.save_point(digits, "first")
    del digits.points["first"]
    second = states.load_point(digits, state)
    assert same_state(first, second)
    descend(digits, second, LR[3:], start=3, ema=DECAY)
    assert same_state(whole, second)


def test_the_state_of_a_point_without_an_average_says_nothing_of_one(digits: Task) -> None:
    digits.points["plain"] = new_point(digits)
    state = states.save_point(digits, "plain")
    del digits.points["plain"]
    assert b"average" not in state


@EVERY_SOLVER
def test_captured_steps_average_as_direct_ones_do(solver: Solver) -> None:
    direct, replayed = digits_task(), captured(digits_task())
    points = [new_point(task) for task in (direct, replayed)]
    for task, point in zip((direct, replayed), points, strict=True):
        descend(task, point, LR, solver=solver, ema=DECAY)
    averages = [point.average_so_far for point in points]
    torch.testing.assert_close(*averages, rtol=1e-4, atol=1e-6)
    assert not torch.equal(averages[1], points[1].theta)


def test_a_stack_averages_as_one_after_the_other_does() -> None:
    spec = open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack")
    task = open_task(spec)
    stack = stack_for(task, spec)
    assert stack is not None
    streams = ["data/a", "data/b"]
    rows, singles = ([new_point(task, stream) for stream in streams] for _ in range(2))
    for start, lr in ((0, LR[:3]), (3, LR[3:])):
        stack.descend(rows, StackProgram([lr, lr], NESTEROV, streams, [start] * 2, DECAY), never)
    for row, single, stream in zip(rows, singles, streams, strict=True):
        descend(task, single, LR, stream=stream, ema=DECAY)
        assert row.average is not None
        torch.testing.assert_close(row.average, single.average, rtol=1e-3, atol=1e-5)
        assert not torch.equal(row.average, row.theta)


def test_a_cancelled_program_leaves_the_average_as_it_was(digits: Task) -> None:
    point = new_point(digits)
    descend(digits, point, LR, ema=DECAY)
    before = point.clone()
    ticks = iter([None, None])

    def cancel() -> None:
        if next(ticks, "end") == "end":
            raise CancelledFaultError("cancelled")

    with pytest.raises(CancelledFaultError):
        programs.descend(digits, point, DescentProgram(LR, NESTEROV, ema=DECAY), "train", 7, cancel)
    assert same_state(point, before)


def test_a_program_without_an_average_forgets_it(digits: Task) -> None:
    point = new_point(digits)
    descend(digits, point, LR, ema=DECAY)
    descend(digits, point, LR[:1])
    assert point.average is None


def test_the_average_takes_the_place_of_the_parameters_and_training_starts_afresh(wine: Task) -> None:
    point = new_point(wine)
    descend(wine, point, LR, ema=DECAY)
    average = point.average_so_far.clone()
    take_average(point)
    assert torch.equal(point.theta, average)
    assert point.average is None
    assert point.solver is None


def test_an_average_that_was_not_kept_cannot_be_taken(wine: Task) -> None:
    with pytest.raises(ProtocolFaultError, match="takeAverage: the point's last program kept no running average"):
        take_average(new_point(wine))
