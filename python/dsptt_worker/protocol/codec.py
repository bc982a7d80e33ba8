"""Conversion of frames to validated messages and back. Sizes are checked before anything is decoded or allocated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..errors import Code, ProtocolFaultError
from .message import (
    MAX_FRAME_BYTES,
    MAX_FRAMES,
    MAX_HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    Envelope,
    Error,
    Failure,
    Ok,
    Request,
    Result,
    TensorSpec,
)

Buffer: TypeAlias = bytes | memoryview
Array: TypeAlias = NDArray[np.generic]
Tensors: TypeAlias = Mapping[str, Array]

# An error message may quote its subject; message and traceback together fit a header, whatever their characters.
KEPT_MESSAGE = 10_000
KEPT_TRACEBACK = 100_000


class Decoder:
    """Decodes the requests of one socket."""

    def __init__(self, requests: Sequence[type[Request]]) -> None:
        self._envelope = msgspec.msgpack.Decoder(Envelope)
        self._requests = {request.__struct_config__.tag: msgspec.msgpack.Decoder(request) for request in requests}

    def envelope(self, frames: Sequence[Buffer]) -> Envelope:
        """Reads the sender, id and operation from the header frame alone.

        Raises:
            ProtocolFaultError: no frames, too many or too large ones, or a header that is not an envelope.
        """
        _check_sizes(frames)
        try:
            return self._envelope.decode(frames[0])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ProtocolFaultError(f"bad header: {error}") from error

    def request(self, op: str, frames: Sequence[Buffer]) -> tuple[Request, Tensors]:
        """Decodes the whole request and its tensors (views into the frames, no copy).

        Raises:
            ProtocolFaultError: an unknown operation, a wrong field, or other tensors than the operation takes.
        """
        decoder = self._requests.get(op)
        if decoder is None:
            raise ProtocolFaultError(f"unknown operation {op!r}; known: {', '.join(map(str, self._requests))}")
        try:
            request = decoder.decode(frames[0])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ProtocolFaultError(f"{op}: {error}") from error
        return request, _tensors(request, frames[1:])


def _tensors(request: Request, frames: Sequence[Buffer]) -> Tensors:
    op = request.__struct_config__.tag
    got = {spec.name: spec.dtype for spec in request.tensors}
    if got != request.takes or not len(got) == len(request.tensors) == len(frames):
        raise ProtocolFaultError(f"{op}: takes the tensors {request.takes}, got {got} in {len(frames)} frames")
    tensors = {}
    for spec, frame in zip(request.tensors, frames, strict=True):
        dtype = np.dtype("<" + spec.dtype)
        largest = math.prod(max(size, 1) for size in spec.shape)  # numpy refuses huge sizes of an empty tensor too
        if math.prod(spec.shape) * dtype.itemsize != len(frame) or largest > MAX_FRAME_BYTES:
            raise ProtocolFaultError(
                f"{op}: tensor {spec.name} {spec.dtype}{spec.shape} does not fit {len(frame)} bytes"
            )
        tensors[spec.name] = np.frombuffer(frame, dtype).reshape(spec.shape)
    return tensors


def _check_sizes(frames: Sequence[Buffer]) -> None:
    if not 1 <= len(frames) <= MAX_FRAMES + 1:
        raise ProtocolFaultError(f"a message must have 1 to {MAX_FRAMES + 1} frames, got {len(frames)}")
    if len(frames[0]) > MAX_HEADER_BYTES:
        raise ProtocolFaultError(f"the header must have at most {MAX_HEADER_BYTES} bytes, got {len(frames[0])}")
    for index, frame in enumerate(frames[1:]):
        if len(frame) > MAX_FRAME_BYTES:
            raise ProtocolFaultError(
                f"tensor frame {index} must have at most {MAX_FRAME_BYTES} bytes, got {len(frame)}"
            )
    size = sum(map(len, frames))
    if size > MAX_MESSAGE_BYTES:
        raise ProtocolFaultError(f"a message must have at most {MAX_MESSAGE_BYTES} bytes, got {size}")


_encode = msgspec.msgpack.Encoder().encode


def encode_ok(id_: int, sender: str, result: Result, tensors: Tensors) -> list[Buffer]:
    """Encodes an answer. Tensor frames are views, so the arrays must not change until they are sent.

    Raises:
        ProtocolFaultError: larger than an answer may be.
    """
    specs = [TensorSpec(name, array.dtype.str[1:], list(array.shape)) for name, array in tensors.items()]  # type: ignore[arg-type]
    frames: list[Buffer] = [_encode(Ok(id_, sender, result, specs))]
    frames += [np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in tensors.values()]
    _check_sizes(frames)
    return frames


def encode_error(id_: int, sender: str, code: Code, message: str, traceback: str | None) -> list[Buffer]:
    """Encodes an error answer; a long message keeps its start, a long traceback its end."""
    if len(message) > KEPT_MESSAGE:
        message = f"{message[:KEPT_MESSAGE]} ... ({len(message)} characters)"
    kept = None if traceback is None else _sendable(traceback[-KEPT_TRACEBACK:])
    return [_encode(Error(id_, sender, Failure(code, _sendable(message), kept)))]


def _sendable(text: str) -> str:
    """Escapes surrogates, which occur in file names that are not valid text: the wire's strings must not hold them."""
    return text.encode("utf-8", "backslashreplace").decode()
