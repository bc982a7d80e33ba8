"""Fast generation of hostile messages from valid ones: a block begins with some 2000 variants of their fields, whose
bytes and frames are then damaged further. The same seed and block give the same messages."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from dsptt_worker.protocol.message import MAX_FRAMES, MAX_HEADER_DEPTH

Frames = list[bytes]

BLOCK = 65_536  # messages
VARIANTS = 2048
DRAWS = 1 << 17
pack = msgspec.msgpack.encode


def nested(depth: int) -> Any:
    """Builds a list in a dict in a list ..."""
    value: Any = 1
    for level in range(depth):
        value = {"x": value} if level % 2 else [value]
    return value


# Values that replace a field.
ODD: list[Any] = [
    *[None, True, False, 0, 1, -1, 1.5, 255, 2**31, 2**32, 2**40, 2**53, 2**63, 2**64 - 1, -(2**63)],
    *[float("nan"), float("inf"), -float("inf"), 5e-324, 1e300],
    *["", "a", "\0", "__proto__", "__class__", "../../etc/passwd", "💥", "x" * 201, "x" * 5000],
    *[[], {}, [[]], [None], {"x": None}, {1: 2}, {None: 1}, {b"x": 1}, [0] * 100, [{}] * 65],
    *[nested(10), nested(MAX_HEADER_DEPTH), nested(90), b"\x01\x02\x03", msgspec.msgpack.Ext(5, b"x")],
    datetime.datetime.fromtimestamp(0, tz=datetime.timezone.utc),
]
# Bytes with a meaning of their own in msgpack: types, and the ends of their ranges.
MEANINGFUL = [0, 1, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xA1, 0xBF, 0xE0, 0xFF, *range(0xC0, 0xE0)]
# Claims of four billion elements, pairs, letters and bytes.
CLAIMS = [bytes([kind]) + b"\xff" * 4 for kind in (0xDD, 0xDF, 0xDB, 0xC6, 0xC9)]


class Hostile:
    """Hostile messages of a seed."""

    def __init__(self, good: list[Frames], seed: int) -> None:
        """``good`` messages begin with a header that is a msgpack map."""
        self._good, self._seed = good, seed
        self._draws: list[int] = []
        self._at = 0
        self._source = np.random.default_rng(0)
        self._damages: list[Callable[[bytes, int], bytes]] = [
            lambda head, at: head[:at],
            lambda head, at: head[:at] + self._bytes(1 + self.below(6)) + head[at:],
            self._repeat,
            lambda head, at: head[:at] + self.pick(CLAIMS) + head[at:],
            self._nest,
            *[self._overwrite] * 4,
        ]

    def block(self, number: int) -> Iterator[Frames]:
        """Generates the messages of a block."""
        self._source = np.random.default_rng([self._seed, number])
        self._at = len(self._draws)
        variants = [self._variant() for _ in range(VARIANTS)]
        for _ in range(BLOCK):
            if self.below(16) == 0:
                yield [self._bytes(self.below(24 if self.below(8) else 400)) for _ in range(self.below(4))]
                continue
            head, *tensors = self.pick(variants if self.below(4) else self._good)
            how = self.below(32)
            if how < 4:
                yield [head, *self._other_frames(head, tensors)]
            elif how < 11:
                yield [head, *tensors]
            else:
                yield [self.pick(self._damages)(head, self.below(len(head) + 1)), *tensors]

    def below(self, limit: int) -> int:
        """Draws an integer from 0 to ``limit`` - 1."""
        if self._at >= len(self._draws):
            self._draws = self._source.integers(0, 1 << 32, DRAWS).tolist()
            self._at = 0
        self._at += 1
        return self._draws[self._at - 1] % limit

    def pick(self, options: Any) -> Any:
        """Draws one of a list."""
        return options[self.below(len(options))]

    def _bytes(self, length: int) -> bytes:
        return bytes([self.below(256) for _ in range(length)])

    def _variant(self) -> Frames:
        head, *tensors = self.pick(self._good)
        header = msgspec.msgpack.decode(head)
        for _ in range(1 + self.below(3)):
            self._change(header)
        return [pack(header), *tensors]

    def _change(self, value: Any) -> None:
        """Replaces, leaves out, adds or repeats something anywhere in a value."""
        if not isinstance(value, dict | list):
            return
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = self.pick(keys)
        if isinstance(value[key], dict | list) and self.below(3):
            self._change(value[key])
            return
        how = self.below(6)
        if how == 0:
            del value[key]
        elif how == 1 and isinstance(value, dict):
            value[self.pick(["x", "1", "constructor", "x" * 300, 7, None])] = copy.deepcopy(self.pick(ODD))
        elif how == 2 and isinstance(value, list):
            value.append(copy.deepcopy(value[key]))
        else:
            value[key] = copy.deepcopy(self.pick(ODD))

    def _repeat(self, head: bytes, at: int) -> bytes:
        start = self.below(len(head) + 1)
        return head[:at] + head[start : start + self.below(40)] + head[at:]

    def _nest(self, head: bytes, at: int) -> bytes:
        depth = self.below(60 if self.below(64) else 20_000)
        return head[:at] + self.pick([b"\x81", b"\x91"]) * depth + head[at:]

    def _overwrite(self, head: bytes, _at: int) -> bytes:
        damaged = bytearray(head)
        for _ in range(1 + self.below(3) if damaged else 0):
            damaged[self.below(len(damaged))] = self.pick(MEANINGFUL) if self.below(2) else self.below(256)
        return bytes(damaged)

    def _other_frames(self, head: bytes, tensors: Frames) -> Frames:
        if not tensors:
            return [self._bytes(8)]
        at = self.below(len(tensors))
        tensor = tensors[at]
        how = self.below(6)
        if how == 0:
            return tensors[:at] + tensors[at + 1 :]
        if how == 1:
            return [*tensors[:at], tensor, *tensors[at:]]
        if how == 2:
            return [*tensors[:at], tensor[: self.below(len(tensor) + 1)], *tensors[at + 1 :]]
        if how == 3:
            return [*tensors[:at], tensor[:64] + b"\0", *tensors[at + 1 :]]
        if how == 4:
            return tensors[::-1]
        return [b""] * (MAX_FRAMES + 1 + self.below(3)) if self.below(8) == 0 else [head, *tensors]
