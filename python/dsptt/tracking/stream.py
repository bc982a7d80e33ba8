"""Lines of JSON on standard input, and what they ask of a tracker."""

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
    """Send a run to a tracker, line after line, as it goes on. The first line begins it: ``name``, ``parameters``,
    ``run``, which identifies it, and ``resumed``. A resumed run is told again from its start, and what the tracker has
    of it is not sent. Where the lines end before one says ``end``, their writer is gone, and the run has not finished.

    Returns:
        How many numbers were sent.

    Raises:
        ConfigFaultError, DataFaultError: as ``sink_for`` says.
        ProtocolFaultError: a line that is none of those known.
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
    """Hand one line on; answers how many numbers of it were sent.

    Args:
        known: of a resumed run, the steps of each curve that the tracker has already, as far as they were asked for.
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
    """The steps that were not told before, and their values."""
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
