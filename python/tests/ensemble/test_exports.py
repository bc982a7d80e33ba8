"""``python -m dsptt export``: a folder that can be used without a run, data or Node."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import onnx
import onnxruntime
import pytest
import torch
from finished_run import FinishedRun, close
from safetensors.torch import load_file

from dsptt import DataFaultError, load_ensemble
from dsptt.__main__ import main
from dsptt.onnx_graph import check_graph
from dsptt.source import read_source

PYTHON = Path(__file__).parents[2]
WRITING = """
from torch import nn
from dsptt_worker.models import conv

class Writing(nn.Sequential):
    def forward(self, x):
        x *= 2
        return super().forward(x)

def defineModel(inputs, outputs, channels):
    return Writing(*conv.build(inputs, outputs, channels=channels))
"""


def exported(run: FinishedRun, to: str, out: Path, *flags: str) -> Path:
    assert main(["export", str(run.path), f"--to={to}", f"--out={out}", *flags]) == 0
    return out


def test_a_folder_of_safetensors_is_the_same_ensemble(run: FinishedRun, tmp_path: Path) -> None:
    folder = exported(run, "safetensors", tmp_path / "out", "--ensemble=weighted")
    assert torch.equal(load_ensemble(folder)(run.raw), load_ensemble(run.path, ensemble="weighted")(run.raw))
    state = load_file(folder / "tier1-1.safetensors")
    model = load_ensemble(run.path, member="tier1-1")
    model.members[0].load_state_dict(state)
    assert close(model(run.raw), run.outputs["tier1-1"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "config.json",
        "tier0.safetensors",
        "tier1-1.safetensors",
    ]


def test_its_card_says_what_it_is_in_a_way_that_hugging_face_reads(run: FinishedRun, tmp_path: Path) -> None:
    card = (exported(run, "safetensors", tmp_path / "out") / "README.md").read_text()
    _, front, text = card.split("---\n", 2)
    keys = {key: json.loads(value) for key, value in (line.split(": ", 1) for line in front.splitlines())}
    assert (keys["license"], keys["pipeline_tag"], keys["datasets"]) == ("unknown", "image-classification", ["digits"])
    [model] = keys["model-index"]
    [accuracy] = model["results"][0]["metrics"]
    assert accuracy == {"type": "accuracy", "name": "test accuracy", "value": 0.75}
    assert "| tier-0-1 | 25 | 0.5 |" in text
    assert (
        "A temperature of 1.7 was fitted to its combined probabilities p on 500 validation samples, 125 of them" in text
    )
    assert "500 gradient evaluations in all, 100 of them in the search" in text


def test_the_code_in_its_card_runs_with_torch_and_safetensors_alone(run: FinishedRun, tmp_path: Path) -> None:
    folder = exported(run, "safetensors", tmp_path / "out")
    package, plain = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    assert said_alone(package, folder, str(PYTHON)).startswith("['tier0', 'tier1-1'] ['0', '1', ")
    assert said_alone(plain, folder, "").startswith("{'tier0': ")


def said_alone(code: str, folder: Path, packages: str) -> str:
    """Returns the output of a program in a process of its own, with nothing but torch and safetensors installed."""
    command = [sys.executable, "-c", ABSENT + code]
    ended = subprocess.run(
        command, check=False, cwd=folder, env={"PYTHONPATH": packages}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


ABSENT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"zmq", "msgspec", "numpy", "scipy", "sklearn", "PIL"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""


@pytest.fixture(scope="module")
def graph(run: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(run, "onnx", tmp_path_factory.mktemp("graph") / "out")


def test_one_graph_answers_as_torch_does_whatever_the_batch(run: FinishedRun, graph: Path) -> None:
    session = onnxruntime.InferenceSession(str(graph / "ensemble.onnx"))
    expected = load_ensemble(run.path)(run.raw)
    for size in (1, 2, 997):
        [answer] = session.run(["outputs"], {"inputs": run.raw[:size].numpy()})
        assert torch.allclose(torch.from_numpy(answer), expected[:size], rtol=0, atol=1e-5)


def test_a_calibrated_graph_and_folder_answer_at_the_runs_temperature(run: FinishedRun, tmp_path: Path) -> None:
    expected = load_ensemble(run.path, calibrated=True)(run.raw)
    folder = exported(run, "onnx", tmp_path / "graph", "--calibrated")
    [answer] = onnxruntime.InferenceSession(str(folder / "ensemble.onnx")).run(["outputs"], {"inputs": run.raw.numpy()})
    assert torch.allclose(torch.from_numpy(answer), expected, rtol=0, atol=1e-5)
    kept = load_ensemble(exported(run, "safetensors", tmp_path / "folder"), calibrated=True)
    assert torch.equal(kept(run.raw), expected)
    said = json.loads((folder / "ensemble.json").read_text())
    assert (said["temperature"], said["calibrated"]) == (1.7, True)


def test_a_graph_of_networks_that_write_into_their_inputs_answers_as_torch_does(
    run: FinishedRun, tmp_path: Path
) -> None:
    own = run.copy(tmp_path / "run")
    file = tmp_path / "own.py"
    file.write_text(WRITING)
    own.edit("config.json", model={"name": None, "python": str(file), "args": {"channels": [3, 4]}})
    folder = exported(own, "onnx", tmp_path / "out", "--trust-code")
    session = onnxruntime.InferenceSession(str(folder / "ensemble.onnx"))
    [answer] = session.run(["outputs"], {"inputs": run.raw.numpy()})
    expected = load_ensemble(own.path, trust_code=True)(run.raw)
    assert torch.allclose(torch.from_numpy(answer), expected, rtol=0, atol=1e-5)


def test_a_graph_comes_with_what_it_takes_and_how_it_was_checked(graph: Path) -> None:
    said = json.loads((graph / "ensemble.json").read_text())
    assert (said["members"], said["data"]["classes"][9]) == (["tier0", "tier1-1"], "9")
    assert (said["temperature"], said["calibrated"]) == (1.7, False)
    assert said["checked"]["largestDifference"] <= said["checked"]["tolerance"] == 1e-5
    inside = {prop.key: prop.value for prop in onnx.load(graph / "ensemble.onnx").metadata_props}
    assert json.loads(inside["dsptt.members"]) == ["tier0", "tier1-1"]


def test_a_graph_that_answers_otherwise_is_noticed(run: FinishedRun, graph: Path) -> None:
    source = read_source(run.path)
    other = load_ensemble(run.path, member="tier0")
    with pytest.raises(DataFaultError, match=r"otherwise than torch, by up to 0\.\d+: it is not written"):
        check_graph(other, source.samples, graph / "ensemble.onnx")


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    assert main(["export", str(run.path), "--to=onnx", f"--out={tmp_path / 'out'}"]) == 1
    said = capsys.readouterr().err
    assert f"needs the Python package onnxscript: {sys.executable} -m pip install onnx onnxscript onnxruntime" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_left_alone(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note").write_text("mine")
    assert main(["export", str(run.path), "--to=safetensors", f"--out={tmp_path}"]) == 1
    assert "exists already: name another directory, or remove it" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["note"]
