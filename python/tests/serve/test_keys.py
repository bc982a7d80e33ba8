"""A worker's directory of keys, and the errors for a wrong one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import zmq
from remote_server import write_server_keys
from test_leaving import refusal
from zmq.utils import z85

from dsptt_worker.serve.keys import read_server_keys

CLIENTS = [zmq.curve_keypair() for _ in range(2)]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write_server_keys(tmp_path / "server", *CLIENTS)


def refused(directory: Path, *, saying: str) -> bool:
    with pytest.raises(ValueError, match=re.escape(saying)):
        read_server_keys(directory)
    return True


def test_a_directory_gives_the_pair_and_the_clients_by_their_keys(directory: Path) -> None:
    keys = read_server_keys(directory)
    assert zmq.curve_public(keys.secret) == keys.public
    assert keys.clients == {z85.decode(public): f"client{index}" for index, (public, _) in enumerate(CLIENTS)}


@pytest.mark.parametrize("name", ["secret.key", "public.key", "clients/client0.key", "notes.txt"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602], ids=oct)
def test_a_file_that_others_can_read_or_write_is_refused(directory: Path, name: str, mode: int) -> None:
    (directory / name).touch()
    (directory / name).chmod(mode)
    assert refused(directory, saying=f"{directory / name} has mode {mode:04o}, so others may read or change it")


@pytest.mark.parametrize("name", [".", "clients"])
@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711], ids=oct)
def test_a_directory_that_others_can_enter_is_refused(directory: Path, name: str, mode: int) -> None:
    (directory / name).chmod(mode)
    assert refused(directory, saying=f"has mode {mode:04o}, so others may read or change it: chmod 700 it")


@pytest.mark.parametrize("name", ["secret.key", "public.key", "clients"])
def test_what_is_missing_is_named(directory: Path, name: str) -> None:
    (directory / name).rename(directory / "elsewhere")
    assert refused(directory, saying=f"there is no {directory / name}; make keys with dsptt keys DIR")


def test_a_list_of_no_clients_is_refused(directory: Path) -> None:
    shutil.rmtree(directory / "clients")
    (directory / "clients").mkdir(mode=0o700)
    assert refused(directory, saying="clients holds no client's public key (NAME.key): none could connect")


@pytest.mark.parametrize("text", ["", "short", "x" * 41, "\u00e9" * 20, '"' * 40, "#" * 40])
@pytest.mark.parametrize("name", ["secret.key", "public.key", "clients/client1.key"])
def test_what_is_no_key_is_refused(directory: Path, name: str, text: str) -> None:
    (directory / name).write_text(text)
    assert refused(directory, saying=f"{directory / name} is no key: 40 characters of Z85 are wanted")


def test_halves_of_two_pairs_are_refused(directory: Path) -> None:
    (directory / "public.key").write_bytes(CLIENTS[0][0])
    assert refused(directory, saying="public.key does not belong to secret.key beside it")


def test_a_client_s_directory_and_the_one_above_are_refused(directory: Path) -> None:
    assert refused(directory.parent, saying=f"a worker takes {directory}")
    (directory / "server.key").touch()
    assert refused(directory, saying=f"{directory} is a client's directory")


def test_the_process_refuses_readable_keys_with_one_sentence(directory: Path) -> None:
    (directory / "secret.key").chmod(0o644)
    status, message = refusal("--listen", "tcp://127.0.0.1:5555", "--keys", str(directory))
    assert status == 2
    assert f"error: --keys: {directory}/secret.key has mode 0644, so others may read or change it" in message
    assert "Traceback" not in message
