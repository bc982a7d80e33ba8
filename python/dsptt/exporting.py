"""What every export says of the ensemble in it."""

from __future__ import annotations

from dsptt_worker import __version__

from .source import Chosen, Source


def described(source: Source, chosen: Chosen) -> dict[str, object]:
    """Where an exported ensemble comes from, how its members are combined, and what it takes and answers."""
    samples = source.samples
    target = None if samples.target is None else {"mean": samples.target.mean, "std": samples.target.std}
    return {
        "schema": 1,
        "dsptt": __version__,
        "run": source.path.resolve().name,
        "ensemble": chosen.name,
        "members": chosen.members,
        "rule": chosen.rule,
        "weights": chosen.weights,
        "data": {
            "schema": 1,
            "dataset": samples.dataset,
            "shape": list(samples.shape),
            "dtype": "uint8" if samples.is_bytes else "float32",
            "classes": samples.classes,
            "columns": samples.columns,
            "white": samples.white,
            "mean": samples.mean,
            "std": samples.std,
            "target": target,
        },
    }
