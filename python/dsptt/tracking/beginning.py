"""What a tracker is told of a run before anything else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Beginning:
    """A run as a tracker knows it."""

    name: str
    parameters: dict[str, str]
    id: str
    """Tells the run from others of its name."""
    resumed: bool
    """Whether the tracker may have heard of it before. All is told again from the start, and sent where it is new."""
