"""The words between the client and the pool: one line of JSON each (``src/bridge/placed/pool-words.ts``)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dsptt_worker.serve.placed import Announcement

MAX_LINE_BYTES = 64 * 1024
MAX_OUTPUT = 8_000
"""Characters of a worker's output in a word: each is six bytes of JSON at most."""

Count = Annotated[int, msgspec.Meta(ge=0)]


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="word", tag="start"):
    """Asks for a worker; it waits for its place without limit."""

    id: Count
    gpus: Count
    cpus: Count
    resources: dict[str, float]
    """Further resources of Ray, by name."""
    python: str
    """The interpreter on the worker's node."""
    arguments: list[str]
    """Arguments of the worker, whose ``--until-stdin-ends`` the pool adds."""


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="word", tag="stop"):
    """Ends a worker, which has ``graceMs`` to leave by itself, or gives up the wait for its place."""

    id: Count
    grace_ms: Count = msgspec.field(name="graceMs")


class Amount(msgspec.Struct, frozen=True):
    """Resources of the cluster."""

    gpus: float
    cpus: float


class Ready(msgspec.Struct, frozen=True, tag_field="word", tag="ready"):
    """The cluster has answered."""

    ray: str
    """Version of Ray."""
    auth: Literal["token", "disabled"]


class Refused(msgspec.Struct, frozen=True, tag_field="word", tag="refused"):
    """There is no cluster to use; the pool ends."""

    why: str


class Started(msgspec.Struct, frozen=True, tag_field="word", tag="started"):
    """A worker listens."""

    id: Count
    announcement: Announcement


class Ended(msgspec.Struct, frozen=True, tag_field="word", tag="ended"):
    """A worker has ended, or cannot be started."""

    id: Count
    why: Literal["exit", "place", "refused"]
    """``exit``: by itself or as asked; ``place``: with its node or Ray's process there; ``refused``: see ``output``."""
    code: int | None = None
    signal: str | None = None
    output: str = ""


class Waiting(msgspec.Struct, frozen=True, tag_field="word", tag="waiting"):
    """Number of workers that wait for a place; told each minute."""

    count: Count
    free: Amount
    all: Amount


Asked = Start | Stop
Said = Ready | Refused | Started | Ended | Waiting
