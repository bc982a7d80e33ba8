"""Named random streams: every use of randomness has a name, so a new draw in one place shifts no other."""

from __future__ import annotations

import hashlib

import torch


def stream_seed(seed: int, name: str) -> int:
    """Computes the 63-bit seed of a named stream: the first eight bytes, little-endian, of SHA-256 of ``seed/name``."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "little") & (2**63 - 1)


def generator(seed: int, name: str) -> torch.Generator:
    """Creates a generator of the named stream. It is always on the CPU, so that every device draws the same numbers."""
    return torch.Generator().manual_seed(stream_seed(seed, name))


def seed_layers(seed: int, name: str, device: torch.device) -> None:
    """Seeds the generators that layers draw from (dropout masks, initialisation) with the named stream; waits for no
    device."""
    value = stream_seed(seed, name)
    torch.default_generator.manual_seed(value)
    if device.type == "cuda":
        torch.cuda.default_generators[device.index or 0].manual_seed(value)
