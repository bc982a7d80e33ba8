"""The code of the user's that builds a run's networks: it is found again, and must be what it was."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import torch
from finished_run import CONV, FinishedRun, close
from torch import nn

from dsptt import DataFaultError, load_ensemble
from dsptt.__main__ import main

FILES = {
    "net.py": """
from parts.channels import build
def defineModel(inputs, outputs, channels):
    from late import last
    return last(build(inputs, outputs, channels))
""",
    "parts/__init__.py": "",
    "parts/channels.py": """
from dsptt_worker.models import conv
def build(inputs, outputs, channels): return conv.build(inputs, outputs, channels=channels)
""",
    "late.py": """
try:
    from fast import last
except ImportError:
    def last(network): return network
""",
}


@pytest.fixture
def project(run: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes a project of a model with neighbours and of a run beside it, the current folder."""
    folder = tmp_path / "project"
    for name, code in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(code)
    own = run.copy(folder / "run")
    code = {name: hashlib.sha256(content.encode()).hexdigest() for name, content in FILES.items()}
    own.edit("result.json", network={"signature": "", "stateSha256": "", "code": code})
    monkeypatch.chdir(folder)
    stated(folder / "run", "net.py")
    return folder


def stated(run: Path, python: str) -> None:
    folder = run.parent
    model = {**CONV, "name": None, "python": python}
    FinishedRun(run, torch.empty(0), {}).edit(
        "config.json", model=model, madeIn={"folder": str(folder), "run": str(run)}
    )


def is_the_runs(run: FinishedRun, path: Path | str) -> bool:
    return close(load_ensemble(path, trust_code=True, member="tier0")(run.raw), run.outputs["tier0"])


@pytest.mark.parametrize("python", ["net.py", "net.py:defineModel", "./net.py", "net:defineModel", "{}/net.py"])
def test_it_is_found_from_any_folder_and_after_it_moved_with_the_run(
    run: FinishedRun, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    stated(project / "run", python.format(project))
    assert is_the_runs(run, "run")
    monkeypatch.chdir(tmp_path)
    assert is_the_runs(run, "project/run")
    project.rename(tmp_path / "moved")
    assert is_the_runs(run, "moved/run")
    monkeypatch.chdir("moved/run")
    assert is_the_runs(run, ".")


def test_a_run_that_moved_alone_finds_it_where_it_was(
    run: FinishedRun, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "run").rename(tmp_path / "alone")
    monkeypatch.chdir(tmp_path)
    assert is_the_runs(run, "alone")


def test_it_is_not_another_file_of_that_name_in_the_current_folder(
    run: FinishedRun, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net.py").write_text("raise AssertionError\n")
    monkeypatch.chdir(tmp_path)
    assert is_the_runs(run, "project/run")
    shutil.copytree(project, "copy")
    Path("copy/late.py").write_text("raise AssertionError\n")
    assert is_the_runs(run, "copy/run")  # by the files that it was made of


@pytest.mark.parametrize("python", ["net.py", "net:defineModel"])
@pytest.mark.parametrize("name", FILES)
def test_no_file_is_run_once_one_has_changed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, python: str
) -> None:
    stated(project / "run", python)
    file = project / name
    file.write_text(f"open('RAN', 'w')\n{FILES[name]}")
    with pytest.raises(
        DataFaultError, match=rf"^{file} has changed since .*run was made, .*: restore it, or .* build="
    ):
        load_ensemble("run", trust_code=True)
    file.unlink()
    with pytest.raises(DataFaultError, match=rf"({file}|, net: .* at {project})"):
        load_ensemble("run", trust_code=True)
    assert not Path("RAN").exists()
    monkeypatch.chdir(tmp_path)
    assert main(["export", "project/run", "--to=onnx", "--out=out", "--trust-code"]) == 1
    assert not Path("out").exists()


def test_a_file_that_the_run_did_not_read_is_noticed(project: Path) -> None:
    (project / "fast.py").write_text(
        "from torch import nn\ndef last(network): return nn.Sequential(network, nn.Tanh())\n"
    )
    with pytest.raises(DataFaultError, match=rf"^{project / 'fast.py'} builds the network of .* now, and did not when"):
        load_ensemble("run", trust_code=True)


def test_a_function_of_the_callers_is_not_compared(project: Path, run: FinishedRun) -> None:
    (project / "net.py").unlink()
    named = load_ensemble(run.path).members[0]
    assert isinstance(load_ensemble("run", build=lambda: named).members[0], nn.Module)


def test_runs_of_earlier_versions_are_loaded_as_before(run: FinishedRun, project: Path) -> None:
    own = FinishedRun(project / "run", torch.empty(0), {})
    own.edit("config.json", madeIn=None)
    own.edit("result.json", network={"signature": "", "stateSha256": ""})
    (project / "late.py").write_text("def last(network): return network\n")
    assert is_the_runs(run, "run")


def test_a_missing_file_is_told_with_the_places_where_it_may_lie(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "net.py").unlink()
    project.rename(tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    places = ", ".join(str(tmp_path / place) for place in ("moved/net.py", "project/net.py", "net.py"))
    with pytest.raises(
        DataFaultError, match=rf"names code that does not exist, net\.py: it was looked for at {places}$"
    ):
        load_ensemble("moved/run", trust_code=True)


@pytest.mark.parametrize("python", ["net.py", "net:defineModel"])
def test_an_exported_folder_finds_it_too_and_compares_it(
    run: FinishedRun, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    stated(project / "run", python)
    assert main(["export", "run", "--to=safetensors", "--out=run/safetensors"]) == 0
    monkeypatch.chdir(tmp_path)
    assert is_the_runs(run, "project/run/safetensors")
    project.rename(tmp_path / "moved")
    assert is_the_runs(run, "moved/run/safetensors")
    assert str(tmp_path) not in Path("moved/run/safetensors/config.json").read_text()
    Path("moved/late.py").write_text("def last(network): return network\n")
    with pytest.raises(DataFaultError, match=r"moved/late\.py has changed since .*safetensors was made"):
        load_ensemble("moved/run/safetensors", trust_code=True)
