"""Memory layout in which networks get their inputs: a network of a user may view them in any shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from builders import descend, digits_task, never, new_point, open_message
from zoo import written

from dsptt_worker.data.dataset import Split
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.protocol import ModelSpec
from dsptt_worker.task import open_task

LENET = """
    class LeNet(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.body = nn.Sequential(nn.Conv2d(inputs[0], 4, 3), nn.BatchNorm2d(4), nn.ReLU())
            self.head = nn.Linear(4 * (inputs[1] - 2) * (inputs[2] - 2), outputs)
        def forward(self, x):
            assert x.stride() == torch.empty(x.shape).stride(), x.stride()
            return self.head(self.body(x).view(len(x), -1))
    def defineModel(inputs, outputs):
        return LeNet(inputs, outputs)
"""
WAYS: dict[str, dict[str, Any]] = {
    "digits": {},
    "digits, shifted": {"dataset_args": {"shift": 2}},
    "digits, all at once": {"batchSize": 0},
    "digits from the host": {"data": "stream"},
    "digits from the host, shifted": {"data": "stream", "dataset_args": {"shift": 2}},
    "digits in bfloat16": {"precision": "bf16"},
    **{
        f"colours, {augment}": {"dataset": "cifar10-sample", "dataset_args": {"augment": augment, "side": 8}}
        for augment in ("none", "flip", "crop-flip")
    },
    "colours from the host": {"dataset": "cifar10-sample", "dataset_args": {"side": 8}, "data": "stream"},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_network_may_view_its_inputs_and_what_convolutions_make_of_them(tmp_path: Path, way: str) -> None:
    message = open_message(**{"dataset": "digits", **WAYS[way]})
    message.model = ModelSpec(python=written(tmp_path, LENET))
    task = open_task(message)
    point = new_point(task)
    descend(task, point, [0.01] * 3)
    programs.probe(task, point, "probe", 1, never)
    evaluation.reestimate(task, point, "again", never)
    for split in ("train", "validation", "test"):
        evaluation.evaluate(task, point, split, never, with_outputs=False)
    assert task.kept_state is not None
    task.kept_state.check_saved(task.net.module)


def test_our_networks_take_digits_in_the_strides_by_which_they_have_always_rounded() -> None:
    task = digits_task(shift=0)
    assert task.batches.batch("a", 0)[0].stride() == (64, 1, 8, 1)
    assert task.batches.normalised(task.splits["test"].inputs[:3]).stride() == (64, 1, 8, 1)


def test_inputs_in_the_default_layout_already_are_not_copied() -> None:
    inputs = torch.zeros(3, 1, 8, 8)
    assert Split(inputs, torch.zeros(3)).in_default_layout().inputs is inputs
    moved = Split(inputs.as_strided((3, 1, 8, 8), (64, 1, 8, 1)), torch.zeros(3)).in_default_layout().inputs
    assert moved.stride() == inputs.stride()
    assert moved.data_ptr() != inputs.data_ptr()
