"""``python -m dsptt predict`` on tables, of runs that were trained on a user's table: one reader for both."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from finished_run import FinishedRun, finished_run

from dsptt import DataFaultError, load_ensemble
from dsptt.__main__ import main

ORIGIN = 1_700_000_000
"""Unix time of the first sample: its last digits are lost in 32 bits."""
LINES = [f"{ORIGIN + row * 37 % 100},7,{row % 5 - 2},{'late' if row * 37 % 100 > 50 else 'early'}" for row in range(60)]
NAMES = "time,one,size,kind"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A finished run on a table with names, and a column of one number."""
    return trained(tmp_path_factory.mktemp("named"), [NAMES, *LINES], target="kind")


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A finished run on the same table without names, its target in the middle."""
    return trained(tmp_path_factory.mktemp("unnamed"), [moved(line) for line in LINES], target=1)


def moved(line: str) -> str:
    time, one, size, kind = line.split(",")
    return ",".join([one, kind, time, size])


def trained(folder: Path, lines: list[str], **arguments: object) -> FinishedRun:
    (folder / "t.csv").write_text("\n".join(lines))
    return finished_run(folder / "run", "csv", table=folder / "t.csv", **arguments)


def predict(run: FinishedRun, folder: Path, lines: list[str], name: str = "new.csv") -> list[dict[str, str]]:
    """Returns the rows of the predictions for a table."""
    (folder / name).write_text("\n".join(lines))
    assert main(["predict", str(run.path), f"--out={folder / 'out.csv'}", "--input", str(folder / name)]) == 0
    with (folder / "out.csv").open() as file:
        return list(csv.DictReader(file))


def refused(
    run: FinishedRun, folder: Path, capsys: pytest.CaptureFixture[str], lines: list[str], name: str = "new.csv"
) -> str:
    """Returns the error that a table ends in."""
    (folder / name).write_text("\n".join(lines))
    assert main(["predict", str(run.path), f"--out={folder / 'out.csv'}", "--input", str(folder / name)]) == 1
    assert not (folder / "out.csv").exists()
    return capsys.readouterr().err


def answers(rows: list[dict[str, str]]) -> list[list[float]]:
    return [[float(row["p(early)"]), float(row["p(late)"])] for row in rows]


def expected(run: FinishedRun) -> list[list[float]]:
    """Returns the run's answers for all samples of the table, from numbers of 64 bits."""
    numbers = [[float(cell) for cell in line.split(",")[:3:2]] for line in LINES]
    answer: list[list[float]] = load_ensemble(run.path)(torch.tensor(numbers, dtype=torch.float64)).tolist()
    return answer


def test_the_table_that_a_run_was_trained_on_can_be_predicted(
    named: FinishedRun, unnamed: FinishedRun, tmp_path: Path
) -> None:
    assert answers(predict(named, tmp_path, [NAMES, *LINES])) == pytest.approx(np.array(expected(named)), abs=1e-6)
    rows = predict(unnamed, tmp_path, [moved(line) for line in LINES])
    assert answers(rows) == pytest.approx(np.array(expected(unnamed)), abs=1e-6)
    assert [rows[0]["sample"], rows[-1]["sample"]] == ["1", "60"]


def test_large_numbers_that_are_near_each_other_get_different_answers(named: FinishedRun, tmp_path: Path) -> None:
    first, last = answers(predict(named, tmp_path, ["time,size", f"{ORIGIN + 45},0", f"{ORIGIN + 60},0"]))
    assert abs(first[0] - last[0]) > 1e-3


@pytest.mark.parametrize("name", ["t.data", "t.txt", "t", "T.CSV", "t.tsv", "t.2024", "t.csv.bak"])
def test_a_table_may_have_any_name(named: FinishedRun, tmp_path: Path, name: str) -> None:
    assert len(predict(named, tmp_path, [NAMES, *LINES], name)) == 60


@pytest.mark.parametrize("delimiter", [";", "|", "\t", ","])
def test_a_table_may_have_another_delimiter_than_the_runs(named: FinishedRun, tmp_path: Path, delimiter: str) -> None:
    rows = predict(named, tmp_path, [line.replace(",", delimiter) for line in [NAMES, *LINES]])
    assert answers(rows) == pytest.approx(np.array(expected(named)), abs=1e-6)


