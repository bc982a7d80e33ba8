"""Mixup and cutmix: what is drawn, what a batch and its loss become, and that every way of running steps agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from builders import NESTEROV, descend, digits_task, never, new_point, open_message, same_state, wine_task
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tape import TapeCapture
from torch import Tensor
from torch.nn import functional
from zoo import written

from dsptt_worker.data import DATASETS
from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.operations import evaluation
from dsptt_worker.operations.stack import StackProgram, stack_for
from dsptt_worker.protocol import TrainingLoss
from dsptt_worker.steps.batches import Batches
from dsptt_worker.steps.mixing import Mixing
from dsptt_worker.steps.streaming import Feed
from dsptt_worker.task import Task, open_task

SIDES = (6, 9)
LR = [0.1] * 8
KINDS: dict[str, dict[str, Any]] = {
    "mixup": {"mixup": 0.4},
    "cutmix": {"cutmix": 1.0},
    "either": {"mixup": 0.4, "cutmix": 1.0},
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
alphas = st.floats(0.05, 8)


def drawn(mixing: Mixing, steps: int = 400, batch: int = 5) -> tuple[Tensor, Tensor]:
    return mixing.draw(7, "a/mixing0", steps, batch)


@given(alpha=st.floats(0.3, 8))  # below, many shares round to 1
def test_shares_of_mixup_have_the_beta_distribution(alpha: float) -> None:
    _, numbers = drawn(Mixing(alpha, 0, SIDES))
    assert stats.kstest(numbers[:, 0].numpy(), stats.beta(alpha, alpha).cdf).pvalue > 1e-4
    assert not numbers[:, 2:].any()


@given(alpha=alphas)
def test_a_box_of_cutmix_lies_in_the_image_and_its_pixels_are_the_partners_share(alpha: float) -> None:
    _, numbers = drawn(Mixing(0, alpha, SIDES))
    share, outside, top, bottom, left, right = numbers.unbind(1)
    assert (outside == 1).all()
    assert ((top >= 0) & (top <= bottom) & (bottom <= SIDES[0])).all()
    assert ((left >= 0) & (left <= right) & (right <= SIDES[1])).all()
    torch.testing.assert_close(1 - share, (bottom - top) * (right - left) / (SIDES[0] * SIDES[1]))


def test_each_of_both_ways_is_drawn_for_half_of_the_batches() -> None:
    _, numbers = drawn(Mixing(0.4, 1.0, SIDES), steps=4000)
    assert abs(int((numbers[:, 1] == 1).sum()) - 2000) < 150


@given(batch=st.integers(1, 9))
def test_every_sample_is_the_partner_of_one_sample_of_its_batch(batch: int) -> None:
    partners, _ = drawn(Mixing(0.4, 0, SIDES), 20, batch)
    assert torch.equal(partners.sort(1).values, torch.arange(batch).expand(20, batch))


def reference(inputs: Tensor, partners: Tensor, numbers: Tensor) -> Tensor:
    """Mixes a batch as torchvision's MixUp and CutMix do."""
    share, outside, *box = numbers.tolist()
    others = inputs[partners]
    if outside != 1:
        return inputs.mul(share).add(others.mul(1 - share))
    top, bottom, left, right = map(int, box)
    mixed = inputs.clone()
    mixed[..., top:bottom, left:right] = others[..., top:bottom, left:right]
    return mixed


@EVERY_KIND
def test_a_batch_is_mixed_as_torchvision_mixes_it(kind: dict[str, Any]) -> None:
    mixing = Mixing(kind.get("mixup", 0), kind.get("cutmix", 0), SIDES)
    inputs, targets = torch.randn(6, 5, 3, *SIDES), torch.arange(30).view(6, 5)
    partners, numbers = drawn(mixing, 6)
    mixed, both = mixing.apply(inputs, targets, partners, numbers)
    for k in range(6):
        torch.testing.assert_close(mixed[k], reference(inputs[k], partners[k], numbers[k]))
        assert torch.equal(both[k, :, 0], targets[k].float())
        assert torch.equal(both[k, :, 1], targets[k][partners[k]].float())
        assert (both[k, :, 2] == numbers[k, 0]).all()


