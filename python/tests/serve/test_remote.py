"""A worker on TCP: the clients that are let in, and above all those that are not. Loopback only, and nothing sleeps."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from remote_server import RemoteClient, RemoteServer, free_port, write_server_keys
from test_server import OPEN
from worker_process import ANSWER_MS, Refused, launch

from dsptt_worker.protocol.message import PROTOCOL_VERSION
from dsptt_worker.serve import remote
from dsptt_worker.serve.keys import read_server_keys
from dsptt_worker.serve.remote import RemoteSockets, TcpAddress
from dsptt_worker.serve.zap import ADDRESS, ZapHandler

LET_IN = zmq.EVENT_HANDSHAKE_SUCCEEDED
SOCKETS = pytest.mark.parametrize("which", ["work", "control"])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RemoteServer]:
    with RemoteServer.start(tmp_path) as started:
        yield started


def serves(server: RemoteServer) -> bool:
    """True if a new client with the right keys gets its answers."""
    work, control = server.right("work"), server.right("control")
    return work.ask("hello", protocol=PROTOCOL_VERSION)["worker"] == server.progress.worker and "steps" in control.ask(
        "beat"
    )


@SOCKETS
def test_a_client_with_an_unknown_key_gets_nothing(server: RemoteServer, which: str) -> None:
    stranger = RemoteClient(server, which, zmq.curve_keypair(), server.keys.public)
    stranger.send("hello" if which == "work" else "shutdown", protocol=PROTOCOL_VERSION)
    assert stranger.fate() == zmq.EVENT_HANDSHAKE_FAILED_AUTH
    assert serves(server)
    assert not stranger.has_answer()


@SOCKETS
def test_a_client_that_takes_another_server_for_this_one_gets_nothing(server: RemoteServer, which: str) -> None:
    misled = RemoteClient(server, which, server.client, zmq.curve_keypair()[0])
    misled.send("shutdown")
    assert misled.fate() != LET_IN
    assert serves(server)
    assert not misled.has_answer()


@SOCKETS
def test_a_client_without_keys_gets_nothing(server: RemoteServer, which: str) -> None:
    plain = RemoteClient(server, which, None, None)
    plain.send("shutdown")
    assert plain.fate() != LET_IN
    assert serves(server)
    assert not plain.has_answer()


def test_a_public_key_of_the_list_without_its_secret_half_gets_nothing(server: RemoteServer) -> None:
    thief = RemoteClient(server, "control", (server.client[0], zmq.curve_keypair()[1]), server.keys.public)
    thief.send("shutdown")
    assert thief.fate() != LET_IN
    assert serves(server)
    assert not thief.has_answer()


@SOCKETS
def test_while_nobody_answers_for_the_keys_even_the_right_client_gets_nothing(
    tmp_path: Path, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "HANDSHAKE_MS", 200)
    with RemoteServer.start(tmp_path, answering=False) as server:
        right = server.right(which)
        right.send("beat" if which == "control" else "hello", protocol=PROTOCOL_VERSION)
        assert right.fate() != LET_IN
        assert right.fate() != LET_IN
        assert not right.has_answer()
        right.close()
        monkeypatch.undo()
        server.sockets.handler.start(server.progress.leave.set)
        assert serves(server)  # so only the handler was missing


def test_a_connection_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "HANDSHAKE_MS", 200)
    with (
        RemoteServer.start(tmp_path) as server,
        socket.create_connection(("127.0.0.1", server.address.port), ANSWER_MS / 1000) as silent,
    ):
        while silent.recv(1000):  # ends when the server hangs up, and fails after the time limit
            pass
        assert serves(server)


def test_when_the_handler_stops_nobody_new_is_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "HANDSHAKE_MS", 200)
    with RemoteServer.start(tmp_path) as server:
        first = server.right("control")
        assert "steps" in first.ask("beat")
        server.sockets.handler.stop()
        late = server.right("control")
        late.send("shutdown")
        assert late.fate() != LET_IN
        assert "steps" in first.ask("beat")
        assert not late.has_answer()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_the_handler_dies_the_worker_ends(server: RemoteServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_self: ZapHandler, _question: list[bytes]) -> list[bytes]:
        raise SystemExit

    monkeypatch.setattr(ZapHandler, "_answer", die)
    client = server.right("control")
    client.send("beat")
    assert server.progress.leave.wait(ANSWER_MS / 1000)
    assert server.sockets.has_failed
    assert not client.has_answer()


def test_a_worker_whose_handler_lets_strangers_in_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ZapHandler, "_answer", lambda _, asked: [asked[0], asked[1], b"200", b"OK", b"", b""])
    with (
        pytest.raises(RuntimeError, match="a client with an unknown key was let in, so no client is served"),
        RemoteServer.start(tmp_path),
    ):
        pass


def test_without_the_handler_s_socket_the_same_stranger_would_be_let_in(tmp_path: Path) -> None:
    with RemoteServer.start(tmp_path) as server:
        server.sockets.handler.close()
        stranger = RemoteClient(server, "control", zmq.curve_keypair(), server.keys.public)
        assert stranger.fate() == LET_IN


def test_the_handler_s_address_is_taken_before_anything_listens(tmp_path: Path) -> None:
    keys = read_server_keys(write_server_keys(tmp_path / "server", zmq.curve_keypair()))
    address = TcpAddress("127.0.0.1", free_port())
    sockets = RemoteSockets(address, keys)
    with pytest.raises(zmq.ZMQError, match="Address already in use"):
        sockets.work.context.socket(zmq.REP).bind(ADDRESS)
    with zmq.Context() as context, context.socket(zmq.REP) as other:
        other.bind(address.work)  # the port is free
    sockets.work.context.destroy(0)


def opened(server: RemoteServer, name: str) -> RemoteClient:
    """Connects a client that has the worker to itself."""
    client = server.right("work", name)
    client.ask("hello", protocol=PROTOCOL_VERSION)
    client.ask("open", **OPEN)
    return client


def is_refused(client: RemoteClient) -> bool:
    try:
        client.ask("open", **OPEN)
    except Refused as refused:
        return "in use by another client" in str(refused)
    return False


def test_a_second_client_is_refused_until_the_first_is_gone(server: RemoteServer) -> None:
    first = opened(server, "first")
    first.ask("newPoint", point="a", stream="init")
    second = server.right("work", "second")
    second.ask("hello", protocol=PROTOCOL_VERSION)
    assert is_refused(second)
    with pytest.raises(Refused, match="drop: this client has no task open here"):
        second.ask("drop", points=["a"], paths=[])
    first.ask("copyPoint", point="b", source="a")
    first.close()
    end = time.monotonic() + ANSWER_MS / 1000
    while is_refused(second):  # the end of a connection is noticed a moment later
        assert time.monotonic() < end


def test_a_client_that_connects_anew_takes_the_place_of_its_earlier_connection(server: RemoteServer) -> None:
    earlier, later = opened(server, "same"), opened(server, "same")
    later.ask("newPoint", point="a", stream="init")
    with pytest.raises(Refused, match="another client has opened one since"):
        earlier.ask("drop", points=["a"], paths=[])
    later.ask("copyPoint", point="b", source="a")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_the_process_cleanly(tmp_path: Path, number: Any) -> None:
    keys = write_server_keys(tmp_path / "server", zmq.curve_keypair(), zmq.curve_keypair())
    port = free_port()
    process = launch("--listen", f"tcp://127.0.0.1:{port}", "--keys", str(keys))
    line = process.stdout.readline().decode()
    assert line.startswith(f"serving tcp://127.0.0.1:{port} (work) and tcp://127.0.0.1:{port + 1} (control)")
    assert line.endswith("for the clients client0, client1\n")
    process.send_signal(number)
    assert process.communicate(timeout=ANSWER_MS / 1000) == (b"", b"")
    assert process.returncode == 0
