"""``search`` compared with a loop over an ordinary module, and the state that it must not change."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
import torch
from builders import PLAIN, descend, never, new_path, new_point, same_state, same_tensors, trained_point, with_network
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from dsptt_worker.errors import CancelledFaultError
from dsptt_worker.network.flat import Point
from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.streams import seed_layers
from dsptt_worker.task import SearchPath, Task

STEPS = 14
START = 6
PICKED = [0, 1, 1, 0, 2, 0, 0, 1, 2, 2, 0, 1, 0, 2]
GROWTH = [1 + 0.3 / (step + 1) for step in range(STEPS)]
RHO2 = [0.02 + 0.01 * (step % 3) for step in range(STEPS)]


def three_paths(task: Task, origin: Point) -> list[SearchPath]:
    return [new_path(task, origin, f"v{index}", factor=0.05 * (index + 1)) for index in range(3)]


def run(
    task: Task, paths: list[SearchPath], first: int = 0, stop: int = STEPS, capture: tuple[int, ...] = ()
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Runs steps ``first`` to ``stop`` of the one program of these tests."""
    cut = slice(first, stop)
    program = SearchProgram(paths, PICKED[cut], GROWTH[cut], RHO2[cut], PLAIN, capture)
    return programs.search(task, program, "search", START + first, never)


def plain_search(task: Task, origin: Point, paths: list[SearchPath]) -> dict[str, torch.Tensor]:
    """Computes the expected result of ``search``: displacements of ordinary modules, each step on a fresh copy of the
    origin."""
    task.net.load(origin)
    home = task.build("anything")
    home.load_state_dict(task.net.module.state_dict())
    d = [path.d.clone() for path in paths]
    losses, norms, measured = [], [], []
    for i, k in enumerate(PICKED):
        module = copy.deepcopy(home).train()
        here = torch.add(origin.theta, d[k], alpha=GROWTH[i])
        nn.utils.vector_to_parameters(here, module.parameters())
        inputs, targets = task.batches.batch("search", START + i)
        seed_layers(task.seed, f"search/step{START + i}", task.device)
        loss = nn.functional.cross_entropy(module(inputs), targets)
        gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(module.parameters()))])
        losses.append(loss.detach())
        norms.append((GROWTH[i] * d[k]).norm())
        measured.append(here)
        d[k] = torch.add(GROWTH[i] * d[k], gradient, alpha=-RHO2[i])
    return {"loss": torch.stack(losses), "norm": torch.stack(norms), "at": torch.stack(measured), "d": torch.stack(d)}


@pytest.mark.parametrize("name", ["digits", "wine", "forgetful"])
def test_search_equals_a_loop_over_copies_of_the_origin_bit_for_bit(name: str, request: pytest.FixtureRequest) -> None:
    task: Task = request.getfixturevalue(name)
    origin = trained_point(task)
    paths = three_paths(task, origin)
    expected = plain_search(task, origin, paths)
    losses, norms, captured = run(task, paths, capture=tuple(range(STEPS)))
    assert torch.equal(losses, expected["loss"])
    assert torch.equal(norms, expected["norm"])
    assert torch.equal(captured, expected["at"])
    assert torch.equal(torch.stack([path.d for path in paths]), expected["d"])


def test_calibration_goes_downhill(digits: Task, point: Point) -> None:
    path = new_path(digits, point, factor=0.5)
    before = torch.add(point.theta, path.d)
    programs.search(digits, SearchProgram([path], [0], [1.0], [0.05], PLAIN), "search", 0, never)
    batch = digits.batches.batch("search", 0)
    losses = []
    for theta in (before, torch.add(point.theta, path.d)):
        digits.net.load(point)
        digits.net.theta.copy_(theta)
        losses.append(nn.functional.cross_entropy(digits.net.module(batch[0]), batch[1]).item())
    assert losses[1] < losses[0]


def test_search_leaves_the_origin_and_its_statistics_untouched(digits: Task, point: Point) -> None:
    before = point.clone()
    run(digits, three_paths(digits, point))
    assert same_state(point, before)


def test_search_leaves_the_networks_running_statistics_those_of_the_origin(digits: Task, point: Point) -> None:
    descend(digits, new_point(digits, "other"), [0.1] * 3)  # so that the network holds other statistics before
    run(digits, three_paths(digits, point))
    assert same_tensors(digits.net.rest, point.rest)


