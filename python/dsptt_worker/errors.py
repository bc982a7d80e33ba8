"""Errors that a client caused or must hear about, each with the code that it travels under."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

Code: TypeAlias = Literal["worker", "protocol", "config", "data", "memory", "cancelled"]


class WorkerFaultError(Exception):
    """Base of every error whose message alone tells the user what to do."""

    code: ClassVar[Code] = "worker"


class ProtocolFaultError(WorkerFaultError):
    """A message that breaks the protocol: wrong version, shape, type or order."""

    code = "protocol"


class ConfigFaultError(WorkerFaultError):
    """A task that cannot be opened as configured: unknown name, bad argument, a model that does not fit the data."""

    code = "config"


class DataFaultError(WorkerFaultError):
    """Data or weights that cannot be read or do not fit."""

    code = "data"


class MemoryFaultError(WorkerFaultError):
    """A device that has too little memory for what was asked."""

    code = "memory"


class CancelledFaultError(WorkerFaultError):
    """The client cancelled the request."""

    code = "cancelled"
