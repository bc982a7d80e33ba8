"""A finished run's directory, as dsptt writes it, with two small networks on digits, wine quality or a table."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from builders import never, open_message, trained_point
from torch import Tensor

from dsptt.combining import MEANS
from dsptt_worker.network.weights import to_safetensors
from dsptt_worker.operations import evaluation
from dsptt_worker.protocol import DatasetSpec
from dsptt_worker.raw_samples import describe_raw
from dsptt_worker.task import Task, open_task
from dsptt_worker.task_kind import TaskKind

NAMES = ("tier0", "tier1-1")


@dataclass(frozen=True)
class FinishedRun:
    """Directory of a run, the raw test samples, and each network's answers for them: probabilities, or standardised
    numbers."""

    path: Path
    raw: Tensor
    outputs: dict[str, Tensor]

    def copy(self, path: Path) -> FinishedRun:
        """Copies the run to another directory."""
        shutil.copytree(self.path, path)
        return FinishedRun(path, self.raw, self.outputs)

    def edit(self, file: str, **changes: Any) -> None:
        """Changes keys of one of its JSON files."""
        path = self.path / file
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def finished_run(path: Path, dataset: str = "digits", *, table: Path | None = None, **table_args: Any) -> FinishedRun:
    """Trains two networks for some steps, and stores them as a run does. ``table``: the file of dataset ``csv``."""
    numbers = dataset == "winequality" or table_args.get("task") == "numbers"
    spec = CONV if dataset == "digits" else {"name": "mlp", "args": {"hidden": [4]}, "python": None, "weights": None}
    loss = "meanSquared" if numbers else "binaryCrossEntropy" if "labels" in table_args else "crossEntropy"
    message = open_message(dataset, str(spec["name"]), model_args=spec["args"], loss=loss)
    if table is not None:
        message.dataset = DatasetSpec(dataset, {"file": table.name, **table_args}, str(table.parent))
    task = open_task(message)
    outputs, members = {}, []
    (path / "members").mkdir(parents=True)
    for name in NAMES:
        point = trained_point(task, steps=60, stream=f"init/{name}")
        answer = evaluation.evaluate(task, point, "test", never, with_outputs=True).outputs
        assert answer is not None
        outputs[name] = answer
        file = to_safetensors(task.net, point, {"name": name})
        (path / "members" / f"{name}.safetensors").write_bytes(file)
        members.append(
            {"name": name, "file": f"members/{name}.safetensors", "sha256": hashlib.sha256(file).hexdigest()}
        )
    members.append({"name": "tier1-2", "file": None, "sha256": None})
    _write(path / "config.json", {"dataset": {"name": dataset, "args": {}}, "model": spec})
    _write(path / "data.json", _data(task, dataset))
    _write(path / "result.json", {**RESULT, "members": members, "ensembles": _ensembles(task.loss.kind)})
    return FinishedRun(path, _raw(task), outputs)


CONV: dict[str, Any] = {"name": "conv", "args": {"channels": [3, 4]}, "python": None, "weights": None}


RESULT: dict[str, Any] = {
    "schema": 1,
    "method": "dsp-tt",
    "parameters": 219,
    "seed": 7,
    "device": "cpu",
    "precision": "fp32",
    "budget": {"steps": 500, "search": 100},
    "selectedOn": "validation",
    "result": "tier-0-1",
}


def _ensembles(kind: TaskKind) -> list[dict[str, Any]]:
    numbers, mean = kind == "numbers", MEANS[kind]
    every = {"name": "tier-0-1", "members": list(NAMES), "rule": mean, "weights": None, "testLoss": 0.5}
    every["testRmse" if numbers else "testErrorPct"] = 0.7 if numbers else 25
    if not numbers:
        every |= {"temperature": 1.7, "fittedOn": {"samples": 500, "mistakes": 125}}
    weighted = {**every, "name": "weighted", "rule": "validationWeighted", "weights": [0.75, 0.25]}
    vote = {**every, "name": "vote", "rule": "majorityVote", "temperature": None}
    return [every, weighted] if numbers else [every, weighted, vote]


def _data(task: Task, dataset: str) -> dict[str, Any]:
    said, tensors = describe_raw(task.raw)
    return {
        "schema": 1,
        "dataset": dataset,
        "shape": said.shape,
        "dtype": {"u1": "uint8", "f4": "float32", "f8": "float64"}[said.dtype],
        "classes": task.classes,
        "columns": said.columns,
        "white": said.white,
        "mean": tensors["mean"].tolist(),
        "std": tensors["std"].tolist(),
        "target": None if said.target is None else {"mean": said.target.mean, "std": said.target.std},
        **({"kind": "labels"} if task.loss.kind == "labels" else {}),
        **({} if said.table is None else {"table": msgspec.to_builtins(said.table)}),
    }


def _raw(task: Task) -> Tensor:
    """Returns the test samples before they were standardised."""
    scaling, inputs = task.raw.scaling, task.splits["test"].inputs
    shape = (-1, *[1] * (inputs.dim() - 2))
    raw = inputs.double() * scaling.std.reshape(shape) + scaling.mean.reshape(shape)
    if task.raw.layout is not None:
        return raw
    return (raw.round() if task.raw.white else raw).float()


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values))


def close(a: Tensor, b: Tensor) -> bool:
    """True if two networks give equal answers but for rounding."""
    return torch.allclose(a, b, rtol=0, atol=2e-6)