def test_search_moves_only_the_paths_it_picks(digits: Task, point: Point) -> None:
    paths = three_paths(digits, point)
    before = [path.d.clone() for path in paths]
    programs.search(digits, SearchProgram(paths, [1, 1], [1.1, 1.1], [0.1, 0.1], PLAIN), "search", 0, never)
    assert [torch.equal(path.d, d) for path, d in zip(paths, before, strict=True)] == [True, False, True]


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, STEPS - 1), max_size=5, unique=True).map(sorted))
@pytest.mark.parametrize("name", ["digits", "forgetful"])
def test_search_cut_anywhere_gives_the_bits_of_the_whole(
    name: str, cuts: list[int], request: pytest.FixtureRequest
) -> None:
    task: Task = request.getfixturevalue(name)
    origin = trained_point(task, 4)
    whole, pieces = three_paths(task, origin), three_paths(task, origin)
    expected = run(task, whole)
    stops = [0, *cuts, STEPS]
    parts = [run(task, pieces, first, stop) for first, stop in pairwise(stops)]
    assert torch.equal(torch.cat([losses for losses, _, _ in parts]), expected[0])
    assert torch.equal(torch.cat([norms for _, norms, _ in parts]), expected[1])
    assert all(torch.equal(a.d, b.d) for a, b in zip(whole, pieces, strict=True))


def test_captures_come_in_the_order_asked_for(digits: Task, point: Point) -> None:
    _, _, everything = run(digits, three_paths(digits, point), capture=tuple(range(STEPS)))
    _, _, captured = run(digits, three_paths(digits, point), capture=(9, 0, 4))
    assert torch.equal(captured, everything[[9, 0, 4]])
    assert run(digits, three_paths(digits, point))[2].shape == (0, digits.net.parameters)


def test_a_step_captured_twice_gives_two_equal_rows(digits: Task, point: Point) -> None:
    _, _, everything = run(digits, three_paths(digits, point), capture=tuple(range(STEPS)))
    _, _, captured = run(digits, three_paths(digits, point), capture=(3, 3))
    assert torch.equal(captured, everything[[3, 3]])


def test_the_cosine_to_the_first_direction_is_1_before_the_first_step(digits: Task, point: Point) -> None:
    for scale in ("layer", "filter", "gaussian", "unit"):
        assert programs.cosine_to_first(digits, new_path(digits, point, scale=scale)) == pytest.approx(1, abs=1e-12)


def test_the_cosine_after_a_search_is_numpys(digits: Task, point: Point) -> None:
    path = new_path(digits, point, factor=1.0)
    first = path.d.double().numpy()
    programs.search(digits, SearchProgram([path], [0] * 5, [1.2] * 5, [0.5] * 5, PLAIN), "search", 0, never)
    d = path.d.double().numpy()
    cosine = programs.cosine_to_first(digits, path)
    assert cosine == pytest.approx(np.dot(d, first) / np.linalg.norm(d) / np.linalg.norm(first), abs=1e-12)
    assert 0 < cosine < 0.9999


def test_a_search_that_diverges_answers_losses_that_are_not_finite_and_does_not_raise(digits: Task) -> None:
    origin = new_point(digits)
    path = new_path(digits, origin)
    losses, _, _ = programs.search(digits, SearchProgram([path], [0] * 4, [1e20] * 4, [1e30] * 4, PLAIN), "s", 0, never)
    assert not losses.isfinite().all()


def test_a_cancelled_search_leaves_batch_norm_tracking_and_the_origin_as_they_were(digits: Task, point: Point) -> None:
    before = point.clone()

    def tick() -> None:
        raise CancelledFaultError("enough")

    with pytest.raises(CancelledFaultError):
        programs.search(digits, SearchProgram([new_path(digits, point)], [0], [1.0], [0.1], PLAIN), "search", 0, tick)
    assert same_state(point, before)
    assert all(layer.track_running_stats for layer in digits.net.norms)


def test_buffers_other_than_batch_norms_are_the_origins_at_every_step(wine: Task) -> None:
    module = nn.Sequential(nn.utils.spectral_norm(nn.Linear(13, 6)), nn.Tanh(), nn.Linear(6, 3))
    task = with_network(wine, module.train())
    origin = task.net.point()
    program = ([0, 0], [1.0, 1.0], [0.0, 0.0])
    losses, _, _ = programs.search(task, SearchProgram([new_path(task, origin)], *program, PLAIN), "search", 0, never)
    again, _, _ = programs.search(
        task, SearchProgram([new_path(task, origin)], *(entry[1:] for entry in program), PLAIN), "search", 1, never
    )
    assert torch.equal(losses[1:], again)
