"""Options of a descent: noise on its gradients, and capture of parameters during it."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from builders import ADAMW, NESTEROV, PLAIN, SEED, descend, never, new_point, same_state, solver
from hypothesis import given, settings
from hypothesis import strategies as st

from dsptt_worker.operations import programs
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.streams import generator
from dsptt_worker.task import Task

STEPS = 9
LR = [0.05] * STEPS
NOISE = [0.0, 0.3, 0.3, 0.0, 1.0, 0.1, 0.2, 0.0, 0.4]


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, STEPS - 1), max_size=4, unique=True).map(sorted))
def test_noise_does_not_depend_on_how_a_descent_is_cut(wine: Task, cuts: list[int]) -> None:
    whole, pieces = new_point(wine), new_point(wine)
    descend(wine, whole, LR, start=5, noise=NOISE)
    for first, stop in pairwise([0, *cuts, STEPS]):
        descend(wine, pieces, LR[first:stop], start=5 + first, noise=NOISE[first:stop])
    assert same_state(whole, pieces)


def test_noise_is_normal_of_its_deviation_from_the_steps_own_stream(wine: Task) -> None:
    quiet, noisy = new_point(wine), new_point(wine)
    descend(wine, quiet, [0.5], start=3, solver=PLAIN)
    descend(wine, noisy, [0.5], start=3, solver=PLAIN, noise=[0.2])
    drawn = torch.randn(wine.net.parameters, generator=generator(SEED, "train/noise/step3"))
    torch.testing.assert_close((quiet.theta - noisy.theta) / 0.5, 0.2 * drawn, rtol=1e-4, atol=1e-6)


def test_noise_enters_before_weight_decay_and_solver(wine: Task) -> None:
    spec = solver(momentum=0.9, weightDecay=0.1)
    quiet, noisy = new_point(wine), new_point(wine)
    descend(wine, quiet, [0.0], solver=spec, noise=[0.0])
    descend(wine, noisy, [0.0], solver=spec, noise=[0.2])
    assert quiet.solver is not None
    assert noisy.solver is not None
    drawn = torch.randn(wine.net.parameters, generator=generator(SEED, "train/noise/step0"))
    added = noisy.solver.vectors[0] - quiet.solver.vectors[0]
    torch.testing.assert_close(added, 0.2 * drawn, rtol=1e-4, atol=1e-6)


def test_noise_of_deviation_0_changes_no_bit_and_neither_shifts_dropout(forgetful: Task) -> None:
    without, silent, early = (new_point(forgetful) for _ in range(3))
    descend(forgetful, without, LR)
    descend(forgetful, silent, LR, noise=[0.0] * STEPS)
    assert same_state(without, silent)
    losses = descend(forgetful, early, [0.0, 0.0], solver=PLAIN, noise=[1.0, 1.0])
    assert torch.equal(losses, descend(forgetful, new_point(forgetful), [0.0, 0.0], solver=PLAIN))


def test_streams_and_steps_have_noise_of_their_own(wine: Task) -> None:
    moves = set()
    for stream, start in [("a", 0), ("a", 1), ("b", 0)]:
        points = [new_point(wine), new_point(wine)]
        for point, noise in zip(points, ([], [1.0]), strict=True):
            descend(wine, point, [1.0], stream=stream, start=start, solver=PLAIN, noise=noise)
        moves.add(round((points[1].theta - points[0].theta).sum().item(), 2))
    assert len(moves) == 3


@pytest.mark.parametrize("spec", [PLAIN, NESTEROV, ADAMW], ids=["plain", "nesterov", "adamw"])
def test_captured_parameters_are_those_before_each_step_in_the_order_asked_for(wine: Task, spec: Solver) -> None:
    expected, point = [], new_point(wine)
    for step in range(STEPS):
        expected.append(point.theta.clone())
        descend(wine, point, LR[step : step + 1], start=step, solver=spec)
    captured = new_point(wine)
    asked = [8, 0, 3, 3]
    program = DescentProgram(LR, spec, (), asked)
    _, rows = programs.descend(wine, captured, program, "train", 0, never)
    assert torch.equal(rows, torch.stack([expected[step] for step in asked]))
    assert same_state(captured, point)


def test_a_descent_that_captures_nothing_answers_no_rows(wine: Task) -> None:
    program = DescentProgram([0.1], PLAIN)
    assert programs.descend(wine, new_point(wine), program, "train", 0, never)[1].shape == (0, wine.net.parameters)
