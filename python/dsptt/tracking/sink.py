"""What a tracker must be able to take, and which there are."""

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
        """The steps that the tracker has of a curve already, where it goes on with a run; else none."""

    def scalars(self, series: str | None, tag: str, steps: list[int], values: list[float]) -> None:
        """Values at steps of a series; NaN where a network diverged."""

    def text(self, name: str, markdown: str) -> None:
        """A table or a few words."""

    def artifact(self, path: Path, folder: str | None) -> None:
        """A file of the run."""

    def end(self, *, finished: bool) -> None:
        """Nothing more comes; whatever is on its way is sent."""


SINKS: dict[str, Callable[[str, Beginning], Sink]] = {"tensorboard": TensorBoardSink, "mlflow": MlflowSink}


def sink_for(kind: str, place: str, beginning: Beginning) -> Sink:
    """The tracker of a kind at a place (a directory, an address), with a run begun, or gone on with.

    Raises:
        ConfigFaultError: an unknown kind, or a package that is missing.
        DataFaultError: it cannot be reached or written.
    """
    if kind not in SINKS:
        raise ConfigFaultError(f"unknown tracker {kind!r}; known: {', '.join(SINKS)}")
    return SINKS[kind](place, beginning)
