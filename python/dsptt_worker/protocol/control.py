"""The control socket: answered at once, however busy the worker is."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .message import Count, Positive, Request, Result


class Beat(Request, tag="beat"):
    """Asks whether the worker is alive, and for its progress."""


class BeatResult(Result):
    """``steps`` grows with every batch of any kind that the worker begins: of training, search and probes, of
    evaluations, re-estimations and segments. It shows progress and does not count gradients. ``notices`` are messages
    for the user about the execution of the open task, since it was opened."""

    steps: Count
    busy: str | None
    notices: list[str]


class Cancel(Request, tag="cancel"):
    """Cancels these requests of the sender, running or waiting; each is answered with the error ``cancelled``."""

    ids: Annotated[list[Positive], Meta(max_length=10_000)]


class Shutdown(Request, tag="shutdown"):
    """Ends the worker."""
