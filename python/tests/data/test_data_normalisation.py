"""Bytes on the device, numbers in the network: normalisation by batch, after augmentation, wherever inputs are used."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from builders import descend, never, new_point, open_message
from hypothesis import given
from hypothesis import strategies as st

from dsptt_worker.data import DATASETS
from dsptt_worker.data.normalisation import Normalisation, statistics
from dsptt_worker.operations import evaluation
from dsptt_worker.steps.batches import Batches
from dsptt_worker.task import Task, open_task

CONSTANTS = {
    "cifar": ([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]),
    "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
}


def small_task(**changes: object) -> Task:
    arguments = {"train": 60, "validation": 20, "test": 20, "side": 8, **changes}
    return open_task(open_message("cifar10-sample", "conv", dataset_args=arguments, model_args={"channels": [3]}))


@pytest.mark.parametrize("name", list(CONSTANTS))
def test_batches_are_normalised_by_the_constants_of_their_name(name: str) -> None:
    dataset = DATASETS["cifar10-sample"](train=20, augment="none", normalise=name)
    inputs, _ = Batches(dataset.train, None, 0, 7, dataset.normalisation).batch("train", 0)
    mean, std = (np.array(each)[:, None, None] for each in CONSTANTS[name])
    assert inputs.dtype == torch.float32
    np.testing.assert_allclose(inputs, (dataset.train.inputs.numpy() / 255 - mean) / std, atol=2e-6)


def test_the_datas_own_normalisation_leaves_the_training_images_with_mean_0_and_deviation_1() -> None:
    dataset = DATASETS["cifar10-sample"](train=300, augment="none", normalise="data")
    inputs, _ = Batches(dataset.train, None, 0, 7, dataset.normalisation).batch("train", 0)
    np.testing.assert_allclose(inputs.mean((0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(inputs.std((0, 2, 3)), 1, atol=1e-4)


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 6), st.integers(0, 2**31))
def test_statistics_are_those_of_numpy(samples: int, channels: int, side: int, seed: int) -> None:
    images = np.random.RandomState(seed).randint(0, 256, (samples, channels, side, side)).astype(np.uint8)
    mean, std = statistics(torch.from_numpy(images))
    pixels = images / 255
    np.testing.assert_allclose(mean, pixels.mean((0, 2, 3)), atol=1e-12)
    expected = pixels.std((0, 2, 3))
    np.testing.assert_allclose(std, np.where(expected > 0, expected, 1), atol=1e-7)


def test_a_channel_of_one_value_is_only_shifted() -> None:
    images = torch.full((2, 1, 3, 3), 51, dtype=torch.uint8)
    mean, std = statistics(images)
    assert (mean, std) == ((pytest.approx(0.2),), (1.0,))
    assert Normalisation.of(mean, std).apply(images).abs().max() < 1e-6


def test_the_images_stay_bytes_on_the_device() -> None:
    task = small_task()
    assert {split.inputs.dtype for split in task.splits.values()} == {torch.uint8}


def test_augmentation_comes_before_normalisation_so_that_borders_are_black() -> None:
    dataset = DATASETS["cifar10-sample"](train=20, side=8)
    assert dataset.augmentation is not None
    assert dataset.normalisation is not None
    inputs, _ = Batches(dataset.train, dataset.augmentation, 0, 7, dataset.normalisation).batch("train", 0)
    black = dataset.normalisation.apply(torch.zeros(1, 3, 8, 8, dtype=torch.uint8))
    assert (inputs >= black).all()
    edges = torch.stack([(inputs == black).all(1)[:, place].all(-1).any() for place in (0, -1)])
    assert edges.all()


def test_training_evaluating_and_reestimating_see_the_same_numbers() -> None:
    task = small_task(augment="none")
    seen: list[torch.Tensor] = []
    hook = task.net.module.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].detach().clone()))
    point = new_point(task)
    descend(task, point, [0.1, 0.1])
    evaluation.evaluate(task, point, "train", never, with_outputs=False)
    evaluation.reestimate(task, point, "train", never)
    hook.remove()
    whole = task.batches.normalised(task.splits["train"].inputs)
    trained, evaluated, reestimated = torch.cat(seen[:2]), seen[2], torch.cat(seen[3:])
    assert torch.equal(evaluated, whole)
    assert torch.equal(trained, reestimated)
    assert torch.equal(trained.flatten(1).sum(1).sort().values, whole.flatten(1).sum(1).sort().values)


def test_a_network_learns_from_the_excerpt() -> None:
    task = small_task(augment="none")
    point = new_point(task)
    before = evaluation.evaluate(task, point, "train", never, with_outputs=False).loss
    descend(task, point, [0.05] * 40)
    assert evaluation.evaluate(task, point, "train", never, with_outputs=False).loss < before - 0.3
