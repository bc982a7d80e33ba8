"""Local solvers: the rules that turn a gradient into a step. Each computes what ``torch.optim`` computes, in the same
order.

A solver's state lives in the point or path that it moves. Nothing here waits for the device, and only ``state_for`` and
``clone`` allocate memory: a solver that needs a scratch vector overwrites the gradient's. All numbers that change from
step to step come from ``numbers_of``, by way of the program's ``Numbers``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..protocol import Solver
from .numbers import Number, Readable

VECTORS = {"sgd": 1, "adam": 2, "adamw": 2}
"""Number of vectors in each solver's state."""


@dataclass
class SolverState:
    """Memory of a solver: for SGD its momentum buffer [P]; for Adam and AdamW the running means of the gradient and of
    its square, [P] each, and the number of steps that they have seen."""

    solver: str
    vectors: list[Tensor]
    steps: int = 0

    def clone(self) -> SolverState:
        """Copies the state; the copy shares no memory with it."""
        return SolverState(self.solver, [vector.clone() for vector in self.vectors], self.steps)

    def become(self, other: SolverState | None) -> None:
        """Copies another state of the same kind of solver into this one's memory; None resets it to a fresh state."""
        for mine, given in zip(self.vectors, other.vectors if other else [None] * len(self.vectors), strict=True):
            if given is None:
                mine.zero_()
            else:
                mine.copy_(given)
        self.steps = other.steps if other else 0

    def count(self, steps: int) -> None:
        """Adds steps to the count; SGD ignores it."""
        if self.solver != "sgd":
            self.steps += steps


def state_for(solver: Solver, kept: SolverState | None, like: Tensor) -> SolverState | None:
    """Returns the state with which a solver moves a vector like ``like``: the kept one if it is of the same kind of
    solver, else a fresh one. None for a solver without state: SGD without momentum."""
    if solver.solver == "sgd" and not solver.momentum:
        return None
    if kept is not None and kept.solver == solver.solver:
        return kept
    return SolverState(solver.solver, [torch.zeros_like(like) for _ in range(VECTORS[solver.solver])])


def numbers_of(solver: Solver, rate: float, step: int, *, trains: bool) -> dict[str, float]:
    """Computes the numbers that ``move`` reads at a solver's step, counted from 1: the length ``along`` its direction;
    Adam's ``correction`` of the square's mean; for AdamW ``keep``, the share of the weights that decay leaves (in
    training), or the amount of them that is added to the target (in a search)."""
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
    """Makes one step along the solver's direction from ``target``. Overwrites ``grad``.

    ``target`` is the vector that moves; ``theta`` is where the gradient was measured, and weights decay towards its 0.
    Both are the same vector in training; in a search they are the displacement d and origin + d.
    """
    if solver.weightDecay and solver.solver == "adamw":
        if target is theta:
            target.mul_(numbers.of("keep"))  # torch's own product: a sum may round differently
        else:
            axpy(target, theta, numbers.of("keep"))
    elif solver.weightDecay:
        grad.add_(theta, alpha=solver.weightDecay)
    if solver.solver == "sgd":
        axpy(target, _sgd(solver, state, grad), numbers.of("along"))
    elif state is not None:
        _adam(solver, state, target, grad, numbers)


def clip(solver: Solver, grad: Tensor) -> None:
    """Shortens each gradient, a row [..., P], that is longer than the solver's bound, as ``clip_grad_norm_`` of torch
    does."""
    if solver.clipNorm is not None:
        length = torch.linalg.vector_norm(grad, dim=-1, keepdim=True)
        grad.mul_(torch.clamp(solver.clipNorm / (length + 1e-6), max=1.0))


def axpy(target: Tensor, direction: Tensor, factor: Number) -> None:
    """Computes ``target += factor * direction``. The two forms may differ in the last bit: one may round once, one
    twice."""
    if isinstance(factor, Tensor):
        target.addcmul_(direction, factor)
    else:
        target.add_(direction, alpha=factor)


def _sgd(solver: Solver, state: SolverState | None, grad: Tensor) -> Tensor:
    """Returns the direction of SGD, in ``grad`` or in the momentum buffer."""
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
