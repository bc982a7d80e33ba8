"""The step loops: what the worker does nearly all of its time.

A program's schedules arrive as arrays, one entry a step. Nothing in a loop waits for the device, asks the client or
allocates a vector of parameters; losses and norms gather on the device and are read once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from .directions import draw_direction
from .flat import FlatNetwork, Point
from .protocol import Solver
from .solvers import move, state_for
from .streams import seed_layers, stream_seed
from .task import SearchPath, Task

Tick = Callable[[], None]
"""Called before each batch of any kind: counts it for the beat, and raises when the request is cancelled."""


@dataclass(frozen=True)
class DescentProgram:
    """One entry a step: learning rate, and the deviation of the gradient's noise (no entries: none). ``capture`` names
    steps, from 0, whose parameters are wanted."""

    lr: Sequence[float]
    solver: Solver
    noise: Sequence[float] = ()
    capture: Sequence[int] = ()


def descend(
    task: Task, point: Point, program: DescentProgram, stream: str, start: int, tick: Tick
) -> tuple[Tensor, Tensor]:
    """Train a point on steps ``start``, ``start + 1``, ... of the data stream.

    The point changes when the program has ended, not before: a cancelled program leaves it as it was. A solver of the
    kind that moved the point last goes on with its state, any other starts afresh.

    Returns:
        The loss of each step's batch before its update [steps], and the captured parameters, as they were before their
        steps' updates [captures, P]: float32 on the device.
    """
    net, solver = task.net, program.solver
    net.load(point)
    state = state_for(solver, None if point.solver is None else point.solver.clone(), net.theta)
    add_noise = _noise(task, program, stream, start)
    losses = torch.empty(len(program.lr), device=task.device)
    captured, slots = _captures(task, program.capture)
    for i, rate in enumerate(program.lr):
        tick()
        losses[i] = _gradient(task, stream, start + i)
        for slot in slots.get(i, ()):
            captured[slot] = net.theta
        add_noise(i)
        move(solver, state, net.theta, net.theta, net.grad, rate)
    net.store(point)
    point.solver = state
    return losses, captured


def _noise(task: Task, program: DescentProgram, stream: str, start: int) -> Callable[[int], None]:
    """What adds a step's noise to ``net.grad``: drawn on the device, from a stream of the step's own."""
    if not program.noise:
        return lambda _step: None
    drawn = torch.empty_like(task.net.grad)
    draws = torch.Generator(task.device)

    def add(step: int) -> None:
        if not program.noise[step]:
            return
        draws.manual_seed(stream_seed(task.seed, f"{stream}/noise/step{start + step}"))
        task.net.grad.add_(drawn.normal_(generator=draws), alpha=program.noise[step])

    return add


def _captures(task: Task, capture: Sequence[int]) -> tuple[Tensor, dict[int, list[int]]]:
    """Room for the captured parameters [captures, P], and which rows of it a step fills."""
    slots: dict[int, list[int]] = {}
    for slot, step in enumerate(capture):
        slots.setdefault(step, []).append(slot)
    return torch.empty(len(capture), task.net.parameters, device=task.device), slots


@dataclass(frozen=True)
class SearchProgram:
    """One entry a step: which path moves (an index into ``paths``), by what factor it grows, its calibration."""

    paths: Sequence[SearchPath]
    path: Sequence[int]
    growth: Sequence[float]
    rho2: Sequence[float]
    solver: Solver
    capture: Sequence[int] = ()


def search(task: Task, program: SearchProgram, stream: str, start: int, tick: Tick) -> tuple[Tensor, Tensor, Tensor]:
    """Run search steps, each ``d = growth * d - rho2 * f(origin + growth * d)`` on the path picked for it, where f is
    the solver's direction: the gradient for plain SGD. Weights decay towards the 0 of origin + d, not of d.

    The model trains on the training pipeline, but its running statistics stay those of the paths' origin. Paths move as
    the program goes: a cancelled one leaves them where they are.

    Returns:
        Loss [steps], length of the displacement where it was measured [steps], and the captured parameters
        [captures, P], all float32 on the device.
    """
    net = task.net
    steps = len(program.path)
    losses = torch.empty(steps, device=task.device)
    norms = torch.empty(steps, device=task.device)
    captured, slots = _captures(task, program.capture)
    for k in set(program.path):
        path = program.paths[k]
        path.solver = state_for(program.solver, path.solver, path.d)
    rest = program.paths[0].origin.rest
    net.load_rest(rest)
    with frozen_statistics(net):
        stateful = _changing_rest(net)
        for i, k in enumerate(program.path):
            tick()
            path, growth = program.paths[k], program.growth[i]
            if stateful:
                net.load_rest(rest)
            torch.add(path.origin.theta, path.d, alpha=growth, out=net.theta)
            losses[i] = _gradient(task, stream, start + i)
            for slot in slots.get(i, ()):
                captured[slot] = net.theta
            path.d.mul_(growth)
            norms[i] = torch.linalg.vector_norm(path.d)
            move(program.solver, path.solver, path.d, net.theta, net.grad, program.rho2[i])
    return losses, norms, captured


def cosine_to_first(task: Task, path: SearchPath) -> float:
    """Cosine between a path's displacement and its first direction, which is drawn again instead of being kept."""
    first = draw_direction(task.net, path.origin.theta, task.seed, path.stream, path.scale)
    return torch.nn.functional.cosine_similarity(path.d.double(), first.double(), dim=0).item()


def probe(task: Task, point: Point, stream: str, batches: int, tick: Tick) -> float:
    """Mean loss in training mode over the first batches of a data stream; the point does not move."""
    net = task.net
    net.load(point)
    losses = torch.empty(batches, device=task.device)
    with torch.no_grad(), frozen_statistics(net):
        for i in range(batches):
            tick()
            losses[i] = reduce(torch.add, _losses(task, stream, i))
    return losses.double().mean().item()


@contextmanager
def frozen_statistics(net: FlatNetwork) -> Iterator[None]:
    """Batch norm normalises by the batch, as in training, but leaves its running statistics alone."""
    tracked = [layer.track_running_stats for layer in net.norms]
    for layer in net.norms:
        layer.track_running_stats = False
    try:
        yield
    finally:
        for layer, was in zip(net.norms, tracked, strict=True):
            layer.track_running_stats = was


def _changing_rest(net: FlatNetwork) -> bool:
    """Whether training steps change buffers other than batch norm's (spectral norm's vectors, say)."""
    norm_buffers = {id(buffer) for layer in net.norms for buffer in layer.buffers()}
    return any(id(buffer) not in norm_buffers for buffer in net.module.buffers())


def _gradient(task: Task, stream: str, step: int) -> Tensor:
    """Leave the batch's gradient in ``net.grad`` and return its loss, both on the device."""
    task.net.grad.zero_()
    return reduce(torch.add, map(_backward, _losses(task, stream, step)))


def _backward(loss: Tensor) -> Tensor:
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def _losses(task: Task, stream: str, step: int) -> Iterator[Tensor]:
    """The losses of the batch's chunks, each times the chunk's part of the batch, so that they and their gradients add
    up to those of the batch. Dropout draws the step's masks chunk by chunk: others than for the whole batch."""
    inputs, targets = task.batches.batch(stream, step)
    seed_layers(task.seed, f"{stream}/step{step}", task.device)
    if task.chunks == 1:
        yield task.loss.train(task.net.module(inputs), targets)
        return
    for some, wanted in zip(inputs.tensor_split(task.chunks), targets.tensor_split(task.chunks), strict=True):
        yield task.loss.train(task.net.module(some), wanted) * (len(wanted) / len(targets))
