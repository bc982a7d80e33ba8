"""Runs in the trackers that people already use: what Node tells of a run, line by line, goes to one of them."""

from __future__ import annotations

from .sink import Sink, sink_for
from .stream import track

__all__ = ["Sink", "sink_for", "track"]
