"""Tasks that predict a number."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from builders import PLAIN, descend, never, new_path, new_point, open_message
from sklearn.metrics import mean_squared_error
from torch import nn

from dsptt_worker.operations import evaluation, programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.protocol import Evaluate, NewPoint, Targets
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.task import Task, open_task


@pytest.fixture(scope="module")
def scores() -> Task:
    """Wine quality and a small perceptron, on the full gradient."""
    return open_task(open_message("winequality", model_args={"hidden": [4]}, loss="meanSquared", batchSize=0))


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_evaluate_agrees_with_scikit_learn(scores: Task, split: str) -> None:
    point = new_point(scores)
    descend(scores, point, [0.05] * 20)
    result = evaluation.evaluate(scores, point, split, never, with_outputs=True)
    assert result.outputs is not None
    assert result.outputs.shape == (len(scores.splits[split]), 1)
    expected = mean_squared_error(scores.splits[split].targets, result.outputs[:, 0])
    assert result.loss == pytest.approx(expected, rel=1e-5)
    assert result.error_pct is None


def test_training_minimises_the_mean_squared_error(scores: Task) -> None:
    point = new_point(scores)
    losses = descend(scores, point, [0.1] * 100, solver=PLAIN)
    assert losses[-1] < 0.8 < losses[0]  # 1 is the mean's
    assert evaluation.evaluate(scores, point, "train", never, with_outputs=False).loss < losses[-1]


def test_the_full_gradient_is_that_of_the_whole_training_split(scores: Task) -> None:
    point = new_point(scores)
    module = scores.build("init")
    nn.utils.vector_to_parameters(point.theta.clone(), module.parameters())
    train = scores.splits["train"]
    loss = ((module(train.inputs)[:, 0] - train.targets) ** 2).mean()
    gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(module.parameters()))])
    moved = point.clone()
    losses = descend(scores, moved, [1.0], start=17, solver=PLAIN)
    torch.testing.assert_close(losses[0], loss.detach())
    torch.testing.assert_close(point.theta - moved.theta, gradient, rtol=1e-4, atol=1e-6)


def test_the_full_gradient_is_the_same_function_at_every_step_of_every_stream(scores: Task) -> None:
    points = [new_point(scores) for _ in range(3)]
    for point, (stream, start) in zip(points, [("a", 0), ("a", 5), ("b", 2)], strict=True):
        descend(scores, point, [0.1] * 3, stream=stream, start=start)
    assert torch.equal(points[0].theta, points[1].theta)
    assert torch.equal(points[0].theta, points[2].theta)


def test_search_and_probe_measure_the_mean_squared_error(scores: Task) -> None:
    point = new_point(scores)
    loss = evaluation.evaluate(scores, point, "train", never, with_outputs=False).loss
    assert programs.probe(scores, point, "look", 3, never)[0] == pytest.approx(loss, rel=1e-5)
    program = SearchProgram([new_path(scores, point, factor=0.0)], [0], [1.0], [0.1], PLAIN)
    assert programs.search(scores, program, "search", 0, never)[0].item() == pytest.approx(loss, rel=1e-5)


def test_answers_have_no_classes_no_error_and_targets_that_are_numbers() -> None:
    handlers = Handlers("worker")
    head = {"id": 1, "sender": "test"}
    opened, _ = handlers.handle(open_message("winequality", loss="meanSquared"), {}, never)
    assert opened.classes == []
    handlers.handle(NewPoint(**head, point="a", stream="init"), {}, never)
    for wanted, rows in ((True, 300), (False, 0)):
        request = Evaluate(**head, point="a", split="test", outputs=wanted)
        result, tensors = handlers.handle(request, {}, never)
        assert result.errorPct is None
        assert (tensors["outputs"].shape, tensors["outputs"].dtype) == ((rows, 1), np.float32)
    targets = handlers.handle(Targets(**head, split="test"), {}, never)[1]["targets"]
    assert (targets.shape, targets.dtype) == ((300,), np.float32)
    assert len(np.unique(targets)) > 3
