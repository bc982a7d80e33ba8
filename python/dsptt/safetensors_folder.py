"""``dsptt export RUN --to safetensors``: a folder in Hugging Face's layout, for plain torch and safetensors."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .code import code_base
from .exporting import described
from .model_card import model_card
from .source import EXPORTED, Chosen, Source
from .whole_files import whole_folder, write_whole

KEPT = ("members", "rule", "weights", "temperature")


def export_safetensors(source: Source, chosen: Chosen, out: Path) -> None:
    """Writes ``config.json``, ``README.md`` (the model card) and a safetensors file for each member.

    Raises:
        ConfigFaultError: the folder exists already.
        DataFaultError: a member is damaged, or the folder cannot be written.
    """
    model = source.model
    members = [source.members[name] for name in chosen.members]
    said = described(source, chosen)
    config = {
        "format": EXPORTED,
        **said,
        "model": {"name": model.name, "python": model.python, "args": model.args},
        **_origin(source, out),
        "members": [{"name": m.name, "file": f"{m.name}.safetensors", "sha256": m.sha256} for m in members],
        "ensembles": [{key: said[key] for key in KEPT} | {"name": chosen.name}],
        "result": chosen.name,
    }
    with whole_folder(out) as folder:
        for member in members:
            write_whole(folder / f"{member.name}.safetensors", member.read())
        write_whole(folder / "config.json", f"{json.dumps(config, indent=2)}\n".encode())
        write_whole(folder / "README.md", model_card(source, chosen).encode())


def _origin(source: Source, out: Path) -> dict[str, object]:
    """Describes the user's code that builds the networks: its hashes, and the way to it from the folder."""
    if source.model.python is None:
        return {}
    base = code_base(source)
    place = {} if base is None else {"madeIn": {"folder": os.path.relpath(base, out)}}
    return {"network": {"code": source.model.code}, **place}
