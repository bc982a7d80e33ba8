"""Limits on the size, length and depth of messages, both ways."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from test_codec import DECODER, GOOD, decode, header, nested, pack

from dsptt_worker.errors import ProtocolFaultError
from dsptt_worker.protocol import codec, message
from dsptt_worker.protocol.codec import encode_error, encode_ok


def test_an_error_keeps_the_start_of_a_long_message_and_the_end_of_a_long_traceback_and_fits_a_header() -> None:
    (frame,) = encode_error(9, "worker", "config", "💥" * 500_000, "💥" * 500_000 + "the cause")
    assert len(frame) <= message.MAX_HEADER_BYTES
    error = msgspec.msgpack.decode(frame)["error"]
    assert error["message"].endswith("💥 ... (500000 characters)")
    assert error["traceback"].endswith("💥the cause")


def test_an_error_about_a_file_whose_name_is_no_text_can_be_sent() -> None:
    (frame,) = encode_error(9, "worker", "data", "no file a\udc80", "Traceback: a\udc80")
    error = msgspec.msgpack.decode(frame)["error"]
    assert (error["message"], error["traceback"]) == ("no file a\\udc80", "Traceback: a\\udc80")


def test_an_answer_larger_than_a_message_may_be_is_a_protocol_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", 8)
    monkeypatch.setattr(codec, "MAX_MESSAGE_BYTES", 200)
    encode_ok(3, "worker", message.Result(), {"x": np.zeros(1)})
    with pytest.raises(ProtocolFaultError, match="tensor frame 0 must have at most 8 bytes, got 16"):
        encode_ok(3, "worker", message.Result(), {"x": np.zeros(2)})
    with pytest.raises(ProtocolFaultError, match="a message must have at most 200 bytes"):
        encode_ok(3, "worker", message.Result(), {str(k): np.zeros(1) for k in range(9)})


def test_arguments_may_hold_containers_within_each_other_up_to_the_limit_and_no_deeper() -> None:
    around = 3  # the header, the model and its arguments
    decode([nested(message.MAX_HEADER_DEPTH - around)])
    with pytest.raises(ProtocolFaultError, match=r"at most 32 containers within each other - at `\$.model`"):
        decode([nested(message.MAX_HEADER_DEPTH - around + 1)])


def test_a_header_over_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ProtocolFaultError, match="header must have at most 1048576 bytes, got 1048577"):
        DECODER.envelope([b"\xc1" * (message.MAX_HEADER_BYTES + 1)])
    DECODER.envelope([pack(header(extra="")) + b""])


def test_frames_over_their_limits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert DECODER.envelope([GOOD[0], *[b""] * message.MAX_FRAMES]).op == "descend"
    with pytest.raises(ProtocolFaultError, match="1 to 65 frames, got 66"):
        DECODER.envelope([GOOD[0], *[b""] * (message.MAX_FRAMES + 1)])
    with pytest.raises(ProtocolFaultError, match="1 to 65 frames, got 0"):
        DECODER.envelope([])
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", 8)
    DECODER.envelope([GOOD[0], b"8 bytes "])
    with pytest.raises(ProtocolFaultError, match="tensor frame 1 must have at most 8 bytes, got 9"):
        DECODER.envelope([GOOD[0], b"", b"9 bytes!!"])
