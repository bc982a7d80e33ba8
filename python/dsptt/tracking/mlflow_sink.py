"""Runs of an MLflow server: one for the run, and one for each network nested in it."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dsptt_worker.errors import DataFaultError

from ..extras import needed
from .beginning import Beginning

EXPERIMENT = "dsptt"
RUN_TAG = "dsptt.run"
"""Tag by which a resumed run is found again."""
BATCH = 1000
"""Largest number of metrics that MLflow accepts in one request; parameters: 100."""
PARAMETERS = 100
EVERY_S = 2.0
"""Interval between requests, in seconds: one request for each number would take longer than the steps measured."""
LONGEST = 500
"""Number of characters of a parameter that every version of MLflow accepts."""

SETTINGS = {
    # A missing answer is reported within a minute, instead of after MLflow's own quarter of an hour.
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


class MlflowSink:
    """Sends a run to the experiment ``$MLFLOW_EXPERIMENT_NAME``, or ``dsptt``."""

    def __init__(self, place: str, beginning: Beginning) -> None:
        """Begins a run, or resumes the latest one with the same id if it has not finished.

        Raises:
            ConfigFaultError: mlflow is not installed.
            DataFaultError: the server does not answer, or refuses.
        """
        for key, value in SETTINGS.items():
            os.environ.setdefault(key, value)
        mlflow = needed("mlflow", "mlflow")
        self._entities: Any = needed("mlflow", "mlflow.entities")
        self._place = place
        with self._reached():
            self._client = mlflow.MlflowClient(tracking_uri=place)
            self._experiment = self._experiment_id()
            self._runs: dict[str | None, str] = self._earlier(beginning.id) if beginning.resumed else {}
            self._earlier_runs = frozenset(self._runs.values())
            if not self._runs:
                self._runs[None] = self._begin(beginning.name, {RUN_TAG: beginning.id})
        self._waiting: dict[str | None, list[Any]] = {}
        self._sent = time.monotonic()
        if not self._earlier_runs:
            self._send_parameters(beginning.parameters)

    def told(self, series: str | None, tag: str) -> set[int]:
        """Returns the steps that the server has of a resumed run's curve."""
        run = self._runs.get(series)
        if run is None or run not in self._earlier_runs:
            return set()
        with self._reached():
            return {metric.step for metric in self._client.get_metric_history(run, tag)}

    def scalars(self, series: str | None, tag: str, steps: list[int], values: list[float]) -> None:
        """Sends metrics by step; values that are not finite are left out."""
        now = int(1000 * time.time())
        metrics = self._waiting.setdefault(series, [])
        for step, value in zip(steps, values, strict=True):
            if math.isfinite(value):
                metrics.append(self._entities.Metric(tag, value, now, step))
        if time.monotonic() - self._sent > EVERY_S:
            self._send_waiting()

    def text(self, name: str, markdown: str) -> None:
        """Stores a text as a file of the run."""
        with self._reached():
            self._client.log_text(self._runs[None], markdown, f"{name}.md")

    def artifact(self, path: Path, folder: str | None) -> None:
        """Stores a file of the run."""
        with self._reached():
            self._client.log_artifact(self._runs[None], str(path), folder)

    def end(self, *, finished: bool) -> None:
        """Sends the waiting metrics, and closes all runs, the nested ones first."""
        self._send_waiting()
        with self._reached():
            for run in reversed(list(self._runs.values())):
                self._client.set_terminated(run, "FINISHED" if finished else "KILLED")

    def _send_waiting(self) -> None:
        for series, metrics in self._waiting.items():
            for first in range(0, len(metrics), BATCH):
                self._send(series, metrics[first : first + BATCH])
            metrics.clear()
        self._sent = time.monotonic()

    def _send(self, series: str | None, metrics: list[Any]) -> None:
        with self._reached():
            if series not in self._runs:
                self._runs[series] = self._begin(str(series), {"mlflow.parentRunId": self._runs[None]})
            self._client.log_batch(self._runs[series], metrics=metrics)

    def _send_parameters(self, parameters: dict[str, str]) -> None:
        every = [self._entities.Param(key, value[:LONGEST]) for key, value in parameters.items()]
        with self._reached():
            for first in range(0, len(every), PARAMETERS):
                self._client.log_batch(self._runs[None], params=every[first : first + PARAMETERS])

    def _experiment_id(self) -> str:
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME", EXPERIMENT)
        found = self._client.get_experiment_by_name(name)
        return str(self._client.create_experiment(name) if found is None else found.experiment_id)

    def _earlier(self, run_id: str) -> dict[str | None, str]:
        """Reopens the run and its nested ones; empty if the server knows no such run that has not finished."""
        newest = self._client.search_runs([self._experiment], f"tags.`{RUN_TAG}` = '{run_id}'", max_results=1)
        if not newest or newest[0].info.status == "FINISHED":
            return {}
        run = newest[0].info.run_id
        nested = self._client.search_runs([self._experiment], f"tags.`mlflow.parentRunId` = '{run}'")
        runs = {None: run, **{inner.info.run_name: inner.info.run_id for inner in nested}}
        for earlier in runs.values():
            self._client.update_run(earlier, "RUNNING")
        return runs

    def _begin(self, name: str, tags: dict[str, str]) -> str:
        run = self._client.create_run(self._experiment, run_name=name, tags={"mlflow.source.name": "dsptt", **tags})
        return str(run.info.run_id)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # MLflow's own, requests', urllib3's
            raise DataFaultError(f"MLflow at {self._place} cannot be reached, or refuses: {_said(error)}") from error


def _said(error: BaseException) -> str:
    """Returns the first line of an error: MLflow's fill pages."""
    return str(error).strip().split("\n", 1)[0][:LONGEST] or type(error).__name__
