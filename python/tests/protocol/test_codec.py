from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dsptt_worker import protocol
from dsptt_worker.errors import ProtocolFaultError
from dsptt_worker.protocol import codec, message
from dsptt_worker.protocol.codec import Decoder, encode_error, encode_ok

pack = msgspec.msgpack.encode
DECODER = Decoder(list(protocol.WORK))
CONTROL = Decoder(list(protocol.CONTROL))
SOLVER = {
    "solver": "adam",
    "momentum": 0.9,
    "nesterov": False,
    "weightDecay": 0.0,
    "beta1": 0.9,
    "beta2": 0.99,
    "epsilon": 1e-8,
}
DESCEND = {"point": "a", "stream": "s", "start": 0, "solver": SOLVER, "capture": [2]}
LR = {"name": "lr", "dtype": "f8", "shape": [3]}
NOISE = {"name": "noise", "dtype": "f8", "shape": [0]}
OPEN = {
    "dataset": {"name": "digits", "args": {"shift": 1}},
    "model": {"name": "conv"},
    "loss": "crossEntropy",
    "precision": "fp32",
    "batchSize": 30,
    "batchChunks": 1,
    "allowChunkedBn": False,
    "seed": 7,
    "device": "cpu",
    "threads": 1,
}
DTYPES = st.sampled_from(["<f4", "<f8", "<i4", "|u1"]).map(np.dtype)
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


def header(op: str = "descend", **changes: Any) -> dict[str, Any]:
    fields = {"descend": {**DESCEND, "tensors": [LR, NOISE]}, "open": OPEN}.get(op, {})
    return {"id": 5, "sender": "client", "op": op, **fields, **changes}


def decode(frames: list[bytes]) -> tuple[message.Request, codec.Tensors]:
    return DECODER.request(DECODER.envelope(frames).op, frames)


GOOD = [pack(header()), np.array([0.1, 0.2, 0.3]).tobytes(), b""]


def test_a_good_request_is_decoded_with_its_tensors_as_views() -> None:
    request, tensors = decode(GOOD)
    assert request == protocol.Descend(
        id=5, sender="client", tensors=request.tensors, **{**DESCEND, "solver": protocol.Solver(**SOLVER)}
    )
    assert tensors["lr"].tolist() == [0.1, 0.2, 0.3]
    assert not tensors["lr"].flags.owndata


@given(array=DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)), layout=st.sampled_from(["c", "f", "step"]))
def test_a_tensor_comes_out_of_its_frames_as_it_went_in(array: np.ndarray, layout: str) -> None:
    given_array = {"c": array, "f": array.T, "step": array[::2] if array.ndim else array}[layout]
    head, frame = encode_ok(3, "worker", message.Result(), {"x": given_array})
    answer = msgspec.msgpack.decode(head)
    spec = answer["tensors"][0]
    back = np.frombuffer(bytes(frame), "<" + spec["dtype"]).reshape(spec["shape"])
    assert (answer["status"], answer["id"], answer["sender"], spec["name"]) == ("ok", 3, "worker", "x")
    assert back.tobytes() == given_array.tobytes()
    assert (back.dtype, back.shape) == (given_array.dtype, given_array.shape)


@given(values=st.lists(st.floats(width=64), max_size=20))
def test_a_schedule_comes_out_of_a_request_in_every_bit(values: list[float]) -> None:
    array = np.array(values, np.float64)
    _, tensors = decode([pack(header(tensors=[{**LR, "shape": [len(values)]}, NOISE])), array.tobytes(), b""])
    assert tensors["lr"].tobytes() == array.tobytes()


def test_an_error_answer_carries_code_message_and_traceback() -> None:
    (frame,) = encode_error(9, "worker", "config", "wrong", "Traceback ...")
    assert msgspec.msgpack.decode(frame) == {
        "status": "error",
        "id": 9,
        "sender": "worker",
        "error": {"code": "config", "message": "wrong", "traceback": "Traceback ..."},
    }


def only_protocol_faults(frames: list[bytes]) -> None:
    for decoder in (DECODER, CONTROL):
        try:
            decoder.request(decoder.envelope(frames).op, frames)
        except ProtocolFaultError as error:
            assert str(error)  # noqa: PT017 (not raising is equally valid)


@settings(max_examples=200)
@given(frames=st.lists(st.binary(max_size=60), max_size=4))
@example(frames=[])
@example(frames=[b""])
def test_random_bytes_are_decoded_or_are_a_protocol_fault(frames: list[bytes]) -> None:
    only_protocol_faults(frames)


@settings(max_examples=300)
@given(op=st.sampled_from(["descend", "open"]), place=st.integers(0, 400), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_message_is_decoded_or_is_a_protocol_fault(op: str, place: int, byte: int, cut: bool) -> None:
    damaged = bytearray(pack(header(op)))
    place %= len(damaged)
    damaged[place] = byte
    only_protocol_faults([bytes(damaged[:place] if cut else damaged), *GOOD[1:]])


PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=5) | st.binary()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner))