def test_a_pixel_outside_the_box_of_cutmix_keeps_its_bits() -> None:
    mixing = Mixing(0, 1.0, SIDES)
    inputs = torch.randn(40, 5, 3, *SIDES)
    partners, numbers = drawn(mixing, 40)
    mixed, _ = mixing.apply(inputs, torch.zeros(40, 5), partners, numbers)
    expected = torch.stack([reference(*rows) for rows in zip(inputs, partners, numbers, strict=True)])
    assert torch.equal(mixed, expected)


def batches(task: Task) -> list[tuple[Tensor, Tensor]]:
    return [task.batches.batch("train", step) for step in (0, 1, task.batches.per_epoch)]


@pytest.mark.parametrize("changes", [None, TrainingLoss(0.1, [0.5, 1.0, 3.0])], ids=["plain", "smoothed and weighted"])
def test_the_loss_of_a_batch_is_that_of_both_targets_by_their_shares(changes: TrainingLoss | None) -> None:
    task = wine_task(mixup=0.4, trainingLoss=changes)
    weight = None if changes is None else torch.tensor([0.5, 1.0, 3.0])
    smoothing = 0.0 if changes is None else changes.labelSmoothing
    task.net.load(new_point(task))
    inputs, targets = task.batches.batch("train", 0)
    outputs = task.net.module(inputs)
    share = targets[0, 2]
    own, others = (
        functional.cross_entropy(outputs, column.long(), weight, reduction="sum", label_smoothing=smoothing) / 30
        for column in (targets[:, 0], targets[:, 1])
    )
    measured = descend(task, new_point(task), [0.0])[0]
    torch.testing.assert_close(measured, (share * own + (1 - share) * others).detach())


def test_a_loss_of_the_users_takes_the_targets_of_both(tmp_path: Path) -> None:
    own = written(
        tmp_path, "from torch.nn import functional\n\n\ndef defineLoss():\n    return functional.cross_entropy\n"
    )
    plain, mine = (wine_task(mixup=0.4, trainingLoss=one) for one in (None, TrainingLoss(0.0, None, own)))
    assert torch.equal(*(descend(task, new_point(task), LR) for task in (plain, mine)))


def test_numbers_to_be_predicted_are_mixed_too() -> None:
    task = open_task(open_message("winequality", loss="meanSquared", mixup=0.4))
    task.net.load(new_point(task))
    inputs, targets = task.batches.batch("train", 0)
    outputs = task.net.module(inputs)[:, 0]
    own, others, share = targets.unbind(1)
    expected = share[0] * functional.mse_loss(outputs, own) + (1 - share[0]) * functional.mse_loss(outputs, others)
    torch.testing.assert_close(descend(task, new_point(task), [0.0])[0], expected.detach())


@EVERY_KIND
def test_mixing_moves_no_other_draw(kind: dict[str, Any]) -> None:
    plain, mixed = digits_task(), digits_task(**kind)
    for (inputs, targets), (_, both) in zip(batches(plain), batches(mixed), strict=True):
        assert torch.equal(both[:, 0].long(), targets)
        assert len(inputs) == len(both)


def test_epochs_and_streams_are_mixed_in_different_ways() -> None:
    task = wine_task(mixup=0.4)
    steps = [("a", 0), ("a", 1), ("a", task.batches.per_epoch), ("b", 0)]
    assert len({task.batches.batch(*step)[1][0, 2].item() for step in steps}) == 4


def test_a_full_batch_is_mixed_anew_at_each_step() -> None:
    task = wine_task(mixup=0.4, batchSize=0)
    first, second = (task.batches.batch("a", step) for step in (0, 1))
    assert torch.equal(first[1][:, 0], second[1][:, 0])
    assert not torch.equal(first[0], second[0])


