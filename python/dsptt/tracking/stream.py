"""Lines of JSON on standard input, and what they ask of a tracker."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

from dsptt_worker.errors import ProtocolFaultError

from ..files import Document
from .sink import Sink, sink_for


def track(kind: str, place: str, lines: Iterable[str]) -> int:
    """Send a run to a tracker, line after line, as it goes on. The first line begins it: ``name`` and ``parameters``.
    Where the lines end before one says ``end``, whoever wrote them is gone, and the run has not finished.

    Returns:
        How many numbers were sent.

    Raises:
        ConfigFaultError, DataFaultError: as ``sink_for`` says.
        ProtocolFaultError: a line that is none of those known.
    """
    numbers, sink, finished = 0, None, False
    for line in lines:
        said = _document(line)
        if sink is None:
            parameters = said.object("parameters")
            texts = {key: parameters.take(key, str) for key in parameters.values}
            sink = sink_for(kind, place, said.take("name", str), texts)
        elif said.values.get("end") is not None:
            finished = said.take("end", str) == "finished"
            break
        else:
            numbers += _take(sink, said)
    if sink is not None:
        sink.end(finished=finished)
    return numbers


def _take(sink: Sink, said: Document) -> int:
    """Hand one line on; answers how many numbers it held."""
    if "tag" in said.values:
        steps = said.list_of("steps", int)
        values = [
            math.nan if value is None else float(value) for value in said.list_of("values", (int, float, type(None)))
        ]
        if len(steps) != len(values):
            raise ProtocolFaultError(f"{said.place}: {len(steps)} steps for {len(values)} values")
        sink.scalars(said.maybe("series", str), said.take("tag", str), steps, values)
        return len(steps)
    if "markdown" in said.values:
        sink.text(said.take("text", str), said.take("markdown", str))
    else:
        sink.artifact(Path(said.take("artifact", str)), said.maybe("folder", str))
    return 0


def _document(line: str) -> Document:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise ProtocolFaultError(f"no line of JSON: {line[:100]!r}") from error
    if not isinstance(values, dict):
        raise ProtocolFaultError(f"no object: {line[:100]!r}")
    return Document(values, "a line of the run")
