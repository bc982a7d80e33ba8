"""Networks whose forward writes into its inputs, compared with the same networks that do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from builders import PLAIN, descend, never, new_path, new_point, open_message, same_state
from torch import Tensor
from zoo import written

from dsptt_worker.network.flat import Point
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.operations.stack import Stack, StackProgram
from dsptt_worker.protocol import ModelSpec
from dsptt_worker.task import Task, open_task

CODE = """
    class Net(nn.Module):
        def __init__(self, inputs, outputs, when, norm):
            super().__init__()
            self.when = when
            features = inputs.numel()
            middle = [nn.BatchNorm1d(6)] if norm else []
            self.body = nn.Sequential(nn.Flatten(), nn.Linear(features, 6), *middle, nn.ReLU(), nn.Linear(6, outputs))
        def forward(self, x):
            writes = {"never": False, "always": True, "training": self.training, "evaluation": not self.training}
            if writes[self.when]:
                x *= 1.5
            else:
                x = x * 1.5
            return self.body(x)
    def defineModel(inputs, outputs, when, norm=False):
        return Net(torch.Size(inputs), outputs, when, norm)
"""
WAYS: dict[str, dict[str, Any]] = {
    "as they are": {},
    "shifted": {"dataset_args": {"shift": 1}},
    "bytes": {"dataset": "cifar10-sample", "dataset_args": {"augment": "none", "side": 8}},
    "all at once": {"batchSize": 0},
    "all at once in chunks": {"batchSize": 0, "batchChunks": 4},
    "in chunks": {"batchChunks": 7},
    "from the host": {"data": "stream"},
    "from the host and shifted": {"data": "stream", "dataset_args": {"shift": 1}},
    "in bfloat16": {"precision": "bf16"},
    "with channels last": {"channelsLast": True},
    "with batch norm": {"norm": True},
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path, CODE)


def opened(file: str, when: str, *, norm: bool = False, dataset: str = "digits", **changes: Any) -> Task:
    message = open_message(dataset, **{"batchSize": 50, **changes})
    message.model = ModelSpec(python=file, args={"when": when, "norm": norm})
    return open_task(message)


def moved(task: Task) -> list[Point]:
    """Moves a point and a path in every way, and measures between; returns the points that remain."""
    trained = new_point(task)
    descend(task, trained, [0.1] * 14)
    path = new_path(task, trained)
    program = SearchProgram([path], [0] * 3, [1.1] * 3, [0.05] * 3, PLAIN)
    programs.search(task, program, "search", 0, never)
    programs.probe(task, trained, "probe", 2, never)
    exit_ = trained.moved_to(trained.theta + path.d)
    evaluation.evaluate(task, exit_, "test", never, with_outputs=True)
    evaluation.reestimate(task, exit_, "reestimate", never)
    descend(task, exit_, [0.1] * 7, stream="more")
    return [trained, exit_]


def measured(task: Task, points: list[Point]) -> list[Tensor]:
    outputs = []
    for split in ("train", "validation", "test", "train"):
        for point in points:
            result = evaluation.evaluate(task, point, split, never, with_outputs=True)
            assert result.outputs is not None
            outputs.append(result.outputs)
    outputs.append(torch.tensor(evaluation.segment(task, *points, [0, 0.5, 1], "segment", never)))
    return outputs


def same(a: list[Tensor], b: list[Tensor]) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("when", ["always", "training", "evaluation"])
@pytest.mark.parametrize("way", WAYS)
def test_a_network_that_writes_into_its_inputs_is_trained_and_measured_as_one_that_does_not(
    file: str, way: str, when: str
) -> None:
    writing, other = (opened(file, each, **WAYS[way]) for each in (when, "never"))
    kept = {name: split.inputs.clone() for name, split in writing.splits.items()}
    mine, theirs = moved(writing), moved(other)
    assert all(same_state(a, b) for a, b in zip(mine, theirs, strict=True))
    assert same(measured(writing, mine), measured(other, theirs))
    assert all(torch.equal(kept[name], split.inputs) for name, split in writing.splits.items())


def test_opening_leaves_the_data_unchanged(file: str) -> None:
    task = opened(file, "always", dataset="wine", batchSize=30)
    assert torch.equal(task.splits["train"].inputs, opened(file, "never", dataset="wine").splits["train"].inputs)


def test_a_stack_of_networks_that_write_into_their_inputs_is_trained_as_one_of_others(file: str) -> None:
    def stacked(when: str) -> list[Point]:
        task = opened(file, when)
        points = [new_point(task, f"init/{k}") for k in range(3)]
        program = StackProgram([[0.1] * 9] * 3, PLAIN, ["a", "b", "c"], [0, 1, 2])
        Stack(task, 3).descend(points, program, never)
        return points

    assert all(same_state(a, b) for a, b in zip(stacked("always"), stacked("never"), strict=True))


def test_a_network_that_answers_in_one_memory_is_measured_batch_by_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
        class Net(nn.Linear):
            answer = torch.empty(0)
            def forward(self, x):
                found = super().forward(x)
                if self.training:
                    return found
                self.answer = self.answer if len(self.answer) == len(x) else torch.empty(len(x), 1)
                return self.answer.copy_(found)
        def defineModel():
            return Net(11, 1)
    """
    message = open_message("winequality", loss="meanSquared")
    message.model = ModelSpec(python=written(tmp_path, code))
    task = open_task(message)
    point = new_point(task)
    monkeypatch.setattr(evaluation, "batch_size", lambda _task: 10)
    result = evaluation.evaluate(task, point, "test", never, with_outputs=True)
    expected = torch.nn.functional.linear(task.splits["test"].inputs, *task.net.tensors(point.theta))
    assert result.outputs is not None
    torch.testing.assert_close(result.outputs, expected)
