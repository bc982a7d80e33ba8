"""The excerpt of CIFAR-10 that comes with the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dsptt_worker.data import DATASETS
from dsptt_worker.data.cifar import sample
from dsptt_worker.data.cifar.layouts import CIFAR10
from dsptt_worker.errors import ConfigFaultError

load = DATASETS["cifar10-sample"]


def test_it_has_2000_training_images_of_all_classes_and_500_test_images() -> None:
    dataset = load(train=2000, validation=0)
    assert {name: len(split) for name, split in dataset.splits().items()} == {
        "train": 2000,
        "validation": 0,
        "test": 500,
    }
    assert dataset.train.inputs.shape == (2000, 3, 32, 32)
    assert dataset.classes == list(CIFAR10.classes)
    for split, fewest in ((dataset.train, 170), (dataset.test, 35)):
        assert torch.bincount(split.targets, minlength=10).min() > fewest


def test_validation_images_are_the_last_training_images() -> None:
    whole, cut = load(train=2000, validation=0), load()
    assert (len(cut.train), len(cut.validation)) == (1500, 500)
    assert torch.equal(whole.train.inputs, torch.cat([cut.train.inputs, cut.validation.inputs]))
    assert torch.equal(whole.train.targets, torch.cat([cut.train.targets, cut.validation.targets]))


def test_images_are_whole_and_in_their_labels_order() -> None:
    """A wrong tile order would leave images without the structure of images, or labels that mean nothing."""
    dataset = load(train=2000, validation=0)
    images = dataset.train.inputs.float()
    within = (images[..., 1:] - images[..., :-1]).abs().mean((0, 1, 2))
    assert within.max() < 2 * within.min()
    mean_blue = torch.tensor([images[dataset.train.targets == label, 2].mean() for label in range(10)])
    assert set(mean_blue.topk(2).indices.tolist()) == {CIFAR10.classes.index("airplane"), CIFAR10.classes.index("ship")}


def test_it_takes_the_arguments_of_cifar10_but_the_folder() -> None:
    dataset = load(train=10, validation=5, test=3, augment="flip", normalise="imagenet", side=16)
    assert [len(split) for split in dataset.splits().values()] == [10, 5, 3]
    assert dataset.train.inputs.shape == (10, 3, 16, 16)


def test_more_images_than_there_are_is_a_config_fault() -> None:
    with pytest.raises(ConfigFaultError, match=r"share the 2000 training images, got 1800 \+ 500"):
        load(train=1800)


def test_its_files_are_small_enough_for_a_package() -> None:
    assert sum(path.stat().st_size for path in Path(sample.FOLDER).iterdir()) < 2_500_000
    labels = np.frombuffer((sample.FOLDER / "labels.bin").read_bytes(), np.uint8)
    assert len(labels) == 2500
