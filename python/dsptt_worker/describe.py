"""The protocol as plain data, so that the other side's test can compare it with its own."""

from __future__ import annotations

from typing import get_args

from . import message, protocol
from .message import Request, Result


def describe() -> dict[str, object]:
    """Version, limits, error codes, dtypes, and for every operation its request's and answer's fields and tensors."""
    return {
        "version": message.PROTOCOL_VERSION,
        "limits": {
            "headerBytes": message.MAX_HEADER_BYTES,
            "frames": message.MAX_FRAMES,
            "frameBytes": message.MAX_FRAME_BYTES,
            "steps": message.MAX_STEPS,
        },
        "errorCodes": list(message.ERROR_CODES),
        "dtypes": list(get_args(message.DType)),
        "work": {_tag(request): _operation(request, result) for request, result in protocol.WORK.items()},
        "control": {_tag(request): _operation(request, result) for request, result in protocol.CONTROL.items()},
    }


def _operation(request: type[Request], result: type[Result]) -> dict[str, object]:
    header = set(Request.__struct_fields__)
    return {
        "request": sorted(field for field in request.__struct_fields__ if field not in header),
        "result": sorted(result.__struct_fields__),
        "takes": request.takes,
        "gives": request.gives,
    }


def _tag(request: type[Request]) -> str:
    return str(request.__struct_config__.tag)
