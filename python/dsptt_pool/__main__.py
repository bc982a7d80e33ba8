"""``python -m dsptt_pool``: words on standard input and output, until the input ends; then all workers end too."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import msgspec

from .words import MAX_LINE_BYTES, Asked, Refused, Said

if TYPE_CHECKING:
    from .pool import Pool


def own_output() -> int:
    """Returns a descriptor for words; what others write to standard output, as Ray does, goes to standard error."""
    words = os.dup(1)
    os.dup2(2, 1)
    return words


async def serve(pool: Pool) -> None:
    """Does what standard input asks for, until it ends."""
    lines = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    telling = asyncio.create_task(pool.tell_waiting())
    pool.welcome()
    while line := await lines.readline():
        pool.take(msgspec.json.decode(line, type=Asked))
    telling.cancel()


def main() -> None:
    """Connects to the cluster, and serves until standard input ends."""
    descriptor = own_output()

    def say(word: Said) -> None:
        os.write(descriptor, msgspec.json.encode(word) + b"\n")

    try:
        from . import cluster, pool  # noqa: PLC0415 (Ray may be missing)
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        say(Refused(f"{sys.executable} has no Ray: run `{sys.executable} -m pip install ray`"))
        return
    try:
        cluster.connect()
    except cluster.RefusedError as error:
        say(Refused(str(error)))
        return
    asyncio.run(serve(pool.Pool(say)))
    # Ray ends the workers of a driver that has gone. Its own farewell waits for a head that may be gone too.
    os._exit(0)


if __name__ == "__main__":
    main()
