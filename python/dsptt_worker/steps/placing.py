"""Placement of a task's data: all on its device, or on the host and copied to the device when needed."""

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
"""Largest share of the device's free memory for data: networks, their activations and paths need the rest."""


def placed(splits: Mapping[str, Split], spec: Open, device: torch.device) -> tuple[dict[str, Split], Feed | None]:
    """Places the splits, and creates the feed that copies training batches if inputs stay on the host (None: they do
    not). Targets always lie on the device. Batches are the same in both cases.

    Raises:
        ConfigFaultError: the full gradient from data that are copied batch by batch.
    """
    if spec.data == "stream" and not spec.batchSize:
        raise ConfigFaultError("data 'stream' brings one batch at a time, but batchSize full needs all samples at once")
    if not spec.batchSize or not _streams(splits, spec, device):
        return {name: split.to(device) for name, split in splits.items()}, None
    train = splits["train"].inputs
    feed = Feed(train, min(spec.batchSize, len(train)), device)
    return {name: Split(split.inputs, split.targets.to(device)) for name, split in splits.items()}, feed


def brought(inputs: Tensor, device: torch.device) -> Tensor:
    """Copies inputs [samples, ...] to the device if they lie elsewhere; the host does not wait for the copy."""
    if inputs.device.type == device.type:
        return inputs
    return inputs.pin_memory().to(device, non_blocking=True)


def _streams(splits: Mapping[str, Split], spec: Open, device: torch.device) -> bool:
    if spec.data != "auto":
        return spec.data == "stream"
    free = _free_bytes(device)
    return free is not None and sum(split.inputs.nbytes for split in splits.values()) > PART * free


def _free_bytes(device: torch.device) -> int | None:
    """Returns the device's free memory; None if it is unknown."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    told = Path("/proc/meminfo")
    if not told.exists():
        return None
    fields = dict(line.split(":", 1) for line in told.read_text().splitlines())
    return 1024 * int(fields["MemAvailable"].split()[0])
