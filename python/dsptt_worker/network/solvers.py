"""Local solvers: how a gradient becomes a step. Each computes what ``torch.optim`` computes, in the same order.

A solver's state lives in the point or path that it moves. Nothing here waits for the device, and nothing but
``state_for`` and ``clone`` takes memory: where a solver needs a vector to calculate in, it is the gradient's own.
All numbers that change from step to step come from ``numbers_of``, by way of the program's ``Numbers``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..protocol import Solver
from .numbers import Number, Readable

VECTORS = {"sgd": 1, "adam": 2, "adamw": 2}
"""How many vectors each solver's state has."""


@dataclass
class SolverState:
    """What a solver remembers: SGD its momentum buffer [P]; Adam and AdamW the running means of the gradient and of its
    square, [P] each, and the number of steps that they have seen."""

    solver: str
    vectors: list[Tensor]
    steps: int = 0

    def clone(self) -> SolverState:
        """A copy that shares nothing with this state."""
        return SolverState(self.solver, [vector.clone() for vector in self.vectors], self.steps)

    def become(self, other: SolverState | None) -> None:
        """Take over another state of the same kind of solver, into this one's own memory; None: a fresh one's."""
        for mine, given in zip(self.vectors, other.vectors if other else [None] * len(self.vectors), strict=True):
            if given is None:
                mine.zero_()
            else:
                mine.copy_(given)
        self.steps = other.steps if other else 0

    def count(self, steps: int) -> None:
        """Steps were made; SGD does not ask how many."""
        if self.solver != "sgd":
            self.steps += steps


def state_for(solver: Solver, kept: SolverState | None, like: Tensor) -> SolverState | None:
    """The state with which a solver moves a vector like ``like``: the kept one, where it is of the same kind of solver,
    or a fresh one. None for a solver that remembers nothing: SGD without momentum."""
    if solver.solver == "sgd" and not solver.momentum:
        return None
    if kept is not None and kept.solver == solver.solver:
        return kept
    return SolverState(solver.solver, [torch.zeros_like(like) for _ in range(VECTORS[solver.solver])])


def numbers_of(solver: Solver, rate: float, step: int, *, trains: bool) -> dict[str, float]:
    """What ``move`` reads at a solver's step, counted from 1: how far ``along`` its direction to go; Adam's
    ``correction`` of the square's mean; what AdamW has weights ``keep`` of themselves (in training), or adds to the
    target of them (in a search)."""
    if solver.solver == "sgd":
        return {"along": -rate}
    part = rate * solver.weightDecay
    return {
        "along": -(rate / (1 - solver.beta1**step)),
        "correction": (1 - solver.beta2**step) ** 0.5,
        "keep": 1 - part if trains else -part,
    }


def move(
    solver: Solver, state: SolverState | None, target: Tensor, theta: Tensor, grad: Tensor, numbers: Readable
) -> None:
    """One step along the solver's direction from ``target``. Overwrites ``grad``.

    ``target`` is what moves, ``theta`` where the gradient was measured, and towards the 0 of which weights decay: the
    same vector in training, the displacement d and origin + d in a search.
    """
    if solver.weightDecay and solver.solver == "adamw":
        if target is theta:
            target.mul_(numbers.of("keep"))  # torch's own product: a sum may round otherwise
        else:
            axpy(target, theta, numbers.of("keep"))
    elif solver.weightDecay:
        grad.add_(theta, alpha=solver.weightDecay)
    if solver.solver == "sgd":
        axpy(target, _sgd(solver, state, grad), numbers.of("along"))
    elif state is not None:
        _adam(solver, state, target, grad, numbers)


def axpy(target: Tensor, direction: Tensor, factor: Number) -> None:
    """``target += factor * direction``. The two forms may differ in the last bit: one may round once, one twice."""
    if isinstance(factor, Tensor):
        target.addcmul_(direction, factor)
    else:
        target.add_(direction, alpha=factor)


def _sgd(solver: Solver, state: SolverState | None, grad: Tensor) -> Tensor:
    """The direction of SGD, in ``grad`` or in the momentum buffer."""
    if state is None:
        return grad
    (momentum,) = state.vectors
    momentum.mul_(solver.momentum).add_(grad)
    return grad.add_(momentum, alpha=solver.momentum) if solver.nesterov else momentum


def _adam(solver: Solver, state: SolverState, target: Tensor, grad: Tensor, numbers: Readable) -> None:
    mean, square = state.vectors
    mean.lerp_(grad, 1 - solver.beta1)
    square.mul_(solver.beta2).addcmul_(grad, grad, value=1 - solver.beta2)
    scale = torch.sqrt(square, out=grad).div_(numbers.of("correction")).add_(solver.epsilon)
    along = numbers.of("along")
    if isinstance(along, Tensor):
        axpy(target, torch.div(mean, scale, out=scale), along)
    else:
        target.addcdiv_(mean, scale, value=along)
