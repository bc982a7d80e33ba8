"""The operations, whole: what a client may ask, and what the worker answers.

Requests travel on two sockets: *work* (served in order by the main thread) and *control* (served at once by a thread of
its own). ``src/bridge/protocol.ts`` is the other half; a test compares the two.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from .message import Count, DType, Name, Positive, Request, Result


class DatasetSpec(Struct, forbid_unknown_fields=True):
    name: Name
    args: dict[str, object] = {}
    dir: str | None = None


class ModelSpec(Struct, forbid_unknown_fields=True):
    name: Name
    args: dict[str, object] = {}


# --- the session ------------------------------------------------------------------------------------------------------


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
    """Open a task: build the model and put the data on the device. Everything opened before is dropped."""

    dataset: DatasetSpec
    model: ModelSpec
    loss: Literal["crossEntropy"]
    precision: Literal["fp32"]
    batchSize: Positive  # noqa: N815 (names on the wire are the same on both sides)
    seed: Count
    device: Name
    threads: Count


class OpenResult(Result):
    parameters: int
    stepsPerEpoch: int  # noqa: N815
    samples: dict[str, int]
    classes: list[str]
    device: str
    deviceName: str  # noqa: N815
    threads: int
    signature: str


# --- points: a network's whole state ----------------------------------------------------------------------------------


class NewPoint(Request, tag="newPoint"):
    """A freshly initialised network, its randomness drawn from the named stream."""

    point: Name
    stream: Name


class CopyPoint(Request, tag="copyPoint"):
    """Copy parameters, buffers and optimizer state."""

    point: Name
    source: Name


class Drop(Request, tag="drop"):
    """Forget points and paths; unknown names are an error."""

    points: list[Name]
    paths: list[Name]


class SavePoint(Request, tag="savePoint"):
    """The network's ``state_dict`` as the bytes of a safetensors file."""

    gives: ClassVar[dict[str, DType]] = {"file": "u1"}
    point: Name
    metadata: dict[str, str]


class LoadPoint(Request, tag="loadPoint"):
    """A point from the bytes of a safetensors file whose names and shapes are those of the task's network."""

    takes: ClassVar[dict[str, DType]] = {"file": "u1"}
    point: Name


# --- paths: a displacement from an origin -----------------------------------------------------------------------------


class NewPath(Request, tag="newPath"):
    """A displacement d = v from a point, v drawn from the named stream. The origin cannot move while the path lives."""

    path: Name
    origin: Name
    stream: Name
    scale: Literal["layer", "filter", "gaussian", "unit"]


class PointFromPath(Request, tag="pointFromPath"):
    """A point at origin + factor * d, with the origin's buffers and fresh optimizer state."""

    point: Name
    path: Name
    factor: Annotated[float, Meta(ge=-1e9, le=1e9)]


# --- step programs ----------------------------------------------------------------------------------------------------


class Descend(Request, tag="descend"):
    """Training steps of SGD on one point, one learning rate a step; step i takes batch ``start + i`` of the stream."""

    takes: ClassVar[dict[str, DType]] = {"lr": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f4"}
    point: Name
    stream: Name
    start: Count
    momentum: Annotated[float, Meta(ge=0, lt=1)]
    nesterov: bool
    weightDecay: Annotated[float, Meta(ge=0)]  # noqa: N815


class DescendResult(Result):
    """Whether every parameter is a finite number after the program."""

    finite: bool


class Search(Request, tag="search"):
    """Search steps on paths of one origin. Step i grows path ``path[i]`` by ``growth[i]``, measures loss and gradient
    at origin + d, then calibrates d by ``-rho2[i] * gradient``. ``norm[i]`` is the length of d where ``loss[i]`` was
    measured; ``cosine`` has one entry a path: between d and its first direction, after the program (NaN unless asked).
    ``captured`` holds the parameters at which the steps in ``capture`` were measured, [len(capture), parameters].
    """

    takes: ClassVar[dict[str, DType]] = {"path": "i4", "growth": "f8", "rho2": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f4", "norm": "f4", "cosine": "f8", "captured": "f4"}
    paths: Annotated[list[Name], Meta(min_length=1, max_length=1000)]
    stream: Name
    start: Count
    capture: Annotated[list[Count], Meta(max_length=1000)]
    cosines: bool


# --- measuring --------------------------------------------------------------------------------------------------------


class Probe(Request, tag="probe"):
    """Mean training loss in training mode over the first ``batches`` batches of the data stream; moves nothing."""

    point: Name
    stream: Name
    batches: Positive


class ProbeResult(Result):
    loss: float


class Evaluate(Request, tag="evaluate"):
    """Mean loss and error of a point on a split, in evaluation mode; ``outputs`` are softmax outputs, [samples,
    classes], and have no rows unless asked for."""

    gives: ClassVar[dict[str, DType]] = {"outputs": "f4"}
    point: Name
    split: Literal["train", "validation", "test"]
    outputs: bool


class EvaluateResult(Result):
    loss: float
    errorPct: float  # noqa: N815


class Targets(Request, tag="targets"):
    """The class of each sample of a split, [samples]."""

    gives: ClassVar[dict[str, DType]] = {"targets": "i4"}
    split: Literal["train", "validation", "test"]


class Reestimate(Request, tag="reestimate"):
    """Re-estimate batch-norm statistics by one pass over the training data of the named stream (cumulative average)."""

    point: Name
    stream: Name


class Distances(Request, tag="distances"):
    """Euclidean distances of parameter vectors, [points, points]."""

    gives: ClassVar[dict[str, DType]] = {"distances": "f8"}
    points: Annotated[list[Name], Meta(min_length=1, max_length=1000)]


class Segment(Request, tag="segment"):
    """Mean training loss, in evaluation mode, at ``positions`` on the straight segment between two points (0 is
    ``source``, 1 is ``target``), batch-norm statistics re-estimated at each."""

    takes: ClassVar[dict[str, DType]] = {"positions": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f8"}
    source: Name
    target: Name
    stream: Name


# --- control ----------------------------------------------------------------------------------------------------------


class Beat(Request, tag="beat"):
    """Is the worker alive, and how far is it?"""


class BeatResult(Result):
    steps: int
    busy: str | None


class Cancel(Request, tag="cancel"):
    """Give up these requests of the sender, running or waiting; each is answered with the error ``cancelled``."""

    ids: Annotated[list[Positive], Meta(max_length=10_000)]


class Shutdown(Request, tag="shutdown"):
    """End the worker."""


WORK: dict[type[Request], type[Result]] = {
    Hello: HelloResult,
    Open: OpenResult,
    NewPoint: Result,
    CopyPoint: Result,
    Drop: Result,
    SavePoint: Result,
    LoadPoint: Result,
    NewPath: Result,
    PointFromPath: Result,
    Descend: DescendResult,
    Search: Result,
    Probe: ProbeResult,
    Evaluate: EvaluateResult,
    Targets: Result,
    Reestimate: Result,
    Distances: Result,
    Segment: Result,
}
CONTROL: dict[type[Request], type[Result]] = {Beat: BeatResult, Cancel: Result, Shutdown: Result}
