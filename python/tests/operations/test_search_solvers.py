"""The local solver of the calibration step: ``search`` with solvers that have state."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from builders import ADAM, ADAMW, PLAIN, never, new_path, same_solver, same_state, solver, trained_point
from torch import Tensor, nn

from dsptt_worker.network.flat import Point
from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.task import SearchPath, Task

PICKED = [0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0]
GROWTH = [1.05] * len(PICKED)
RHO2 = [0.02 + 0.01 * (step % 3) for step in range(len(PICKED))]
REMEMBERING = pytest.mark.parametrize(
    "spec",
    [solver(momentum=0.9, weightDecay=0.1), solver(momentum=0.9, nesterov=True), ADAM, ADAMW],
    ids=["momentum", "nesterov", "adam", "adamw"],
)


@pytest.fixture(scope="module")
def origin(wine: Task) -> Point:
    return trained_point(wine, 5)


def two_paths(task: Task, origin: Point) -> list[SearchPath]:
    return [new_path(task, origin, "v0", factor=0.2), new_path(task, origin, "v1", factor=0.3)]


def run(task: Task, paths: list[SearchPath], spec: Solver, first: int = 0, stop: int = len(PICKED)) -> Tensor:
    cut = slice(first, stop)
    program = SearchProgram(paths, PICKED[cut], GROWTH[cut], RHO2[cut], spec)
    return programs.search(task, program, "search", first, never)[0]


def gradient(task: Task, theta: Tensor, step: int) -> Tensor:
    module = task.build("any").train()
    nn.utils.vector_to_parameters(theta, module.parameters())
    inputs, targets = task.batches.batch("search", step)
    loss = nn.functional.cross_entropy(module(inputs), targets)
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(module.parameters()))])


def torchs_step(spec: Solver, parameter: nn.Parameter) -> torch.optim.Optimizer:
    if spec.solver == "sgd":
        return torch.optim.SGD(
            [parameter], 1, momentum=spec.momentum, nesterov=spec.nesterov, weight_decay=spec.weightDecay
        )
    kind = torch.optim.Adam if spec.solver == "adam" else torch.optim.AdamW
    return kind([parameter], 1, weight_decay=spec.weightDecay)


@REMEMBERING
def test_a_path_is_calibrated_by_torchs_optimizer_at_origin_plus_d(wine: Task, origin: Point, spec: Solver) -> None:
    """An optimizer of the parameters origin + d moves them by the same amount as d moves."""
    paths = two_paths(wine, origin)
    theirs = [nn.Parameter(torch.add(origin.theta, path.d)) for path in paths]
    optimizers = [torchs_step(spec, parameter) for parameter in theirs]
    for step, k in enumerate(PICKED):
        with torch.no_grad():
            theirs[k].copy_(torch.add(origin.theta, theirs[k] - origin.theta, alpha=GROWTH[step]))
        theirs[k].grad = gradient(wine, theirs[k].detach(), step)
        optimizers[k].param_groups[0]["lr"] = RHO2[step]
        optimizers[k].step()
    run(wine, paths, spec)
    for path, parameter in zip(paths, theirs, strict=True):
        torch.testing.assert_close(torch.add(origin.theta, path.d), parameter.detach(), rtol=1e-4, atol=1e-5)


@REMEMBERING
def test_a_search_cut_anywhere_gives_the_bits_of_the_whole(wine: Task, origin: Point, spec: Solver) -> None:
    whole = two_paths(wine, origin)
    expected = run(wine, whole, spec)
    for cuts in ([1], [5, 6], [3, 7, 11]):
        pieces = two_paths(wine, origin)
        parts = [run(wine, pieces, spec, first, stop) for first, stop in pairwise([0, *cuts, len(PICKED)])]
        assert torch.equal(torch.cat(parts), expected)
        assert all(torch.equal(a.d, b.d) for a, b in zip(whole, pieces, strict=True))
        assert all(same_solver(a.solver, b.solver) for a, b in zip(whole, pieces, strict=True))


def test_a_path_of_plain_sgd_holds_nothing_but_its_displacement(wine: Task, origin: Point) -> None:
    paths = two_paths(wine, origin)
    run(wine, paths, PLAIN)
    assert [path.solver for path in paths] == [None, None]


def test_only_paths_that_move_get_a_state_and_each_its_own(wine: Task, origin: Point) -> None:
    paths = two_paths(wine, origin)
    run(wine, paths, ADAM, 1, 3)  # moves the second alone
    assert paths[0].solver is None
    run(wine, paths, ADAM, 3, 12)
    assert [path.solver.steps for path in paths if path.solver is not None] == [6, 5]


def test_a_search_that_remembers_leaves_its_origin_as_it_was(wine: Task, origin: Point) -> None:
    before = origin.clone()
    run(wine, two_paths(wine, origin), ADAMW)
    assert same_state(origin, before)
