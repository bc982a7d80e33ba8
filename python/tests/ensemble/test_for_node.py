"""``python -m dsptt --for-node``: its answers, errors among them, and its end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from finished_run import FinishedRun

from dsptt.__main__ import MARK, main


def test_errors_travel_to_node_with_code_and_traceback(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.Thread.start", lambda _: None)  # standard input belongs to the test
    flags = ["--for-node", "predict", str(run.path), "--out=x.csv", "--member=no", "--input", str(tmp_path)]
    assert main(flags) == 1
    said = json.loads(capsys.readouterr().out.strip().removeprefix(MARK))
    assert (said["code"], said["message"][-24:]) == ("config", "; it has: tier0, tier1-1")
    assert "ConfigFaultError" in said["traceback"]


PRINTING = """
import atexit, os, sys
from dsptt_worker.models import conv
from torch import nn

class Printing(nn.Sequential):
    def forward(self, x):
        print(".", end="")
        print("!", end="", file=sys.stderr)
        os.write(1, b"from C")
        FAILS
        return super().forward(x)

def defineModel(inputs, outputs, channels):
    atexit.register(print, "bye")
    sys.stdout.write("Loading ... ")
    return Printing(*conv.build(inputs, outputs, channels=channels))
"""


@pytest.mark.parametrize(
    ("fails", "code"), [("", None), ("raise ValueError('no')", "worker"), ("sys.exit('enough')", "worker")]
)
def test_what_a_network_prints_is_no_part_of_the_answer(
    run: FinishedRun, tmp_path: Path, fails: str, code: str | None
) -> None:
    own = run.copy(tmp_path / "run")
    (tmp_path / "own.py").write_text(PRINTING.replace("FAILS", fails))
    own.edit("config.json", model={"name": None, "python": str(tmp_path / "own.py"), "args": {"channels": [3, 4]}})
    np.save(tmp_path / "x.npy", run.raw[:5].numpy())
    flags = ["predict", str(own.path), "--trust-code", f"--out={tmp_path / 'out.csv'}", f"--input={tmp_path / 'x.npy'}"]
    command = [sys.executable, "-m", "dsptt", "--for-node", *flags]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        stdout, stderr = process.stdout.read(), process.stderr.read()
    assert stdout.count("\n") == 2  # one before the mark, one after the answer
    answer = json.loads(stdout.strip().removeprefix(MARK))
    assert (answer.get("code"), answer.get("samples")) == ((code, None) if code else (None, 5))
    assert all(text in stderr for text in ("Loading ... ", "from C", "!", "bye"))


def test_it_leaves_when_the_process_that_started_it_is_gone(run: FinishedRun, tmp_path: Path) -> None:
    flags = ["predict", str(run.path), f"--out={tmp_path / 'out.csv'}", "--input", str(tmp_path)]
    command = [sys.executable, "-m", "dsptt", "--for-node", *flags]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""  # it ended before it could report an error
