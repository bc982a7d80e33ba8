"""Stacks of networks beside the same networks one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from builders import NESTEROV, descend, never, new_point
from torch import Tensor

from dsptt_worker.operations.stack import StackProgram, stack_for
from dsptt_worker.protocol import Open
from dsptt_worker.task import Task, open_task


def check_trains_alike(spec: Open, lr: Sequence[float]) -> tuple[Task, list[Tensor]]:
    """Checks that a stack of two networks has the losses of each alone. Returns the task and these losses."""
    task = open_task(spec)
    stack = stack_for(task, spec)
    assert stack is not None
    streams = ["data/a", "data/b"]
    points = [new_point(task, stream) for stream in streams]
    losses, _ = stack.descend(points, StackProgram([lr, lr], NESTEROV, streams, [0, 0]), never)
    alone = [descend(task, new_point(task, stream), lr, stream=stream) for stream in streams]
    torch.testing.assert_close(losses, torch.stack(alone), rtol=1e-3, atol=1e-6)
    return task, alone
