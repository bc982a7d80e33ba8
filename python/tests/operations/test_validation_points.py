"""Evaluations of the validation split during a descent."""

from __future__ import annotations

import math
from typing import Any

import pytest
from builders import NESTEROV, descend, digits_task, never, new_point, open_message, same_state, wine_task
from session import Session

from dsptt_worker.operations import programs
from dsptt_worker.operations.evaluation import evaluate
from dsptt_worker.operations.programs import DescentProgram
from dsptt_worker.operations.stack import Stack, StackProgram
from dsptt_worker.operations.validation_points import ValidationPoints
from dsptt_worker.protocol import ValidationPoint
from dsptt_worker.task import Task, open_task

LR = [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.02]
EVERY = 3


def points_of(task: Task, stream: str, start: int = 0, lr: list[float] = LR, init: str = "init") -> Any:
    """Trains a new point; returns it and its validation points."""
    point = new_point(task, init)
    seen = ValidationPoints(task, EVERY, never)
    programs.descend(task, point, DescentProgram(lr, NESTEROV), stream, start, never, seen.after)
    return point, seen.measured


def evaluated_at(task: Task, steps: int, stream: str, init: str = "init") -> ValidationPoint:
    """Trains a new point for so many steps, then evaluates it."""
    point = new_point(task, init)
    descend(task, point, LR[:steps], stream=stream)
    result = evaluate(task, point, "validation", never, with_outputs=False)
    return ValidationPoint(result.loss, result.error_pct)


@pytest.mark.parametrize(
    "task", [digits_task(), wine_task(dropout=0.5), digits_task(batchChunks=2, allowChunkedBn=True)]
)
def test_points_are_evaluations_at_their_steps_and_change_no_bit_of_the_training(task: Task) -> None:
    watched, measured = points_of(task, "train")
    assert measured == [evaluated_at(task, steps, "train") for steps in (3, 6)]
    plain = new_point(task)
    descend(task, plain, LR, stream="train")
    assert same_state(watched, plain)


def test_points_stand_at_multiples_of_the_streams_own_steps() -> None:
    task = wine_task()
    _, measured = points_of(task, "train", start=2, lr=LR[:2])
    assert len(measured) == 1
    assert points_of(task, "train", start=3, lr=LR[:2])[1] == []


def test_a_stack_has_the_points_of_networks_that_are_trained_alone() -> None:
    task = open_task(open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack"))
    streams = ["train/0", "train/1"]
    rows = [new_point(task, f"init/{k}") for k in range(2)]
    seen = [ValidationPoints(task, EVERY, never) for _ in rows]
    Stack(task, 2).descend(rows, StackProgram([LR, LR[::-1]], NESTEROV, streams, [0, 1]), never, seen)
    for k, (start, lr) in enumerate([(0, LR), (1, LR[::-1])]):
        alone = points_of(task, streams[k], start, lr, f"init/{k}")[1]
        assert [point.errorPct for point in seen[k].measured] == [point.errorPct for point in alone]
        assert [point.loss for point in seen[k].measured] == pytest.approx([point.loss for point in alone], rel=1e-4)
        assert len(alone) == 2


def test_a_descent_answers_its_points_and_without_every_none() -> None:
    session = Session()
    answer, _ = session.descent("home", LR, validateEvery=EVERY)
    session.ask("newPoint", point="again", stream="init")
    session.descent("again", LR[:6])
    result = evaluate(
        session.handlers.task, session.handlers.task.point("again"), "validation", never, with_outputs=False
    )
    assert answer.validation[1] == ValidationPoint(result.loss, result.error_pct)
    assert session.descent("home", LR)[0].validation == []


def test_points_of_a_diverged_network_are_no_numbers_and_those_of_a_regression_have_no_error() -> None:
    task = open_task(open_message("winequality", loss="meanSquared", model_args={"hidden": [8]}))
    _, measured = points_of(task, "train", lr=[1e30] * 6)
    assert all(not math.isfinite(point.loss) and point.errorPct is None for point in measured)
    assert len(measured) == 2
