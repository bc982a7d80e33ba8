"""The answer to ``rawSamples``."""

from __future__ import annotations

from dataclasses import asdict

import msgspec

from . import protocol
from .arrays import array_of
from .data import Raw
from .protocol.codec import Array


def describe_raw(raw: Raw) -> tuple[protocol.RawSamplesResult, dict[str, Array]]:
    """Describes a data set's raw samples as an answer and its tensors."""
    scaling, layout = raw.target_scaling, raw.layout
    result = protocol.RawSamplesResult(
        shape=list(raw.shape),
        dtype="u1" if raw.is_bytes else "f8" if raw.wide else "f4",
        white=raw.white,
        columns=raw.columns,
        target=None if scaling is None else protocol.TargetScaling(scaling.mean.item(), scaling.std.item()),
        table=None if layout is None else msgspec.convert(asdict(layout), protocol.TableLayout),
        background=raw.background,
        crop=raw.crop,
    )
    return result, {"mean": array_of(raw.scaling.mean), "std": array_of(raw.scaling.std)}
