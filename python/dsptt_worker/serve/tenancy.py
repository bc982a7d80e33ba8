"""Ownership of a worker that several clients can reach: one client at a time.

Points and paths have names, so two clients in one task would silently overwrite each other's networks.
"""

from __future__ import annotations

import time

import zmq

from ..errors import WorkerFaultError
from ..protocol.codec import Buffer

LEAVING_S = 1.0
LOOK_S = 0.05  # seconds between looks; each look is a message, and a client's queue has room for all of them
FOR_EVERYBODY = ("hello", "models")


class Tenancy:
    """The client whose task is open, known by the identity of its socket.

    An identity is ``NAME.CONNECTION``. A client that connects anew has lost its earlier connection, even if that still
    looks alive here: it takes over its earlier task.
    """

    def __init__(self, work: zmq.Socket[bytes]) -> None:
        """``work`` is the socket on which clients send requests; this class belongs to the thread that serves it."""
        self._work = work
        self._tenant: bytes | None = None

    def admit(self, client: bytes, op: str, word: list[Buffer]) -> None:
        """Raises if another client owns the task that the operation concerns. ``word``: a message that clients ignore.

        Raises:
            WorkerFaultError: another client has a task open and is still connected, or has taken the worker over.
        """
        if op in FOR_EVERYBODY or client == self._tenant:
            return
        if op != "open":
            raise WorkerFaultError(
                f"{op}: this client has no task open here, or another client has opened one since: open it again"
            )
        tenant = self._tenant
        if tenant is not None and _name(client) != _name(tenant) and self._stays_connected(tenant, word):
            raise WorkerFaultError(
                "the worker is in use by another client: wait for the end of its run, or start another worker, "
                "on other ports"
            )
        self._tenant = client

    def _stays_connected(self, client: bytes, word: list[Buffer]) -> bool:
        """Reports whether the client is still connected, waiting up to ``LEAVING_S``: one that has just left looks
        connected until the end of its connection has arrived here."""
        until = time.monotonic() + LEAVING_S
        while self._is_connected(client, word):
            if time.monotonic() > until:
                return True
            time.sleep(LOOK_S)
        return False

    def _is_connected(self, client: bytes, word: list[Buffer]) -> bool:
        self._work.router_mandatory = True  # for this message only: answers to clients that left must not raise
        try:
            self._work.send_multipart([client, *word], zmq.NOBLOCK)
        except zmq.Again:  # it reads slowly, but is connected
            return True
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            return False
        finally:
            self._work.router_mandatory = False
        return True


def _name(client: bytes) -> bytes:
    return client.partition(b".")[0]