@pytest.mark.parametrize("delimiter", [";", "|", "\t", "~", " "])
def test_the_delimiter_is_the_runs_whatever_names_have_in_them(tmp_path: Path, delimiter: str) -> None:
    names = delimiter.join(['"time, in s, since 1970"', "one", "size", "kind"])
    lines = [names, *(line.replace(",", delimiter) for line in LINES)]
    run = trained(tmp_path, lines, target="kind", delimiter=delimiter)
    assert len(predict(run, tmp_path, lines)) == 60
    run.edit("data.json", table=None)  # as in runs of earlier versions
    if delimiter in ";|\t":
        assert len(predict(run, tmp_path, lines)) == 60


def test_columns_may_stand_in_any_order_and_among_others(
    named: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"{line.split(',')[2]},note {row},{line.split(',')[0]}" for row, line in enumerate(LINES)]
    rows = predict(named, tmp_path, ["size,note,time", *lines])
    assert answers(rows) == pytest.approx(np.array(expected(named)), abs=1e-6)
    said = json.loads(capsys.readouterr().out)
    assert said["notices"] == ["columns of new.csv that are not used: note"]


@pytest.mark.parametrize("left", [[2, 3], [0, 2, 3], [0, 1, 2, 3]])
def test_without_names_columns_are_those_of_the_table_with_the_target_or_without_it(
    unnamed: FinishedRun, tmp_path: Path, left: list[int]
) -> None:
    lines = [",".join(moved(line).split(",")[place] for place in left) for line in LINES]
    assert answers(predict(unnamed, tmp_path, lines)) == pytest.approx(np.array(expected(unnamed)), abs=1e-6)


def test_names_are_read_over_where_the_run_knows_none_and_that_is_told(
    unnamed: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(predict(unnamed, tmp_path, ["a,b", f"{ORIGIN},1"])) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["notices"] == ["the run's columns have no names: those of the table are taken by their places"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["time,time,size", "1,2,3"], "has 2 columns 'time': which of them is meant?"),
        (["Time,size", "1,2"], "has no column 'time' (is it 'Time'?); it has: Time, size"),
        (["ti me,size", "1,2"], "has no column 'time' (is it 'ti me'?)"),
        (["time,length", "1,2"], "has no column 'size'; it has: time, length"),
        (["1,2", "3,4"], "the first line of NEW (1, 2) names no column of the run's: time, size"),
        (["time,size", "1,3_4"], "line 2, column 1 (size) must hold a number, got '3_4'"),
        (["time,size", "1,"], "line 2, column 1 (size) must hold a number, got ''"),
        (["time,size", "1,nan"], "line 2, column 1 (size) must hold a number, got 'nan'"),
        (["time,size", "1,1e39"], "line 2, column 1 (size) is beyond what 32 bits can hold (3.4e38): '1e39'"),
        (["time,size", "1,2,3"], "line 2: 3 cells, the lines before have 2"),
        (["time,size"], "holds no rows"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    named: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], message: str
) -> None:
    assert message.replace("NEW", str(tmp_path / "new.csv")) in refused(named, tmp_path, capsys, lines)


