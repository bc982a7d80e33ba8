"""A training loss of the user's own: found, called, checked, and run in every way that steps are run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch
from builders import descend, never, new_point, open_message, same_state, wine_task
from stacked import check_trains_alike
from tape import TapeCapture
from zoo import written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.operations import evaluation
from dsptt_worker.operations.stack import stack_for
from dsptt_worker.protocol import TrainingLoss
from dsptt_worker.task import open_task
from dsptt_worker.task_description import describe_task

PLAIN = """
    from torch.nn import functional
    def defineLoss():
        return functional.cross_entropy
"""
FOCAL = """
    import torch
    from torch.nn import functional
    from power import POWER
    def make(*, times, outputs):
        def focal(answers, targets):
            each = functional.cross_entropy(answers, targets, reduction="none")
            return times * ((1 - torch.exp(-each)) ** POWER * each).mean()
        return focal
"""
LR = [0.1] * 8


def own(where: str, **args: object) -> TrainingLoss:
    """Names a loss of the user's."""
    return TrainingLoss(0.0, None, where, args)


def focal(folder: Path, **args: object) -> TrainingLoss:
    """Writes a loss with a neighbour that it imports."""
    written(folder, "POWER = 2", "power.py")
    return own(f"{written(folder, FOCAL, 'focal.py')}:make", times=2.0, **args)


def test_the_loss_of_torch_trains_to_the_same_bits(tmp_path: Path) -> None:
    plain, task = wine_task(), wine_task(trainingLoss=own(written(tmp_path, PLAIN)))
    points = [new_point(plain), new_point(task)]
    assert torch.equal(descend(plain, points[0], LR), descend(task, points[1], LR))
    assert same_state(*points)


def test_a_loss_gets_its_arguments_and_is_reported_with_its_files(tmp_path: Path) -> None:
    task = wine_task(trainingLoss=focal(tmp_path))
    task.net.load(new_point(task))
    inputs, targets = task.batches.batch("train", 0)
    each = torch.nn.functional.cross_entropy(task.net.module(inputs), targets, reduction="none")
    expected = 2 * ((1 - torch.exp(-each)) ** 2 * each).mean()
    assert float(descend(task, new_point(task), [0.0])[0]) == pytest.approx(float(expected.detach()), rel=1e-6)
    hashes = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("focal.py", "power.py")}
    assert describe_task(task).lossCode == hashes
    assert describe_task(task).code == {}


def test_evaluations_report_the_plain_loss(tmp_path: Path) -> None:
    plain, task = wine_task(), wine_task(trainingLoss=focal(tmp_path))
    expected = evaluation.evaluate(plain, new_point(plain), "test", never, with_outputs=False)
    assert evaluation.evaluate(task, new_point(task), "test", never, with_outputs=False) == expected


def test_stacks_and_captured_steps_descend_it(tmp_path: Path) -> None:
    spec = open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack", trainingLoss=focal(tmp_path))
    task, alone = check_trains_alike(spec, LR)
    capture = TapeCapture(task.net.module)
    task.execution.capture_with(capture)
    captured = descend(task, new_point(task, "data/a"), LR, stream="data/a")
    torch.testing.assert_close(captured, alone[0], rtol=1e-5, atol=0)
    assert capture.refused is None


def test_a_stack_refuses_a_loss_that_it_cannot_run(tmp_path: Path) -> None:
    branching = """
        from torch.nn import functional
        def defineLoss():
            def loss(answers, targets):
                value = functional.cross_entropy(answers, targets)
                return value if value.item() > 1 else 2 * value
            return loss
    """
    loss = own(written(tmp_path, branching))
    assert len(descend(wine_task(trainingLoss=loss), new_point(wine_task()), LR)) == len(LR)
    spec = open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack", trainingLoss=loss)
    with pytest.raises(ConfigFaultError, match="membersWay 'stack' cannot run this network"):
        stack_for(open_task(spec), spec)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 3", r"must return a function of outputs \[batch, outputs\] and targets \[batch\], got int$"),
        (
            "return lambda answers, targets: 0.5",
            r"must answer the batch's mean loss, a tensor of one number, got float$",
        ),
        (
            "return lambda answers, targets: answers",
            r"must answer .*, got a tensor of \[2, 3\] torch\.float32$",
        ),
        ("return lambda answers, targets: answers.detach().sum()", r"answers without a gradient: it must compute with"),
        ("return lambda answers: answers", r"fails on outputs of shape \[2, 3\]: TypeError: "),
        ("return nn.Linear(3, 1)", r"returns a loss with parameters, which would not be trained$"),
        ("raise ValueError('no')", r"raised ValueError: no$"),
    ],
)
def test_what_is_no_loss_is_refused_at_the_opening(tmp_path: Path, body: str, message: str) -> None:
    file = written(tmp_path, f"def defineLoss():\n    {body}")
    with pytest.raises(ConfigFaultError, match=f"^trainingLoss {file}:defineLoss {message}"):
        wine_task(trainingLoss=own(file))


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("loss.py", "there is no file loss.py"),
        ("loss", "must be package.module:function, file.py or file.py:function, got 'loss'"),
        ("torch.nn.functional:loss", "torch.nn.functional has no function 'loss'"),
    ],
)
def test_a_function_that_is_not_there_is_named_with_its_setting(where: str, message: str) -> None:
    with pytest.raises(ConfigFaultError, match=f"^trainingLoss.python:? {message}"):
        wine_task(trainingLoss=own(where))