@settings(max_examples=200)
@given(op=st.sampled_from(["descend", "open"]), data=st.data())
def test_a_field_of_any_other_value_is_decoded_or_is_a_protocol_fault(op: str, data: st.DataObject) -> None:
    message = header(op)
    message[data.draw(st.sampled_from(list(message)))] = data.draw(VALUES)
    only_protocol_faults([pack(message), *GOOD[1:]])


@given(shape=st.lists(st.sampled_from([0, 1, 3, 2**20, 2**40]), max_size=9))
def test_a_tensor_of_any_shape_is_decoded_or_is_a_protocol_fault(shape: list[int]) -> None:
    size = min(8 * math.prod(shape), 24)
    only_protocol_faults([pack(header(tensors=[{**LR, "shape": shape}, NOISE])), bytes(size), b""])


def test_an_empty_tensor_of_huge_dimensions_is_a_protocol_fault() -> None:
    with pytest.raises(ProtocolFaultError, match=r"descend: .* <= 2147483648 - at .*shape"):
        decode([pack(header(tensors=[{**LR, "shape": [0, 2**40, 2**40]}, NOISE])), b"", b""])


def nested(depth: int) -> bytes:
    """Builds an open request whose model argument is a list in a list in a list ..."""
    message = pack(header("open", model={"name": "mlp", "args": {"x": 255}}))
    return message.replace(b"\xcc\xff", b"\x91" * depth + b"\xc0")


@pytest.mark.parametrize("depth", [500, 5_000, 900_000])
def test_deep_nesting_is_decoded_or_is_a_protocol_fault(depth: int) -> None:
    only_protocol_faults([nested(depth)])


@pytest.mark.parametrize("length", [b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff"])
def test_a_length_that_the_header_does_not_hold_is_a_protocol_fault(length: bytes) -> None:
    message = pack(header("open", model={"name": "mlp", "args": {"x": 255}})).replace(b"\xcc\xff", length)
    with pytest.raises(ProtocolFaultError, match="truncated"):
        decode([message])


WRONG_TENSORS: dict[str, tuple[list[dict[str, Any]], int]] = {
    "another name": ([{**LR, "name": "rate"}], 1),
    "another dtype": ([{**LR, "dtype": "f4", "shape": [6]}], 1),
    "an object dtype": ([{**LR, "dtype": "O"}], 1),
    "a larger shape": ([{**LR, "shape": [4]}], 1),
    "a negative shape": ([{**LR, "shape": [-3]}], 1),
    "nine dimensions": ([{**LR, "shape": [3, 1, 1, 1, 1, 1, 1, 1, 1]}], 1),
    "a surplus tensor": ([LR, {**LR, "name": "more"}], 2),
    "the same tensor twice": ([LR, LR], 2),
    "no frame": ([LR], 0),
    "a surplus frame": ([LR], 2),
    "nothing": ([], 0),
    "an undeclared frame": ([], 1),
}


@pytest.mark.parametrize(("tensors", "frames"), WRONG_TENSORS.values(), ids=WRONG_TENSORS)
def test_tensors_other_than_the_operations_own_are_refused(tensors: list[dict[str, Any]], frames: int) -> None:
    with pytest.raises(ProtocolFaultError, match="descend"):
        decode([pack(header(tensors=[*tensors, NOISE])), *[GOOD[1]] * frames, b""])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"op": "explode"}, "unknown operation 'explode'; known: hello, models, open"),
        ({"op": "beat"}, "unknown operation 'beat'"),
        ({"start": -1}, "start"),
        ({"solver": {**SOLVER, "momentum": 1.0}}, "solver.momentum"),
        ({"solver": {**SOLVER, "weightDecay": -0.1}}, "weightDecay"),
        ({"solver": {**SOLVER, "beta1": 1.0}}, "beta1"),
        ({"solver": {**SOLVER, "beta2": -0.1}}, "beta2"),
        ({"solver": {**SOLVER, "epsilon": 0.0}}, "epsilon"),
        ({"solver": {**SOLVER, "solver": "lbfgs"}}, "lbfgs"),
        ({"solver": {**SOLVER, "lr": 1}}, "lr"),
        ({"capture": [-1]}, "capture"),
        ({"capture": [0] * 1001}, "length <= 1000.*capture"),
        ({"point": ""}, "point"),
        ({"surplus": 1}, "surplus"),
        ({"op": "probe", "batches": 1_000_001}, "batches"),
        ({"op": "open", "threads": 1025}, "threads"),
        ({"solver": {**SOLVER, "nesterov": 1}}, "nesterov"),
    ],
)
def test_a_wrong_field_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ProtocolFaultError, match=named):
        decode([pack(header(**changes)), *GOOD[1:]])
