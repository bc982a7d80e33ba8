from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given as over
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from dsptt_worker.data import Dataset, raw_of
from dsptt_worker.data.given.prepared import Given, Preparation, prepared
from dsptt_worker.data.normalisation import MeanAndStd
from dsptt_worker.errors import ConfigFaultError, DataFaultError

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(5, 3, (60, 4))
LABELS = np.arange(60) % 3
IMAGES = RANDOM.integers(0, 256, (60, 3, 6, 8), np.uint8)


def whole(inputs: Any = ROWS, targets: Any = LABELS) -> dict[str, Given]:
    """Three splits of the same samples."""
    return {name: Given(np.asarray(inputs), np.asarray(targets)) for name in ("train", "validation", "test")}


def dataset(inputs: Any = ROWS, targets: Any = LABELS, **preparation: Any) -> Dataset:
    return prepared(whole(inputs, targets), Preparation(**preparation))


def test_numbers_reach_networks_as_they_are_unless_they_are_to_be_standardised() -> None:
    assert np.array_equal(dataset().train.inputs.numpy(), ROWS.astype(np.float32))
    scaled = dataset(normalise="data").train.inputs.numpy()
    wanted = StandardScaler().fit_transform(ROWS) * np.sqrt(59 / 60)  # scikit-learn divides by n, we by n - 1
    np.testing.assert_allclose(scaled, wanted, rtol=0, atol=1e-6)


def test_numbers_that_32_bits_cannot_tell_apart_are_refused_or_standardised_in_64() -> None:
    times = 1.7e9 + np.arange(60.0)[:, None]
    with pytest.raises(DataFaultError, match=r"column 0 .* 32 bits cannot tell apart: state normalise 'data'"):
        dataset(times)
    standardised = dataset(times, normalise="data")
    assert len(standardised.train.inputs.unique()) == 60
    assert raw_of(standardised).wide  # samples to predict need 64 bits as well
    assert not raw_of(dataset()).wide
    with pytest.raises(DataFaultError, match="32 bits cannot tell apart"):
        dataset(np.full((60, 1), 1e300))


def test_images_of_bytes_are_normalised_by_their_own_statistics_a_batch_at_a_time() -> None:
    found = dataset(IMAGES)
    assert found.train.inputs.dtype == torch.uint8
    assert found.normalisation is not None
    seen = found.normalisation.apply(found.train.inputs)
    np.testing.assert_allclose(seen.mean((0, 2, 3)), np.zeros(3), atol=1e-5)
    np.testing.assert_allclose(seen.std((0, 2, 3), unbiased=False), np.ones(3), atol=1e-5)
    assert raw_of(found).white == 255


