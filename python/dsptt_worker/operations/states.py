"""Conversion of the whole state of points and paths to and from bytes, so that training or a search resumes bit for
bit.

A state is a safetensors file. A point's holds ``theta``, ``rest.0``, ``rest.1`` ... and the vectors of its solver,
``solver.0`` ..., and its ``average`` if training keeps one; a path's holds ``d`` and the vectors of its solver.
Everything else is in the metadata. Unlike a saved network (``weights``), a state may hold NaN and infinity: a point
that has diverged is still the state of its run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import torch
from msgspec import Struct
from safetensors.torch import save
from torch import Tensor

from ..errors import DataFaultError, ProtocolFaultError
from ..network.flat import FlatNetwork, Point
from ..network.solvers import VECTORS, SolverState
from ..network.weights import check_tensors, read_tensors
from ..protocol import message
from ..protocol.message import Count, Name
from ..steps.search_path import SearchPath
from ..task import Task

_METADATA = "dsptt"


class SolverNotes(Struct, forbid_unknown_fields=True):
    """Metadata of a solver's state, beside its vectors."""

    solver: Literal["sgd", "adam", "adamw"]
    steps: Count


class PointNotes(Struct, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="point"):
    """Metadata of a point, beside its tensors. ``network`` is the signature of the network that it belongs to. A state
    without a running average omits ``average``, as in versions that had none."""

    network: str
    solver: SolverNotes | None
    average: bool = False


class PathNotes(Struct, forbid_unknown_fields=True, tag_field="kind", tag="path"):
    """Metadata of a path, beside its tensors. ``origin`` is the name of the point that it starts at."""

    network: str
    origin: Name
    stream: Name
    scale: Literal["layer", "filter", "gaussian", "unit"]
    solver: SolverNotes | None


_decode_notes = msgspec.json.Decoder(PointNotes | PathNotes).decode
_decode_header = msgspec.json.Decoder(dict[str, object]).decode


def save_point(task: Task, name: str) -> bytes:
    """Serialises the whole state of a point; the same state gives the same bytes.

    Raises:
        ProtocolFaultError: there is no such point, or no answer could hold its state.
    """
    point = task.point(name)
    notes = PointNotes(task.net.signature(), _solver_notes(point.solver), point.average is not None)
    rest = {f"rest.{i}": tensor for i, tensor in enumerate(point.rest)}
    average = {} if point.average is None else {"average": point.average}
    return _file({"theta": point.theta, **rest, **_solver_tensors(point.solver), **average}, notes)


def save_path(task: Task, name: str) -> bytes:
    """Serialises the whole state of a path except its origin's; the same state gives the same bytes.

    Raises:
        ProtocolFaultError: there is no such path, or no answer could hold its state.
    """
    path = task.path(name)
    origin = next(name for name, point in task.points.items() if point is path.origin)
    solver = _solver_notes(path.solver)
    notes = PathNotes(task.net.signature(), origin, path.stream, path.scale, solver)  # type: ignore[arg-type]
    return _file({"d": path.d, **_solver_tensors(path.solver)}, notes)


def load_point(task: Task, state: bytes) -> Point:
    """Restores a point from its state.

    Raises:
        DataFaultError: not a point's state, a damaged one, or one of another network.
    """
    net = task.net
    notes = _notes(net, state)
    if not isinstance(notes, PointNotes):
        raise DataFaultError("the state is that of a path, not of a point")
    rest = {f"rest.{i}": tensor for i, tensor in enumerate(net.rest)}
    average = {"average": net.theta} if notes.average else {}
    tensors = _checked(state, {"theta": net.theta, **rest, **_solver_expected(net, notes.solver), **average})
    like_rest = [_like(mine, tensors[name]) for name, mine in rest.items()]
    kept = _like(net.theta, tensors["average"]) if notes.average else None
    return Point(_like(net.theta, tensors["theta"]), like_rest, _solver(net, notes.solver, tensors), kept)


def load_path(task: Task, state: bytes) -> SearchPath:
    """Restores a path from its state; it pins its origin.

    Raises:
        DataFaultError: not a path's state, a damaged one, one of another network, or one whose origin does not exist.
    """
    net = task.net
    notes = _notes(net, state)
    if not isinstance(notes, PathNotes):
        raise DataFaultError("the state is that of a point, not of a path")
    if notes.origin not in task.points:
        there = ", ".join(task.points) or "none"
        raise DataFaultError(
            f"the path starts at point {notes.origin!r}, which must be loaded before it; there are: {there}"
        )
    tensors = _checked(state, {"d": net.theta, **_solver_expected(net, notes.solver)})
    origin, solver = task.points[notes.origin], _solver(net, notes.solver, tensors)
    path = SearchPath(origin, _like(net.theta, tensors["d"]), notes.stream, notes.scale, solver)
    origin.pins += 1
    return path


def _file(tensors: dict[str, Tensor], notes: PointNotes | PathNotes) -> bytes:
    size = sum(tensor.nbytes for tensor in tensors.values())
    if size + message.MAX_HEADER_BYTES > message.MAX_FRAME_BYTES:
        raise ProtocolFaultError(
            f"saveState: the state has {size} bytes, and an answer takes {message.MAX_FRAME_BYTES} with its header"
        )
    kept = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    return save(kept, {_METADATA: msgspec.json.encode(notes).decode()})


def _notes(net: FlatNetwork, state: bytes) -> PointNotes | PathNotes:
    """Parses and checks the state's metadata; safetensors itself reads tensors alone."""
    length = int.from_bytes(state[:8], "little")
    try:
        metadata = _decode_header(state[8 : 8 + length]).get("__metadata__")
        text = metadata.get(_METADATA) if isinstance(metadata, dict) else None
        if not isinstance(text, str):
            raise DataFaultError(f"the state's metadata has no {_METADATA!r}: it is not a state that a worker saved")
        notes: PointNotes | PathNotes = _decode_notes(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise DataFaultError(f"not a state that a worker saved, or a damaged one ({error})") from error
    if notes.network != net.signature():
        raise DataFaultError("the state is of another network: names, shapes or types of its tensors differ")
    return notes


def _checked(state: bytes, expected: dict[str, Tensor]) -> dict[str, Tensor]:
    tensors = read_tensors(state)
    check_tensors(tensors, expected)
    return tensors


def _like(mine: Tensor, given: Tensor) -> Tensor:
    """Copies the given values to the device and memory layout of ``mine``."""
    return torch.empty_like(mine).copy_(given)


def _solver_notes(solver: SolverState | None) -> SolverNotes | None:
    return None if solver is None else SolverNotes(solver.solver, solver.steps)  # type: ignore[arg-type]


def _solver_tensors(solver: SolverState | None) -> dict[str, Tensor]:
    vectors: Sequence[Tensor] = () if solver is None else solver.vectors
    return {f"solver.{i}": vector for i, vector in enumerate(vectors)}


def _solver_expected(net: FlatNetwork, notes: SolverNotes | None) -> dict[str, Tensor]:
    return {} if notes is None else {f"solver.{i}": net.theta for i in range(VECTORS[notes.solver])}


def _solver(net: FlatNetwork, notes: SolverNotes | None, tensors: dict[str, Tensor]) -> SolverState | None:
    if notes is None:
        return None
    vectors = [_like(net.theta, tensors[name]) for name in _solver_expected(net, notes)]
    return SolverState(notes.solver, vectors, notes.steps)
