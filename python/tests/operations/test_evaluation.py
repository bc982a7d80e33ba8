from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch
from builders import (
    descend,
    digits_task,
    never,
    new_point,
    same_state,
    same_tensors,
    trained_point,
    wine_task,
    with_network,
)
from sklearn.metrics import accuracy_score, log_loss
from torch import nn

from dsptt_worker.errors import CancelledFaultError
from dsptt_worker.network.flat import Point
from dsptt_worker.operations import evaluation, evaluation_batch, programs
from dsptt_worker.task import Task


def norm_layers(task: Task) -> list[nn.BatchNorm2d]:
    return [layer for layer in task.net.module.modules() if isinstance(layer, nn.BatchNorm2d)]


def inputs_of_first_norm(task: Task, stream: str) -> list[torch.Tensor]:
    """Returns the inputs of the first batch norm at each step of an epoch (no layer before it holds statistics)."""
    first = task.net.module[0]
    with torch.no_grad():
        return [first(task.batches.batch(stream, step)[0]) for step in range(task.batches.per_epoch)]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("name", ["digits", "forgetful"])
def test_evaluate_agrees_with_scikit_learn(name: str, split: str, request: pytest.FixtureRequest) -> None:
    task: Task = request.getfixturevalue(name)
    result = evaluation.evaluate(task, trained_point(task, 3), split, never, with_outputs=True)
    targets, outputs = task.splits[split].targets.numpy(), result.outputs.double().numpy()
    labels = np.arange(len(task.classes))
    outputs = outputs / outputs.sum(1, keepdims=True)
    assert result.loss == pytest.approx(log_loss(targets, outputs, labels=labels), rel=1e-5)
    assert result.error_pct == pytest.approx(100 * (1 - accuracy_score(targets, outputs.argmax(1))), abs=1e-9)
    assert 0 < result.error_pct < 100


def test_evaluate_is_in_evaluation_mode_and_on_plain_samples(digits: Task, point: Point) -> None:
    digits.net.load(point)
    module = digits.net.module.eval()
    with torch.no_grad():
        expected = torch.softmax(module(digits.splits["train"].inputs), 1)
    module.train()
    result = evaluation.evaluate(digits, point, "train", never, with_outputs=True)
    torch.testing.assert_close(result.outputs, expected)


def test_outputs_are_probabilities_in_the_order_of_the_split_and_only_if_asked_for(digits: Task, point: Point) -> None:
    result = evaluation.evaluate(digits, point, "test", never, with_outputs=True)
    assert result.outputs.shape == (997, 10)
    torch.testing.assert_close(result.outputs.sum(1), torch.ones(997))
    assert (result.outputs >= 0).all()
    assert evaluation.evaluate(digits, point, "test", never, with_outputs=False).outputs is None


def test_a_split_larger_than_an_evaluation_batch_is_evaluated_whole(
    monkeypatch: pytest.MonkeyPatch, digits: Task, point: Point
) -> None:
    whole = evaluation.evaluate(digits, point, "test", never, with_outputs=True)
    monkeypatch.setattr(evaluation_batch, "EVALUATION_BATCH", 300)
    cut = evaluation.evaluate(digits, point, "test", never, with_outputs=True)
    assert (cut.loss, cut.error_pct) == (pytest.approx(whole.loss), pytest.approx(whole.error_pct))
    torch.testing.assert_close(cut.outputs, whole.outputs)


