"""Evaluations of the validation split while a network is trained."""

from __future__ import annotations

from ..protocol import ValidationPoint
from ..task import Task
from .evaluation import evaluate_loaded
from .programs import Tick


class ValidationPoints:
    """Evaluates the loaded network after every ``every``-th step of a data stream; never without ``every``.

    An evaluation changes neither parameters nor statistics, and each step seeds its own draws, so that a training with
    points makes the same steps as one without.
    """

    def __init__(self, task: Task, every: int | None, tick: Tick) -> None:
        self.measured: list[ValidationPoint] = []
        self._task = task
        self._every = every
        self._tick = tick

    def is_due(self, step: int) -> bool:
        """Reports whether the network is to be evaluated after a step of the stream, counted from 0."""
        return self._every is not None and (step + 1) % self._every == 0

    def after(self, step: int) -> None:
        """Evaluates the loaded network if it is due after that step."""
        if self.is_due(step):
            split = self._task.splits["validation"]
            result = evaluate_loaded(self._task, split, "validation", self._tick, with_outputs=False)
            self.measured.append(ValidationPoint(result.loss, result.error_pct))
