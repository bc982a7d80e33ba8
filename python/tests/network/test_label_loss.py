"""The loss of several labels a sample, in every way that steps are run, and what evaluations report of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from builders import descend, never, new_point, open_message, trained_point
from hypothesis import given
from hypothesis import strategies as st
from label_table import label_table
from sklearn.metrics import hamming_loss, log_loss
from stacked import check_trains_alike
from tape import TapeCapture
from zoo import written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.network.losses import LOSSES
from dsptt_worker.operations import evaluation
from dsptt_worker.protocol import DatasetSpec, Open, TrainingLoss
from dsptt_worker.task import Task, open_task

LR = [0.1] * 8
Opened = Callable[..., Task]


@pytest.fixture(scope="module")
def message(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Open]:
    folder = tmp_path_factory.mktemp("labels")
    dataset = DatasetSpec("csv", label_table(folder)[1], str(folder))

    def message(**changes: Any) -> Open:
        fields = {"loss": "binaryCrossEntropy", "dataset": dataset, **changes}
        opening = open_message(model_args={"hidden": [8]}, **{key: fields[key] for key in fields if key != "dataset"})
        opening.dataset = fields["dataset"]
        return opening

    return message


@pytest.fixture
def labelled(message: Callable[..., Open]) -> Opened:
    return lambda **changes: open_task(message(**changes))


@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_loss_and_error_of_samples_are_those_of_scikit_learn(samples: int, labels: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    logits, targets = draw.normal(0, 2, (samples, labels)), draw.integers(0, 2, (samples, labels))
    loss, outputs, truth = (
        LOSSES["binaryCrossEntropy"],
        torch.tensor(logits),
        torch.tensor(targets, dtype=torch.float64),
    )
    assert loss.wrong is not None
    p = loss.predict(outputs).numpy()
    expected = log_loss(targets.ravel(), p.ravel(), labels=[0, 1])  # of labels of equal number, the mean over them
    assert float(loss.each(outputs, truth).mean()) == pytest.approx(expected, abs=1e-9)
    assert float(loss.train(outputs, truth)) == pytest.approx(expected, abs=1e-9)
    assert float(loss.wrong(outputs, truth).mean()) == pytest.approx(hamming_loss(targets, p > 0.5), abs=1e-12)


def test_an_evaluation_gives_the_probability_of_each_label(labelled: Opened) -> None:
    task = labelled()
    seen = evaluation.evaluate(task, trained_point(task, steps=60), "test", never, with_outputs=True)
    assert seen.outputs is not None
    targets = task.splits["test"].targets
    assert seen.outputs.shape == targets.shape == (60, 3)
    assert seen.error_pct == pytest.approx(100 * float(((seen.outputs > 0.5) != targets.bool()).double().mean()))
    assert seen.error_pct < 30
    plain = torch.nn.functional.binary_cross_entropy(seen.outputs.double(), targets.double())
    assert seen.loss == pytest.approx(float(plain), rel=1e-5)


def test_a_batch_in_chunks_has_the_loss_of_the_whole_one(labelled: Opened) -> None:
    whole, cut = labelled(), labelled(batchChunks=4)
    losses = descend(whole, new_point(whole), LR)
    torch.testing.assert_close(descend(cut, new_point(cut), LR), losses, rtol=1e-5, atol=0)


@pytest.mark.parametrize("changes", [{}, {"mixup": 0.4}, {"batchSize": 0}], ids=["plain", "mixup", "full"])
def test_a_stack_trains_as_one_after_the_other_does(message: Callable[..., Open], changes: dict[str, Any]) -> None:
    check_trains_alike(message(membersAtOnce=2, membersWay="stack", **changes), LR)


@pytest.mark.parametrize("changes", [{}, {"mixup": 0.4}], ids=["plain", "mixup"])
def test_captured_steps_descend_as_direct_ones_do(labelled: Opened, changes: dict[str, Any]) -> None:
    direct, captured = labelled(**changes), labelled(**changes)
    capture = TapeCapture(captured.net.module)
    captured.execution.capture_with(capture)
    losses = descend(direct, new_point(direct), LR)
    torch.testing.assert_close(descend(captured, new_point(captured), LR), losses, rtol=1e-5, atol=0)
    assert capture.refused is None


def test_the_loss_of_a_mixed_batch_is_that_of_its_mixed_labels(labelled: Opened) -> None:
    task = labelled(mixup=0.4)
    task.net.load(new_point(task))
    inputs, both = task.batches.batch("train", 0)
    own, others, share = both.unbind(1)
    expected = LOSSES["binaryCrossEntropy"].train(task.net.module(inputs), share * own + (1 - share) * others)
    assert float(descend(task, new_point(task), [0.0])[0]) == pytest.approx(float(expected.detach()), rel=1e-5)


def test_a_loss_of_the_users_gets_the_labels(labelled: Opened, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "from torch.nn import functional\n\n"
        "def defineLoss(outputs):\n"
        "    assert outputs == 3\n"
        "    return functional.binary_cross_entropy_with_logits\n",
    )
    own, plain = labelled(trainingLoss=TrainingLoss(0.0, None, file)), labelled()
    assert torch.equal(descend(own, new_point(own), LR), descend(plain, new_point(plain), LR))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loss": "crossEntropy"}, "which has 3 labels, of which a sample has any number: use binaryCrossEntropy$"),
        ({"loss": "meanSquared"}, "use binaryCrossEntropy$"),
        ({"trainingLoss": TrainingLoss(0.1, None)}, "trainingLoss is for classes, got loss 'binaryCrossEntropy'"),
        ({"dataset": DatasetSpec("wine", {})}, "'binaryCrossEntropy' does not fit dataset 'wine', which has 3 classes"),
    ],
)
def test_what_does_not_fit_labels_is_refused(labelled: Opened, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        labelled(**changes)
