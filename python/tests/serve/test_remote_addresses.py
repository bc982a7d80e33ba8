"""The addresses that a worker on TCP accepts, and its errors for others. Loopback only."""

from __future__ import annotations

from pathlib import Path

import pytest
import zmq
from remote_server import free_port, write_server_keys
from test_leaving import refusal

from dsptt_worker.serve.keys import read_server_keys
from dsptt_worker.serve.remote import RemoteSockets, TcpAddress


@pytest.mark.parametrize("port", [0, 65_535, 65_536, 99_999])
def test_a_port_that_leaves_none_for_control_is_refused(port: int) -> None:
    status, message = refusal("--listen", f"tcp://127.0.0.1:{port}")
    assert status == 2
    assert f"the port must be 1 to 65534 (control has the next one), got {port}" in message


@pytest.mark.parametrize("listen", ["tcp://127.0.0.1", "tcp://:5555", "tcp://a b:5555", "tcp://127.0.0.1:http"])
def test_an_address_that_is_none_is_refused(listen: str) -> None:
    status, message = refusal("--listen", listen)
    assert status == 2
    assert f"must be tcp://HOST:PORT, such as tcp://0.0.0.0:5555, got {listen!r}" in message


def test_tcp_without_keys_is_refused() -> None:
    status, message = refusal("--listen", "tcp://127.0.0.1:5555")
    assert status == 2
    assert "is served with keys only: make them with dsptt keys DIR" in message


def test_ipc_with_keys_is_refused(socket_directory: Path, tmp_path: Path) -> None:
    keys = write_server_keys(tmp_path / "server", zmq.curve_keypair())
    status, message = refusal("--listen", f"ipc://{socket_directory}", "--keys", str(keys))
    assert status == 2
    assert "--keys is for tcp" in message


@pytest.mark.parametrize("taken", [0, 1], ids=["work", "control"])
def test_a_port_in_use_is_one_sentence_and_no_traceback(tmp_path: Path, taken: int) -> None:
    keys = read_server_keys(write_server_keys(tmp_path / "server", zmq.curve_keypair()))
    port = free_port()
    with zmq.Context() as context, context.socket(zmq.REP) as other:
        other.bind(f"tcp://127.0.0.1:{port + taken}")
        with pytest.raises(ValueError, match=rf"cannot listen on tcp://127.0.0.1:{port + taken}: the port is in use"):
            RemoteSockets(TcpAddress("127.0.0.1", port), keys).listen(lambda: None)


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    keys = read_server_keys(write_server_keys(tmp_path / "server", zmq.curve_keypair()))
    with pytest.raises(ValueError, match="not an address of this machine"):
        RemoteSockets(TcpAddress("192.0.2.1", free_port()), keys).listen(lambda: None)


def test_the_process_refuses_a_port_in_use_with_status_2(tmp_path: Path) -> None:
    keys = write_server_keys(tmp_path / "server", zmq.curve_keypair())
    port = free_port()
    with zmq.Context() as context, context.socket(zmq.REP) as other:
        other.bind(f"tcp://127.0.0.1:{port}")
        status, message = refusal("--listen", f"tcp://127.0.0.1:{port}", "--keys", str(keys))
    assert status == 2
    assert message.splitlines() == [
        f"python -m dsptt_worker: error: --listen: cannot listen on tcp://127.0.0.1:{port}: the port is in use: "
        "choose another one, or end what listens there"
    ]
