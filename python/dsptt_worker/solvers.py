"""Local solvers: how a gradient becomes a step. Each computes what ``torch.optim`` computes, in the same order.

A solver's state lives in the point or path that it moves. Nothing here waits for the device, and nothing but
``state_for`` and ``clone`` takes memory: where a solver needs a vector to calculate in, it is the gradient's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .protocol import Solver

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


def state_for(solver: Solver, kept: SolverState | None, like: Tensor) -> SolverState | None:
    """The state with which a solver moves a vector like ``like``: the kept one, where it is of the same kind of solver,
    or a fresh one. None for a solver that remembers nothing: SGD without momentum."""
    if solver.solver == "sgd" and not solver.momentum:
        return None
    if kept is not None and kept.solver == solver.solver:
        return kept
    return SolverState(solver.solver, [torch.zeros_like(like) for _ in range(VECTORS[solver.solver])])


def move(solver: Solver, state: SolverState | None, target: Tensor, theta: Tensor, grad: Tensor, rate: float) -> None:
    """One step: take ``rate`` times the solver's direction from ``target``. Overwrites ``grad``.

    ``target`` is what moves, ``theta`` where the gradient was measured, and towards the 0 of which weights decay: the
    same vector in training, the displacement d and origin + d in a search.
    """
    if solver.weightDecay and solver.solver == "adamw":
        _decay(target, theta, rate * solver.weightDecay)
    elif solver.weightDecay:
        grad.add_(theta, alpha=solver.weightDecay)
    if solver.solver == "sgd":
        target.add_(_sgd(solver, state, grad), alpha=-rate)
    elif state is not None:
        _adam(solver, state, target, grad, rate)


def _decay(target: Tensor, theta: Tensor, part: float) -> None:
    if target is theta:
        target.mul_(1 - part)  # torch's own product: the sum below may round otherwise
    else:
        target.add_(theta, alpha=-part)


def _sgd(solver: Solver, state: SolverState | None, grad: Tensor) -> Tensor:
    """The direction of SGD, in ``grad`` or in the momentum buffer."""
    if state is None:
        return grad
    (momentum,) = state.vectors
    momentum.mul_(solver.momentum).add_(grad)
    return grad.add_(momentum, alpha=solver.momentum) if solver.nesterov else momentum


def _adam(solver: Solver, state: SolverState, target: Tensor, grad: Tensor, rate: float) -> None:
    mean, square = state.vectors
    state.steps += 1
    mean.lerp_(grad, 1 - solver.beta1)
    square.mul_(solver.beta2).addcmul_(grad, grad, value=1 - solver.beta2)
    correction = (1 - solver.beta2**state.steps) ** 0.5
    scale = torch.sqrt(square, out=grad).div_(correction).add_(solver.epsilon)
    target.addcdiv_(mean, scale, value=-(rate / (1 - solver.beta1**state.steps)))
