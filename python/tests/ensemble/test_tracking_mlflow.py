"""``python -m dsptt track``: a run on a real MLflow server on this machine, read back by MLflow's own client."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient
from test_tracking import BEGIN, END, LOSS, OTHER, TABLE

from dsptt import DataFaultError
from dsptt.tracking import track


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Starts an MLflow server; yields its address."""
    folder = tmp_path_factory.mktemp("mlflow")
    program = [sys.executable, str(Path(__file__).parents[1] / "mlflow_server.py")]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            program, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        yield process.stdout.readline().strip()  # leaving closes its standard input, which ends it


def told(address: str, *lines: dict[str, object]) -> int:
    return track("mlflow", address, io.StringIO("".join(f"{json.dumps(line)}\n" for line in lines)))


def test_a_run_has_its_networks_nested_in_it_with_curves_settings_and_files(server: str, tmp_path: Path) -> None:
    (tmp_path / "search-tier1.csv").write_text("iteration,loss\n0,0.5\n")
    files = {"artifact": str(tmp_path / "search-tier1.csv"), "folder": "traces"}
    final = {"series": None, "tag": "tier-0-1/testLoss", "steps": [0], "values": [0.125]}
    assert told(server, BEGIN, LOSS, OTHER, final, TABLE, files, END) == 6
    client = MlflowClient(tracking_uri=server)
    experiment = client.get_experiment_by_name("dsptt")
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    parent = runs["first"]
    assert (parent.info.status, parent.data.params) == ("FINISHED", BEGIN["parameters"])
    assert parent.data.metrics == {"tier-0-1/testLoss": 0.125}
    nested = runs["tier1-1"]
    assert nested.data.tags["mlflow.parentRunId"] == parent.info.run_id
    history = client.get_metric_history(nested.info.run_id, "search/loss")
    assert [(metric.step, metric.value) for metric in history] == [(0, 0.5), (7, 0.25)]  # MLflow cannot store NaN
    assert [file.path for file in client.list_artifacts(parent.info.run_id)] == ["ensembles.md", "traces"]
    assert [file.path for file in client.list_artifacts(parent.info.run_id, "traces")] == ["traces/search-tier1.csv"]


def test_a_run_that_nobody_speaks_of_any_more_was_killed(server: str) -> None:
    told(server, {**BEGIN, "name": "cut short"}, OTHER)
    client = MlflowClient(tracking_uri=server)
    experiment = client.get_experiment_by_name("dsptt")
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id], "tags.`mlflow.runName` = 'cut short'")
    assert run.info.status == "KILLED"


def test_a_resumed_run_goes_on_in_the_same_place_and_nothing_is_sent_twice(server: str) -> None:
    begin = {**BEGIN, "name": "interrupted", "run": "4ad3"}
    told(server, begin, {**OTHER, "steps": [1], "values": [0.75]})
    resumed = {**begin, "resumed": True, "parameters": {"seed": "0", "dataset.dir": "moved"}}
    assert told(server, resumed, OTHER, LOSS, END) == 1 + 3
    assert told(server, {**begin, "run": "other", "resumed": True}, OTHER) == 2
    client = MlflowClient(tracking_uri=server)
    experiment = client.get_experiment_by_name("dsptt")
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id], "tags.`dsptt.run` = '4ad3'")
    assert run.info.status == "FINISHED"
    nested = client.search_runs([experiment.experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'")
    assert {(inner.info.run_name, inner.info.status) for inner in nested} == {
        ("tier1-1", "FINISHED"),
        ("tier1-2", "FINISHED"),
    }
    [other] = [inner.info.run_id for inner in nested if inner.info.run_name == "tier1-2"]
    assert [metric.step for metric in client.get_metric_history(other, "search/loss")] == [1, 2]


def test_a_server_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(DataFaultError, match=f"MLflow at {address} cannot be reached, or refuses: .*refused"):
        told(address, BEGIN, END)
