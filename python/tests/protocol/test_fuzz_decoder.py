"""Hostile bytes for the decoder of requests; ``npm run test:faults -- decoders`` does the same at length."""

from __future__ import annotations

import pytest
from fuzz_decoder import DECODERS, decoded, fuzz, read_corpus
from good_requests import GOOD
from session import REQUESTS

SEED = 20261125


def test_a_good_request_of_every_operation_is_accepted() -> None:
    assert GOOD.keys() == REQUESTS.keys()
    for op, frames in GOOD.items():
        assert "accepted" in [decoded(frames, decoder) for decoder in DECODERS], op


def test_hostile_requests_are_decoded_or_are_a_protocol_fault() -> None:
    fuzzed = fuzz(20_000, SEED)
    assert fuzzed["findings"] == []
    assert fuzzed["accepted"] + fuzzed["refused"] == fuzzed["inputs"]
    assert fuzzed["accepted"] > 500  # otherwise nothing reaches the last checks
    assert fuzzed["refused"] > 10_000


@pytest.mark.parametrize("name", read_corpus())
def test_a_request_that_once_did_harm_or_could_is_refused(name: str) -> None:
    frames = read_corpus()[name]
    assert [decoded(frames, decoder) for decoder in DECODERS] == ["refused", "refused"]
