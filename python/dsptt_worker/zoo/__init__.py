"""Where a task's networks come from: our own by name, a Python function of any package or file, or a module in hand.

``builder`` makes any of them the same thing: a first network, which the task works with, and fresh ones for new points.
"""

from __future__ import annotations

from .builder import HANDED, Builder, builder
from .need import Need, check_answers

__all__ = ["HANDED", "Builder", "Need", "builder", "check_answers"]
