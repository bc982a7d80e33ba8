"""Execution of a task's steps: one operation after the other, or captured once and replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from ..network.flat import Point
from ..network.numbers import DeviceNumbers, HostNumbers, Numbers
from ..network.solvers import state_for
from ..protocol import Solver
from .objective import Objective
from .search_path import SearchPath
from .step import Average, DescentStep, Replay, SearchStep, Step


class Capture(Protocol):
    """Combines a step's many operations into one call."""

    refused: str | None
    """Reason why steps cannot be captured; None: they can, as far as is known."""

    def of(self, run: Callable[[], None], changes: list[Tensor]) -> Replay | None:
        """Captures a step for replay; None, with the reason in ``refused``, if that is impossible. The step may be run
        as a trial, but ``changes`` are left unchanged."""


class Runner(Protocol):
    """Runs the steps of a task's programs."""

    @property
    def numbers(self) -> Numbers:
        """Numbers of the running program."""

    def descent(
        self, objective: Objective, point: Point, solver: Solver, ema: float | None, *, noisy: bool
    ) -> DescentStep:
        """Creates the step that trains a point, which the network has loaded already."""

    def end_descent(self, step: DescentStep, point: Point) -> None:
        """Stores the solver's state and the average in the point, after its program has ended."""

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        """Creates the step that moves a path."""

    def run(self, step: Step) -> None:
        """Runs a step."""


class Direct:
    """Runs each step operation by operation, with the host's numbers."""

    def __init__(self, device: torch.device) -> None:
        self.numbers = HostNumbers(device)

    def descent(
        self, objective: Objective, point: Point, solver: Solver, ema: float | None, *, noisy: bool
    ) -> DescentStep:
        """Uses a copy of the solver's state: a cancelled program leaves the point's own unchanged."""
        kept = None if point.solver is None else point.solver.clone()
        net = objective.net
        noise = torch.empty_like(net.grad) if noisy else None
        average = None if ema is None else Average(point.average_so_far.clone(), ema)
        return DescentStep(objective, solver, state_for(solver, kept, net.theta), noise, average)

    def end_descent(self, step: DescentStep, point: Point) -> None:
        point.solver = step.state
        point.average = None if step.average is None else step.average.values

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        path.solver = state_for(solver, path.solver, path.d)
        return SearchStep(objective, path.origin.theta, path.d, solver, path.solver)

    def run(self, step: Step) -> None:
        step.run(self.numbers)


class Captured:
    """Captures each step at its first use, and replays it in this program and all later ones.

    The same memory must then serve every program: training steps keep the solver's vectors, and a point's are copied
    there and back once a program. A path's step uses the path's memory, is stored with the path and ends with it.
    """

    def __init__(self, device: torch.device, capture: Capture) -> None:
        self.numbers = DeviceNumbers(device)
        self._capture = capture
        self._descents: dict[tuple[Solver, float | None, bool], DescentStep] = {}

    @property
    def refused(self) -> str | None:
        """Reason why steps cannot be captured; None: they can, as far as is known."""
        return self._capture.refused

    def descent(
        self, objective: Objective, point: Point, solver: Solver, ema: float | None, *, noisy: bool
    ) -> DescentStep:
        key = (solver, ema, noisy)
        net = objective.net
        if key not in self._descents:
            noise = torch.zeros_like(net.grad) if noisy else None
            average = None if ema is None else Average(torch.empty_like(net.theta), ema)
            self._descents[key] = DescentStep(objective, solver, state_for(solver, None, net.theta), noise, average)
        step = self._descents[key]
        if step.average is not None:
            step.average.values.copy_(point.average_so_far)
        if step.state is not None:
            same = point.solver is not None and point.solver.solver == solver.solver
            step.state.become(point.solver if same else None)
        return step

    def end_descent(self, step: DescentStep, point: Point) -> None:
        if step.state is None or point.solver is None or point.solver.solver != step.state.solver:
            point.solver = None if step.state is None else step.state.clone()
        else:
            point.solver.become(step.state)
        point.average = None if step.average is None else step.average.values.clone()

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        path.solver = state_for(solver, path.solver, path.d)
        step = path.step
        if step is None or step.solver != solver or step.state is not path.solver:
            step = path.step = SearchStep(objective, path.origin.theta, path.d, solver, path.solver)
        return step

    def run(self, step: Step) -> None:
        """Captures and replays the step; one that cannot be captured is run directly, with the same numbers."""
        if step.replay is None and self._capture.refused is None:
            step.replay = self._capture.of(lambda: step.run(self.numbers), [*step.changes(), self.numbers.counter])
        if step.replay is None:
            step.run(self.numbers)
        else:
            step.replay()
