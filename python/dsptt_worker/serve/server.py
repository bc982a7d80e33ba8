"""The worker's two sockets: *work*, served in order by the main thread, and *control*, by a thread of its own.

A busy worker therefore still answers beats and accepts cancels. Each socket is used by one thread only.
"""

from __future__ import annotations

import math
import threading
import time
import traceback
from collections import OrderedDict

import torch

from .. import protocol
from ..errors import MemoryFaultError, ProtocolFaultError, WorkerFaultError
from ..protocol import message
from ..protocol.codec import Buffer, Decoder, encode_error, encode_ok
from ..protocol.message import Envelope
from .handlers import NOTHING, Answer, Handlers
from .progress import Progress, leave_soon
from .sockets import Sockets
from .tenancy import Tenancy
from .traffic import Outbox, receive

IDLE_POLL_MS = 200
FULL_WAIT_S = 0.01
MAX_NOTICES = 20
REMEMBERED = 10_000  # number of greeted clients that are remembered


class Server:
    """Serves both sockets until ``progress.leave`` is set."""

    def __init__(self, sockets: Sockets, progress: Progress, leave_after_s: float | None = None) -> None:
        """``sockets`` are bound; the server owns and closes them. ``leave_after_s``: leaves after so many seconds
        without a message on the control socket, where clients send a beat every second."""
        self._progress = progress
        self._sockets = sockets
        self._work, self._control = sockets.work, sockets.control
        self._tenancy = Tenancy(sockets.work) if sockets.are_shared else None
        self._greeted: OrderedDict[bytes, None] = OrderedDict()
        self._silence_s = math.inf if leave_after_s is None else leave_after_s

    def serve(self) -> None:
        """Serves until ``progress.leave`` is set, then closes the sockets and releases what lies behind them."""
        control = threading.Thread(target=self._serve_control, name="control")
        control.start()
        try:
            self._serve_work()
        finally:
            self._progress.leave.set()
            control.join()
            self._work.close(0)
            self._sockets.end()

    def _serve_work(self) -> None:
        decoder = Decoder(list(protocol.WORK))
        handlers = Handlers(self._progress.worker, self._progress.notices)
        outbox = Outbox(self._work)
        while not self._progress.leave.is_set():
            if outbox.is_full:  # then requests wait, in the end on the clients' side
                self._progress.leave.wait(FULL_WAIT_S)
            elif self._work.poll(IDLE_POLL_MS):
                client, frames = receive(self._work)
                outbox.send(client, self._work_answer(client, frames, decoder, handlers))

    def _work_answer(self, client: bytes, frames: list[Buffer], decoder: Decoder, handlers: Handlers) -> list[Buffer]:
        request = Envelope(0, "", "")
        try:
            request = decoder.envelope(frames)
            self._progress.busy = request.op
            self._progress.check(request)
            if request.op != "hello" and client not in self._greeted:
                raise ProtocolFaultError(f"{request.op}: the first message must be 'hello'")
            if self._tenancy is not None:
                self._tenancy.admit(client, request.op, self._word())
            result, tensors = self._execute(request, frames, decoder, handlers)
            if request.op == "hello":
                self._greet(client)
            return encode_ok(request.id, self._progress.worker, result, tensors)
        except Exception as error:  # a bad request costs an error answer, never the worker
            return self._error(request, error)
        finally:
            self._progress.busy = None

    def _execute(self, request: Envelope, frames: list[Buffer], decoder: Decoder, handlers: Handlers) -> Answer:
        typed, tensors = decoder.request(request.op, frames)

        def tick() -> None:
            self._progress.check(request)
            self._progress.steps += 1

        return handlers.handle(typed, tensors, tick)

    def _word(self) -> list[Buffer]:
        """Builds an answer to no request, which clients ignore."""
        return encode_ok(0, self._progress.worker, NOTHING, {})

    def _greet(self, client: bytes) -> None:
        self._greeted[client] = None
        if len(self._greeted) > REMEMBERED:
            self._greeted.popitem(last=False)

    def _serve_control(self) -> None:
        decoder = Decoder(list(protocol.CONTROL))
        heard = time.monotonic()
        try:
            while not self._progress.leave.is_set():
                if self._control.poll(IDLE_POLL_MS):
                    client, frames = receive(self._control)
                    heard = time.monotonic()
                    self._control.send_multipart([client, *self._control_answer(frames, decoder)])
                elif time.monotonic() - heard > self._silence_s:
                    leave_soon(self._progress)
        finally:
            self._control.close(200)  # so that the answer to a shutdown still leaves

    def _control_answer(self, frames: list[Buffer], decoder: Decoder) -> list[Buffer]:
        envelope = Envelope(0, "", "")
        result: message.Result = NOTHING
        try:
            envelope = decoder.envelope(frames)
            request, _ = decoder.request(envelope.op, frames)
            if isinstance(request, protocol.Beat):
                progress = self._progress
                result = protocol.BeatResult(
                    steps=progress.steps, busy=progress.busy, notices=progress.notices[-MAX_NOTICES:]
                )
            elif isinstance(request, protocol.Cancel):
                self._progress.cancel(request.sender, request.ids)
            else:
                self._progress.leave.set()
            return encode_ok(envelope.id, self._progress.worker, result, {})
        except Exception as error:
            return self._error(envelope, error)

    def _error(self, request: Envelope, error: Exception) -> list[Buffer]:
        code = error.code if isinstance(error, WorkerFaultError) else "worker"
        message = (
            str(error) if isinstance(error, WorkerFaultError) else f"{request.op}: {type(error).__name__}: {error}"
        )
        trace = "".join(traceback.format_exception(error))
        if isinstance(error, MemoryFaultError):
            _release(error)
        return encode_error(request.id, self._progress.worker, code, message, trace)


def _release(error: BaseException) -> None:
    """Clears the frames that an error holds: the tensors of their calls are not used any more."""
    cause: BaseException | None = error
    while cause is not None:
        traceback.clear_frames(cause.__traceback__)
        cause = cause.__cause__
    torch.cuda.empty_cache()
