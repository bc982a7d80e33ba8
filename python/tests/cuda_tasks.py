"""Builders for the tests on CUDA devices: tasks, the same without graphs, and networks that cannot be captured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from builders import digits_task, open_message, wine_task
from torch import Tensor, nn

from dsptt_worker.steps.runner import Captured
from dsptt_worker.steps.step import Replay
from dsptt_worker.task import Task, open_task

TASKS: dict[str, Callable[..., Task]] = {
    "batch norm": lambda **changes: digits_task(device="cuda", **changes),
    "dropout": lambda **changes: wine_task(dropout=0.5, device="cuda", **changes),
    "dropout in chunks": lambda **changes: wine_task(dropout=0.5, batchChunks=4, device="cuda", **changes),
    "mixed": lambda **changes: digits_task(mixup=0.4, cutmix=1.0, device="cuda", **changes),
    "cropped and flipped": lambda **changes: open_task(
        open_message(
            "cifar10-sample",
            "preresnet",
            dataset_args={"train": 200, "validation": 0, "test": 10},
            model_args={"depth": 8},
            device="cuda",
            **changes,
        )
    ),
}


class Uncaptured:
    """Runs steps with the device's numbers, one kernel at a time."""

    refused = None

    def of(self, run: Callable[[], None], _changes: list[Tensor]) -> Replay:
        return run


def uncaptured(task: Task) -> Task:
    task.execution.capture_with(Uncaptured())
    return task


@contextmanager
def waiting_is_an_error() -> Iterator[None]:
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def graphs_are_used(task: Task) -> bool:
    return isinstance(task.runner, Captured) and task.runner.refused is None


class Peeking(nn.Dropout):
    """Reads a number of the device."""

    def forward(self, inputs: Tensor) -> Tensor:
        return super().forward(inputs * (1 if inputs.sum().item() > 0 else 0.5))


class Synchronising(nn.Dropout):
    """Waits in a way that is not seen before the capture."""

    def forward(self, inputs: Tensor) -> Tensor:
        torch.cuda.current_stream().synchronize()
        return super().forward(inputs)
