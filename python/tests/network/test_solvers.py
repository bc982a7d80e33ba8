"""``solvers`` compared with ``torch.optim``."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from builders import ADAM, ADAMW, NESTEROV, PLAIN, descend, new_point, same_solver, same_state, solver, trained_point
from torch import Tensor, nn

from dsptt_worker.network.numbers import DeviceNumbers, HostNumbers
from dsptt_worker.network.solvers import SolverState, move, numbers_of, state_for
from dsptt_worker.protocol import Solver
from dsptt_worker.streams import seed_layers
from dsptt_worker.task import Task

STEPS = 60
SOLVERS = {
    "plain sgd": PLAIN,
    "sgd with momentum": solver(momentum=0.9, weightDecay=1e-2),
    "nesterov": NESTEROV,
    "adam": solver("adam"),
    "adam with weight decay": ADAM,
    "adam with other constants": solver("adam", beta1=0.5, beta2=0.9, epsilon=1e-3),
    "adam without means": solver("adam", beta1=0.0, beta2=0.0),
    "adamw": ADAMW,
}
EVERY_SOLVER = pytest.mark.parametrize("spec", SOLVERS.values(), ids=SOLVERS)


def torchs(spec: Solver, parameters: Any) -> torch.optim.Optimizer:
    """Creates the optimizer of that name; its rate is set before each step."""
    if spec.solver == "sgd":
        return torch.optim.SGD(
            parameters, 1, momentum=spec.momentum, nesterov=spec.nesterov, weight_decay=spec.weightDecay
        )
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[spec.solver]
    return kind(
        parameters, 1, betas=(spec.beta1, spec.beta2), eps=spec.epsilon, weight_decay=spec.weightDecay, foreach=False
    )


def rate(step: int) -> float:
    return 0.1 / (1 + step % 7)


def bowl(theta: Tensor, step: int) -> Tensor:
    """Computes a gradient that changes from step to step, over many orders of magnitude."""
    stretch = torch.logspace(-4, 2, len(theta))
    return stretch * theta + torch.sin(torch.arange(len(theta)) + step)


def host_numbers(spec: Solver, rate: float, step: int, *, trains: bool = True) -> HostNumbers:
    """Returns the numbers that a solver reads at one step."""
    numbers = HostNumbers(torch.device("cpu"))
    numbers.begin([numbers_of(spec, rate, step, trains=trains)])
    return numbers


@EVERY_SOLVER
def test_a_solver_goes_where_torchs_optimizer_goes_bit_for_bit_also_when_resumed(spec: Solver) -> None:
    theta = torch.linspace(-2, 2, 1001)
    theirs = nn.Parameter(theta.clone())
    optimizer = torchs(spec, [theirs])
    state = state_for(spec, None, theta)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = rate(step)
        theirs.grad = bowl(theirs.detach(), step)
        optimizer.step()
        kept = None if state is None else state.clone()
        state = state_for(spec, kept, theta)
        move(spec, state, theta, theta, bowl(theta, step), host_numbers(spec, rate(step), step + 1))
        assert torch.equal(theta, theirs.detach())


@EVERY_SOLVER
def test_with_the_devices_numbers_a_solver_goes_where_torchs_optimizer_goes_but_for_rounding(spec: Solver) -> None:
    theta = torch.linspace(-2, 2, 1001)
    theirs = nn.Parameter(theta.clone())
    optimizer = torchs(spec, [theirs])
    state = state_for(spec, None, theta)
    numbers = DeviceNumbers(torch.device("cpu"))
    numbers.begin([numbers_of(spec, rate(step), step + 1, trains=True) for step in range(STEPS)])
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = rate(step)
        theirs.grad = bowl(theirs.detach(), step)
        optimizer.step()
        numbers.turn_to(step)
        move(spec, state, theta, theta, bowl(theta, step), numbers)
        numbers.advance()
    torch.testing.assert_close(theta, theirs.detach(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spec", [ADAM, ADAMW], ids=["adam", "adamw"])
@pytest.mark.parametrize("name", ["digits", "forgetful"])
def test_descend_equals_torchs_optimizer_to_the_last_bits(
    name: str, spec: Solver, request: pytest.FixtureRequest
) -> None:
    task: Task = request.getfixturevalue(name)
    point = new_point(task)
    module = task.build("init").train()
    optimizer = torchs(spec, module.parameters())
    losses = []
    for step in range(20):
        optimizer.param_groups[0]["lr"] = rate(step) / 10
        inputs, targets = task.batches.batch("train", step)
        seed_layers(task.seed, f"train/step{step}", task.device)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    first = descend(task, point, [rate(step) / 10 for step in range(11)], solver=spec)
    second = descend(task, point, [rate(step) / 10 for step in range(11, 20)], solver=spec, start=11)
    expected = nn.utils.parameters_to_vector(module.parameters()).detach()
    torch.testing.assert_close(torch.cat([first, second]), torch.tensor(losses), rtol=1e-6, atol=0)
    torch.testing.assert_close(point.theta, expected, rtol=3e-7, atol=1e-9)


@EVERY_SOLVER
def test_a_descent_in_pieces_gives_the_bits_of_the_whole(wine: Task, spec: Solver) -> None:
    whole, pieces = new_point(wine), new_point(wine)
    losses = descend(wine, whole, [0.01] * 10, solver=spec)
    parts = [descend(wine, pieces, [0.01] * length, start=start, solver=spec) for start, length in [(0, 3), (3, 7)]]
    assert torch.equal(torch.cat(parts), losses)
    assert same_state(whole, pieces)


@EVERY_SOLVER
def test_a_copy_of_a_point_goes_on_like_it_and_shares_no_state_with_it(wine: Task, spec: Solver) -> None:
    point = new_point(wine)
    descend(wine, point, [0.01] * 3, solver=spec)
    copy, untouched = point.clone(), point.clone()
    descend(wine, copy, [0.01] * 3, start=3, solver=spec)
    assert same_state(point, untouched)
    descend(wine, point, [0.01] * 3, start=3, solver=spec)
    assert same_state(point, copy)


def test_another_kind_of_solver_starts_afresh() -> None:
    like = torch.ones(4)
    used = SolverState("adam", [torch.ones(4), torch.ones(4)], 9)
    for spec in (ADAMW, NESTEROV):
        state = state_for(spec, used, like)
        assert state is not None
        assert (state.solver, state.steps) == (spec.solver, 0)
        assert not any(vector.any() for vector in state.vectors)
    assert state_for(ADAM, used, like) is used


def test_a_descent_after_one_of_another_solver_is_that_of_a_point_without_state(wine: Task) -> None:
    point = new_point(wine)
    descend(wine, point, [0.01] * 3, solver=ADAM)
    fresh = point.clone()
    fresh.solver = None
    for moved in (point, fresh):
        descend(wine, moved, [0.01] * 3, start=3, solver=NESTEROV)
    assert same_state(point, fresh)


def test_sgd_without_momentum_remembers_nothing(wine: Task) -> None:
    point = new_point(wine)
    descend(wine, point, [0.01], solver=NESTEROV)
    descend(wine, point, [0.01], solver=PLAIN)
    assert point.solver is None


def test_adam_counts_its_steps_over_programs(wine: Task) -> None:
    point = trained_point(wine)
    for start in (0, 4):
        descend(wine, point, [0.01] * 4, start=start, solver=ADAM)
    assert point.solver is not None
    assert point.solver.steps == 8
    assert not same_solver(point.solver, None)


def test_weights_decay_towards_the_0_of_theta_where_another_vector_moves() -> None:
    theta, gradient = torch.tensor([3.0, -5.0]), torch.zeros(2)
    for spec in (solver(weightDecay=0.1), solver("adamw", weightDecay=0.1)):
        d = torch.tensor([1.0, 1.0])
        move(spec, state_for(spec, None, d), d, theta, gradient.clone(), host_numbers(spec, 0.5, 1, trains=False))
        torch.testing.assert_close(d, torch.tensor([1 - 0.15, 1 + 0.25]))