def test_without_names_the_number_of_columns_must_fit(
    unnamed: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(unnamed, tmp_path, capsys, ["1,2,3,4,5"])
    assert "has 5 cells in a row, but a sample of this run is 2 numbers" in said
    hint = "line 1, column 1 must hold a number, got 'x'; if the first line holds names, remove it"
    assert hint in refused(unnamed, tmp_path, capsys, ["1,x", "2,3"])


def test_a_sample_beyond_all_bounds_is_refused_by_its_line(
    named: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = named.copy(tmp_path / "small")
    network.edit("data.json", std=[1e-30, 1.0])
    said = refused(network, tmp_path, capsys, ["time,size", f"{ORIGIN},1", "3e38,1"])
    assert "sample 3 is too far from the run's data: the networks answer no finite number" in said


def test_an_array_has_the_runs_columns_only(
    named: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "x.npy", np.zeros((4, 3)))
    assert main(["predict", str(named.path), f"--out={tmp_path / 'o'}", "--input", str(tmp_path / "x.npy")]) == 1
    assert "but [samples, 2] is needed: the run uses no column 1 of its table" in capsys.readouterr().err


def test_numbers_to_be_predicted_come_in_64_bits(tmp_path: Path) -> None:
    times = [ORIGIN + row for row in range(60)]
    run = trained(tmp_path, ["x,t", *(f"{time % 60},{time}" for time in times)], target="t", task="numbers")
    model = load_ensemble(run.path)
    answer = model(torch.tensor([[30.0], [30.001]], dtype=torch.float64))
    assert answer.dtype == torch.float64
    assert 0 < (answer[1] - answer[0]).abs().item() < 1
    rows = predict(run, tmp_path, ["x", "30", "30.001"])
    assert [float(row["prediction"]) for row in rows] == answer[:, 0].tolist()


def test_moving_an_ensemble_to_another_number_type_leaves_its_normalisation_alone(named: FinishedRun) -> None:
    raw = torch.tensor([[ORIGIN + 30.0, 1.0]], dtype=torch.float64)
    known = load_ensemble(named.path)(raw)
    assert torch.equal(load_ensemble(named.path).float()(raw), known)
    assert torch.allclose(load_ensemble(named.path).double()(raw), known.double(), atol=1e-6)


def test_an_exported_graph_takes_and_answers_64_bits(named: FinishedRun, tmp_path: Path) -> None:
    times = [f"{row % 7},{ORIGIN + row}" for row in range(60)]
    dated = trained(tmp_path, ["x,t", *times], target="t", task="numbers")
    for run, raw in [(named, [[ORIGIN + 45, 1.0], [ORIGIN + 60, 1.0]]), (dated, [[1.0], [1.5]])]:
        out = tmp_path / f"graph-{len(raw[0])}"
        assert main(["export", str(run.path), "--to=onnx", f"--out={out}"]) == 0
        inputs = np.array(raw)
        [answer] = onnxruntime.InferenceSession(str(out / "ensemble.onnx")).run(["outputs"], {"inputs": inputs})
        known = load_ensemble(run.path)(torch.from_numpy(inputs))
        assert torch.from_numpy(answer).dtype == known.dtype
        np.testing.assert_allclose(answer, known.detach(), rtol=0, atol=1e-4)
        assert np.abs(answer[0] - answer[1]).max() > 1e-3
        assert json.loads((out / "ensemble.json").read_text())["data"]["dtype"] == "float64"


def test_a_folder_of_safetensors_reads_tables_as_the_run_does(named: FinishedRun, tmp_path: Path) -> None:
    assert main(["export", str(named.path), "--to=safetensors", f"--out={tmp_path / 'out'}"]) == 0
    folder = FinishedRun(tmp_path / "out", named.raw, named.outputs)
    assert answers(predict(folder, tmp_path, [NAMES, *LINES])) == pytest.approx(np.array(expected(named)), abs=1e-6)
    assert "`(x - mean) / std`, computed in float64" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n"])
def test_a_run_directory_with_a_delimiter_that_is_none_is_damaged(
    named: FinishedRun, tmp_path: Path, delimiter: str
) -> None:
    run = named.copy(tmp_path / "run")
    run.edit("data.json", table={"delimiter": delimiter, "target": 0, "unused": []})
    with pytest.raises(DataFaultError, match=r"data\.json, table is damaged: 'delimiter' is "):
        load_ensemble(run.path)


MIXED = [
    f"n{row},{['red', 'green'][row * row % 3]},{'' if row % 6 == 1 else row % 5},{['early', 'late'][row % 2]}"
    for row in range(60)
]


@pytest.mark.parametrize("head", [["name,colour,size,kind"], []], ids=["with names", "without names"])
def test_texts_gaps_and_the_names_of_rows_are_read_as_for_training(tmp_path: Path, head: list[str]) -> None:
    roles = {"target": "kind", "id": "name", "categories": ["colour"]} if head else {"id": 0, "categories": [1]}
    run = trained(tmp_path, [*head, *MIXED], gaps="mean", **roles)
    rows = predict(run, tmp_path, [*head, *MIXED[:5], "new,violet,NA,late"])
    assert [row["sample"] for row in rows] == ["n0", "n1", "n2", "n3", "n4", "new"]
    samples = json.loads((run.path / "data.json").read_text())
    values = samples["table"]["categories"][0]["values"]
    mean = samples["mean"]
    raw = []
    for line in [*MIXED[:5], "new,violet,NA,late"]:
        _, colour, size, _ = line.split(",")
        raw.append([*(float(colour == value) for value in values), mean[-1] if size in ("", "NA") else float(size)])
    expected = load_ensemble(run.path)(torch.tensor(raw, dtype=torch.float64))
    found = [[float(row["p(early)"]), float(row["p(late)"])] for row in rows]
    np.testing.assert_allclose(found, expected.tolist(), rtol=0, atol=1e-6)