MEASURES: dict[str, Callable[[Task, Point], object]] = {
    "evaluate": lambda task, point: evaluation.evaluate(task, point, "train", never, with_outputs=True),
    "distances": lambda task, point: evaluation.distances([point, point]),
    "segment": lambda task, point: evaluation.segment(task, point, new_point(task, "other"), [0.5], "re", never),
    "re-estimate a copy": lambda task, point: evaluation.reestimate(task, point.clone(), "train", never),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("name", ["digits", "forgetful"])
def test_measuring_changes_neither_the_point_nor_its_training(
    name: str, measure: Callable[[Task, Point], object], request: pytest.FixtureRequest
) -> None:
    task: Task = request.getfixturevalue(name)
    undisturbed, measured = new_point(task), new_point(task)
    descend(task, undisturbed, [0.1] * 14)
    descend(task, measured, [0.1] * 7)
    before = measured.clone()
    measure(task, measured)
    assert same_state(measured, before)
    descend(task, measured, [0.1] * 7, start=7)
    assert same_state(measured, undisturbed)
    assert task.net.module.training


def test_reestimated_statistics_are_the_cumulative_averages_over_an_epoch(digits: Task, point: Point) -> None:
    evaluation.reestimate(digits, point, "re", never)
    digits.net.load(point)
    seen = inputs_of_first_norm(digits, "re")
    mean = torch.stack([x.mean((0, 2, 3)) for x in seen]).mean(0)
    var = torch.stack([x.var((0, 2, 3)) for x in seen]).mean(0)
    first = norm_layers(digits)[0]
    torch.testing.assert_close(first.running_mean, mean, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(first.running_var, var, rtol=1e-5, atol=1e-6)
    assert first.num_batches_tracked == digits.batches.per_epoch == 10


def test_reestimating_does_not_depend_on_the_statistics_before_it_or_move_parameters(digits: Task) -> None:
    point = trained_point(digits)
    fresh = point.clone()
    for buffer in fresh.rest:
        buffer.fill_(3)
    theta = point.theta.clone()
    evaluation.reestimate(digits, point, "re", never)
    evaluation.reestimate(digits, fresh, "re", never)
    assert same_tensors(point.rest, fresh.rest)
    assert torch.equal(point.theta, theta)


def test_reestimating_restores_the_layers_momentum_and_mode(digits: Task, point: Point) -> None:
    before = [layer.momentum for layer in norm_layers(digits)]
    evaluation.reestimate(digits, point, "re", never)
    assert [layer.momentum for layer in norm_layers(digits)] == before == [0.1, 0.1]
    assert all(module.training for module in digits.net.module.modules())


def test_a_failure_during_reestimation_restores_the_layers_momentum(monkeypatch: pytest.MonkeyPatch) -> None:
    task = digits_task()
    point = new_point(task)

    def fail(_stream: str, _step: int) -> None:
        raise MemoryError

    monkeypatch.setattr(task.batches, "batch", fail)
    with pytest.raises(MemoryError):
        evaluation.reestimate(task, point, "re", never)
    assert [layer.momentum for layer in norm_layers(task)] == [0.1, 0.1]


def cancel_at(call: int) -> programs.Tick:
    """Creates a tick that cancels at this call, counted from 1."""
    calls = iter(range(1, call))

    def tick() -> None:
        if next(calls, None) is None:
            raise CancelledFaultError("enough")

    return tick


@pytest.mark.parametrize(
    ("batches", "run"),
    [
        (2, lambda task, point, tick: evaluation.evaluate(task, point, "train", tick, with_outputs=False)),
        (10, lambda task, point, tick: evaluation.reestimate(task, point, "re", tick)),
        (24, lambda task, point, tick: evaluation.segment(task, point, point.clone(), [0.0, 1.0], "re", tick)),
    ],
    ids=["evaluate", "reestimate", "segment"],
)
def test_a_measure_ticks_once_a_batch_and_a_cancelled_one_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch, batches: int, run: Callable[[Task, Point, programs.Tick], object]
) -> None:
    monkeypatch.setattr(evaluation_batch, "EVALUATION_BATCH", 150)
    task = digits_task()
    undisturbed, cancelled = trained_point(task), trained_point(task)
    before = cancelled.clone()
    for call in range(1, batches + 1):
        with pytest.raises(CancelledFaultError):
            run(task, cancelled, cancel_at(call))
        assert same_state(cancelled, before)
        assert [layer.momentum for layer in norm_layers(task)] == [0.1, 0.1]
        assert all(module.training for module in task.net.module.modules())
    descend(task, undisturbed, [0.1] * 3)
    descend(task, cancelled, [0.1] * 3)
    assert same_state(cancelled, undisturbed)
    run(task, cancelled, cancel_at(batches + 1))


def test_dropout_is_off_while_statistics_are_reestimated() -> None:
    module = nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(13), nn.Linear(13, 3))
    task = with_network(wine_task(), module)
    point = task.net.point()
    evaluation.reestimate(task, point, "re", never)
    batches = [task.batches.batch("re", step)[0] for step in range(task.batches.per_epoch)]
    task.net.load(point)
    torch.testing.assert_close(module[1].running_mean, torch.stack([x.mean(0) for x in batches]).mean(0))


