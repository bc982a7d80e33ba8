"""Runs in external trackers: Node describes a run line by line, and the lines go to one tracker."""

from __future__ import annotations

from .sink import Sink, sink_for
from .stream import track

__all__ = ["Sink", "sink_for", "track"]
