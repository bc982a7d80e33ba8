"""The step loops, where the worker spends nearly all of its time.

A program's schedules arrive as arrays, one entry a step. Nothing in a loop waits for the device, asks the client or
allocates a vector of parameters; losses and norms gather on the device and are read once, at the end. The host's part
of a step (the choice of batch and random streams) is done here; the rest is the step's (``step``), and its execution
the runner's (``runner``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from ..network.directions import draw_direction
from ..network.flat import FlatNetwork, Point
from ..network.solvers import numbers_of
from ..protocol import Solver
from ..steps.search_path import SearchPath
from ..steps.step import DescentStep, SearchStep
from ..streams import stream_seed
from ..task import Task

Tick = Callable[[], None]
"""Called before each batch of any kind: counts it for the beat, and raises when the request is cancelled."""


@dataclass(frozen=True)
class DescentProgram:
    """One entry a step: learning rate, and the deviation of the gradient's noise (no entries: none). ``capture`` lists
    the steps, from 0, whose parameters are requested. ``ema`` is the decay of the parameters' average; None: none."""

    lr: Sequence[float]
    solver: Solver
    noise: Sequence[float] = ()
    capture: Sequence[int] = ()
    ema: float | None = None


AfterStep = Callable[[int], None]
"""Called with the number of a step in its data stream when its update has been made."""


def descend(
    task: Task,
    point: Point,
    program: DescentProgram,
    stream: str,
    start: int,
    tick: Tick,
    after_step: AfterStep = lambda _step: None,
) -> tuple[Tensor, Tensor]:
    """Trains a point on steps ``start``, ``start + 1``, ... of the data stream. ``after_step`` may evaluate the loaded
    network.

    The point changes only when the program has ended: a cancelled program leaves it unchanged. A solver of the kind
    that moved the point last continues with its state, any other starts afresh; the average likewise.

    Returns:
        The loss of each step's batch before its update [steps], and the captured parameters, as they were before their
        steps' updates [captures, P]: float32 on the device.
    """
    net, runner = task.net, task.runner
    net.load(point)
    step = runner.descent(task.objective, point, program.solver, program.ema, noisy=bool(program.noise))
    runner.numbers.begin(_descent_numbers(program, 0 if step.state is None else step.state.steps))
    draw_noise = _noise(task, step, program, stream, start)
    captured, slots = _captures(task, program.capture)
    for i in range(len(program.lr)):
        tick()
        task.objective.prepare(stream, start + i)
        runner.numbers.turn_to(i)
        for slot in slots.get(i, ()):
            captured[slot] = net.theta
        draw_noise(i)
        runner.run(step)
        after_step(start + i)
    if step.state is not None:
        step.state.count(len(program.lr))
    net.store(point)
    runner.end_descent(step, point)
    return runner.numbers.measured("loss"), captured


def _descent_numbers(program: DescentProgram, before: int) -> list[dict[str, float]]:
    """Computes the numbers that each step reads; ``before`` is the number of earlier steps of the same solver."""
    steps = [numbers_of(program.solver, rate, before + i + 1, trains=True) for i, rate in enumerate(program.lr)]
    for numbers, noise in zip(steps, program.noise, strict=False):
        numbers["noise"] = noise
    return steps


def _noise(task: Task, step: DescentStep, program: DescentProgram, stream: str, start: int) -> Callable[[int], None]:
    """Returns a function that draws a step's noise, on the device, from the step's own stream. It runs outside the
    step, so that a captured step does not involve the generator."""
    noise = step.noise
    if noise is None:
        return lambda _step: None
    draws = torch.Generator(task.device)

    def draw(i: int) -> None:
        if program.noise[i]:
            draws.manual_seed(stream_seed(task.seed, f"{stream}/noise/step{start + i}"))
            noise.normal_(generator=draws)

    return draw


def _captures(task: Task, capture: Sequence[int]) -> tuple[Tensor, dict[int, list[int]]]:
    """Allocates the captured parameters [captures, P], and maps each step to its rows of them."""
    slots: dict[int, list[int]] = {}
    for slot, step in enumerate(capture):
        slots.setdefault(step, []).append(slot)
    return torch.empty(len(capture), task.net.parameters, device=task.device), slots


