"""Execution of a task's network: its precision, its memory layout, compiled or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from .precision import Precision

Network = Callable[[Tensor], Tensor]
"""Function from the inputs of a batch to its outputs [batch, outputs]."""


class Forward:
    """Runs a network and returns float32, whatever precision it computes in: ``trained`` in training, ``evaluated``
    otherwise. Its parameters are always float32: they are views of flat vectors."""

    def __init__(
        self, module: nn.Module, device: torch.device, precision: Precision, *, channels_last: bool, compiled: bool
    ) -> None:
        """``compiled``: training, search and probes run the module compiled by torch.compile. Evaluations do not: each
        of their modes and sizes would be compiled anew, for a small part of the work."""
        self._device_type = device.type
        self._is_bf16 = precision == "bf16"
        self._channels_last = channels_last
        self.trained = self._run_by(torch.compile(module) if compiled else module)
        self.evaluated = self._run_by(module)

    def _run_by(self, network: Network) -> Network:
        def run(inputs: Tensor) -> Tensor:
            shape = list(inputs.shape)
            try:
                answer = self._answer(network, inputs)
            except (Exception, SystemExit) as error:  # a network that is not ours may raise anything
                raise_as_networks(error, f"on inputs of shape {shape}")
            if answer.ndim != 2 or len(answer) != shape[0]:
                raise ConfigFaultError(
                    f"the network answers {list(answer.shape)} for inputs of shape {shape}: it must answer "
                    "[samples, outputs] for a batch of any size"
                )
            return answer

        return run

    def _answer(self, network: Network, inputs: Tensor) -> Tensor:
        if self._channels_last and inputs.ndim == 4:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        if not self._is_bf16:
            return network(inputs)
        with torch.autocast(self._device_type, torch.bfloat16):  # ends before weights move: it caches casts of them
            answer = network(inputs)
        return answer.float()


def raise_as_networks(error: BaseException, where: str, raiser: str = "the network") -> NoReturn:
    """Raises an error of the user's code as that code's own: the same step would raise it again in a new worker. An
    error of the CUDA device stays what it is.

    Raises:
        ConfigFaultError: always, except for errors of the device.
    """
    if isinstance(error, RuntimeError) and "CUDA error" in str(error):
        raise error
    raise ConfigFaultError(f"{raiser} fails {where}: {type(error).__name__}: {error}") from error
