"""How a task's steps are made: one operation after the other, or captured once and replayed."""

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
from .step import DescentStep, Replay, SearchStep, Step


class Capture(Protocol):
    """Makes one call out of a step's many operations."""

    refused: str | None
    """Why it cannot; None: it can, as far as is known."""

    def of(self, run: Callable[[], None], changes: list[Tensor]) -> Replay | None:
        """What makes the step again and again; None, and the reason in ``refused``, where that cannot be. The step may
        be run to find out, but leaves ``changes`` as they were."""


class Runner(Protocol):
    """Makes the steps of a task's programs."""

    @property
    def numbers(self) -> Numbers:
        """Those of the program that runs."""

    def descent(self, objective: Objective, point: Point, solver: Solver, *, noisy: bool) -> DescentStep:
        """The step that trains a point, which the network holds already."""

    def end_descent(self, step: DescentStep, point: Point) -> None:
        """Keep the solver's state in the point, once its program has ended."""

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        """The step that moves a path."""

    def run(self, step: Step) -> None:
        """Make a step."""


class Direct:
    """Runs each step as it comes, with the host's numbers."""

    def __init__(self, device: torch.device) -> None:
        self.numbers = HostNumbers(device)

    def descent(self, objective: Objective, point: Point, solver: Solver, *, noisy: bool) -> DescentStep:
        """With a copy of the point's state: a cancelled program leaves that as it was."""
        kept = None if point.solver is None else point.solver.clone()
        net = objective.net
        noise = torch.empty_like(net.grad) if noisy else None
        return DescentStep(objective, solver, state_for(solver, kept, net.theta), noise)

    def end_descent(self, step: DescentStep, point: Point) -> None:
        point.solver = step.state

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        path.solver = state_for(solver, path.solver, path.d)
        return SearchStep(objective, path.origin.theta, path.d, solver, path.solver)

    def run(self, step: Step) -> None:
        step.run(self.numbers)


class Captured:
    """Captures each step at its first use, and replays it in this program and in all that follow.

    The same memory must then serve every program: the steps of training keep the solver's vectors, and a point's are
    copied there and back once a program. A path's step lies with the path, whose memory it uses, and goes with it.
    """

    def __init__(self, device: torch.device, capture: Capture) -> None:
        self.numbers = DeviceNumbers(device)
        self._capture = capture
        self._descents: dict[tuple[Solver, bool], DescentStep] = {}

    @property
    def refused(self) -> str | None:
        """Why steps cannot be captured; None: they can, as far as is known."""
        return self._capture.refused

    def descent(self, objective: Objective, point: Point, solver: Solver, *, noisy: bool) -> DescentStep:
        key = (solver, noisy)
        net = objective.net
        if key not in self._descents:
            noise = torch.zeros_like(net.grad) if noisy else None
            self._descents[key] = DescentStep(objective, solver, state_for(solver, None, net.theta), noise)
        step = self._descents[key]
        if step.state is not None:
            same = point.solver is not None and point.solver.solver == solver.solver
            step.state.become(point.solver if same else None)
        return step

    def end_descent(self, step: DescentStep, point: Point) -> None:
        if step.state is None or point.solver is None or point.solver.solver != step.state.solver:
            point.solver = None if step.state is None else step.state.clone()
        else:
            point.solver.become(step.state)

    def search(self, objective: Objective, path: SearchPath, solver: Solver) -> SearchStep:
        path.solver = state_for(solver, path.solver, path.d)
        step = path.step
        if step is None or step.solver != solver or step.state is not path.solver:
            step = path.step = SearchStep(objective, path.origin.theta, path.d, solver, path.solver)
        return step

    def run(self, step: Step) -> None:
        """A step that cannot be captured is run as it is, with the same numbers."""
        if step.replay is None and self._capture.refused is None:
            step.replay = self._capture.of(lambda: step.run(self.numbers), [*step.changes(), self.numbers.counter])
        if step.replay is None:
            step.run(self.numbers)
        else:
            step.replay()
