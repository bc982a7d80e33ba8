"""How many samples an evaluation takes at a time, and how it does without gradients."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from ..steps.placing import brought
from ..task import Task

EVALUATION_BATCH = 1000
LARGEST_BATCH = 8000
PART = 0.25
"""Of a CUDA device's free memory, the most that an evaluation of more than ``EVALUATION_BATCH`` samples may take."""

OURS = ("torch.nn.", "dsptt_worker.models.")


def batch_size(task: Task) -> int:
    """Samples a batch, of a network in evaluation mode. On a CPU a fixed number: sums of other batches round otherwise,
    and a result must not depend on how much memory happens to be free. Where training batches are run in chunks, for
    they are too much for the device, so may these be."""
    size = EVALUATION_BATCH
    if task.device.type == "cuda":
        fitting = int(PART * torch.cuda.mem_get_info(task.device)[0] / max(1, _bytes_of_sample(task)))
        size = max(size, min(LARGEST_BATCH, fitting))
    return max(1, size // task.chunks)


def gradless(module: nn.Module) -> AbstractContextManager[object]:
    """No gradients within. Modules of others may keep a tensor from an evaluation, which would end their training if it
    were one of inference mode: only networks that consist of our parts and torch's are evaluated in it."""
    ours = all(f"{type(part).__module__}.".startswith(OURS) for part in module.modules())
    return torch.inference_mode() if ours else torch.no_grad()


def _bytes_of_sample(task: Task) -> int:
    """Twice the most that a layer takes in and gives out for one sample: no layer needs more at a time, but for what
    libraries take to calculate in."""
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
