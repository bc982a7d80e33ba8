"""Conversion of requests to step programs: checks that the fields and tensors of a request fit each other, before it
runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import protocol
from ..errors import ProtocolFaultError
from ..protocol import message
from ..protocol.codec import Array, Tensors
from ..steps.search_path import SearchPath
from ..task import Task
from .programs import DescentProgram, SearchProgram
from .stack import StackProgram


def descent_program(task: Task, request: protocol.Descend, tensors: Tensors) -> DescentProgram:
    """Builds the program of a ``descend`` request.

    Raises:
        ProtocolFaultError: a schedule or a capture that does not fit the others.
    """
    lr = _steps(tensors["lr"])
    noise = _steps(tensors["noise"]) if tensors["noise"].size else []
    if noise and (len(noise) != len(lr) or min(noise) < 0):
        raise ProtocolFaultError(
            f"descend: noise must be empty or have an entry >= 0 for each of the {len(lr)} steps, got {len(noise)} "
            f"entries from {min(noise)}"
        )
    _check_capture(task, "descend", request.capture, len(lr))
    return DescentProgram(lr, request.solver, noise, request.capture, request.ema)


def stack_program(request: protocol.DescendStack, tensors: Tensors) -> StackProgram:
    """Builds the program of a ``descendStack`` request.

    Raises:
        ProtocolFaultError: not a stream, a start and rates for each point, or a point twice.
    """
    points, rates = request.points, tensors["lr"]
    if not len(set(points)) == len(points) == len(request.streams) == len(request.starts):
        raise ProtocolFaultError(
            f"descendStack: each point must stand once and have a stream and a start, got {', '.join(points)} with "
            f"{len(request.streams)} streams and {len(request.starts)} starts"
        )
    if rates.size % len(points):
        raise ProtocolFaultError(
            f"descendStack: lr must have as many steps for each of the {len(points)} points, got {rates.size} entries"
        )
    lr = [_steps(row) for row in rates.reshape(len(points), -1)]
    return StackProgram(lr, request.solver, request.streams, request.starts, request.ema)


def search_program(task: Task, request: protocol.Search, tensors: Tensors) -> SearchProgram:
    """Builds the program of a ``search`` request.

    Raises:
        ProtocolFaultError: schedules, paths or a capture that do not fit each other.
    """
    paths = [task.path(name) for name in request.paths]
    path, growth, rho2 = (_steps(tensors[name]) for name in ("path", "growth", "rho2"))
    if not len(path) == len(growth) == len(rho2):
        raise ProtocolFaultError(
            f"search: path, growth and rho2 must be equally long, got {len(path)}, {len(growth)}, {len(rho2)}"
        )
    if not 0 <= min(path) <= max(path) < len(paths):
        raise ProtocolFaultError(f"search: path indices must be 0 to {len(paths) - 1}, got {min(path)} to {max(path)}")
    _check_capture(task, "search", request.capture, len(path))
    _check_origin(paths)
    return SearchProgram(paths, [int(k) for k in path], growth, rho2, request.solver, request.capture)


def _check_origin(paths: Sequence[SearchPath]) -> None:
    if any(path.origin is not paths[0].origin for path in paths):
        raise ProtocolFaultError("search: all paths of one program must start at the same point")


def _check_capture(task: Task, op: str, capture: Sequence[int], steps: int) -> None:
    if capture and max(capture) >= steps:
        raise ProtocolFaultError(f"{op}: capture must name steps 0 to {steps - 1}, got {max(capture)}")
    size = 4 * len(capture) * task.net.parameters
    if size > message.MAX_FRAME_BYTES:
        raise ProtocolFaultError(
            f"{op}: {len(capture)} captures of {task.net.parameters} parameters are {size} bytes, and an answer takes "
            f"{message.MAX_FRAME_BYTES}: capture fewer steps a program"
        )


def _steps(array: Array) -> list[float]:
    if array.ndim != 1 or not 1 <= len(array) <= message.MAX_STEPS or not np.isfinite(array).all():
        raise ProtocolFaultError(
            f"a schedule must have 1 to {message.MAX_STEPS} finite entries, one a step, got shape {list(array.shape)}"
        )
    values: list[float] = array.tolist()
    return values
