"""A network that a script has built in this process: what it is drawn from, and what it is recognised by."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import torch
from torch import Tensor, nn

from ..zoo.handed import hand_over
from .hosted import StateEntry


def seed() -> None:
    """A script draws the same numbers at every start, so that its network comes with the same first state."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


def take(network: object) -> list[StateEntry]:
    """Keep the network as the model ``handed``; answers what to recognise it by.

    Raises:
        ConfigFaultError: not an ``nn.Module``, or one that cannot be copied.
    """
    hand_over(network)
    assert isinstance(network, nn.Module)  # the hand-over has refused anything else
    return [_entry(name, tensor) for name, tensor in network.state_dict().items()]


def _entry(name: str, tensor: Tensor) -> StateEntry:
    if nn.parameter.is_lazy(tensor):
        return StateEntry(name, "lazy", "")
    values = tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes()
    return StateEntry(name, f"{list(tensor.shape)} {tensor.dtype}", hashlib.sha256(values).hexdigest())
