"""How a step can end other than well."""

from __future__ import annotations


class UnmetError(Exception):
    """Something is not as it must be: the step has failed."""


class OutOfTimeError(Exception):
    """The step's time is over."""


class SkippedError(Exception):
    """The step has nothing to do here; the message says why."""


class InterruptedBySignalError(BaseException):
    """SIGTERM, SIGINT or SIGHUP: all steps end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
