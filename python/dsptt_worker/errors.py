"""Errors for the client, each with the code that the protocol sends.

A message names no flag or command of the client: ``src/bridge/remedies.ts`` adds those, by the code.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

Code: TypeAlias = Literal["worker", "protocol", "config", "chunks", "data", "package", "memory", "cancelled"]


class WorkerFaultError(Exception):
    """Base of every error whose message is for the user."""

    code: ClassVar[Code] = "worker"


class ProtocolFaultError(WorkerFaultError):
    """A message that breaks the protocol: wrong version, shape, type or order."""

    code = "protocol"


class ConfigFaultError(WorkerFaultError):
    """A task that cannot be opened as configured: unknown name, bad argument, a model that does not fit the data."""

    code: ClassVar[Code] = "config"


class ChunksFaultError(ConfigFaultError):
    """A network that would compute the statistics of a batch from its chunks."""

    code = "chunks"


class DataFaultError(WorkerFaultError):
    """Data or weights that cannot be read or do not fit."""

    code: ClassVar[Code] = "data"


class PackageFaultError(DataFaultError):
    """Data from a Python package that is not installed."""

    code = "package"


class MemoryFaultError(WorkerFaultError):
    """A device with too little memory for the request."""

    code = "memory"


class CancelledFaultError(WorkerFaultError):
    """The client cancelled the request."""

    code = "cancelled"
