"""The step loops: what the worker does nearly all of its time.

A program's schedules arrive as arrays, one entry a step. Nothing in a loop waits for the device, asks the client or
allocates a vector of parameters; losses and norms gather on the device and are read once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from .directions import draw_direction
from .flat import FlatNetwork, Point
from .streams import seed_layers
from .task import SearchPath, Task

Tick = Callable[[], None]
"""Called before every step: counts it for the beat, and raises when the client has cancelled the program."""


@dataclass(frozen=True)
class Sgd:
    """Stochastic gradient descent as ``torch.optim.SGD`` defines it (dampening 0)."""

    momentum: float
    nesterov: bool
    weight_decay: float


def descend(task: Task, point: Point, stream: str, start: int, lr: Sequence[float], sgd: Sgd, tick: Tick) -> Tensor:
    """Train a point for ``len(lr)`` steps on steps ``start``, ``start + 1``, ... of the data stream.

    The point changes when the program has ended, not before: a cancelled program leaves it as it was.

    Returns:
        The loss of each step's batch before its update, [steps] float32 on the device.
    """
    net = task.net
    net.load(point)
    if point.momentum is None:
        net.momentum.zero_()
    else:
        net.momentum.copy_(point.momentum)
    losses = torch.empty(len(lr), device=task.device)
    for i, rate in enumerate(lr):
        tick()
        losses[i] = _gradient(task, stream, start + i)
        if sgd.weight_decay:
            net.grad.add_(net.theta, alpha=sgd.weight_decay)
        net.momentum.mul_(sgd.momentum).add_(net.grad)
        step = net.grad.add_(net.momentum, alpha=sgd.momentum) if sgd.nesterov else net.momentum
        net.theta.add_(step, alpha=-rate)
    net.store(point)
    point.momentum = net.momentum.clone()
    return losses


@dataclass(frozen=True)
class SearchProgram:
    """One entry a step: which path moves (an index into ``paths``), by what factor it grows, its calibration."""

    paths: Sequence[SearchPath]
    path: Sequence[int]
    growth: Sequence[float]
    rho2: Sequence[float]
    capture: Sequence[int]


def search(task: Task, program: SearchProgram, stream: str, start: int, tick: Tick) -> tuple[Tensor, Tensor, Tensor]:
    """Run search steps, each ``d = growth * d - rho2 * gradient(origin + growth * d)`` on the path picked for it.

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
    captured = torch.empty(len(program.capture), net.parameters, device=task.device)
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
            for slot, step in enumerate(program.capture):
                if step == i:
                    captured[slot] = net.theta
            path.d.mul_(growth)
            norms[i] = torch.linalg.vector_norm(path.d)
            path.d.add_(net.grad, alpha=-program.rho2[i])
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
            losses[i] = _forward(task, stream, i)
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
    loss = _forward(task, stream, step)
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.detach()


def _forward(task: Task, stream: str, step: int) -> Tensor:
    inputs, targets = task.batches.batch(stream, step)
    seed_layers(task.seed, f"{stream}/step{step}", task.device)
    return task.loss.train(task.net.module(inputs), targets)
