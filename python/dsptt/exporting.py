"""The description that every export contains."""

from __future__ import annotations

from dataclasses import asdict

from dsptt_worker import __version__
from dsptt_worker.table_layout import Layout

from .source import Chosen, Source


def described(source: Source, chosen: Chosen) -> dict[str, object]:
    """Describes an exported ensemble: its origin, the combination of its members, and its inputs and answers."""
    samples = source.samples
    target = None if samples.target is None else {"mean": samples.target.mean, "std": samples.target.std}
    table = {} if samples.layout is None else {"table": _table(samples.layout)}
    return {
        "schema": 1,
        "dsptt": __version__,
        "run": source.path.resolve().name,
        "ensemble": chosen.name,
        "members": chosen.members,
        "rule": chosen.rule,
        "weights": chosen.weights,
        "temperature": chosen.temperature,
        "data": {
            "schema": 1,
            "dataset": samples.dataset,
            "shape": list(samples.shape),
            "dtype": samples.dtype,
            "classes": samples.classes,
            "columns": samples.columns,
            "white": samples.white,
            "mean": samples.mean,
            "std": samples.std,
            "target": target,
            **table,
            **({} if samples.background is None else {"background": samples.background}),
            **({"crop": True} if samples.crop else {}),
            **({"kind": "labels"} if samples.are_labels else {}),
        },
    }


def _table(layout: Layout) -> dict[str, object]:
    """Describes a table as data.json does, which leaves out the roles that no column has."""
    said = asdict(layout)
    return {key: said[key] for key in said if key not in ("id", "gaps", "categories") or said[key]}
