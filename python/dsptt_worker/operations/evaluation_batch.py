"""Batch size of an evaluation, and its execution without gradients."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from ..steps.placing import brought
from ..task import Task

EVALUATION_BATCH = 1000
LARGEST_BATCH = 8000
PART = 0.25
"""Largest share of a CUDA device's free memory for an evaluation of more than ``EVALUATION_BATCH`` samples."""

OURS = ("torch.nn.", "dsptt_worker.models.")


def batch_size(task: Task) -> int:
    """Computes the number of samples a batch, in evaluation mode. On a CPU it is fixed: sums over other batches round
    differently, and a result must not depend on the amount of free memory. It is divided by the number of chunks of
    training batches: chunks mean that the device cannot hold a whole batch."""
    size = EVALUATION_BATCH
    if task.device.type == "cuda":
        fitting = int(PART * torch.cuda.mem_get_info(task.device)[0] / max(1, _bytes_of_sample(task)))
        size = max(size, min(LARGEST_BATCH, fitting))
    return max(1, size // task.chunks)


def gradless(module: nn.Module) -> AbstractContextManager[object]:
    """Disables gradients within. Foreign modules may keep a tensor of an evaluation, and one of inference mode would
    break their later training: inference mode is used only for networks of our own layers and torch's."""
    ours = all(f"{type(part).__module__}.".startswith(OURS) for part in module.modules())
    return torch.inference_mode() if ours else torch.no_grad()


def _bytes_of_sample(task: Task) -> int:
    """Estimates the bytes of one sample: twice the largest sum of a layer's inputs and outputs. No layer needs more at
    a time, except for scratch memory of libraries."""
    most = 0

    def see(_layer: nn.Module, taken: tuple[object, ...], given: object) -> None:
        nonlocal most
        most = max(most, sum(part.nbytes for part in (*taken, given) if isinstance(part, Tensor)))

    hooks = [part.register_forward_hook(see) for part in task.net.module.modules()]
    try:
        sample = brought(task.splits["train"].inputs[:1], task.device)
        task.execution.forward.evaluated(task.batches.normalised(sample))
    finally:
        for hook in hooks:
            hook.remove()
    return 2 * most
