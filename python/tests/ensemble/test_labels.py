"""Ensembles of networks that give a probability to each label."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import onnxruntime
import pytest
import torch
from finished_run import FinishedRun, close, finished_run
from hypothesis import given
from hypothesis import strategies as st
from label_table import LABELS, label_table

from dsptt import load_ensemble
from dsptt.__main__ import main
from dsptt.combining import at_temperature, combine, decisions


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A finished run on a table of labels."""
    folder = tmp_path_factory.mktemp("labelled")
    table, arguments = label_table(folder)
    return finished_run(folder / "run", "csv", table=table, **{key: arguments[key] for key in ("labels",)})


def test_an_ensemble_answers_the_mean_probability_of_each_label(labelled: FinishedRun) -> None:
    model = load_ensemble(labelled.path)
    assert (model.kind, model.classes) == ("labels", LABELS)
    expected = torch.stack(list(labelled.outputs.values()))
    assert close(model.each(labelled.raw), expected)
    assert close(model(labelled.raw), expected.mean(0))
    assert close(load_ensemble(labelled.path, member="tier0")(labelled.raw), expected[0])
    weighted = load_ensemble(labelled.path, ensemble="weighted")(labelled.raw)
    assert close(weighted, 0.75 * expected[0] + 0.25 * expected[1])


def test_a_vote_is_one_on_each_label_and_the_mean_breaks_ties(labelled: FinishedRun) -> None:
    answers = torch.stack(list(labelled.outputs.values()))
    votes, mean = (answers > 0.5).sum(0), answers.mean(0)
    expected = torch.where(votes == 1, mean > 0.5, votes == 2)
    assert torch.equal(load_ensemble(labelled.path, ensemble="vote")(labelled.raw) > 0.5, expected)


def test_calibrated_probabilities_are_those_of_the_logits_over_the_temperature(labelled: FinishedRun) -> None:
    mean = torch.stack(list(labelled.outputs.values())).mean(0)
    calibrated = load_ensemble(labelled.path, calibrated=True)(labelled.raw)
    torch.testing.assert_close(calibrated, torch.sigmoid(torch.logit(mean.double()) / 1.7).float(), rtol=0, atol=1e-5)


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=6), st.floats(0.2, 5))
def test_decisions_keep_what_lies_beside_a_probability_near_one(logits: list[float], temperature: float) -> None:
    decided = combine(decisions(torch.tensor([logits]))[None], torch.ones(1), "meanSigmoid")
    present = at_temperature(decided, temperature)[:, 1]
    expected = torch.sigmoid(torch.tensor(logits).clamp_max(17.33) / temperature)  # 17.33: logit of 1 - 2^-25
    torch.testing.assert_close(present, expected, rtol=1e-4, atol=1e-6)


def test_a_table_has_the_labels_above_a_half_and_every_probability(labelled: FinishedRun, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    table = labelled.path.parent / "labels.csv"
    assert main(["predict", str(labelled.path), f"--out={out}", f"--input={table}"]) == 0
    rows = list(csv.DictReader(out.open()))
    assert list(rows[0]) == ["sample", "labels", *(f"p({label})" for label in LABELS)]
    assert len(rows) == 400
    for row in rows:
        assert (
            row["labels"].split(";") == [name for name in LABELS if float(row[f"p({name})"]) > 0.5] or not row["labels"]
        )
    right = [
        [name in row["labels"].split(";") for name in LABELS] == [one[name] == "1" for name in LABELS]
        for row, one in zip(rows, csv.DictReader(table.open()), strict=True)
    ]
    assert sum(right) > 250


def test_rows_without_the_labels_are_samples_too(labelled: FinishedRun, tmp_path: Path) -> None:
    lines = (labelled.path.parent / "labels.csv").read_text().splitlines()
    (tmp_path / "without.csv").write_text("\n".join(line.split(",", 3)[3] for line in lines))
    answers = []
    for table in (labelled.path.parent / "labels.csv", tmp_path / "without.csv"):
        out = tmp_path / f"{table.stem}-out.csv"
        assert main(["predict", str(labelled.path), f"--out={out}", f"--input={table}"]) == 0
        answers.append(out.read_text())
    assert answers[0] == answers[1]


def test_exports_answer_as_the_run_does(labelled: FinishedRun, tmp_path: Path) -> None:
    folder, graph = tmp_path / "folder", tmp_path / "graph"
    assert main(["export", str(labelled.path), "--to=safetensors", f"--out={folder}"]) == 0
    assert main(["export", str(labelled.path), "--to=onnx", f"--out={graph}", "--calibrated"]) == 0
    for calibrated in (False, True):
        expected = load_ensemble(labelled.path, calibrated=calibrated)(labelled.raw)
        assert torch.equal(load_ensemble(folder, calibrated=calibrated)(labelled.raw), expected)
    session = onnxruntime.InferenceSession(graph / "ensemble.onnx")
    answered = torch.from_numpy(session.run(None, {"inputs": labelled.raw.double().numpy()})[0])
    torch.testing.assert_close(answered, expected, rtol=0, atol=1e-5)
    assert json.loads((graph / "ensemble.json").read_text())["data"]["kind"] == "labels"
    card = (folder / "README.md").read_text()
    assert "the probability of each label [batch, labels]" in card
    assert "sigmoid(logit(p) / temperature)" in card


def test_a_kind_of_a_newer_version_is_refused(labelled: FinishedRun, tmp_path: Path) -> None:
    newer = labelled.copy(tmp_path / "run")
    newer.edit("data.json", kind="ranks")
    with pytest.raises(Exception, match="has 'kind' 'ranks': install a newer dsptt"):
        load_ensemble(newer.path)
