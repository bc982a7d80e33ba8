"""The commands of ``python -m dsptt``: from the arguments of a command line to the answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Literal, TypedDict

import torch

from dsptt_worker.errors import ConfigFaultError

from .inputs import read_inputs
from .loading import assemble
from .onnx_folder import export_onnx
from .predictions import predict, write_predictions
from .safetensors_folder import export_safetensors
from .source import read_source
from .tracking import track


class Predicted(TypedDict):
    """Answer to ``predict``; ``notices`` tell what of the files was left out or changed."""

    samples: int
    ensemble: str
    members: list[str]
    out: str
    notices: list[str]


class ExportedFolder(TypedDict):
    """Answer to ``export``."""

    to: Literal["onnx", "safetensors"]
    ensemble: str
    members: list[str]
    out: str


class Exported(ExportedFolder, total=False):
    """Answer to ``export``; for ONNX also the largest difference from PyTorch, and the number of samples compared."""

    largestDifference: float
    samples: int


class Tracked(TypedDict):
    """Answer to ``track``."""

    to: str
    place: str
    numbers: int


def predict_command(options: argparse.Namespace) -> Predicted:
    """Predicts the samples of files, and writes the table."""
    source = read_source(options.run)
    chosen = source.choose(options.ensemble, options.member, calibrated=options.calibrated)
    inputs = read_inputs(options.input, source.samples, resize=options.resize)
    model = assemble(source, chosen, trust_code=options.trust_code).to(_device(options.device))
    outputs = predict(model, inputs, options.batch)
    write_predictions(options.out, model, inputs, outputs)
    return {
        "samples": len(inputs.names),
        "ensemble": chosen.name,
        "members": chosen.members,
        "out": str(options.out),
        "notices": inputs.notices,
    }


def export_command(options: argparse.Namespace) -> Exported:
    """Writes the ensemble in another format."""
    source = read_source(options.run)
    chosen = source.choose(options.ensemble, options.member, calibrated=options.calibrated)
    said: Exported = {"to": options.to, "ensemble": chosen.name, "members": chosen.members, "out": str(options.out)}
    if options.to == "safetensors":
        export_safetensors(source, chosen, options.out)
    else:
        checked = export_onnx(source, chosen, assemble(source, chosen, trust_code=options.trust_code), options.out)
        said |= {"largestDifference": checked.largest_difference, "samples": checked.samples}
    return said


def track_command(options: argparse.Namespace) -> Tracked:
    """Sends the run that is described on standard input to a tracker."""
    return {"to": options.to, "place": options.place, "numbers": track(options.to, options.place, sys.stdin)}


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigFaultError(f"--device must be cpu, cuda or cuda:N, got {name!r}") from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigFaultError(f"--device {name} is not there: torch sees {torch.cuda.device_count()} CUDA devices")
    return device


COMMANDS: dict[str, Callable[[argparse.Namespace], Predicted | Exported | Tracked]] = {
    "predict": predict_command,
    "export": export_command,
    "track": track_command,
}
