"""All questions to Ray: the connection to its cluster, its resources, and an actor a worker."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

import ray
from ray import cloudpickle, exceptions
from ray._private.state import state

import dsptt_worker

from . import seat
from .words import Amount, Start

OLDEST = (2, 52)
"""The first version that can ask for a token."""
CALLS_AT_ONCE = 3
"""Calls of one actor at a time: its worker is waited for while it is stopped."""


class RefusedError(Exception):
    """There is no cluster to use, or it cannot have a worker, as the message says."""


class LostPlaceError(Exception):
    """The actor is gone with its node, or with Ray's process there."""


def connect() -> None:
    """Connects to the cluster of ``RAY_ADDRESS``, or to the one that ``ray start`` has noted on this machine.

    Raises:
        RefusedError: there is none, or its version of Ray is too old.
    """
    if _version(ray.__version__) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise RefusedError(
            f"this is Ray {ray.__version__}, whose clusters can ask no client for a token: install {oldest} or later"
        )
    address = os.environ.get("RAY_ADDRESS") or "auto"
    if "://" in address:
        raise RefusedError(f"RAY_ADDRESS is {address}, but must be HOST:PORT of the head, or auto")
    cloudpickle.register_pickle_by_value(seat)
    package = str(Path(dsptt_worker.__file__).parent)
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="warning",
            runtime_env={"py_modules": [package], "excludes": ["__pycache__"]},
        )
    except (ConnectionError, exceptions.RayError, RuntimeError, ValueError) as error:
        raise RefusedError(f"no Ray cluster answers at '{address}' ({_sentence(error)})") from error


def kind() -> tuple[str, Literal["token", "disabled"]]:
    """Returns the version of Ray, and whether this process gives the cluster a token."""
    from ray._raylet import AuthenticationMode, get_authentication_mode  # noqa: PLC0415 (an older Ray lacks them)

    return ray.__version__, "token" if get_authentication_mode() == AuthenticationMode.TOKEN else "disabled"


def resources() -> tuple[Amount, Amount]:
    """Returns what no actor has, and what all nodes have."""
    return _amount(ray.available_resources()), _amount(ray.cluster_resources())


def may_have_gpus() -> bool:
    """Tells whether a node has a GPU, or the autoscaler may start one that has."""
    largest = state.get_max_resources_from_cluster_config() or {}
    return resources()[1].gpus > 0 or largest.get("GPU", 0) > 0


class PlacedSeat:
    """An actor of ours in the cluster, which may wait for its place."""

    def __init__(self, start: Start) -> None:
        """Asks for the actor."""
        options = {"num_gpus": start.gpus, "num_cpus": start.cpus, "resources": start.resources}
        actor = ray.remote(seat.Seat).options(**options, max_restarts=0, max_concurrency=CALLS_AT_ONCE)
        self._actor: Any = actor.remote()
        self._start = start

    async def start(self) -> dict[str, Any] | None:
        """Waits for the place, and starts the worker there. Returns its announcement; None if it has ended instead.

        Raises:
            LostPlaceError: the place was lost, and another one can be asked for.
            RefusedError: the actor's code or environment fails.
        """
        said: dict[str, Any] | None
        said = await _answer(self._actor.start.remote(self._start.python, self._start.arguments))
        return said

    async def wait(self) -> tuple[int | None, str | None, str]:
        """Waits for the worker's end: its exit code or signal, and its output. Raises LostPlaceError."""
        end: tuple[int | None, str | None, str] = await _answer(self._actor.wait.remote())
        return end

    async def stop(self, grace_s: float) -> None:
        """Ends the worker, which has this time to leave by itself."""
        await _answer(self._actor.stop.remote(grace_s))

    def leave(self) -> None:
        """Gives the place back, or gives up the wait for it."""
        ray.kill(self._actor)


async def _answer(call: Any) -> Any:
    """Returns what the actor answers. Raises LostPlaceError, RefusedError."""
    try:
        return await call
    except exceptions.RayActorError as error:
        if getattr(error, "actor_init_failed", False):
            raise RefusedError(_sentence(error)) from error
        raise LostPlaceError(_sentence(error)) from error
    except exceptions.RayError as error:
        raise RefusedError(_sentence(error)) from error


def _amount(resources: dict[str, float]) -> Amount:
    return Amount(resources.get("GPU", 0.0), resources.get("CPU", 0.0))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def _sentence(error: Exception) -> str:
    """Returns the last line of an error's message that says something: Ray's are long, and end with the cause."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line), type(error).__name__)
