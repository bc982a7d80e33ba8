"""The state of one search path."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from ..network.flat import Point
from ..network.solvers import SolverState
from .step import SearchStep


@dataclass
class SearchPath:
    """A displacement d [P] from a pinned origin, and the stream and scale that draw its first direction again.

    The solver's state is that of calibration; plain SGD has none, so that a path costs exactly one vector. ``step`` is
    the path's captured step, if steps are captured.
    """

    origin: Point
    d: Tensor
    stream: str
    scale: str
    solver: SolverState | None = None
    step: SearchStep | None = field(default=None, compare=False, repr=False)
