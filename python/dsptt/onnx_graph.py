"""An ensemble as one ONNX graph: raw samples in, the combined answer out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from dsptt_worker.errors import ConfigFaultError, DataFaultError

from .ensemble import Ensemble
from .extras import needed
from .samples import Samples

OPSET = 18
TOLERANCE = 1e-5
BATCHES = (1, 3, 64)
"""Sizes at which the graph is compared with torch."""
FILE = "ensemble.onnx"


@dataclass(frozen=True)
class Checked:
    """Number of samples on which the graph was compared with torch, and the largest difference."""

    samples: int
    largest_difference: float


def write_graph(model: Ensemble, samples: Samples, file: Path, metadata: dict[str, object]) -> None:
    """Writes the graph, with the ``metadata`` in it: input ``inputs`` [batch, ...], raw as the data set has it, float64
    if the data are and else float32; output ``outputs`` [batch, classes], or [batch, 1].

    Raises:
        ConfigFaultError: a package is missing, or the networks cannot be exported.
    """
    onnx = needed("onnx", "onnx")
    needed("onnx", "onnxscript")
    try:
        program = torch.onnx.export(
            model,
            (_samples(samples, 2, 0),),
            dynamo=True,
            input_names=["inputs"],
            output_names=["outputs"],
            dynamic_shapes={"inputs": {0: torch.export.Dim("batch", min=1)}},
            opset_version=OPSET,
            verbose=False,
        )
    except Exception as error:  # the exporter may raise anything for a user's network
        raise ConfigFaultError(f"the networks cannot be exported to ONNX: {type(error).__name__}: {error}") from error
    if program is None:
        raise ConfigFaultError("the networks cannot be exported to ONNX")
    graph = program.model_proto
    onnx.helper.set_model_props(graph, {key: _text(value) for key, value in metadata.items()})
    onnx.save(graph, str(file))


def check_graph(model: Ensemble, samples: Samples, file: Path) -> Checked:
    """Compares the graph in a file with the module from which it was exported, on synthetic samples.

    Raises:
        ConfigFaultError: onnxruntime is missing.
        DataFaultError: the two differ by more than 1e-5 (of predicted numbers: of their deviation).
    """
    runtime = needed("onnx", "onnxruntime")
    session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    differences = []
    with torch.inference_mode():
        for seed, size in enumerate(BATCHES):
            inputs = _samples(samples, size, seed + 1)
            answer = torch.from_numpy(session.run(["outputs"], {"inputs": inputs.numpy()})[0])
            differences.append((answer - model.of_checked(inputs)).abs().max().item())
    unit = 1.0 if samples.target is None else samples.target.std
    if not max(differences) <= TOLERANCE * unit:
        raise DataFaultError(
            f"the graph answers otherwise than torch, by up to {max(differences):.3g}: it is not written"
        )
    return Checked(sum(BATCHES), max(differences))


def _samples(samples: Samples, size: int, seed: int) -> Tensor:
    """Draws raw samples that resemble the run's: normal, with its mean and deviation; pixels within their range."""
    generator = torch.Generator().manual_seed(seed)
    shape = (-1, *[1] * (len(samples.shape) - 1))
    mean, std = (torch.tensor(each, dtype=samples.precision).reshape(shape) for each in (samples.mean, samples.std))
    drawn = torch.randn(size, *samples.shape, generator=generator) * std + mean
    return drawn if samples.white is None else drawn.clamp(0, samples.white)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
