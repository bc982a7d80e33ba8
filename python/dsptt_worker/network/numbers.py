"""Numbers of a program: those that its steps read (rates and the like) and those that they measure (losses, norms).

A captured step can read only device memory, so its numbers lie in arrays on the device, indexed by a counter there. A
step that is not captured reads floats of the host: torch rounds a product with a float differently from one with a
tensor, and existing results must not change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

Number = float | Tensor
"""A float of the host, or [1] float32 on the device."""

READ = ("along", "correction", "keep", "growth", "noise")
MEASURED = ("loss", "norm")
CAPACITY = 4096
"""Number of steps whose numbers lie on the device at a time; a longer program's follow while earlier steps run."""
TRIALS = 8
"""Slack after CAPACITY: each capture trial advances the counter once."""


class Readable(Protocol):
    """Numbers of one step."""

    def of(self, name: str) -> Number:
        """Returns this step's number of that name."""


class Numbers(Readable, Protocol):
    """Numbers of a program. The loop calls ``begin`` and ``turn_to``, steps call ``of``, ``put`` and ``advance``."""

    def begin(self, steps: Sequence[Mapping[str, float]]) -> None:
        """Starts a program with the numbers that each of its steps reads, by name."""

    def turn_to(self, step: int) -> None:
        """Selects the numbers of a step, counted from 0; steps come in order."""

    def put(self, name: str, value: Tensor) -> None:
        """Records a measurement of this step, a scalar on the device."""

    def advance(self) -> None:
        """Ends a step on the device."""

    def measured(self, name: str) -> Tensor:
        """Returns the measurements of the steps since ``begin``, [steps] float32 on the device."""


class HostNumbers:
    """Numbers on the host, for steps that are not captured."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._steps: Sequence[Mapping[str, float]] = []
        self._at = 0
        self._measured: dict[str, Tensor] = {}

    def begin(self, steps: Sequence[Mapping[str, float]]) -> None:
        self._steps = steps
        self._measured = {}

    def turn_to(self, step: int) -> None:
        self._at = step

    def of(self, name: str) -> Number:
        return self._steps[self._at][name]

    def put(self, name: str, value: Tensor) -> None:
        if name not in self._measured:
            self._measured[name] = torch.empty(len(self._steps), device=self._device)
        self._measured[name][self._at] = value

    def advance(self) -> None:
        """Does nothing: the host counts."""

    def measured(self, name: str) -> Tensor:
        return self._measured[name]


class DeviceNumbers:
    """Numbers in arrays on the device, whose memory stays the same from program to program."""

    def __init__(self, device: torch.device) -> None:
        self._read = torch.zeros(len(READ), CAPACITY + TRIALS, device=device)
        self._measured = torch.zeros(len(MEASURED), CAPACITY + TRIALS, device=device)
        self.counter = torch.zeros(1, dtype=torch.int64, device=device)
        self._steps: Sequence[Mapping[str, float]] = []
        self._done: list[Tensor] = []

    def begin(self, steps: Sequence[Mapping[str, float]]) -> None:
        self._steps = steps
        self._done = []

    def turn_to(self, step: int) -> None:
        """Copies the next numbers to the device every ``CAPACITY`` steps, queued after the earlier steps, without
        waiting."""
        if step % CAPACITY:
            return
        if step:
            self._done.append(self._measured[:, :CAPACITY].clone())
        some = self._steps[step : step + CAPACITY]
        host = torch.tensor([[numbers.get(name, 0.0) for numbers in some] for name in READ])
        if self._read.is_cuda:
            host = host.pin_memory()
        self._read[:, : len(some)].copy_(host, non_blocking=True)
        self.counter.zero_()

    def of(self, name: str) -> Number:
        return self._read[READ.index(name)].index_select(0, self.counter)

    def put(self, name: str, value: Tensor) -> None:
        self._measured[MEASURED.index(name)].index_copy_(0, self.counter, value.reshape(1))

    def advance(self) -> None:
        self.counter.add_(1)

    def measured(self, name: str) -> Tensor:
        parts = [part[MEASURED.index(name)] for part in (*self._done, self._measured)]
        return torch.cat(parts)[: len(self._steps)]
