"""The network that a script has built in this process: its seed, and the description by which it is recognised."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import torch
from torch import Tensor, nn

from ..network.state_tensors import state_of
from ..user_code.project import Code
from ..zoo.handed import hand_over
from .hosted import StateEntry


def seed() -> None:
    """Seeds the generators equally at every start, so that a script's network comes with the same first state."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


def take(network: object, code: Code) -> list[StateEntry]:
    """Keeps the network, built by files of ``code``, as the model ``handed``; returns the description by which it is
    recognised.

    Raises:
        ConfigFaultError: not an ``nn.Module``, one that cannot be copied, or one with a state that is no tensors.
    """
    hand_over(network, code)
    assert isinstance(network, nn.Module)  # the hand-over has refused anything else
    return [_entry(name, tensor) for name, tensor in state_of(network).items()]


def _entry(name: str, tensor: Tensor) -> StateEntry:
    if nn.parameter.is_lazy(tensor):
        return StateEntry(name, "lazy", "")
    values = tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes()
    return StateEntry(name, f"{list(tensor.shape)} {tensor.dtype}", hashlib.sha256(values).hexdigest())
