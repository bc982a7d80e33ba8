"""Points from given parameters and from other points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from session import Session

from dsptt_worker.errors import ProtocolFaultError
from dsptt_worker.network.flat import Point
from dsptt_worker.network.points import averaged, placed


@pytest.fixture
def session() -> Session:
    return Session()


def place(session: Session, parameters: Any) -> None:
    session.ask("placePoint", {"parameters": parameters}, point="placed", like="home")


def average(session: Session, sources: list[str], weights: Any) -> None:
    session.ask("averagePoints", {"weights": np.asarray(weights)}, point="mean", sources=sources)


def with_rest(theta: list[float], rest: float) -> Point:
    return Point(torch.tensor(theta), [torch.tensor([rest])])


def test_a_placed_point_has_the_given_parameters_and_no_solvers_state(session: Session) -> None:
    session.descend("home")
    parameters = np.linspace(-1, 1, session.handlers.task.net.parameters, dtype=np.float32)
    parameters.flags.writeable = False  # like a frame of a message
    place(session, parameters)
    point = session.handlers.task.points["placed"]
    assert np.array_equal(point.theta.numpy(), parameters)
    assert (point.solver, point.pins) == (None, 0)


def test_a_placed_point_has_a_copy_of_the_others_rest() -> None:
    like = with_rest([1.0, 2.0], 7.0)
    point = placed(like, np.zeros(2, np.float32))
    assert point.rest[0].item() == 7
    point.rest[0].zero_()
    assert like.rest[0].item() == 7


@pytest.mark.parametrize("shape", [(0,), (138,), (140,), (139, 1), ()])
def test_parameters_of_another_network_are_refused_with_both_sizes(session: Session, shape: tuple[int, ...]) -> None:
    with pytest.raises(ProtocolFaultError, match=r"placePoint: the network has 139 parameters, got .*shape"):
        place(session, np.zeros(shape, np.float32))
    assert "placed" not in session.handlers.task.points


def test_an_average_is_the_weighted_sum_with_the_firsts_rest_and_no_solvers_state() -> None:
    first, second = with_rest([1.0, 2.0], 7.0), with_rest([3.0, -2.0], 9.0)
    mean = averaged([first, second], np.array([0.25, 0.75]))
    assert mean.theta.tolist() == [2.5, -1.0]
    assert (mean.rest[0].item(), mean.solver) == (7, None)
    mean.rest[0].zero_()
    assert first.rest[0].item() == 7
    assert (first.theta.tolist(), second.theta.tolist()) == ([1, 2], [3, -2])


@given(values=st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=30), weight=st.floats(-10, 10))
def test_an_average_is_rounded_once(values: list[float], weight: float) -> None:
    points = [with_rest([value], 0.0) for value in values]
    exact = np.float64(0)
    for value in values:
        exact += weight * np.float64(value)
    got = averaged(points, np.full(len(points), weight)).theta
    torch.testing.assert_close(got, torch.tensor([exact], dtype=torch.float32), rtol=1e-7, atol=1e-9)


def test_an_average_of_one_point_twice_is_that_point(session: Session) -> None:
    average(session, ["home", "home"], [0.5, 0.5])
    assert torch.equal(session.theta("mean"), session.theta("home"))


@pytest.mark.parametrize("weights", [[], [1.0], [0.5, 0.5, 0.0], [0.5, np.nan], [np.inf, 0.5], [[0.5, 0.5]]])
def test_weights_other_than_a_finite_one_a_source_are_refused(session: Session, weights: Any) -> None:
    with pytest.raises(ProtocolFaultError, match="averagePoints: weights must be 2 finite numbers"):
        average(session, ["home", "home"], weights)
    assert "mean" not in session.handlers.task.points


def test_placing_and_averaging_refuse_points_that_are_not_there(session: Session) -> None:
    with pytest.raises(ProtocolFaultError, match="no point 'missing'; there are: home"):
        average(session, ["home", "missing"], [0.5, 0.5])
    with pytest.raises(ProtocolFaultError, match="no point 'missing'"):
        session.ask("placePoint", {"parameters": np.zeros(139, np.float32)}, point="placed", like="missing")
