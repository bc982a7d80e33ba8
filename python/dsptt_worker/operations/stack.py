"""Training of several points at once, as rows of one tensor: for networks whose steps are mostly overhead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import ConfigFaultError, ProtocolFaultError
from ..network.flat import Point
from ..network.solvers import SolverState, clip, move, numbers_of, state_for
from ..protocol import Open, Solver
from ..steps.batches import Batches, gather_all
from ..steps.stacked_gradient import StackedGradient
from ..steps.step import Average
from ..streams import seed_layers
from ..task import Task
from .validation_points import ValidationPoints


@dataclass(frozen=True)
class StackProgram:
    """Schedules of a stack: ``lr`` [members, steps]; step i of a member takes batch ``starts`` + i of its stream.
    ``ema`` is the decay of the parameters' averages; None: none."""

    lr: Sequence[Sequence[float]]
    solver: Solver
    streams: Sequence[str]
    starts: Sequence[int]
    ema: float | None = None


class Stack:
    """Trains several copies of a task's network at once."""

    def __init__(self, task: Task, members: int) -> None:
        """Prepares for stacks of ``members`` networks; other sizes can be trained too.

        Raises:
            ConfigFaultError: the network keeps statistics, or cannot be run in a stack; data that come from the host;
                batches in chunks.
        """
        self._task = task
        self._gradient = StackedGradient(task.net, task.loss)
        self._batches: dict[str, Batches] = {}
        _check_task(task)
        _check_statistics(task)
        self._try(members)

    def descend(
        self,
        points: Sequence[Point],
        program: StackProgram,
        tick: Callable[[], None],
        validation: Sequence[ValidationPoints] = (),
    ) -> tuple[Tensor, list[bool]]:
        """Trains points, which change only when the program has ended; ``tick`` is called for each point's step, and
        has its ``validation`` points if they are given.

        Returns:
            The loss of each step's batch before its update [members, steps], float32 on the device; and for each
            point True if every parameter is a finite number after the program.
        """
        theta = torch.stack([point.theta for point in points])
        rest = [torch.stack(tensors) for tensors in zip(*(point.rest for point in points), strict=True)]
        states = [state_for(program.solver, point.solver, point.theta) for point in points]
        state = _stacked(states)
        average = None
        if program.ema is not None:
            average = Average(torch.stack([point.average_so_far for point in points]), program.ema)
        numbers = _Numbers(program, [0 if one is None else one.steps for one in states], theta.device)
        batches = self._batches_of(program.streams)
        steps = len(program.lr[0])
        losses = torch.empty(len(points), steps, device=theta.device)
        for i in range(steps):
            for one, stream, start in zip(batches, program.streams, program.starts, strict=True):
                tick()
                one.place(stream, start + i)
            seed_layers(self._task.seed, f"{program.streams[0]}/step{program.starts[0] + i}", theta.device)
            gradients, losses[:, i] = self._gradient(theta, rest, *gather_all(batches))
            numbers.at = i
            clip(program.solver, gradients)
            move(program.solver, state, theta, theta, gradients, numbers)
            if average is not None:
                average.follow(theta)
            for k, seen in enumerate(validation):
                if seen.is_due(step := program.starts[k] + i):
                    self._task.net.load(Point(theta[k], [tensors[k] for tensors in rest]))
                    seen.after(step)
        for k, (point, kept) in enumerate(zip(points, states, strict=True)):
            point.theta.copy_(theta[k])
            point.solver = _row(state, k, 0 if kept is None else kept.steps, steps)
            point.average = None if average is None else average.values[k].clone()
        finite: list[bool] = torch.isfinite(theta).all(1).tolist()
        return losses, finite

    def _batches_of(self, streams: Sequence[str]) -> list[Batches]:
        """Returns the batches of each stream, which keep the order of its epoch; other streams are forgotten."""
        self._batches = {stream: self._batches.get(stream) or self._task.batches.another() for stream in streams}
        return [self._batches[stream] for stream in streams]

    def _try(self, members: int) -> None:
        """Computes a step of ``members`` networks, which do not move."""
        task = self._task
        rows = [task.net.point() for _ in range(members)]
        rest = [torch.stack(tensors) for tensors in zip(*(row.rest for row in rows), strict=True)]
        batches = [task.batches.another() for _ in rows]
        for one in batches:
            one.place("data", 0)
        try:
            self._gradient(torch.stack([row.theta for row in rows]), rest, *gather_all(batches))
        except Exception as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ConfigFaultError(
                f"membersWay 'stack' cannot run this network ({reason}): use 'processes', or membersAtOnce 1"
            ) from error


