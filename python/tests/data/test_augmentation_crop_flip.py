"""Random crops and flips, compared with numpy code for one image at a time."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from cifar_files import SMALL, load_small, write_folder
from hypothesis import given
from hypothesis import strategies as st

from dsptt_worker.data import DATASETS
from dsptt_worker.data.crop_flip import CropFlip, augmentation
from dsptt_worker.steps.batches import Batches

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 7), st.integers(1, 7))


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def slow(images: np.ndarray, drawn: np.ndarray, padding: int) -> np.ndarray:
    """Pads, crops and flips one image at a time."""
    height, width = images.shape[2:]
    out = np.empty_like(images)
    for image, (row, column, flip), result in zip(images, drawn, out, strict=True):
        padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
        cropped = padded[:, row : row + height, column : column + width]
        result[:] = cropped[:, :, ::-1] if flip else cropped
    return out


@given(shape=SHAPES, padding=st.integers(0, 4), seed=st.integers(0, 2**31))
def test_a_batch_is_what_it_is_image_by_image(shape: tuple[int, ...], padding: int, seed: int) -> None:
    images = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator(seed))
    crop = CropFlip(padding)
    drawn = crop.draw(shape[0], generator(seed))
    got = crop.apply(images, drawn)
    assert got.dtype == torch.uint8
    assert np.array_equal(got.numpy(), slow(images.numpy(), drawn.numpy(), padding))


def test_every_offset_and_both_directions_are_drawn_equally_often() -> None:
    drawn = CropFlip(4).draw(90_000, generator(5))
    for column, values in ((0, 9), (1, 9), (2, 2)):
        counts = torch.bincount(drawn[:, column], minlength=values)
        assert len(counts) == values
        assert (counts.float() * values / 90_000 - 1).abs().max() < 0.05


def test_flips_alone_move_nothing() -> None:
    images = torch.randint(0, 256, (50, 3, 8, 8), dtype=torch.uint8, generator=generator(1))
    flip = CropFlip(0)
    drawn = flip.draw(50, generator(2))
    assert (drawn[:, :2] == 0).all()
    changed = flip.apply(images, drawn)
    for image, result, turned in zip(images, changed, drawn[:, 2], strict=True):
        assert torch.equal(result, image.flip(-1) if turned else image)


@pytest.mark.parametrize(("side", "padding"), [(32, 4), (16, 2), (8, 1), (4, 1), (64, 8)])
def test_the_border_is_an_eighth_of_the_side(side: int, padding: int) -> None:
    chosen = augmentation("crop-flip", side)
    assert chosen is not None
    assert chosen.padding == padding
    only_flip = augmentation("flip", side)
    assert only_flip is not None
    assert only_flip.padding == 0
    assert augmentation("none", side) is None


@given(steps=st.permutations(range(9)))
def test_a_step_is_the_same_batch_whatever_was_asked_before(steps: list[int]) -> None:
    dataset = DATASETS["cifar10-sample"](train=40, side=8)

    def batches() -> Batches:
        return Batches(dataset.train, dataset.augmentation, 12, 7, dataset.normalisation)

    in_order = batches()
    expected = [in_order.batch("train", step) for step in range(9)]
    shuffled = batches()
    for step in steps:
        inputs, targets = shuffled.batch("train", step)
        assert torch.equal(inputs, expected[step][0])
        assert torch.equal(targets, expected[step][1])


def test_epochs_streams_and_seeds_draw_for_themselves() -> None:
    dataset = DATASETS["cifar10-sample"](train=40, side=8)
    seen = set()
    for seed, stream, epoch in ((7, "a", 0), (7, "a", 1), (7, "b", 0), (8, "a", 0)):
        batches = Batches(dataset.train, dataset.augmentation, 0, seed, dataset.normalisation)
        seen.add(batches.batch(stream, epoch)[0].sum().item())
    assert len(seen) == 4


def test_evaluation_and_validation_see_images_as_they_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = write_folder(tmp_path_factory.mktemp("cifar"), SMALL)
    plain, augmented = (load_small(folder, augment=augment) for augment in ("none", "crop-flip"))
    assert plain.augmentation is None
    for name, split in plain.splits().items():
        assert torch.equal(split.inputs, augmented.splits()[name].inputs)
