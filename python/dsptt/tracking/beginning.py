"""Description of a run that a tracker gets first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Beginning:
    """Identity and parameters of a run for a tracker."""

    name: str
    parameters: dict[str, str]
    id: str
    """Identifies the run among others of its name."""
    resumed: bool
    """True if the tracker may have the run already. Its lines start at the beginning; only new values are sent."""