@dataclass(frozen=True)
class SearchProgram:
    """One entry a step: the path that moves (an index into ``paths``), its growth factor, and its calibration."""

    paths: Sequence[SearchPath]
    path: Sequence[int]
    growth: Sequence[float]
    rho2: Sequence[float]
    solver: Solver
    capture: Sequence[int] = ()


def search(task: Task, program: SearchProgram, stream: str, start: int, tick: Tick) -> tuple[Tensor, Tensor, Tensor]:
    """Runs search steps, each on its path of the program (``SearchStep``).

    The network runs in training mode on training batches, but its running statistics stay those of the paths' origin.
    Paths move step by step: a cancelled program leaves them where they are.

    Returns:
        Loss [steps], length of the displacement where it was measured [steps], and the captured parameters
        [captures, P], all float32 on the device.
    """
    net, runner = task.net, task.runner
    captured, slots = _captures(task, program.capture)
    steps = {k: runner.search(task.objective, program.paths[k], program.solver) for k in set(program.path)}
    runner.numbers.begin(_search_numbers(program, steps))
    rest = program.paths[0].origin.rest
    net.load_rest(rest)
    with frozen_statistics(net):
        stateful = _changing_rest(net)
        for i, k in enumerate(program.path):
            tick()
            if stateful:
                net.load_rest(rest)
            task.objective.prepare(stream, start + i)
            runner.numbers.turn_to(i)
            runner.run(steps[k])
            for slot in slots.get(i, ()):
                captured[slot] = net.theta  # the point of the measurement: the step moves d, not theta
            if (state := steps[k].state) is not None:
                state.count(1)
    return runner.numbers.measured("loss"), runner.numbers.measured("norm"), captured


def _search_numbers(program: SearchProgram, steps: Mapping[int, SearchStep]) -> list[dict[str, float]]:
    """Computes the numbers that each step reads; the solver of each path counts its own steps."""
    made = {k: 0 if step.state is None else step.state.steps for k, step in steps.items()}
    numbers = []
    for k, growth, rho2 in zip(program.path, program.growth, program.rho2, strict=True):
        made[k] += 1
        numbers.append({**numbers_of(program.solver, rho2, made[k], trains=False), "growth": growth})
    return numbers


def cosine_to_first(task: Task, path: SearchPath) -> float:
    """Computes the cosine between a path's displacement and its first direction, which is drawn again instead of being
    kept."""
    first = draw_direction(task.net, path.origin.theta, task.seed, path.stream, path.scale)
    return torch.nn.functional.cosine_similarity(path.d.double(), first.double(), dim=0).item()


def probe(task: Task, point: Point, stream: str, batches: int, tick: Tick) -> tuple[float, float]:
    """Computes mean and standard deviation of the losses in training mode of the first batches of a data stream; the
    point does not move."""
    net = task.net
    net.load(point)
    losses = torch.empty(batches, device=task.device)
    with torch.no_grad(), frozen_statistics(net):
        for i in range(batches):
            tick()
            task.objective.prepare(stream, i)
            losses[i] = task.objective.value()
    exact = losses.double()
    return exact.mean().item(), exact.std().item() if batches > 1 else 0.0


@contextmanager
def frozen_statistics(net: FlatNetwork) -> Iterator[None]:
    """Keeps batch norm's running statistics unchanged, while it normalises by the batch as in training."""
    tracked = [layer.track_running_stats for layer in net.norms]
    for layer in net.norms:
        layer.track_running_stats = False
    try:
        yield
    finally:
        for layer, was in zip(net.norms, tracked, strict=True):
            layer.track_running_stats = was


def _changing_rest(net: FlatNetwork) -> bool:
    """Reports whether training steps change buffers other than batch norm's (spectral norm's vectors, for example)."""
    norm_buffers = {id(buffer) for layer in net.norms for buffer in layer.buffers()}
    return any(id(buffer) not in norm_buffers for buffer in net.module.buffers())
