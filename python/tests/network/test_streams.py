from __future__ import annotations

import hashlib

import torch

from dsptt_worker.streams import generator, seed_layers, stream_seed


def test_a_streams_seed_is_the_start_of_the_sha_256_of_seed_and_name() -> None:
    digest = hashlib.sha256(b"7/tier1/direction3").digest()
    assert stream_seed(7, "tier1/direction3") == int.from_bytes(digest[:8], "little") % 2**63


def test_a_streams_numbers_are_those_of_every_release() -> None:
    draws = torch.randint(0, 1000, (4,), generator=generator(7, "v"))
    assert draws.tolist() == [941, 517, 421, 319]


def test_a_generator_is_independent_of_the_global_one() -> None:
    torch.manual_seed(0)
    first = torch.rand(3, generator=generator(1, "a"))
    torch.manual_seed(1)
    assert torch.equal(torch.rand(3, generator=generator(1, "a")), first)


def test_seed_layers_makes_the_next_draws_those_of_the_name() -> None:
    drawn = []
    for name in ("a", "b", "a"):
        seed_layers(1, name, torch.device("cpu"))
        drawn.append(torch.rand(4))
    assert torch.equal(drawn[0], drawn[2])
    assert not torch.equal(drawn[0], drawn[1])
