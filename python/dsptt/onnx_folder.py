"""``dsptt export RUN --to onnx``: a folder with the graph, and JSON that describes it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .ensemble import Ensemble
from .exporting import described
from .onnx_graph import FILE, OPSET, TOLERANCE, Checked, check_graph, write_graph
from .source import Chosen, Source
from .whole_files import whole_folder, write_whole

FORMAT = "dsptt-onnx"


def export_onnx(source: Source, chosen: Chosen, model: Ensemble, out: Path) -> Checked:
    """Writes ``ensemble.onnx`` and ``ensemble.json``; returns the result of the check.

    Raises:
        ConfigFaultError: the folder exists already, a package is missing, or the networks cannot be exported.
        DataFaultError: the graph's answers differ from torch's, and nothing is written.
    """
    said = {
        "format": FORMAT,
        **described(source, chosen),
        "calibrated": chosen.calibrated,
        "file": FILE,
        "opset": OPSET,
    }
    with whole_folder(out) as folder:
        write_graph(model, source.samples, folder / FILE, {f"dsptt.{key}": said[key] for key in said})
        checked = check_graph(model, source.samples, folder / FILE)
        said["checked"] = {
            "samples": checked.samples,
            "largestDifference": checked.largest_difference,
            "tolerance": TOLERANCE,
        }
        said["sha256"] = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
        write_whole(folder / "ensemble.json", f"{json.dumps(said, indent=2)}\n".encode())
    return checked
