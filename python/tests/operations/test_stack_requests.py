"""Requests to train points as a stack: their answers, and the requests that are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import PLAIN, never
from session import Session
from test_stack import stacked

from dsptt_worker.errors import ProtocolFaultError


def ask(session: Session, named: list[str], lr: list[float], streams: list[str] | None = None) -> tuple[Any, Any]:
    fields = {"streams": streams or named, "starts": [0] * len(named), "solver": PLAIN}
    return session.ask("descendStack", {"lr": np.array(lr)}, points=named, **fields)


@pytest.fixture
def session() -> Session:
    session = Session()
    session.handlers.handle(stacked(), {}, never)
    for name in ("a", "b"):
        session.ask("newPoint", point=name, stream=name)
    return session


def test_a_request_answers_a_row_of_losses_for_each_point_and_whether_it_is_finite(session: Session) -> None:
    result, tensors = ask(session, ["a", "b"], [1e30, 1e30, 1e30, 0.1, 0.1, 0.1])
    assert (result.finite, tensors["loss"].shape) == ([False, True], (2, 3))


@pytest.mark.parametrize(
    ("named", "lr", "streams", "message"),
    [
        (["a", "a"], [0.1, 0.1], None, "each point must stand once"),
        (["a", "b"], [0.1, 0.1], ["s"], "with 1 streams and 2 starts"),
        (["a", "b"], [0.1, 0.1, 0.1], None, "as many steps for each of the 2 points, got 3 entries"),
        (["a", "b"], [], None, "1 to 1000000 finite entries"),
        (["a", "b"], [0.1, float("nan")], None, "finite entries"),
        (["a", "c"], [0.1, 0.1], None, "no point 'c'"),
    ],
)
def test_a_request_whose_parts_do_not_fit_is_refused(
    session: Session, named: list[str], lr: list[float], streams: list[str] | None, message: str
) -> None:
    with pytest.raises(ProtocolFaultError, match=message):
        ask(session, named, lr, streams)


def test_a_request_to_a_task_that_was_opened_for_none_is_refused() -> None:
    with pytest.raises(ProtocolFaultError, match="opened without membersWay 'stack'"):
        ask(Session(), ["home"], [0.1])


def test_the_origin_of_a_path_is_not_moved(session: Session) -> None:
    session.path("p", "a")
    with pytest.raises(ProtocolFaultError, match="origin of 1 paths"):
        ask(session, ["a", "b"], [0.1, 0.1])
