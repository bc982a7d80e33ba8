"""Answers of an ensemble for samples, as a table in a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import torch
from torch import Tensor

from dsptt_worker.errors import ConfigFaultError, DataFaultError

from .ensemble import Ensemble
from .inputs import Inputs
from .whole_files import write_whole

BATCH = 1000


def predict(model: Ensemble, inputs: Inputs, batch: int = BATCH) -> Tensor:
    """Computes probabilities [samples, classes] of classes or labels, or numbers [samples, 1], on the model's device, a
    batch at a time; returns them on the CPU.

    Raises:
        ConfigFaultError: a batch size below 1.
        DataFaultError: an answer is no finite number.
    """
    if batch < 1:
        raise ConfigFaultError(f"a batch must have at least 1 sample, got {batch}")
    device = model.normalisation.mean.device
    with torch.inference_mode():
        samples = torch.split(torch.from_numpy(inputs.values), batch)
        parts = [model.of_checked(part.to(device)).cpu() for part in samples]
    outputs = torch.cat(parts)
    wrong = (~outputs.isfinite()).any(1).nonzero()
    if len(wrong):
        name = inputs.names[int(wrong[0])]
        raise DataFaultError(f"sample {name} is too far from the run's data: the networks answer no finite number")
    return outputs


def write_predictions(path: Path, model: Ensemble, inputs: Inputs, outputs: Tensor) -> None:
    """Writes one row a sample: its name, the class and its probability, and the probability of every class,
    ``p(CLASS)``; the labels above 0.5, parted by ``;``, and the probability of every label; or the number predicted.
    The file is written whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if model.kind == "classes":
        writer.writerow(["sample", "class", "probability", *(f"p({name})" for name in model.classes)])
        for name, row in zip(inputs.names, outputs.tolist(), strict=True):
            best = max(range(len(row)), key=row.__getitem__)
            writer.writerow([name, model.classes[best], _number(row[best]), *map(_number, row)])
    elif model.kind == "labels":
        writer.writerow(["sample", "labels", *(f"p({name})" for name in model.classes)])
        for name, row in zip(inputs.names, outputs.tolist(), strict=True):
            found = [label for label, probability in zip(model.classes, row, strict=True) if probability > 0.5]
            writer.writerow([name, ";".join(found), *map(_number, row)])
    else:
        writer.writerow(["sample", "prediction"])
        for name, row in zip(inputs.names, outputs.tolist(), strict=True):
            writer.writerow([name, _number(row[0]) if outputs.dtype == torch.float32 else row[0]])
    write_whole(path, text.getvalue().encode())


def _number(value: float) -> str:
    return f"{value:.9g}"  # number of digits that reproduces a 32-bit number exactly
