"""``descend`` and ``probe`` compared with plain training loops."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from builders import (
    NESTEROV,
    PLAIN,
    descend,
    digits_task,
    never,
    new_path,
    new_point,
    same_solver,
    same_state,
    same_tensors,
    solver,
    trained_point,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from dsptt_worker.errors import CancelledFaultError
from dsptt_worker.network.flat import Point
from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.streams import seed_layers
from dsptt_worker.task import Task

LR = [0.1, 0.1, 0.05, 0.2, 0.01, 0.1, 0.1, 0.003, 0.1, 0.1, 0.1, 0.02]
START = 7  # so that the program crosses the end of an epoch


def twin(task: Task, point: Point) -> nn.Module:
    """Builds an ordinary module, with ordinary parameters, in the state of the point."""
    task.net.load(point)
    module = task.build("anything")
    module.load_state_dict(task.net.module.state_dict())
    return module.train()


def plain_descend(task: Task, module: nn.Module, sgd: Solver) -> tuple[list[float], torch.Tensor]:
    """Computes the expected result of ``descend``: losses, and the momentum of torch's own optimizer."""
    optimizer = torch.optim.SGD(
        module.parameters(), 0.1, momentum=sgd.momentum, nesterov=sgd.nesterov, weight_decay=sgd.weightDecay
    )
    losses = []
    for i, lr in enumerate(LR):
        optimizer.param_groups[0]["lr"] = lr
        inputs, targets = task.batches.batch("train", START + i)
        seed_layers(task.seed, f"train/step{START + i}", task.device)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    buffers = [optimizer.state[p].get("momentum_buffer", torch.zeros(0)) for p in module.parameters()]
    return losses, torch.cat([buffer.flatten() for buffer in buffers])


@pytest.mark.parametrize(
    "sgd",
    [
        PLAIN,
        solver(momentum=0.9),
        solver(momentum=0.9, weightDecay=5e-3),
        NESTEROV,
        solver(weightDecay=1e-2),
    ],
    ids=["plain", "momentum", "weight decay", "nesterov", "decay without momentum"],
)
@pytest.mark.parametrize("name", ["digits", "wine", "forgetful"])
def test_descend_equals_torch_optim_sgd_bit_for_bit(name: str, sgd: Solver, request: pytest.FixtureRequest) -> None:
    task: Task = request.getfixturevalue(name)
    point = new_point(task)
    module = twin(task, point)
    losses, momentum = plain_descend(task, module, sgd)
    got = descend(task, point, LR, start=START, solver=sgd)
    assert got.tolist() == losses
    assert torch.equal(point.theta, nn.utils.parameters_to_vector(module.parameters()))
    assert all(torch.equal(a, b) for a, b in zip(point.rest, module.buffers(), strict=True))
    if sgd.momentum:
        assert torch.equal(point.solver.vectors[0], momentum)
    else:
        assert point.solver is None


@pytest.mark.parametrize("lengths", [[1] * 12, [7, 5], [12]], ids=["ones", "sevens", "all"])
def test_descend_in_pieces_gives_the_bits_of_the_whole(digits: Task, lengths: list[int]) -> None:
    whole, pieces = new_point(digits), new_point(digits)
    losses = descend(digits, whole, LR, start=START)
    parts, done = [], 0
    for length in lengths:
        parts.append(descend(digits, pieces, LR[done : done + length], start=START + done))
        done += length
    assert torch.equal(torch.cat(parts), losses)
    assert same_state(whole, pieces)


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 11), max_size=4, unique=True).map(sorted), other=st.integers(0, 40))
@example(cuts=[1, 2, 11], other=3)
def test_descend_cut_anywhere_with_other_work_between_gives_the_bits_of_the_whole(
    forgetful: Task, cuts: list[int], other: int
) -> None:
    whole, pieces, stranger = (new_point(forgetful) for _ in range(3))
    losses = descend(forgetful, whole, LR, start=START)
    parts = []
    stops = [0, *cuts, len(LR)]
    for first, stop in pairwise(stops):
        descend(forgetful, stranger, [0.3], stream="other", start=other)
        parts.append(descend(forgetful, pieces, LR[first:stop], start=START + first))
    assert torch.equal(torch.cat(parts), losses)
    assert same_state(whole, pieces)


def test_each_step_uses_its_own_learning_rate(wine: Task) -> None:
    start, slow, fast = (new_point(wine) for _ in range(3))
    descend(wine, slow, [0.0, 0.1], solver=PLAIN)
    descend(wine, fast, [0.1, 0.0], solver=PLAIN)
    assert not torch.equal(slow.theta, fast.theta)
    once = new_point(wine)
    descend(wine, once, [0.1], solver=PLAIN)
    assert torch.equal(fast.theta, once.theta)
    assert not torch.equal(once.theta, start.theta)


