"""Where a task's data lie: on its device, whole, or on the host, from where they are brought when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from ..data import Split
from ..errors import ConfigFaultError
from ..protocol import Open
from .streaming import Feed

PART = 0.5
"""Of the device's free memory, the most that data may take: networks, their activations and paths need the rest."""


def placed(splits: Mapping[str, Split], spec: Open, device: torch.device) -> tuple[dict[str, Split], Feed | None]:
    """The splits where they are to lie, and what brings training batches where inputs stay on the host (None: they do
    not). Targets lie on the device in any case. Either way batches are the same.

    Raises:
        ConfigFaultError: the full gradient from data that are brought batch by batch.
    """
    if spec.data == "stream" and not spec.batchSize:
        raise ConfigFaultError("data 'stream' brings one batch at a time, but batchSize full needs all samples at once")
    if not spec.batchSize or not _streams(splits, spec, device):
        return {name: split.to(device) for name, split in splits.items()}, None
    train = splits["train"].inputs
    feed = Feed(train, min(spec.batchSize, len(train)), device)
    return {name: Split(split.inputs, split.targets.to(device)) for name, split in splits.items()}, feed


def brought(inputs: Tensor, device: torch.device) -> Tensor:
    """Inputs [samples, ...] on the device, wherever they lie; the host does not wait for the copy."""
    if inputs.device.type == device.type:
        return inputs
    return inputs.pin_memory().to(device, non_blocking=True)


def _streams(splits: Mapping[str, Split], spec: Open, device: torch.device) -> bool:
    if spec.data != "auto":
        return spec.data == "stream"
    free = _free_bytes(device)
    return free is not None and sum(split.inputs.nbytes for split in splits.values()) > PART * free


def _free_bytes(device: torch.device) -> int | None:
    """None: the machine does not say."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    told = Path("/proc/meminfo")
    if not told.exists():
        return None
    fields = dict(line.split(":", 1) for line in told.read_text().splitlines())
    return 1024 * int(fields["MemAvailable"].split()[0])