def stack_for(task: Task, spec: Open) -> Stack | None:
    """Creates the stack of a task whose networks are trained at once by this worker alone; None for any other task.

    Raises:
        ConfigFaultError: the task's networks cannot be trained at once in the way that was asked for.
    """
    if spec.membersAtOnce == 1:
        return None
    if spec.membersWay == "stack":
        if spec.precision == "bf16" or spec.compile:
            raise ConfigFaultError(
                f"membersWay 'stack' computes in float32 and is not compiled, got precision {spec.precision!r} and "
                f"compile {spec.compile}: use 'fp32' without compile, or membersAtOnce 1"
            )
        return Stack(task, spec.membersAtOnce)
    if task.device.type == "cuda":
        raise ConfigFaultError(
            f"membersWay 'processes' is for CPUs: {spec.membersAtOnce} workers on {task.device} would wait for each "
            "other; use 'stack', or membersAtOnce 1"
        )
    return None


def opened_stack(stack: Stack | None) -> Stack:
    """Returns the stack of a task.

    Raises:
        ProtocolFaultError: the task was opened without one.
    """
    if stack is None:
        raise ProtocolFaultError("descendStack: the task was opened without membersWay 'stack'")
    return stack


class _Numbers:
    """Numbers of a solver at a step: one for each row of a stack."""

    def __init__(self, program: StackProgram, before: Sequence[int], device: torch.device) -> None:
        """``before``: number of steps that each member's solver has seen."""
        self.at = 0
        rows: list[list[Mapping[str, float]]] = [
            [numbers_of(program.solver, rate, seen + i + 1, trains=True) for i, rate in enumerate(rates)]
            for rates, seen in zip(program.lr, before, strict=True)
        ]
        self._read = {
            name: torch.tensor([[step[name] for step in row] for row in rows], device=device).T.unsqueeze(2)
            for name in rows[0][0]
        }

    def of(self, name: str) -> Tensor:
        """Returns the step's numbers of that name, [members, 1]."""
        return self._read[name][self.at]


def _stacked(states: Sequence[SolverState | None]) -> SolverState | None:
    """Combines states into one whose vectors are [members, P]; each member keeps its own step count."""
    known = [state for state in states if state is not None]
    if not known:
        return None
    vectors = zip(*(state.vectors for state in known), strict=True)
    return SolverState(known[0].solver, [torch.stack(rows) for rows in vectors])


def _row(state: SolverState | None, k: int, before: int, steps: int) -> SolverState | None:
    if state is None:
        return None
    row = SolverState(state.solver, [vector[k].clone() for vector in state.vectors], before)
    row.count(steps)
    return row


def _check_task(task: Task) -> None:
    if task.chunks > 1:
        raise ConfigFaultError(f"membersWay 'stack' needs batches whole: batchChunks must be 1, got {task.chunks}")
    if task.batches.come_from_host:
        raise ConfigFaultError("membersWay 'stack' needs the training data on the device: they must fit there")


def _check_statistics(task: Task) -> None:
    """Checks that a training pass leaves the network's buffers unchanged."""
    net = task.net
    before = net.point()
    with torch.no_grad():
        task.objective.prepare("data", 0)
        task.objective.value()
    moved = {id(mine) for mine, was in zip(net.rest, before.rest, strict=True) if not torch.equal(mine, was)}
    net.load(before)
    layers = [
        f"{name or 'the network'} ({type(layer).__name__})"
        for name, layer in net.module.named_modules()
        if any(id(buffer) in moved for buffer in layer.buffers(recurse=False))
    ]
    if layers:
        raise ConfigFaultError(
            f"membersWay 'stack' trains no networks that keep statistics, as {', '.join(layers[:3])} does: use "
            "'processes', or membersAtOnce 1"
        )
