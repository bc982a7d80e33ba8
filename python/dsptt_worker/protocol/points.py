"""Points (a network's whole state) and paths (a displacement from an origin point)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from .message import DType, Name, Request, Several


class NewPoint(Request, tag="newPoint"):
    """A freshly initialised network, its randomness drawn from the named stream."""

    point: Name
    stream: Name


class CopyPoint(Request, tag="copyPoint"):
    """Copies parameters, buffers and optimizer state."""

    point: Name
    source: Name


class PlacePoint(Request, tag="placePoint"):
    """A point with the given ``parameters`` [parameters], the buffers of ``like`` and fresh optimizer state."""

    takes: ClassVar[dict[str, DType]] = {"parameters": "f4"}
    point: Name
    like: Name


class AveragePoints(Request, tag="averagePoints"):
    """The sum of the sources' parameters, each times its entry of ``weights`` [sources]; buffers of the first source,
    fresh optimizer state."""

    takes: ClassVar[dict[str, DType]] = {"weights": "f8"}
    point: Name
    sources: Several


class TakeAverage(Request, tag="takeAverage"):
    """Puts the running average of ``descend`` in the place of a point's parameters; buffers stay, optimizer state is
    fresh."""

    point: Name


class Drop(Request, tag="drop"):
    """Forgets points and paths; unknown names are an error."""

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


class SaveState(Request, tag="saveState"):
    """Everything that a point or a path needs to resume bit for bit, solver state included, as the bytes of a
    safetensors file; a path's state names its origin and does not contain it. The same state is always the same bytes.
    """

    gives: ClassVar[dict[str, DType]] = {"state": "u1"}
    kind: Literal["point", "path"]
    name: Name


class LoadState(Request, tag="loadState"):
    """A new point or path from the bytes of a ``saveState`` answer, in this task or another one of the same network. A
    path's origin must exist, under the same name, and is pinned."""

    takes: ClassVar[dict[str, DType]] = {"state": "u1"}
    kind: Literal["point", "path"]
    name: Name


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
