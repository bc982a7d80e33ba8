"""A worker that a client places on another machine: it serves that client only, and tells it where.

The client starts it by a command that passes on its standard streams (srun, ssh). Only public keys travel: the client's
in the arguments, the worker's in its announcement, which is as trustworthy as the channel that started the worker.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket

import msgspec
import zmq
from zmq.utils import z85

from .keys import ServerKeys
from .remote import RemoteSockets, TcpAddress

KEY_DIGITS = 64
TOWARDS = "towards:"


class Announcement(msgspec.Struct, frozen=True):
    """The one line of JSON on standard output that says where the worker listens, and its public key in hexadecimal."""

    work: str
    control: str
    key: str
    pid: int
    host: str
    gpus: str | None
    """The GPUs that the worker may see, as ``CUDA_VISIBLE_DEVICES`` names them."""


class PlacedSockets(RemoteSockets):
    """Both sockets on ports that the system chooses, with a key pair of their own, for one client."""

    def __init__(self, listen: str, client_key: str) -> None:
        """Creates the sockets; nothing listens yet.

        Args:
            listen: ``tcp://ADDRESS:0``, or ``tcp://towards:ADDRESS:0``: the address here from which ADDRESS is reached.
            client_key: the client's public key in hexadecimal, in which no shell sees anything to expand.

        Raises:
            ValueError: an invalid address or key.
        """
        if re.fullmatch(rf"[0-9a-f]{{{KEY_DIGITS}}}", client_key) is None:
            raise ValueError(f"--client-key must be {KEY_DIGITS} hexadecimal digits, got {len(client_key)} characters")
        public, secret = zmq.curve_keypair()
        self._key = z85.decode(public).hex()
        super().__init__(
            TcpAddress(_host(listen), 0), ServerKeys(public, secret, {bytes.fromhex(client_key): "client"})
        )

    @property
    def announcement(self) -> str:
        """The line that tells the client where the worker listens, once it does."""
        work, control = self.endpoints
        gpus = os.environ.get("CUDA_VISIBLE_DEVICES")
        said = Announcement(work, control, self._key, os.getpid(), socket.gethostname(), gpus)
        return msgspec.json.encode(said).decode()


def _host(listen: str) -> str:
    """Returns the address to listen on, in brackets if it is one of IPv6."""
    matched = re.fullmatch(rf"tcp://({TOWARDS})?\[?([0-9a-fA-F:.]+)\]?:0", listen)
    if matched is None:
        raise ValueError(
            f"--listen must be tcp://ADDRESS:0 or tcp://towards:ADDRESS:0 with --client-key, got {listen!r}"
        )
    towards, text = matched.groups()
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise ValueError(f"--listen: {text!r} is no IP address") from error
    host = str(address) if towards is None else _address_towards(address)
    return f"[{host}]" if ":" in host else host


def _address_towards(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Returns the address of this machine from which packets to another one leave. Nothing is sent."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), 9))
        except OSError as error:
            raise ValueError(f"--listen: no way leads from {socket.gethostname()} to {address}: {error}") from error
        return str(probe.getsockname()[0])
