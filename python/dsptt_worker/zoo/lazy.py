"""Modules whose parameters get their shapes from the first batch."""

from __future__ import annotations

from itertools import chain

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from .need import Need, run


def is_lazy_module(module: nn.Module) -> bool:
    """Reports whether a parameter or buffer has no shape yet."""
    return any(is_lazy(tensor) for tensor in chain(module.parameters(), module.buffers()))


def materialise(module: nn.Module, label: str, need: Need) -> None:
    """Runs a lazy module once, on the CPU and in evaluation mode: its parameters are initialised, its statistics stay.

    Raises:
        ConfigFaultError: the module cannot process the samples.
    """
    if not is_lazy_module(module):
        return
    module.cpu().eval()
    with torch.no_grad():  # not inference_mode: parameters created in it could never be trained
        run(module, label, need.samples.cpu())
    module.train()
