"""Batches in chunks, whose gradients add up: for devices that cannot hold a whole batch."""

from __future__ import annotations

import torch
from torch.nn.modules.batchnorm import _BatchNorm

from ..errors import ChunksFaultError, ConfigFaultError
from ..network.flat import FlatNetwork, Point
from ..protocol import Open


def batch_wide_layers(net: FlatNetwork, before: Point) -> list[str]:
    """Lists layers that compute differently on chunks: batch norm of any kind, and every layer whose own buffers have
    moved in the training pass since ``before``. A layer that mixes samples without keeping a statistic is not detected.
    """
    moved = {id(mine) for mine, was in zip(net.rest, before.rest, strict=True) if not torch.equal(mine, was)}
    return [
        f"{name or 'the network'} ({type(layer).__name__})"
        for name, layer in net.module.named_modules()
        if isinstance(layer, _BatchNorm) or any(id(buffer) in moved for buffer in layer.buffers(recurse=False))
    ]


def check_chunks(spec: Open, batch: int, batch_wide: list[str]) -> None:
    """Checks that batches may be cut into the task's chunks.

    Raises:
        ConfigFaultError: more chunks than samples.
        ChunksFaultError: layers that need the batch whole.
    """
    if spec.batchChunks > batch:
        raise ConfigFaultError(f"batchChunks must be at most the {batch} samples of a batch, got {spec.batchChunks}")
    if spec.batchChunks > 1 and batch_wide and not spec.allowChunkedBn:
        more = f" and {len(batch_wide) - 1} more" if len(batch_wide) > 1 else ""
        raise ChunksFaultError(
            f"batchChunks {spec.batchChunks} changes what the network is: layer {batch_wide[0]}{more} would take "
            "statistics of a chunk, which are not the batch's"
        )
