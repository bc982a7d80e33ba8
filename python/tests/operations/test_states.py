"""Conversion of states to bytes and back: resumed training must equal uninterrupted training in every bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from builders import (
    ADAM,
    ADAMW,
    NESTEROV,
    PLAIN,
    descend,
    digits_task,
    new_path,
    new_point,
    same_solver,
    same_state,
    same_tensors,
    solver,
    wine_task,
    with_network,
)
from kept_states import adam_task, kept, notes_of, search
from torch import nn

from dsptt_worker.operations import programs, states
from dsptt_worker.protocol import Solver
from dsptt_worker.task import Task


def frozen_task() -> Task:
    """Wine and a perceptron whose first layer is not trained."""
    task = wine_task()
    build = task.build

    def frozen(stream: str) -> nn.Module:
        module = build(stream)
        next(layer for layer in module.children() if isinstance(layer, nn.Linear)).requires_grad_(False)
        return module

    return replace(with_network(task, frozen("init/open")), build=frozen)


SOLVERS = {"plain": PLAIN, "momentum": solver(momentum=0.9), "nesterov": NESTEROV, "adam": ADAM, "adamw": ADAMW}
TASKS: dict[str, Callable[[], Task]] = {
    "batch norm": digits_task,
    "dropout": lambda: wine_task(dropout=0.5),
    "frozen layer": frozen_task,
}


@pytest.fixture(scope="module")
def task() -> Task:
    return adam_task()


@pytest.mark.parametrize("how", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)
def test_a_descent_goes_on_in_a_fresh_task_as_if_it_had_never_stopped(make: Callable[[], Task], how: Solver) -> None:
    task = make()
    whole, part = new_point(task), new_point(task)
    losses = descend(task, whole, [0.05] * 12, solver=how)
    descend(task, part, [0.05] * 5, solver=how)
    state = kept(task, part)["home"]
    fresh = make()
    again = states.load_point(fresh, state)
    assert same_state(again, part)
    assert torch.equal(descend(fresh, again, [0.05] * 7, start=5, solver=how), losses[5:])
    assert same_state(again, whole)


@pytest.mark.parametrize("how", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)
def test_a_search_goes_on_in_a_fresh_task_as_if_it_had_never_stopped(make: Callable[[], Task], how: Solver) -> None:
    task = make()
    home = new_point(task)
    descend(task, home, [0.05] * 5)
    whole, part = ([new_path(task, home), new_path(task, home, "w")] for _ in range(2))
    expected = search(task, whole, how, 0, 12)
    search(task, part, how, 0, 5)
    task.points, task.paths = {"home": home}, {"p": part[0], "q": part[1]}
    state, *moved = states.save_point(task, "home"), states.save_path(task, "p"), states.save_path(task, "q")
    fresh = make()
    fresh.points["home"] = states.load_point(fresh, state)
    again = [states.load_path(fresh, path) for path in moved]
    got = search(fresh, again[::-1], how, 5, 7)  # five steps came before, so the other path is next
    assert all(torch.equal(a, b[5:]) for a, b in zip(got[:2], expected[:2], strict=True))
    for a, b in zip(again, whole, strict=True):
        assert torch.equal(a.d, b.d)
        assert same_solver(a.solver, b.solver)
        assert programs.cosine_to_first(fresh, a) == programs.cosine_to_first(task, b)
    assert fresh.points["home"].pins == 2


def test_the_same_state_is_always_the_same_bytes_and_survives_a_round_trip(task: Task) -> None:
    for kind, save_it in (
        ("point", lambda t: states.save_point(t, "home")),
        ("path", lambda t: states.save_path(t, "p")),
    ):
        state = save_it(task)
        assert save_it(task) == state
        other = digits_task()
        other.points["home"] = states.load_point(other, states.save_point(task, "home"))
        if kind == "path":
            other.paths["p"] = states.load_path(other, state)
        assert save_it(other) == state


def test_a_state_shares_no_memory_with_what_is_loaded_from_it(task: Task) -> None:
    state = states.save_point(task, "home")
    one, two = states.load_point(task, state), states.load_point(task, state)
    descend(task, one, [0.1], solver=ADAM)
    assert same_state(two, task.points["home"])
    assert not same_state(one, two)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -0.0])
def test_values_that_are_not_finite_come_back_as_they_were(task: Task, value: float) -> None:
    diverged = task.points["home"].clone()
    diverged.theta[3] = value
    diverged.rest[0].fill_(value)
    other = digits_task()
    back = states.load_point(other, kept(other, diverged)["home"])
    assert torch.equal(back.theta.view(torch.int32), diverged.theta.view(torch.int32))
    assert torch.equal(back.rest[0].view(torch.int32), diverged.rest[0].view(torch.int32))


def test_a_path_names_its_origin_whatever_other_points_look_like() -> None:
    task = wine_task()
    home = new_point(task)
    task.points = {"twin": home.clone(), "home": home}
    task.paths = {"p": new_path(task, home)}
    assert notes_of(states.save_path(task, "p")) == {
        "kind": "path",
        "network": task.net.signature(),
        "origin": "home",
        "stream": "v",
        "scale": "layer",
        "solver": None,
    }


def test_tensors_of_a_frozen_layer_are_part_of_the_state() -> None:
    task = frozen_task()
    point = new_point(task)
    state = kept(task, point)["home"]
    point.rest[0].add_(1)
    assert not same_tensors(states.load_point(task, state).rest, point.rest)
    assert same_tensors(states.load_point(task, kept(task, point)["home"]).rest, point.rest)
