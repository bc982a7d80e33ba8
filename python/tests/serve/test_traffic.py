"""Receiving and sending on sockets, whatever clients do: real sockets, no worker around them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import zmq

from dsptt_worker.protocol.message import MAX_FRAMES, MAX_WINDOW
from dsptt_worker.serve import traffic
from dsptt_worker.serve.sockets import router
from dsptt_worker.serve.traffic import ZERO_COPY_BYTES, Outbox, receive

ANSWER_S = 30


class Pair:
    """A router like the worker's, and one client, on ipc."""

    def __init__(self, address: str) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.router = router(self.context)
        self.router.bind(address)
        self.client = self.context.socket(zmq.DEALER)
        self.client.linger = 0
        self.client.rcvhwm = 1
        self.client.connect(address)

    def hear(self) -> bytes:
        """Returns the client's name, after it has sent a message."""
        self.client.send(b"word")
        return receive(self.router)[0]


@pytest.fixture
def pair(socket_directory) -> Iterator[Pair]:
    made = Pair(f"ipc://{socket_directory}/work")
    yield made
    made.router.close(0)
    made.client.close(0)
    made.context.term()


def test_a_message_comes_with_its_client_and_frames(pair: Pair) -> None:
    pair.client.send_multipart([b"header", b"", b"tensor"])
    client, frames = receive(pair.router)
    assert client
    assert [bytes(frame) for frame in frames] == [b"header", b"", b"tensor"]


def test_frames_beyond_the_limit_are_not_kept_and_the_next_message_comes_whole(pair: Pair) -> None:
    pair.client.send_multipart([b"x"] * 100_000)
    pair.client.send_multipart([b"next"])
    assert len(receive(pair.router)[1]) == MAX_FRAMES + 2  # one more than the decoder takes
    assert [bytes(frame) for frame in receive(pair.router)[1]] == [b"next"]


def test_an_answer_arrives_as_it_was_sent_with_and_without_copies(pair: Pair) -> None:
    client = pair.hear()
    frames = [b"header", b"a" * ZERO_COPY_BYTES, b"b" * (ZERO_COPY_BYTES + 1), b""]
    Outbox(pair.router).send(client, frames)
    assert pair.client.recv_multipart() == frames


def test_an_outbox_is_full_while_a_client_leaves_large_answers_unread_and_not_once_it_reads(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "MAX_UNREAD_BYTES", 8 * ZERO_COPY_BYTES)
    client, outbox = pair.hear(), Outbox(pair.router)
    large = bytes(4 * ZERO_COPY_BYTES)
    sent = 0
    while not outbox.is_full:
        outbox.send(client, [b"header", large])
        sent += 1
        assert sent < MAX_WINDOW
    for _ in range(sent):
        assert pair.client.recv_multipart() == [b"header", large]
    until_there_is_room(outbox)


def test_an_outbox_is_not_full_of_answers_to_a_client_that_has_gone(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "MAX_UNREAD_BYTES", 8 * ZERO_COPY_BYTES)
    client, outbox = pair.hear(), Outbox(pair.router)
    for _ in range(MAX_WINDOW):
        outbox.send(client, [b"header", bytes(4 * ZERO_COPY_BYTES)])
    assert outbox.is_full
    pair.client.close(0)
    until_there_is_room(outbox)


def test_answers_that_a_client_does_not_read_are_dropped_beyond_a_window(pair: Pair) -> None:
    client, outbox = pair.hear(), Outbox(pair.router)
    for _ in range(100 * MAX_WINDOW):
        outbox.send(client, [bytes(ZERO_COPY_BYTES // 4)])
    received = 0
    outbox.send(pair.hear(), [b"end"])  # dropped as well: nothing has been read yet
    while pair.client.recv() != b"end":
        received += 1
        outbox.send(pair.hear(), [b"end"])
    assert MAX_WINDOW <= received < 3 * MAX_WINDOW


def until_there_is_room(outbox: Outbox) -> None:
    """Waits until the outbox is not full: ZeroMQ frees sent messages in a thread of its own."""
    end = time.monotonic() + ANSWER_S
    while outbox.is_full:
        assert time.monotonic() < end
