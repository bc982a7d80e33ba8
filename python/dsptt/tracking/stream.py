"""Lines of JSON on standard input, and their execution by a tracker."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

from dsptt_worker.errors import ProtocolFaultError

from ..files import Document
from .beginning import Beginning
from .sink import Sink, sink_for


def track(kind: str, place: str, lines: Iterable[str]) -> int:
    """Sends a run to a tracker, line by line, while it runs. The first line begins it: ``name``, ``parameters``,
    ``run``, which identifies it, and ``resumed``. The lines of a resumed run start from its beginning, and values that
    the tracker already has are not sent. If the lines end without an ``end`` line, their writer is gone, and the run
    has not finished.

    Returns:
        Number of values sent.

    Raises:
        ConfigFaultError, DataFaultError: as ``sink_for`` says.
        ProtocolFaultError: an unknown kind of line.
    """
    numbers, sink, finished = 0, None, False
    known: dict[tuple[str | None, str], set[int]] | None = None
    for line in lines:
        said = _document(line)
        if sink is None:
            parameters = said.object("parameters")
            texts = {key: parameters.take(key, str) for key in parameters.values}
            resumed = said.take("resumed", bool)
            sink = sink_for(kind, place, Beginning(said.take("name", str), texts, said.take("run", str), resumed))
            known = {} if resumed else None
        elif said.values.get("end") is not None:
            finished = said.take("end", str) == "finished"
            break
        else:
            numbers += _take(sink, said, known)
    if sink is not None:
        sink.end(finished=finished)
    return numbers


def _take(sink: Sink, said: Document, known: dict[tuple[str | None, str], set[int]] | None) -> int:
    """Sends one line to the tracker; returns the number of values sent.

    Args:
        known: steps of each curve that the tracker already has of a resumed run, filled as curves appear; None if new.
    """
    if "tag" in said.values:
        steps = said.list_of("steps", int)
        values = [
            math.nan if value is None else float(value) for value in said.list_of("values", (int, float, type(None)))
        ]
        if len(steps) != len(values):
            raise ProtocolFaultError(f"{said.place}: {len(steps)} steps for {len(values)} values")
        series, tag = said.maybe("series", str), said.take("tag", str)
        if known is not None:
            if (series, tag) not in known:
                known[series, tag] = sink.told(series, tag)
            steps, values = _without(known[series, tag], steps, values)
        sink.scalars(series, tag, steps, values)
        return len(steps)
    if "markdown" in said.values:
        sink.text(said.take("text", str), said.take("markdown", str))
    else:
        sink.artifact(Path(said.take("artifact", str)), said.maybe("folder", str))
    return 0


def _without(told: set[int], steps: list[int], values: list[float]) -> tuple[list[int], list[float]]:
    """Returns the steps that were not sent before, and their values."""
    fresh = [(step, value) for step, value in zip(steps, values, strict=True) if step not in told]
    return [step for step, _ in fresh], [value for _, value in fresh]


def _document(line: str) -> Document:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise ProtocolFaultError(f"no line of JSON: {line[:100]!r}") from error
    if not isinstance(values, dict):
        raise ProtocolFaultError(f"no object: {line[:100]!r}")
    return Document(values, "a line of the run")
