"""The workers of one client: each is asked for, waited for and ended on its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from dsptt_worker.serve.placed import Announcement

from . import cluster
from .cluster import LostPlaceError, PlacedSeat, RefusedError
from .seat import INSIST_S
from .words import MAX_OUTPUT, Ended, Ready, Said, Start, Started, Stop, Waiting

MAX_TRIES = 20
"""Places that a worker may lose, one after the other, before it listens."""
PAUSE_S = 1
TELL_S = 60
NO_GPU = "no node of the cluster has a GPU: for runs on processors state --device cpu, or --gpus-per-worker 0"


class Pool:
    """Places workers as its client asks, and says what happens to them."""

    def __init__(self, say: Callable[[Said], None]) -> None:
        self._say = say
        self._holding: dict[int, asyncio.Task[None]] = {}
        self._seats: dict[int, PlacedSeat] = {}
        """Seats of workers that listen."""
        self._stopping: set[asyncio.Task[None]] = set()

    def welcome(self) -> None:
        """Says what cluster this is."""
        self._say(Ready(*cluster.kind()))

    def take(self, asked: Start | Stop) -> None:
        """Begins what the client asks for."""
        if isinstance(asked, Start):
            task = asyncio.create_task(self._hold(asked))
            self._holding[asked.id] = task
            task.add_done_callback(lambda _: self._holding.pop(asked.id))
        elif asked.id in self._holding:
            stopping = asyncio.create_task(self._stop(asked))
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)

    async def tell_waiting(self) -> None:
        """Says each minute how many workers wait for a place, while there are any."""
        while True:
            await asyncio.sleep(TELL_S)
            count = len(self._holding) - len(self._seats)
            if count > 0:
                self._say(Waiting(count, *await asyncio.to_thread(cluster.resources)))

    async def _hold(self, start: Start) -> None:
        """Holds a worker from the wait for its place to its end, and says how it ended."""
        try:
            ended = await self._life(start)
        except asyncio.CancelledError:
            ended = Ended(start.id, "exit")
        except LostPlaceError as error:
            ended = Ended(start.id, "place", output=str(error)[-MAX_OUTPUT:])
        except Exception as error:  # such as resources that Ray does not take: the client must not wait forever
            ended = Ended(start.id, "refused", output=str(error)[-MAX_OUTPUT:])
        self._say(ended)

    async def _life(self, start: Start) -> Ended:
        if start.gpus > 0 and not await asyncio.to_thread(cluster.may_have_gpus):
            raise RefusedError(NO_GPU)
        tried = 0
        while True:
            seat = PlacedSeat(start)
            tried += 1
            try:
                announcement = await seat.start()
                if announcement is not None:
                    self._seats[start.id] = seat
                    self._say(Started(start.id, msgspec.convert(announcement, Announcement)))
                code, signal, output = await seat.wait()
                return Ended(start.id, "exit", code, signal, output[-MAX_OUTPUT:])
            except LostPlaceError:
                if start.id in self._seats or tried == MAX_TRIES:
                    raise
            finally:
                self._seats.pop(start.id, None)
                seat.leave()
            await asyncio.sleep(PAUSE_S)

    async def _stop(self, asked: Stop) -> None:
        """Ends a worker in time, also one that still waits, and one whose node does not answer any more."""
        seat = self._seats.get(asked.id)
        grace_s = asked.grace_ms / 1000
        try:
            if seat is not None:
                await asyncio.wait_for(seat.stop(grace_s), grace_s + 2 * INSIST_S)
                return
        except (LostPlaceError, RefusedError, asyncio.TimeoutError):
            pass
        task = self._holding.get(asked.id)
        if task is not None:
            task.cancel()
