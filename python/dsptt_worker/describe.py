"""The protocol as plain data, so that the other side's test can compare it with its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args, get_type_hints

from msgspec import Struct

from . import message, protocol
from .message import Request, Result


def describe() -> dict[str, object]:
    """Version, limits, error codes, dtypes, and for every operation its request's and answer's fields and tensors."""
    return {
        "version": message.PROTOCOL_VERSION,
        "limits": {
            "headerBytes": message.MAX_HEADER_BYTES,
            "headerDepth": message.MAX_HEADER_DEPTH,
            "frames": message.MAX_FRAMES,
            "frameBytes": message.MAX_FRAME_BYTES,
            "messageBytes": message.MAX_MESSAGE_BYTES,
            "nameLength": message.MAX_NAME_LENGTH,
            "dimensions": message.MAX_DIMENSIONS,
            "window": message.MAX_WINDOW,
            "steps": message.MAX_STEPS,
            "captures": message.MAX_CAPTURES,
            "members": message.MAX_MEMBERS,
            "threads": message.MAX_THREADS,
        },
        "errorCodes": list(message.ERROR_CODES),
        "dtypes": list(get_args(message.DType)),
        "work": {_tag(request): _operation(request, result) for request, result in protocol.WORK.items()},
        "control": {_tag(request): _operation(request, result) for request, result in protocol.CONTROL.items()},
    }


def _operation(request: type[Request], result: type[Result]) -> dict[str, object]:
    header = set(Request.__struct_fields__)
    return {
        "request": sorted(field for field in _fields(request) if field not in header),
        "result": sorted(_fields(result)),
        "takes": request.takes,
        "gives": request.gives,
    }


def _fields(struct: type[Struct]) -> Iterator[str]:
    """A struct's fields; those of a struct within it as ``field.inner``."""
    types = get_type_hints(struct)
    for field in struct.__struct_fields__:
        inner = types[field]
        if isinstance(inner, type) and issubclass(inner, Struct):
            yield from (f"{field}.{name}" for name in _fields(inner))
        else:
            yield field


def _tag(request: type[Request]) -> str:
    return str(request.__struct_config__.tag)
