"""The session: who speaks to whom, and which task is open."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ..message import Count, Name, Request, Result


class DatasetSpec(Struct, forbid_unknown_fields=True):
    name: Name
    args: dict[str, object] = {}
    dir: str | None = None


class ModelSpec(Struct, forbid_unknown_fields=True):
    name: Name
    args: dict[str, object] = {}


class Hello(Request, tag="hello"):
    """The first message of every client on the work socket."""

    protocol: int


class HelloResult(Result):
    protocol: int
    worker: str
    versions: dict[str, str]
    devices: list[str]
    datasets: list[str]
    models: list[str]
    pid: int


class Open(Request, tag="open"):
    """Open a task: build the model and put the data on the device. Everything opened before is dropped.

    ``batchSize`` 0 means all training samples, in their own order: the full gradient, one step an epoch.
    """

    dataset: DatasetSpec
    model: ModelSpec
    loss: Literal["crossEntropy", "meanSquared"]
    precision: Literal["fp32"]
    batchSize: Count  # noqa: N815 (names on the wire are the same on both sides)
    seed: Count
    device: Name
    threads: Count


class OpenResult(Result):
    """What is known of the open task; ``classes`` is empty where a number is predicted."""

    parameters: int
    stepsPerEpoch: int  # noqa: N815
    samples: dict[str, int]
    classes: list[str]
    device: str
    deviceName: str  # noqa: N815
    threads: int
    signature: str
