"""Python's half of every seam between it and TypeScript, as one JSON document; ``test/seams`` compares the halves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from dsptt_worker import protocol
from dsptt_worker.protocol import message
from dsptt_worker.protocol.message import Request, Result

LIMITS = {
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
    "points": message.MAX_POINTS,
    "members": message.MAX_MEMBERS,
    "threads": message.MAX_THREADS,
}


def schema(kind: object, *, every: bool = False) -> dict[str, Any]:
    """The JSON schema of a type; ``every`` field is required of what is encoded, since msgspec leaves none out."""
    said = msgspec.json.schema(kind, schema_hook=lambda _any: {"title": "any"})
    if every:
        for definition in said["$defs"].values():
            definition["required"] = list(definition["properties"])
    return said


def operations(table: Mapping[type[Request], type[Result]]) -> dict[str, object]:
    return {
        str(request.__struct_config__.tag): {
            "request": schema(request),
            "result": schema(result, every=True),
            "takes": request.takes,
            "gives": request.gives,
        }
        for request, result in table.items()
    }


def wire() -> dict[str, object]:
    return {
        "version": message.PROTOCOL_VERSION,
        "limits": LIMITS,
        "reply": schema(message.Ok | message.Error, every=True),
        "work": operations(protocol.WORK),
        "control": operations(protocol.CONTROL),
    }


if __name__ == "__main__":
    print(json.dumps({"wire": wire()}))