@EVERY_KIND
def test_a_program_in_pieces_has_the_bits_of_a_whole_one(kind: dict[str, Any]) -> None:
    task = digits_task(**kind)
    whole, cut = new_point(task), new_point(task)
    losses = descend(task, whole, LR * 2)
    pieces = [descend(task, cut, LR), descend(task, cut, LR, start=len(LR))]
    assert torch.equal(torch.cat(pieces), losses)
    assert same_state(whole, cut)


@EVERY_KIND
def test_streamed_batches_have_the_bits_of_resident_ones(kind: dict[str, Any]) -> None:
    data = DATASETS["cifar10-sample"](train=100, validation=0, test=10, side=8)
    mixing = Mixing(kind.get("mixup", 0), kind.get("cutmix", 0), (8, 8))
    feed = Feed(data.train.inputs, 24, torch.device("cpu"))
    resident, streamed = (
        Batches(data.train, data.augmentation, 24, 7, data.normalisation, one, mixing) for one in (None, feed)
    )
    for step in range(6):
        for one, other in zip(resident.batch("a", step), streamed.batch("a", step), strict=True):
            assert torch.equal(one, other)
            assert one.stride() == other.stride()


@EVERY_KIND
def test_a_batch_in_chunks_has_the_loss_of_the_whole_one(kind: dict[str, Any]) -> None:
    whole, cut = (open_task(open_message("digits", "mlp", batchChunks=chunks, **kind)) for chunks in (1, 4))
    losses = descend(whole, new_point(whole), LR)
    torch.testing.assert_close(descend(cut, new_point(cut), LR), losses, rtol=1e-4, atol=0)


@EVERY_KIND
def test_a_stack_trains_as_one_after_the_other_does(kind: dict[str, Any]) -> None:
    spec = open_message("digits", "mlp", model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack", **kind)
    task = open_task(spec)
    stack = stack_for(task, spec)
    assert stack is not None
    streams = ["data/a", "data/b"]
    points = [new_point(task, stream) for stream in streams]
    losses, _ = stack.descend(points, StackProgram([LR, LR], NESTEROV, streams, [0, 5]), never)
    for stream, start, row in zip(streams, (0, 5), losses, strict=True):
        alone = descend(task, new_point(task, stream), LR, stream=stream, start=start)
        torch.testing.assert_close(row, alone, rtol=1e-3, atol=1e-6)


@EVERY_KIND
@pytest.mark.parametrize("size", [30, 0])
def test_captured_steps_are_mixed_as_direct_ones_are(kind: dict[str, Any], size: int) -> None:
    direct, captured = (digits_task(batchSize=size, **kind) for _ in range(2))
    capture = TapeCapture(captured.net.module)
    captured.execution.capture_with(capture)
    losses = descend(direct, new_point(direct), LR * 2)
    torch.testing.assert_close(descend(captured, new_point(captured), LR * 2), losses, rtol=1e-4, atol=0)
    assert capture.refused is None


@EVERY_KIND
def test_evaluations_show_samples_as_they_are(kind: dict[str, Any]) -> None:
    plain, mixed = digits_task(), digits_task(**kind)
    for split in ("train", "test"):
        expected = evaluation.evaluate(plain, new_point(plain), split, never, with_outputs=False)
        assert evaluation.evaluate(mixed, new_point(mixed), split, never, with_outputs=False) == expected


def test_cutmix_of_rows_is_refused_with_their_shape() -> None:
    message = r"^cutmix is for images \[channels, height, width\], but a sample of dataset 'wine' has shape \[13\]"
    with pytest.raises(ConfigFaultError, match=message):
        wine_task(cutmix=1.0)


def test_the_largest_class_number_that_a_task_may_have_survives_mixing() -> None:
    targets = torch.tensor([[2**24 - 1, 2**24]])
    mixing = Mixing(0.4, 0, ())
    partners, numbers = mixing.draw(7, "a", 1, 2)
    _, both = mixing.apply(torch.zeros(1, 2, 3), targets, partners, numbers)
    assert torch.equal(both[0, :, 0].long(), targets[0])