@pytest.mark.parametrize(
    ("normalise", "mean", "std"),
    [
        ("none", [0.0] * 3, [1.0] * 3),
        ("imagenet", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        (MeanAndStd([0.1, 0.2, 0.3], [1.0, 2.0, 3.0]), [0.1, 0.2, 0.3], [1.0, 2.0, 3.0]),
    ],
)
def test_images_can_be_normalised_as_torchvision_does(normalise: Any, mean: list[float], std: list[float]) -> None:
    found = dataset(IMAGES, normalise=normalise)
    assert found.normalisation is not None
    form = (1, 3, 1, 1)
    wanted = (IMAGES / 255 - np.reshape(mean, form)) / np.reshape(std, form)
    np.testing.assert_allclose(found.normalisation.apply(found.train.inputs), wanted, rtol=0, atol=1e-6)


def test_channels_may_come_last_or_be_left_out() -> None:
    first = dataset(IMAGES).train.inputs
    assert torch.equal(dataset(IMAGES.transpose(0, 2, 3, 1)).train.inputs, first)
    assert torch.equal(dataset(IMAGES[:, 0]).train.inputs, first[:, :1])


def test_labels_may_be_any_integers_or_texts_and_names_count_from_0() -> None:
    assert dataset(targets=LABELS * 10 - 5).classes == ["-5", "5", "15"]
    texts = np.array(["b", "a", "c"])[LABELS]
    assert dataset(targets=texts).classes == ["a", "b", "c"]
    assert dataset(targets=texts).train.targets[:3].tolist() == [1, 0, 2]
    assert dataset(targets=texts, classes=["c", "b", "a"]).train.targets[:3].tolist() == [1, 2, 0]
    assert dataset(targets=LABELS[:, None], classes=["x", "y", "z"]).classes == ["x", "y", "z"]
    assert dataset(targets=LABELS > 0).classes == ["False", "True"]


def test_floating_point_targets_are_numbers_to_be_predicted() -> None:
    found = dataset(targets=ROWS[:, 0])
    assert found.classes == []
    assert abs(found.train.targets.mean().item()) < 1e-6
    assert found.target_scaling is not None
    again = found.train.targets * found.target_scaling.std + found.target_scaling.mean
    np.testing.assert_allclose(again, ROWS[:, 0], rtol=1e-6)
    assert dataset(targets=LABELS.astype(float)).notices == [
        "the targets are numbers to be predicted; labels of classes are given as integers"
    ]


@over(st.integers(20, 200), st.sets(st.sampled_from(["validation", "test"])))
def test_splits_that_are_not_given_are_stratified_shares_of_the_training_samples(count: int, given: set[str]) -> None:
    numbers = np.arange(count, dtype=np.float32)[:, None]
    labels = np.arange(count) % 2
    splits = {name: Given(numbers + 1000 * (name != "train"), labels) for name in ("train", *given)}
    found = prepared(splits, Preparation())
    taken = [split.inputs[:, 0].tolist() for name, split in found.splits().items() if name not in given]
    assert sorted(value for part in taken for value in part) == list(range(count))
    for part in taken:
        assert abs(sum(int(value) % 2 for value in part) - len(part) / 2) <= 1
    assert len(found.notices) == 2 - len(given)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a number that is not finite": ({"inputs": np.where(ROWS[7, 2] == ROWS, np.nan, ROWS)}, "sample 7 "),
    "samples without a dimension": ({"inputs": ROWS[:, 0]}, "inputs \\[samples, ...\\]"),
    "fewer targets than samples": ({"targets": LABELS[:-1]}, "a target for each sample"),
    "no samples": ({"inputs": ROWS[:0], "targets": LABELS[:0]}, "a target for each sample"),
    "complex numbers": ({"inputs": ROWS * 1j}, "inputs must be numbers, got complex128"),
    "one-hot labels": ({"targets": np.eye(3)[LABELS]}, "one class or number each, got shape \\[60, 3\\]"),
    "one class": ({"targets": LABELS * 0}, "one class only"),
    "an infinite target": ({"targets": np.where(LABELS == 1, np.inf, 0)}, "a target is no finite 32-bit number"),
    "equal numbers to be predicted": ({"targets": np.ones(60)}, "is 1.0 in every training sample"),
    "images of two channels": ({"inputs": IMAGES[:, :2]}, "with 1 or 3 channels, got shape \\[60, 2, 6, 8\\]"),
    "a label beyond the names": ({"classes": ["a", "b"]}, "2 classes, so that targets are from 0 to 1; got 0 to 2"),
    "a class without training samples": ({"classes": ["a", "b", "c", "d"]}, "no training sample is of class 'd'"),
    "names for numbers": ({"targets": ROWS[:, 0], "classes": ["a", "b"]}, "give them as integers"),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_arrays_that_cannot_be_learnt_from_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DataFaultError, match=said):
        dataset(**changes)


NO_FIT: dict[str, tuple[dict[str, Any], str]] = {
    "names for fewer columns": ({"columns": ["a"]}, "1 names of columns do not fit samples of shape \\[4\\]"),
    "augmentation of a table": ({"augment": "flip"}, "augment 'flip' is for images"),
    "ImageNet's statistics for a table": ({"normalise": "imagenet"}, "for images of bytes"),
    "statistics of fewer channels": ({"inputs": IMAGES, "normalise": MeanAndStd([0.0], [1.0])}, "each of 3 channels"),
    "ImageNet's statistics for grey": ({"inputs": IMAGES[:, :1], "normalise": "imagenet"}, "each of 1 channels"),
}


@pytest.mark.parametrize(("changes", "said"), NO_FIT.values(), ids=NO_FIT.keys())
def test_preparations_that_do_not_fit_the_arrays_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigFaultError, match=said):
        dataset(**changes)


def test_splits_must_be_alike_and_have_known_names() -> None:
    with pytest.raises(DataFaultError, match=r"test has samples of shape \[3\] and type float64, those of train"):
        prepared({**whole(), "test": Given(ROWS[:, :3], LABELS)}, Preparation())
    with pytest.raises(ConfigFaultError, match="splits must be train"):
        prepared({"training": Given(ROWS, LABELS)}, Preparation())
    with pytest.raises(DataFaultError, match="of one kind, got train int64"):
        prepared({**whole(), "test": Given(ROWS, ROWS[:, 0])}, Preparation())