def test_reestimating_a_network_without_batch_norm_changes_nothing(wine: Task) -> None:
    point = new_point(wine)
    before = point.clone()
    evaluation.reestimate(wine, point, "re", never)
    assert same_state(point, before)


def test_distances_are_numpys_symmetric_with_a_zero_diagonal(digits: Task) -> None:
    points = [new_point(digits, f"init{index}") for index in range(4)]
    got = evaluation.distances(points).numpy()
    thetas = np.stack([point.theta.double().numpy() for point in points])
    np.testing.assert_allclose(got, np.linalg.norm(thetas[:, None] - thetas[None], axis=2), rtol=1e-6)
    assert np.array_equal(got, got.T)
    assert not got.diagonal().any()
    assert got.dtype == np.float64


def test_a_segments_ends_are_the_reestimated_points_and_its_middle_their_mean(digits: Task) -> None:
    source, target = trained_point(digits), trained_point(digits, stream="other")
    middle = source.clone()
    middle.theta.add_(target.theta).div_(2)
    expected = []
    for end in (source, middle, target):
        again = end.clone()
        evaluation.reestimate(digits, again, "re", never)
        expected.append(evaluation.evaluate(digits, again, "train", never, with_outputs=False).loss)
    got = evaluation.segment(digits, source, target, [0.0, 0.5, 1.0], "re", never)
    assert got == [pytest.approx(loss, rel=1e-5) for loss in expected]
    assert got[0] == expected[0]
    assert got[2] == expected[2]


def test_a_segment_leaves_both_points_unchanged(digits: Task) -> None:
    source, target = trained_point(digits), trained_point(digits, stream="other")
    before = source.clone(), target.clone()
    evaluation.segment(digits, source, target, [0.25, 0.75], "re", never)
    assert same_state(source, before[0])
    assert same_state(target, before[1])


def test_a_part_of_a_segments_samples_is_measured_with_a_part_of_the_statistics(
    digits: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = trained_point(digits), trained_point(digits, stream="other")
    drawn: list[int] = []
    batch = digits.batches.batch

    def counted(stream: str, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        drawn.append(step)
        return batch(stream, step)

    monkeypatch.setattr(digits.batches, "batch", counted)
    [got] = evaluation.segment(digits, source, target, [1.0], "re", never, every=4)
    assert drawn == list(range(digits.batches.per_epoch // 4))
    train = digits.splits["train"]
    drawn_samples = evaluation.drawn_part(len(train), 4)
    part = dataclasses.replace(train, inputs=train.inputs[drawn_samples], targets=train.targets[drawn_samples])
    monkeypatch.setitem(digits.splits, "test", part)
    point = source.clone()
    point.theta.copy_(target.theta)
    digits.net.load(point)
    with torch.no_grad():
        inputs = [digits.batches.batch("re", step)[0] for step in range(digits.batches.per_epoch // 4)]
        firsts = [digits.net.module[0](batch) for batch in inputs]
    evaluation._reestimate_loaded(digits, "re", never, 4)
    mean = torch.stack([first.mean((0, 2, 3)) for first in firsts]).mean(0)
    assert torch.allclose(norm_layers(digits)[0].running_mean, mean, atol=1e-5)
    digits.net.store(point)
    assert got == evaluation.evaluate(digits, point, "test", never, with_outputs=False).loss


@pytest.mark.parametrize("every", [2, 5, 10])
def test_a_part_of_samples_has_all_classes_also_where_they_take_turns(digits: Task, every: int) -> None:
    turns = torch.arange(3000) % 10
    part = evaluation.drawn_part(len(turns), every)
    counts = torch.bincount(turns[part], minlength=10)
    assert counts.sum() == 3000 // every
    assert counts.min() > 0.5 * counts.double().mean()
    assert torch.equal(part, evaluation.drawn_part(len(turns), every))
    own = digits.splits["train"].targets[evaluation.drawn_part(len(digits.splits["train"]), every)]
    assert len(own.unique()) >= (10 if every < 10 else 9)


def test_one_in_one_sample_is_all_of_them(digits: Task) -> None:
    source, target = trained_point(digits), trained_point(digits, stream="other")
    measured = [
        evaluation.segment(digits, source, target, [0.0, 0.5], "re", never, **part) for part in ({}, {"every": 1})
    ]
    assert measured[0] == measured[1]
