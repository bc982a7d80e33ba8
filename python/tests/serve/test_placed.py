"""A worker that a client starts on another machine, for itself. Here that machine is this one."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import zmq
from test_leaving import refusal
from worker_process import ANSWER_MS, Client, launch
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

from dsptt_worker.protocol.message import PROTOCOL_VERSION

PUBLIC, SECRET = zmq.curve_keypair()
KEY = z85.decode(PUBLIC).hex()
LISTEN = "tcp://127.0.0.1:0"


class PlacedClient(Client):
    """A client of a placed worker, with this pair of keys."""

    def __init__(self, context: zmq.Context[Any], address: str, key: str, pair: tuple[bytes, bytes]) -> None:
        super().__init__(context, None, "client")  # type: ignore[arg-type]
        self._socket.close(0)
        self._socket = context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.curve_publickey, self._socket.curve_secretkey = pair
        self._socket.curve_serverkey = z85.encode(bytes.fromhex(key))
        self.monitor = self._socket.get_monitor_socket()
        self._socket.connect(address)


@contextlib.contextmanager
def placed(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Starts a worker and reads its announcement; it is ended at the end of the block."""
    process = launch("--listen", LISTEN, "--client-key", KEY, *arguments)
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    context: zmq.Context[Any] = zmq.Context()
    yield context
    context.destroy(0)


def test_announces_where_it_listens_and_serves_its_client(context: zmq.Context[Any]) -> None:
    with placed("--until-stdin-ends") as (process, said):
        assert said["pid"] == process.pid
        assert said["work"].startswith("tcp://127.0.0.1:")
        assert said["control"] != said["work"]
        client = PlacedClient(context, said["work"], said["key"], (PUBLIC, SECRET))
        assert client.ask("hello", protocol=PROTOCOL_VERSION)["pid"] == process.pid
        process.stdin.close()
        assert process.wait(ANSWER_MS / 1000) == 0
        process.stdin = None


def test_refuses_every_other_client(context: zmq.Context[Any]) -> None:
    with placed() as (_, said):
        stranger = PlacedClient(context, said["work"], said["key"], zmq.curve_keypair())
        seen = set()
        while zmq.EVENT_HANDSHAKE_FAILED_AUTH not in seen:
            assert stranger.monitor.poll(ANSWER_MS)
            seen.add(recv_monitor_message(stranger.monitor)["event"])
        assert zmq.EVENT_HANDSHAKE_SUCCEEDED not in seen


def test_leaves_by_itself_when_it_hears_nothing_from_its_client() -> None:
    with placed("--leave-after", "0.5") as (process, _):
        assert process.wait(ANSWER_MS / 1000) == 0


def test_leaves_cleanly_when_a_scheduler_takes_its_place_also_while_it_starts() -> None:
    with placed() as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(ANSWER_MS / 1000) == 0


def test_makes_a_key_pair_of_its_own_each_time() -> None:
    with placed() as (_, one), placed() as (_, two):
        assert one["key"] != two["key"]


def test_finds_its_own_address_towards_another_one() -> None:
    process = launch("--listen", "tcp://towards:127.0.0.1:0", "--client-key", KEY)
    try:
        assert json.loads(process.stdout.readline())["work"].startswith("tcp://127.0.0.1:")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--listen", LISTEN, "--client-key", "ab"), "--client-key must be 64 hexadecimal digits, got 2 characters"),
        (("--listen", LISTEN, "--client-key", KEY.upper()), "--client-key must be 64 hexadecimal digits"),
        (("--listen", "tcp://127.0.0.1:5555", "--client-key", KEY), "--listen must be tcp://ADDRESS:0"),
        (("--listen", "tcp://gpu1:0", "--client-key", KEY), "--listen must be tcp://ADDRESS:0"),
        (("--listen", "tcp://1.2.3.400:0", "--client-key", KEY), "is no IP address"),
        (("--listen", LISTEN, "--client-key", KEY, "--keys", "x"), "--keys and --client-key exclude each other"),
    ],
)
def test_bad_arguments_are_one_sentence_and_status_2(arguments: tuple[str, ...], says: str) -> None:
    status, message = refusal(*arguments)
    assert status == 2
    assert says in message
