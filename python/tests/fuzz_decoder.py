"""Hostile requests for the decoder: each must come out whole or be a ProtocolFaultError.

``python python/tests/fuzz_decoder.py --rounds 10000000 --seed 1`` prints what it found as JSON.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import time
import timeit
import traceback
from pathlib import Path
from typing import Any

import msgspec

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from good_requests import GOOD
from hostile import BLOCK, Frames, Hostile

from dsptt_worker import protocol
from dsptt_worker.errors import ProtocolFaultError
from dsptt_worker.protocol.codec import Decoder

CORPUS = Path(__file__).parent / "corpus"
SLOW_S = 1.0  # an input that takes longer at every try blocks the worker
MAX_FINDINGS = 20
DECODERS = [Decoder(list(protocol.WORK)), Decoder(list(protocol.CONTROL))]


def read_corpus() -> dict[str, Frames]:
    """Reads the hostile messages kept in the repository, by name; a file is a msgpack list of frames."""
    return {file.stem: msgspec.msgpack.decode(file.read_bytes()) for file in sorted(CORPUS.glob("*.msgpack"))}


def decoded(frames: Frames, decoder: Decoder) -> str:
    """Returns ``accepted``, ``refused``, or a description of the failure."""
    try:
        decoder.request(decoder.envelope(frames).op, frames)
    except ProtocolFaultError:
        return "refused"
    except Exception:
        return traceback.format_exc()[-2000:]
    return "accepted"


def fuzz(rounds: int, seed: int, first_block: int = 0) -> dict[str, Any]:
    """Decodes ``rounds`` hostile requests of a seed."""
    hostile = Hostile(list(GOOD.values()), seed)
    findings: list[dict[str, Any]] = []
    counts = {"accepted": 0, "refused": 0}
    slowest = 0.0
    resident: list[int] = []
    began = time.process_time()
    for block in range(first_block, first_block - (-rounds // BLOCK)):
        size = min(BLOCK, rounds - (block - first_block) * BLOCK)
        for _, frames in zip(range(size), hostile.block(block), strict=False):
            decoder = DECODERS[hostile.below(8) == 0]
            before = time.perf_counter()
            outcome = decoded(frames, decoder)
            took = time.perf_counter() - before
            if took > SLOW_S:  # the machine may have been busy
                took = min(timeit.repeat(lambda f=frames, d=decoder: decoded(f, d), number=1))
            slowest = max(slowest, took)
            if took > SLOW_S:
                outcome = f"takes {took:.1f} s"
            if outcome in counts:
                counts[outcome] += 1
            elif len(findings) < MAX_FINDINGS:
                findings.append({"what": outcome, "block": block, "frames": [encoded(frame) for frame in frames]})
        resident.append(resident_bytes())
    return {
        "inputs": rounds,
        **counts,
        "findings": findings,
        "seconds": time.process_time() - began,
        "slowestMs": 1000 * slowest,
        "grownMiB": (max(resident) - resident[0]) / 2**20 if resident else 0,
    }


def encoded(frame: bytes) -> str:
    """Returns the start of a frame, as text."""
    return base64.b64encode(frame[:4096]).decode()


def resident_bytes() -> int:
    """Returns the resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main() -> None:
    """Runs the fuzzer from a command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, default in (("--rounds", 1_000_000), ("--seed", 1), ("--first-block", 0)):
        parser.add_argument(option, type=int, default=default)
    options = parser.parse_args()
    print(json.dumps(fuzz(options.rounds, options.seed, options.first_block)))


if __name__ == "__main__":
    main()
