"""Interface of a tracker, and the list of trackers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from dsptt_worker.errors import ConfigFaultError

from .beginning import Beginning
from .mlflow_sink import MlflowSink
from .tensorboard_sink import TensorBoardSink


class Sink(Protocol):
    """One run in a tracker. A *series* is a network of the run, or None for the run as a whole."""

    def told(self, series: str | None, tag: str) -> set[int]:
        """Returns the steps that the tracker already has of a resumed run's curve; empty for a new run."""

    def scalars(self, series: str | None, tag: str, steps: list[int], values: list[float]) -> None:
        """Sends values at steps of a series; NaN for a network that diverged."""

    def text(self, name: str, markdown: str) -> None:
        """Sends a table or a short text."""

    def artifact(self, path: Path, folder: str | None) -> None:
        """Sends a file of the run."""

    def end(self, *, finished: bool) -> None:
        """Ends the run; everything that is waiting is sent."""


SINKS: dict[str, Callable[[str, Beginning], Sink]] = {"tensorboard": TensorBoardSink, "mlflow": MlflowSink}


def sink_for(kind: str, place: str, beginning: Beginning) -> Sink:
    """Creates the tracker of a kind at a place (a directory, an address), with a run begun or resumed.

    Raises:
        ConfigFaultError: an unknown kind, or a package that is missing.
        DataFaultError: it cannot be reached or written.
    """
    if kind not in SINKS:
        raise ConfigFaultError(f"unknown tracker {kind!r}; known: {', '.join(SINKS)}")
    return SINKS[kind](place, beginning)
