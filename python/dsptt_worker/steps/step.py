"""The two kinds of step: training and search. The tensors that a step reads and writes keep their memory from step to
step, so that a step can be captured once and replayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..network.numbers import Numbers
from ..network.solvers import SolverState, axpy, clip, move
from ..protocol import Solver
from .objective import Objective

Replay = Callable[[], None]


@dataclass
class Average:
    """An exponential moving average of parameters, ``values`` [..., P], as torch.optim.swa_utils computes it."""

    values: Tensor
    decay: float

    def follow(self, theta: Tensor) -> None:
        """Takes the parameters after a step into the average."""
        self.values.lerp_(theta, 1 - self.decay)


@dataclass
class DescentStep:
    """A training step of the loaded network. ``noise`` [P] is added to the gradient, times the step's number; None: no
    step has noise. ``average`` follows the parameters; None: nothing does. ``replay`` runs the step after its capture.
    """

    objective: Objective
    solver: Solver
    state: SolverState | None
    noise: Tensor | None
    average: Average | None = None
    replay: Replay | None = None

    def run(self, numbers: Numbers) -> None:
        """Runs the step."""
        net = self.objective.net
        numbers.put("loss", self.objective.gradient())
        clip(self.solver, net.grad)
        if self.noise is not None:
            factor = numbers.of("noise")
            if isinstance(factor, Tensor) or factor:
                axpy(net.grad, self.noise, factor)
        move(self.solver, self.state, net.theta, net.theta, net.grad, numbers)
        if self.average is not None:
            self.average.follow(net.theta)
        numbers.advance()

    def changes(self) -> list[Tensor]:
        """Returns the tensors that the step changes and the next one reads."""
        average = [] if self.average is None else [self.average.values]
        return [self.objective.net.theta, *_vectors(self.state), *average, *self.objective.net.rest]


@dataclass
class SearchStep:
    """A search step of a displacement d [P] from an ``origin`` [P]: d = growth * d - rho2 * f(origin + growth * d),
    where f is the solver's direction. Weights decay towards the 0 of origin + d, not of d."""

    objective: Objective
    origin: Tensor
    d: Tensor
    solver: Solver
    state: SolverState | None
    replay: Replay | None = None

    def run(self, numbers: Numbers) -> None:
        """Runs the step."""
        theta, growth = self.objective.net.theta, numbers.of("growth")
        if isinstance(growth, Tensor):
            torch.addcmul(self.origin, self.d, growth, out=theta)
        else:
            torch.add(self.origin, self.d, alpha=growth, out=theta)
        numbers.put("loss", self.objective.gradient())
        clip(self.solver, self.objective.net.grad)
        self.d.mul_(growth)
        numbers.put("norm", torch.linalg.vector_norm(self.d))
        move(self.solver, self.state, self.d, theta, self.objective.net.grad, numbers)
        numbers.advance()

    def changes(self) -> list[Tensor]:
        """Returns the tensors that the step changes and the next one reads."""
        return [self.d, *_vectors(self.state), *self.objective.net.rest]


Step = DescentStep | SearchStep


def _vectors(state: SolverState | None) -> list[Tensor]:
    return [] if state is None else state.vectors
