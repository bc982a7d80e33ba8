"""Event files of TensorBoard: one folder for each series, so that their curves lie in one chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dsptt_worker.errors import DataFaultError

from ..extras import needed

FLUSH_S = 5


class TensorBoardSink:
    """Writes ``PLACE/NAME`` (the run's texts and numbers) and ``PLACE/NAME/SERIES``. Where there is such a run already,
    its earlier curves are taken back: what is sent again is shown once."""

    def __init__(self, place: str, name: str, parameters: dict[str, str]) -> None:
        """Begin a run.

        Raises:
            ConfigFaultError: tensorboard is not installed.
            DataFaultError: the folder cannot be written.
        """
        needed("tensorboard", "tensorboard")
        self._writer_of = needed("tensorboard", "torch.utils.tensorboard").SummaryWriter
        self._folder = Path(place) / name
        self._writers: dict[str | None, Any] = {}
        rows = [f"| {key} | {_cell(value)} |" for key, value in parameters.items()]
        self.text("parameters", "\n".join(["| parameter | value |", "|---|---|", *rows]))

    def scalars(self, series: str | None, tag: str, steps: list[int], values: list[float]) -> None:
        """Curves by step."""
        writer = self._writer(series)
        for step, value in zip(steps, values, strict=True):
            writer.add_scalar(tag, value, step)

    def text(self, name: str, markdown: str) -> None:
        """A text beside the curves."""
        self._writer(None).add_text(name, markdown, 0)

    def artifact(self, path: Path, folder: str | None) -> None:
        """TensorBoard keeps no files: they lie in the run directory."""

    def end(self, *, finished: bool) -> None:
        """Write out what there is."""
        self.text("state", "finished" if finished else "did not finish")
        for writer in self._writers.values():
            writer.close()

    def _writer(self, series: str | None) -> Any:
        if series not in self._writers:
            folder = self._folder if series is None else self._folder / series
            try:
                self._writers[series] = self._writer_of(str(folder), purge_step=0, flush_secs=FLUSH_S)
            except OSError as error:
                raise DataFaultError(f"cannot write {folder}: {error.strerror}") from error
        return self._writers[series]


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
