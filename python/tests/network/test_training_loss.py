"""The loss that training descends: smoothed labels and weighted classes, in every way that steps are run."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from builders import descend, never, new_point, open_message, same_state, wine_task
from sklearn.utils.class_weight import compute_class_weight
from stacked import check_trains_alike
from tape import TapeCapture
from torch.nn import functional

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.operations import evaluation
from dsptt_worker.protocol import TrainingLoss
from dsptt_worker.task import Task, open_task

WEIGHTS = [0.5, 1.0, 3.0]
CHANGES = {
    "smoothed": TrainingLoss(0.2, None),
    "weighted": TrainingLoss(0.0, WEIGHTS),
    "balanced": TrainingLoss(0.0, "balanced"),
    "both": TrainingLoss(0.1, WEIGHTS),
}
EVERY_CHANGE = pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
LR = [0.1] * 8


def first_batch_loss(task: Task) -> float:
    """Computes the loss that the first training step measures."""
    return float(descend(task, new_point(task), [0.0])[0])


def first_answers(task: Task) -> tuple[torch.Tensor, torch.Tensor]:
    """Returns the network's outputs on the first training batch, and its targets."""
    task.net.load(new_point(task))
    inputs, targets = task.batches.batch("train", 0)
    return task.net.module(inputs).detach(), targets


def test_smoothing_is_that_of_torch() -> None:
    task = wine_task(trainingLoss=TrainingLoss(0.2, None))
    expected = functional.cross_entropy(*first_answers(task), label_smoothing=0.2)
    assert first_batch_loss(task) == pytest.approx(float(expected), rel=1e-6)


def test_a_weight_multiplies_the_losses_of_its_class() -> None:
    task = wine_task(trainingLoss=TrainingLoss(0.0, WEIGHTS))
    outputs, targets = first_answers(task)
    each = functional.cross_entropy(outputs, targets, reduction="none") * torch.tensor(WEIGHTS)[targets]
    assert first_batch_loss(task) == pytest.approx(float(each.mean()), rel=1e-6)


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    balanced = wine_task(trainingLoss=TrainingLoss(0.0, "balanced"))
    targets = balanced.splits["train"].targets.numpy()
    weights = compute_class_weight("balanced", classes=np.arange(3), y=targets).tolist()
    stated = wine_task(trainingLoss=TrainingLoss(0.0, weights))
    points = [new_point(task) for task in (balanced, stated)]
    descend(balanced, points[0], LR)
    descend(stated, points[1], LR)
    assert same_state(*points)


@EVERY_CHANGE
def test_evaluations_report_the_plain_loss(changes: TrainingLoss) -> None:
    plain, changed = wine_task(), wine_task(trainingLoss=changes)
    for split in ("train", "test"):
        expected = evaluation.evaluate(plain, new_point(plain), split, never, with_outputs=False)
        assert evaluation.evaluate(changed, new_point(changed), split, never, with_outputs=False) == expected


@EVERY_CHANGE
def test_a_batch_in_chunks_has_the_loss_of_the_whole_one(changes: TrainingLoss) -> None:
    whole, cut = (wine_task(trainingLoss=changes, batchChunks=chunks) for chunks in (1, 4))
    losses = descend(whole, new_point(whole), LR)
    torch.testing.assert_close(descend(cut, new_point(cut), LR), losses, rtol=1e-5, atol=0)


@EVERY_CHANGE
def test_a_stack_trains_as_one_after_the_other_does(changes: TrainingLoss) -> None:
    check_trains_alike(
        open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack", trainingLoss=changes), LR
    )


@EVERY_CHANGE
def test_captured_steps_descend_it_as_direct_ones_do(changes: TrainingLoss) -> None:
    direct, captured = wine_task(trainingLoss=changes), wine_task(trainingLoss=changes)
    capture = TapeCapture(captured.net.module)
    captured.execution.capture_with(capture)
    losses = descend(direct, new_point(direct), LR)
    torch.testing.assert_close(descend(captured, new_point(captured), LR), losses, rtol=1e-5, atol=0)
    assert capture.refused is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (TrainingLoss(0.0, [1.0, 2.0]), r"a number for each of the 3 classes \(.*\), got 2$"),
        (TrainingLoss(0.0, [1.0] * 4), r"a number for each of the 3 classes \(.*\), got 4$"),
    ],
)
def test_another_number_of_weights_than_classes_is_refused(changes: TrainingLoss, message: str) -> None:
    with pytest.raises(ConfigFaultError, match=message):
        wine_task(trainingLoss=changes)


def test_changes_are_refused_where_numbers_are_predicted() -> None:
    with pytest.raises(ConfigFaultError, match="trainingLoss is for classes, got loss 'meanSquared'"):
        open_task(open_message("winequality", loss="meanSquared", trainingLoss=TrainingLoss(0.1, None)))
