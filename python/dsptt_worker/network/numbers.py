"""The numbers of a program: what its steps read (rates and the like) and what they measure (losses, norms).

Steps that are captured may read nothing but memory of the device, so that there numbers lie in arrays that a counter on
the device walks through. Where steps are run one by one, numbers are the host's own floats: torch rounds a product with
a float otherwise than one with a tensor, and results that exist already must not change.
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
"""Steps whose numbers lie on the device at a time; those of longer programs follow while the steps before run."""
TRIALS = 8
"""Room for trials of the last of them, each of which counts on: more than there ever are."""


class Readable(Protocol):
    """The numbers of one step."""

    def of(self, name: str) -> Number:
        """This step's number of that name."""


class Numbers(Readable, Protocol):
    """A program's numbers. The loop calls ``begin`` and ``turn_to``, the steps call ``of``, ``put`` and ``advance``."""

    def begin(self, steps: Sequence[Mapping[str, float]]) -> None:
        """Take the numbers that each step of a program reads, by their names."""

    def turn_to(self, step: int) -> None:
        """Make the numbers those of a step, from 0; steps come in order."""

    def put(self, name: str, value: Tensor) -> None:
        """Keep what this step measured, a scalar on the device."""

    def advance(self) -> None:
        """The end of a step, as far as the device knows."""

    def measured(self, name: str) -> Tensor:
        """What the steps since ``begin`` measured, [steps] float32 on the device."""


class HostNumbers:
    """Numbers of the host's, for steps that are run one by one."""

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
        """Nothing: the host counts."""

    def measured(self, name: str) -> Tensor:
        return self._measured[name]


class DeviceNumbers:
    """Numbers in arrays of the device, which stay where they are from program to program."""

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
        """Every ``CAPACITY`` steps, bring the next numbers to the device, after the steps before and without a wait."""
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
