"""Format of a message and the limits on it: the frame around the operations of ``protocol``.

A message is a msgpack header frame followed by raw little-endian tensor frames, one for each entry of the header's
``tensors``. ``src/bridge/wire/protocol.ts`` is the other half; a test compares the two.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from ..errors import Code

PROTOCOL_VERSION = 7
MAX_HEADER_BYTES = 1 << 20
MAX_HEADER_DEPTH = 32  # containers within containers of a header, itself one of them
MAX_FRAMES = 64
MAX_FRAME_BYTES = 1 << 31
MAX_MESSAGE_BYTES = 1 << 32  # all frames together: no operation takes or gives two tensors as large as a frame may be
MAX_NAME_LENGTH = 200
MAX_DIMENSIONS = 8
MAX_WINDOW = 64  # work requests of a client on the wire at a time: beyond it, answers may be lost
MAX_STEPS = 1_000_000
MAX_CAPTURES = 1000
MAX_POINTS = 1000  # points or paths that one request measures, averages or searches
MAX_MEMBERS = 64  # networks that are trained at once
MAX_THREADS = 1024  # OpenMP ends the process if it cannot start as many threads as requested

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME_LENGTH)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Positive = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Several = Annotated[list[Name], Meta(min_length=1, max_length=MAX_POINTS)]
DType = Literal["f4", "f8", "i4", "u1"]
Dimension = Annotated[int, Meta(ge=0, le=MAX_FRAME_BYTES)]


def check_depth(value: object, around: int) -> None:
    """Checks that containers are nested no deeper in a header than allowed; ``around`` is the number of containers
    around the value.

    Raises:
        ValueError: they do.
    """
    depth, level = around, [value]
    while containers := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        if depth > MAX_HEADER_DEPTH:
            raise ValueError(f"a header must have at most {MAX_HEADER_DEPTH} containers within each other")
        level = [item for held in containers for item in (held.values() if isinstance(held, dict) else held)]


class TensorSpec(Struct, forbid_unknown_fields=True):
    """One tensor frame: its name, element type (numpy's short name, little-endian) and shape."""

    name: Name
    dtype: DType
    shape: Annotated[list[Dimension], Meta(max_length=MAX_DIMENSIONS)]


TensorSpecs = Annotated[list[TensorSpec], Meta(max_length=MAX_FRAMES)]


class Envelope(Struct):
    """The part of every header that is read first, so that even a bad request gets an answer under its own id."""

    id: Positive
    sender: Name
    op: Name


class Request(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op"):
    """Base of all requests. ``takes`` and ``gives`` name the tensors that come with the request and with its answer."""

    takes: ClassVar[dict[str, DType]] = {}
    gives: ClassVar[dict[str, DType]] = {}

    id: Positive
    sender: Name
    tensors: TensorSpecs = []


class Result(Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of all answers' ``result`` fields; operations without a result answer this."""


class Ok(Struct, tag_field="status", tag="ok", forbid_unknown_fields=True):
    id: Count
    sender: Name
    result: Result
    tensors: TensorSpecs


class Failure(Struct, forbid_unknown_fields=True):
    code: Code
    message: str
    traceback: str | None


class Error(Struct, tag_field="status", tag="error", forbid_unknown_fields=True):
    id: Count
    sender: Name
    error: Failure
