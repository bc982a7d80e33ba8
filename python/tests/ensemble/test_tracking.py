"""``python -m dsptt track``: a run in TensorBoard's files, read back by TensorBoard's own reader."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dsptt import ConfigFaultError, DataFaultError
from dsptt.tracking import track
from dsptt_worker.errors import ProtocolFaultError

BEGIN = {"name": "first", "parameters": {"seed": "0", "dspTt.tiers": "[5]"}, "run": "1", "resumed": False}
LOSS = {"series": "tier1-1", "tag": "search/loss", "steps": [0, 3, 7], "values": [0.5, None, 0.25]}
OTHER = {"series": "tier1-2", "tag": "search/loss", "steps": [1, 2], "values": [0.75, 1.0]}
TABLE = {"text": "ensembles", "markdown": "| name | loss |\n| --- | --- |\n| tier-0-1 | 0.1 |"}
END = {"end": "finished"}


def told(place: Path, *lines: dict[str, object]) -> int:
    return track("tensorboard", str(place), io.StringIO("".join(f"{json.dumps(line)}\n" for line in lines)))


def read(folder: Path) -> EventAccumulator:
    return EventAccumulator(str(folder), {"scalars": 0, "tensors": 0}).Reload()


def curve(folder: Path, tag: str) -> list[tuple[int, float]]:
    return [(event.step, event.value) for event in read(folder).Scalars(tag)]


def text(folder: Path, name: str) -> str:
    [event] = read(folder).Tensors(f"{name}/text_summary")
    return str(event.tensor_proto.string_val[0].decode())


def test_every_series_has_curves_of_its_own(tmp_path: Path) -> None:
    assert told(tmp_path, BEGIN, LOSS, OTHER, TABLE, END) == 5
    first, diverged, last = curve(tmp_path / "first" / "tier1-1", "search/loss")
    assert (first, last) == ((0, 0.5), (7, 0.25))
    assert diverged[0] == 3
    assert diverged[1] != diverged[1]  # NaN: no value is invented
    assert curve(tmp_path / "first" / "tier1-2", "search/loss") == [(1, 0.75), (2, 1.0)]


def test_settings_tables_and_how_it_ended_stand_beside_the_curves(tmp_path: Path) -> None:
    told(tmp_path, BEGIN, TABLE, END)
    run = tmp_path / "first"
    assert "| dspTt.tiers | [5] |" in text(run, "parameters")
    assert "tier-0-1" in text(run, "ensembles")
    assert text(run, "state") == "finished"


def test_a_run_that_nobody_speaks_of_any_more_has_not_finished(tmp_path: Path) -> None:
    told(tmp_path, BEGIN, LOSS)
    assert text(tmp_path / "first", "state") == "did not finish"
    assert len(curve(tmp_path / "first" / "tier1-1", "search/loss")) == 3


def test_a_run_that_is_sent_again_is_shown_once(tmp_path: Path) -> None:
    told(tmp_path, BEGIN, OTHER)
    told(tmp_path, BEGIN, OTHER, END)
    assert curve(tmp_path / "first" / "tier1-2", "search/loss") == [(1, 0.75), (2, 1.0)]


def test_a_resumed_run_is_sent_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    begun = {**OTHER, "steps": [1], "values": [0.75]}
    told(tmp_path, BEGIN, begun)
    assert told(tmp_path, {**BEGIN, "resumed": True}, OTHER, LOSS, TABLE, END) == 1 + 3
    folder = tmp_path / "first" / "tier1-2"
    every = EventAccumulator(str(folder), {"scalars": 0}, purge_orphaned_data=False).Reload()
    assert [(event.step, event.value) for event in every.Scalars("search/loss")] == [(1, 0.75), (2, 1.0)]
    assert len(curve(tmp_path / "first" / "tier1-1", "search/loss")) == 3
    states = read(tmp_path / "first").Tensors("state/text_summary")
    assert [(event.step, event.tensor_proto.string_val[0]) for event in states] == [
        (0, b"did not finish"),
        (1, b"finished"),
    ]


def test_a_resumed_run_that_was_never_told_is_sent_whole(tmp_path: Path) -> None:
    assert told(tmp_path, {**BEGIN, "resumed": True}, OTHER, OTHER, END) == 4


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFaultError, match=r"cannot write .*file/first"):
        told(tmp_path / "file", BEGIN, END)


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ConfigFaultError, match=r"-m pip install tensorboard \(or install dsptt-worker\[tensorb"):
        told(tmp_path, BEGIN, END)


@pytest.mark.parametrize(
    "line", [{**LOSS, "steps": [0]}, {"artifact": 3}, {"text": "x", "markdown": 1}, {**LOSS, "values": ["a", 1, 2]}]
)
def test_lines_of_another_kind_are_refused(tmp_path: Path, line: dict[str, object]) -> None:
    with pytest.raises((DataFaultError, ProtocolFaultError), match="a line of the run"):
        told(tmp_path, BEGIN, line, END)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolFaultError, match="no line of JSON: 'x'"):
        track("tensorboard", str(tmp_path), ["x"])
