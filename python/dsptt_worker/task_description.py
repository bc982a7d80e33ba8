"""Description of an opened task for the client."""

from __future__ import annotations

import torch

from .protocol import OpenResult, SplitSizes
from .task import Task


def describe_task(task: Task) -> OpenResult:
    """Returns the answer to ``open``."""
    return OpenResult(
        parameters=task.net.parameters,
        stepsPerEpoch=task.batches.per_epoch,
        samples=SplitSizes(**{name: len(split) for name, split in task.splits.items()}),
        classes=task.classes,
        device=str(task.device),
        deviceName=torch.cuda.get_device_name(task.device) if task.device.type == "cuda" else "CPU",
        threads=torch.get_num_threads(),
        signature=task.net.signature(),
        stateSha256=task.state_sha256,
        notices=task.notices,
        samplesSha256=task.origin.samples_sha256,
        code={} if task.origin.code is None else task.origin.code.code(),
        lossCode={} if task.origin.loss_code is None else task.origin.loss_code.code(),
        weightsSha256=task.origin.weights_sha256,
    )