def test_descend_keeps_momentum_between_programs_and_starts_without(wine: Task) -> None:
    point = new_point(wine)
    assert point.solver is None
    descend(wine, point, [0.1] * 3)
    fresh = point.clone()
    fresh.solver = None
    descend(wine, point, [0.1], start=3)
    descend(wine, fresh, [0.1], start=3)
    assert not torch.equal(point.theta, fresh.theta)


def test_a_diverged_descend_answers_losses_that_are_not_finite_and_does_not_raise(digits: Task) -> None:
    point = new_point(digits)
    losses = descend(digits, point, [1e30] * 4)
    assert math.isfinite(losses[0])
    assert not math.isfinite(losses[3])


def cancel_after(steps: int) -> programs.Tick:
    left = iter(range(steps))

    def tick() -> None:
        if next(left, None) is None:
            raise CancelledFaultError("enough")

    return tick


@pytest.mark.parametrize("steps", [0, 3])
def test_a_cancelled_descend_leaves_parameters_and_buffers_as_they_were(digits: Task, point: Point, steps: int) -> None:
    before = point.clone()
    with pytest.raises(CancelledFaultError):
        programs.descend(digits, point, DescentProgram(LR, NESTEROV), "train", 0, cancel_after(steps))
    assert torch.equal(point.theta, before.theta)
    assert all(torch.equal(a, b) for a, b in zip(point.rest, before.rest, strict=True))


def test_a_cancelled_descend_leaves_the_momentum_as_it_was(digits: Task, point: Point) -> None:
    descend(digits, point, [0.1] * 3)
    before = point.clone()
    with pytest.raises(CancelledFaultError):
        programs.descend(digits, point, DescentProgram(LR, NESTEROV), "train", 3, cancel_after(3))
    assert same_solver(point.solver, before.solver)


def test_descend_ticks_once_a_step(wine: Task) -> None:
    ticks: list[None] = []
    programs.descend(wine, new_point(wine), DescentProgram(LR, PLAIN), "train", 0, lambda: ticks.append(None))
    assert len(ticks) == len(LR)


def test_probe_is_the_mean_training_loss_of_the_first_batches_by_hand(digits: Task, point: Point) -> None:
    module = twin(digits, point)
    losses = []
    with torch.no_grad():
        for step in range(13):
            inputs, targets = digits.batches.batch("look", step)
            losses.append(nn.functional.cross_entropy(module(inputs), targets).item())
    loss, deviation = programs.probe(digits, point, "look", 13, never)
    assert loss == pytest.approx(sum(losses) / 13, rel=1e-12)
    assert deviation == pytest.approx(torch.tensor(losses).double().std().item(), rel=1e-9)


def test_probe_of_one_batch_has_no_deviation(digits: Task, point: Point) -> None:
    assert programs.probe(digits, point, "look", 1, never)[1] == 0


def test_probe_draws_the_dropout_masks_of_training_steps(forgetful: Task) -> None:
    point = trained_point(forgetful)
    trained = point.clone()
    losses = descend(forgetful, trained, [0.0] * 5, stream="look", solver=PLAIN)
    loss, _ = programs.probe(forgetful, point, "look", 5, never)
    assert loss == pytest.approx(losses.double().mean().item(), rel=1e-12)


def test_probe_moves_nothing(digits: Task, point: Point) -> None:
    before = point.clone()
    programs.probe(digits, point, "look", 5, never)
    assert same_state(point, before)
    assert same_tensors(digits.net.rest, point.rest)
    assert all(layer.track_running_stats for layer in digits.net.norms)


def test_training_after_a_probe_or_a_search_updates_running_statistics_again() -> None:
    task = digits_task()
    point = new_point(task)
    programs.probe(task, point, "look", 2, never)
    program = programs.SearchProgram([new_path(task, point)], [0], [1.0], [0.1], PLAIN)
    programs.search(task, program, "search", 0, never)
    descend(task, point, [0.1] * 3)
    assert {tensor.item() for tensor in point.rest if tensor.dtype == torch.int64} == {3}


def test_a_step_has_the_same_dropout_mask_whatever_ran_before_it(forgetful: Task) -> None:
    losses = []
    for before in (0, 1, 5):
        descend(forgetful, new_point(forgetful, "other"), [0.1] * (before + 1), stream="other")
        torch.rand(before + 1)
        losses.append(descend(forgetful, new_point(forgetful), [0.1], start=4).item())
    assert len(set(losses)) == 1


def test_different_steps_and_streams_have_different_dropout_masks(forgetful: Task) -> None:
    forgetful.net.load(new_point(forgetful))
    outputs = set()
    for name in ("train/step0", "train/step1", "other/step0"):
        seed_layers(forgetful.seed, name, forgetful.device)
        outputs.add(forgetful.net.module(forgetful.splits["train"].inputs[:30]).sum().item())
    assert len(outputs) == 3
