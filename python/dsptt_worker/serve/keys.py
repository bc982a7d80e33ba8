"""Keys of a worker on TCP: its own CURVE pair, and the public keys of the clients that may connect.

``dsptt keys`` creates the directory: ``secret.key``, ``public.key`` and ``clients/NAME.key``, each one key in Z85.
"""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

import zmq
from zmq.utils import z85

KEY_CHARACTERS = 40  # 32 bytes in Z85


@dataclass(frozen=True)
class ServerKeys:
    """A worker's key pair in Z85, and the names of its clients by their public keys in bytes."""

    public: bytes
    secret: bytes
    clients: dict[bytes, str]


def read_server_keys(directory: Path) -> ServerKeys:
    """Reads a worker's directory of keys.

    Raises:
        ValueError: it is incomplete, damaged, or readable by other users.
    """
    _must_be_server_directory(directory)
    for path in [directory, *sorted(directory.rglob("*"))]:
        _must_be_private(path)
    public, secret = (_read_key(directory / name) for name in ("public.key", "secret.key"))
    if zmq.curve_public(secret) != public:
        raise ValueError(f"--keys: {directory}/public.key does not belong to secret.key beside it; make new keys")
    files = sorted((directory / "clients").glob("*.key"))
    if not files:
        raise ValueError(f"--keys: {directory}/clients holds no client's public key (NAME.key): none could connect")
    return ServerKeys(public, secret, {z85.decode(_read_key(file)): file.stem for file in files})


def _must_be_server_directory(directory: Path) -> None:
    if (directory / "server.key").exists():
        raise ValueError(f"--keys: {directory} is a client's directory; a worker takes the one named server")
    if (directory / "server" / "secret.key").exists():
        raise ValueError(f"--keys: {directory} holds directories of keys; a worker takes {directory}/server")
    for name in ("secret.key", "public.key", "clients"):
        if not (directory / name).exists():
            raise ValueError(f"--keys: there is no {directory}/{name}; make keys with dsptt keys DIR")


def _must_be_private(path: Path) -> None:
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        wanted = 0o700 if path.is_dir() else 0o600
        raise ValueError(
            f"--keys: {path} has mode {mode:04o}, so others may read or change it: "
            f"chmod {wanted:o} it, or make new keys if others use this machine"
        )
    if status.st_uid != os.geteuid():
        raise ValueError(f"--keys: {path} belongs to another user (uid {status.st_uid}): copy the keys as yourself")


def _read_key(path: Path) -> bytes:
    text = path.read_bytes().strip()
    try:
        if len(text) == KEY_CHARACTERS and len(z85.decode(text)) == KEY_CHARACTERS * 4 // 5:
            return text
    except (KeyError, ValueError, struct.error):  # z85's errors for an invalid character or group
        pass
    raise ValueError(f"--keys: {path} is no key: {KEY_CHARACTERS} characters of Z85 are wanted, got {len(text)} bytes")
