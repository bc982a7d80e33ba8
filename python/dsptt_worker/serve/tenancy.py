"""Whose a worker is that several clients can reach: one client's at a time.

Points and paths have names, so two clients in one task would overwrite each other's networks without a word.
"""

from __future__ import annotations

import time

import zmq

from ..errors import WorkerFaultError
from ..protocol.codec import Buffer

LEAVING_S = 1.0
LOOK_S = 0.05  # each look is a message; a client has room for more than there are
FOR_EVERYBODY = ("hello", "models")


class Tenancy:
    """The client whose task is open, known by the identity of its socket.

    An identity is ``NAME.CONNECTION``. A client that connects anew has lost its earlier connection, even where that
    looks alive from here: it takes over what it had.
    """

    def __init__(self, work: zmq.Socket[bytes]) -> None:
        """``work`` is the socket that clients ask on; this class belongs to the thread that serves it."""
        self._work = work
        self._tenant: bytes | None = None

    def admit(self, client: bytes, op: str, word: list[Buffer]) -> None:
        """Raise if the operation is another client's business. ``word``: a message that clients ignore.

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
        """A client that has just left looks connected until the end of its connection has arrived here."""
        until = time.monotonic() + LEAVING_S
        while self._is_connected(client, word):
            if time.monotonic() > until:
                return True
            time.sleep(LOOK_S)
        return False

    def _is_connected(self, client: bytes, word: list[Buffer]) -> bool:
        self._work.router_mandatory = True  # for this one message: else an answer to a client that is gone is an error
        try:
            self._work.send_multipart([client, *word], zmq.NOBLOCK)
        except zmq.Again:  # it reads slowly, but it is there
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
