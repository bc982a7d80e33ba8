"""Sources of a task's networks: built-in ones by name, a Python function of any package or file, or a given module.

``builder`` treats all of them alike: a first network, which the task works with, and fresh ones for new points.
"""

from __future__ import annotations

from .builder import HANDED, Builder, builder
from .need import Need, check_answers

__all__ = ["HANDED", "Builder", "Need", "builder", "check_answers"]
