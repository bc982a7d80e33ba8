"""TensorBoard's event files: one folder for each series, so that their curves lie in one chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dsptt_worker.errors import DataFaultError

from ..extras import needed
from .beginning import Beginning

FLUSH_S = 5
READER = "tensorboard.backend.event_processing.event_accumulator"


class TensorBoardSink:
    """Writes ``PLACE/NAME`` (the run's texts and numbers) and ``PLACE/NAME/SERIES``. If such a run exists already, its
    earlier curves are purged, so that values sent again are shown once; those of a resumed run stay and grow."""

    def __init__(self, place: str, beginning: Beginning) -> None:
        """Begins a run.

        Raises:
            ConfigFaultError: tensorboard is not installed.
            DataFaultError: the folder cannot be written.
        """
        needed("tensorboard", "tensorboard")
        self._writer_of = needed("tensorboard", "torch.utils.tensorboard").SummaryWriter
        self._accumulator = needed("tensorboard", READER).EventAccumulator
        self._folder = Path(place) / beginning.name
        self._resumed = beginning.resumed
        self._writers: dict[str | None, Any] = {}
        self._earlier: dict[str, Any] = {}
        states = "state/text_summary"
        events = self._events(".")
        self._times_told = len(events.Tensors(states)) if events and states in events.Tags()["tensors"] else 0
        rows = [f"| {key} | {_cell(value)} |" for key, value in beginning.parameters.items()]
        self.text("parameters", "\n".join(["| parameter | value |", "|---|---|", *rows]))

    def told(self, series: str | None, tag: str) -> set[int]:
        """Returns the steps that its event files have."""
        events = self._events(series or ".")
        return {event.step for event in events.Scalars(tag)} if events and tag in events.Tags()["scalars"] else set()

    def scalars(self, series: str | None, tag: str, steps: list[int], values: list[float]) -> None:
        """Writes curves by step."""
        writer = self._writer(series)
        for step, value in zip(steps, values, strict=True):
            writer.add_scalar(tag, value, step)

    def text(self, name: str, markdown: str) -> None:
        """Writes a text beside the curves. TensorBoard shows a resumed run's last one, and earlier ones on demand."""
        self._writer(None).add_text(name, markdown, self._times_told)

    def artifact(self, path: Path, folder: str | None) -> None:
        """Does nothing: TensorBoard keeps no files; they lie in the run directory."""

    def end(self, *, finished: bool) -> None:
        """Writes the final state and closes the event files."""
        self.text("state", "finished" if finished else "did not finish")
        for writer in self._writers.values():
            writer.close()

    def _events(self, folder: str) -> Any:
        """Returns a folder's events from before the run was resumed; None if there are none."""
        path = self._folder / folder
        if not self._resumed or not path.is_dir():
            return None
        if folder not in self._earlier:
            self._earlier[folder] = self._accumulator(str(path), {"scalars": 0, "tensors": 0}).Reload()
        return self._earlier[folder]

    def _writer(self, series: str | None) -> Any:
        if series not in self._writers:
            folder = self._folder if series is None else self._folder / series
            purge = None if self._resumed else 0
            try:
                self._writers[series] = self._writer_of(str(folder), purge_step=purge, flush_secs=FLUSH_S)
            except OSError as error:
                raise DataFaultError(f"cannot write {folder}: {error.strerror}") from error
        return self._writers[series]


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
