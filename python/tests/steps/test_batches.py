from __future__ import annotations

import functools

import pytest
import torch
from builders import SEED, open_message
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from dsptt_worker.data import DATASETS, Dataset, Split
from dsptt_worker.data.shift import Shift
from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.steps.batches import Batches
from dsptt_worker.streams import generator
from dsptt_worker.task import open_task


def numbered(samples: int) -> Split:
    """Creates a split whose sample number i is [i], of class i."""
    return Split(torch.arange(samples, dtype=torch.float32)[:, None], torch.arange(samples))


@functools.cache
def digits_shifted_by_2() -> Dataset:
    return DATASETS["digits"](shift=2)


def shifted_digits(size: int = 70, seed: int = SEED) -> Batches:
    dataset = digits_shifted_by_2()
    return Batches(dataset.train, dataset.augmentation, size, seed)


def same_batch(a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor]) -> bool:
    return torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])


@given(samples=st.integers(1, 60), size=st.integers(1, 60), epoch=st.integers(0, 3))
def test_an_epoch_shows_each_sample_once_except_those_of_the_dropped_partial_batch(
    samples: int, size: int, epoch: int
) -> None:
    size = min(size, samples)
    batches = Batches(numbered(samples), None, size, SEED)
    assert batches.per_epoch == samples // size
    shown = []
    for step in range(epoch * batches.per_epoch, (epoch + 1) * batches.per_epoch):
        inputs, targets = batches.batch("a", step)
        assert targets.shape == (size,)
        assert torch.equal(inputs[:, 0].long(), targets)
        shown += targets.tolist()
    assert len(set(shown)) == len(shown) == batches.per_epoch * size


@given(asked=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 11)), max_size=12))
def test_a_step_is_the_same_batch_whatever_was_asked_before(asked: list[tuple[str, int]]) -> None:
    batches = shifted_digits()
    for stream, step in asked:
        assert same_batch(batches.batch(stream, step), shifted_digits().batch(stream, step))


def test_epochs_streams_and_seeds_have_different_orders() -> None:
    batches = shifted_digits()
    drawn = [batches.batch("a", 0), batches.batch("a", batches.per_epoch), batches.batch("b", 0)]
    drawn += [batches.batch("a", 1), shifted_digits(seed=SEED + 1).batch("a", 0)]
    assert not any(same_batch(a, b) for i, a in enumerate(drawn) for b in drawn[:i])


def test_the_order_does_not_depend_on_global_random_state() -> None:
    torch.manual_seed(0)
    first = shifted_digits().batch("a", 2)
    torch.manual_seed(1)
    assert same_batch(shifted_digits().batch("a", 2), first)


def test_a_batch_larger_than_the_training_split_is_refused_with_its_size() -> None:
    with pytest.raises(ConfigFaultError, match="batchSize must be at most the 90 training samples, got 91"):
        open_task(open_message(batchSize=91))
    assert open_task(open_message(batchSize=90)).batches.per_epoch == 1


def test_a_full_batch_is_the_training_split_in_its_own_order_at_every_step_of_every_stream() -> None:
    batches = Batches(numbered(20), None, 0, SEED)
    assert (batches.size, batches.per_epoch) == (20, 1)
    for stream, step in [("a", 0), ("a", 1), ("b", 7)]:
        assert batches.batch(stream, step)[1].tolist() == list(range(20))


def test_a_full_batch_is_augmented_anew_at_each_step() -> None:
    batches = Batches(numbered(20), Marking(), 0, SEED)
    assert len(torch.cat([batches.batch("a", step)[0] for step in (0, 1)]).unique()) == 40


class Marking:
    """An augmentation that replaces each sample by the number drawn for its place in the epoch."""

    def draw(self, samples: int, generator: torch.Generator) -> Tensor:
        return torch.rand(samples, 1, generator=generator)

    def apply(self, inputs: Tensor, drawn: Tensor) -> Tensor:
        assert inputs.shape == drawn.shape
        return drawn


def test_each_sample_of_each_epoch_is_augmented_by_a_draw_of_its_own() -> None:
    batches = Batches(numbered(20), Marking(), 10, SEED)
    drawn = torch.cat([batches.batch("a", step)[0] for step in (0, 1, 2, 3)])
    assert len(drawn.unique()) == 40
    assert torch.equal(batches.batch("a", 1)[0], drawn[10:20])
    assert not torch.isin(batches.batch("b", 0)[0], drawn).any()


def test_without_augmentation_a_batch_holds_the_training_samples_themselves() -> None:
    train = DATASETS["digits"]().train
    inputs, targets = Batches(train, None, 300, SEED).batch("a", 0)
    order = torch.randperm(300, generator=generator(SEED, "a/epoch0"))
    assert torch.equal(inputs, train.inputs[order])
    assert torch.equal(targets, train.targets[order])


def test_offsets_are_drawn_from_0_to_twice_the_shift_each_as_often() -> None:
    drawn = Shift(2, 0.0).draw(5000, generator(SEED, "a"))
    assert drawn.shape == (5000, 2)
    assert all(abs(column.bincount(minlength=5) - 1000).max() < 150 for column in drawn.T)
    assert torch.equal(drawn.unique(), torch.arange(5))


def test_a_shift_keeps_shape_and_the_middle_offset_is_the_identity() -> None:
    images = torch.randn(6, 3, 8, 5)
    shift = Shift(1, -9.0)
    assert torch.equal(shift.apply(images, torch.ones(6, 2, dtype=torch.int64)), images)


@pytest.mark.parametrize("down", [-1, 0, 1])
@pytest.mark.parametrize("right", [-1, 0, 1])
def test_a_shift_moves_each_image_by_its_own_offsets_and_fills_with_the_background(down: int, right: int) -> None:
    images = torch.arange(2 * 9, dtype=torch.float32).reshape(2, 1, 3, 3)
    drawn = torch.tensor([[1, 1], [1 - down, 1 - right]])
    moved = Shift(1, -9.0).apply(images, drawn)
    assert torch.equal(moved[0], images[0])
    for row in range(3):
        for column in range(3):
            inside = 0 <= row - down < 3 and 0 <= column - right < 3
            expected = images[1, 0, row - down, column - right].item() if inside else -9.0
            assert moved[1, 0, row, column].item() == expected


def test_the_background_of_shifted_digits_is_the_value_of_blank_paper() -> None:
    dataset = digits_shifted_by_2()
    assert dataset.augmentation is not None
    moved = dataset.augmentation.apply(dataset.train.inputs, torch.zeros(300, 2, dtype=torch.int64))
    assert (moved[:, :, :2] == dataset.train.inputs.min()).all()
    assert (moved[..., :2] == dataset.train.inputs.min()).all()


def test_validation_and_test_images_are_never_shifted() -> None:
    plain, shifted = (DATASETS["digits"](shift=shift) for shift in (0, 2))
    for name, split in plain.splits().items():
        assert torch.equal(split.inputs, shifted.splits()[name].inputs)
