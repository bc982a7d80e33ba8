"""Measurements that do not move points: loss and outputs, batch-norm statistics, distances, segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from ..data import Split
from ..errors import ConfigFaultError
from ..network.flat import FlatNetwork, Point
from ..steps.placing import brought
from ..streams import generator
from ..task import Task
from .evaluation_batch import batch_size, gradless
from .programs import Tick


@dataclass(frozen=True)
class Evaluation:
    """Mean loss, error in percent (None where a number is predicted), and outputs on the device (None unless asked
    for): softmax outputs [samples, classes], or predicted numbers [samples, 1]."""

    loss: float
    error_pct: float | None
    outputs: Tensor | None


def evaluate(task: Task, point: Point, split: str, tick: Tick, *, with_outputs: bool) -> Evaluation:
    """Evaluates a point on a split with the point's own buffers."""
    task.net.load(point)
    return evaluate_loaded(task, task.splits[split], split, tick, with_outputs=with_outputs)


def reestimate(task: Task, point: Point, stream: str, tick: Tick) -> None:
    """Replaces a point's batch-norm statistics by the cumulative average over one epoch of the named data stream.

    The point changes only when the epoch has ended: a cancelled one leaves it unchanged.
    """
    if task.net.norms:
        task.net.load(point)
        _reestimate_loaded(task, stream, tick)
        task.net.store(point)


def distances(points: Sequence[Point]) -> Tensor:
    """Computes Euclidean distances between parameter vectors, [points, points] float64."""
    result = torch.zeros(len(points), len(points), dtype=torch.float64)
    for i, a in enumerate(points):
        for j, b in enumerate(points[:i]):
            result[i, j] = result[j, i] = torch.linalg.vector_norm(a.theta - b.theta, dtype=torch.float64).cpu()
    return result


def segment(
    task: Task, source: Point, target: Point, positions: Sequence[float], stream: str, tick: Tick, *, every: int = 1
) -> list[float]:
    """Computes the mean training loss in evaluation mode at positions of the straight segment, statistics re-estimated
    at each: on one in ``every`` samples, with statistics of the first batches of the epoch, as many in proportion."""
    losses = []
    train = task.splits["train"]
    drawn = drawn_part(len(train), every)
    part = train if every == 1 else Split(train.inputs[drawn], train.targets[drawn])
    for position in positions:
        task.net.load(source)
        torch.lerp(source.theta, target.theta, position, out=task.net.theta)
        if task.net.norms:
            _reestimate_loaded(task, stream, tick, every)
        losses.append(evaluate_loaded(task, part, "train", tick, with_outputs=False).loss)
    return losses


def drawn_part(samples: int, every: int) -> Tensor:
    """Draws one in ``every`` samples, the same ones for every network and run, in order. They are drawn, not counted
    off, because the classes of a data set may take turns."""
    part = torch.randperm(samples, generator=generator(0, "segment"))[: -(-samples // every)]
    return part.sort().values


def evaluate_loaded(task: Task, split: Split, name: str, tick: Tick, *, with_outputs: bool) -> Evaluation:
    """Evaluates the network as it is loaded on a split, whose ``name`` is for messages."""
    inputs, targets = split.inputs, split.targets
    samples = len(targets)
    if not samples:
        raise ConfigFaultError(
            f"the {name} split is empty, there is nothing to evaluate on: give it samples in dataset.args, or choose "
            "another split"
        )
    # [2]: sums of losses and errors, which stay on the device until the last batch
    sums = torch.zeros(2, dtype=torch.float64, device=task.device)
    outputs: list[Tensor] = []
    with gradless(task.net.module), evaluating(task.net):
        size = batch_size(task)
        for first in range(0, samples, size):
            tick()
            true = targets[first : first + size]
            batch = task.batches.normalised(brought(inputs[first : first + size], task.device))
            answer = task.execution.forward.evaluated(batch)
            sums[0] += task.loss.each(answer, true).double().sum()
            if task.loss.wrong is not None:
                sums[1] += task.loss.wrong(answer, true).sum()
            if with_outputs:
                outputs.append(task.loss.predict(answer))
    loss, error_pct = (sums * torch.tensor([1.0, 100.0]).to(sums) / samples).tolist()
    return Evaluation(loss, error_pct if task.loss.wrong else None, torch.cat(outputs) if outputs else None)


def _reestimate_loaded(task: Task, stream: str, tick: Tick, every: int = 1) -> None:
    with torch.no_grad(), evaluating(task.net), _averaging(task.net):
        for step in range(max(1, task.batches.per_epoch // every)):
            tick()
            inputs, _ = task.batches.batch(stream, step)
            task.execution.forward.evaluated(inputs)


@contextmanager
def _averaging(net: FlatNetwork) -> Iterator[None]:
    """Puts norm layers alone in training mode (dropout stays off, as in the later evaluation), averaging afresh."""
    momentum = [layer.momentum for layer in net.norms]
    for layer in net.norms:
        layer.train()
        layer.reset_running_stats()
        layer.momentum = None  # PyTorch's setting for a cumulative average
    try:
        yield
    finally:
        for layer, was in zip(net.norms, momentum, strict=True):
            layer.momentum = was


@contextmanager
def evaluating(net: FlatNetwork) -> Iterator[None]:
    """Sets evaluation mode inside, training mode after."""
    net.module.eval()
    try:
        yield
    finally:
        net.module.train()
