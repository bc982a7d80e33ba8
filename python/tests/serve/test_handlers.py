"""Effects of requests on the opened task, sent as the server does: one request after another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from builders import never, open_message, solver
from session import REQUESTS, Session

from dsptt_worker import protocol
from dsptt_worker.errors import ConfigFaultError, DataFaultError, ProtocolFaultError
from dsptt_worker.protocol import message
from dsptt_worker.serve.handlers import Handlers

KEPT = [("point", "home"), ("path", "p")]


@pytest.fixture
def session() -> Session:
    return Session()


def test_requests_before_open_are_refused() -> None:
    with pytest.raises(ProtocolFaultError, match="send 'open' first"):
        Handlers("worker").handle(protocol.NewPoint(id=1, sender="t", point="a", stream="s"), {}, never)


def test_opening_drops_everything_opened_before_even_if_it_fails(session: Session) -> None:
    with pytest.raises(ConfigFaultError):
        session.handlers.handle(open_message("nowhere"), {}, never)
    with pytest.raises(ProtocolFaultError, match="send 'open' first"):
        session.ask("probe", point="home", stream="s", batches=1)


def test_open_tells_what_was_opened() -> None:
    result, _ = Handlers("worker").handle(open_message(model_args={"hidden": [8]}), {}, never)
    assert (result.parameters, result.stepsPerEpoch) == (13 * 8 + 8 + 8 * 3 + 3, 3)
    assert result.samples == protocol.SplitSizes(train=90, validation=44, test=44)
    assert (result.device, result.threads, len(result.classes), len(result.signature)) == ("cpu", 1, 3, 64)


def test_a_point_or_path_of_a_name_in_use_is_refused(session: Session) -> None:
    session.path()
    file = session.ask("savePoint", point="home", metadata={})[1]["file"]
    states = {kind: session.ask("saveState", kind=kind, name=name)[1] for kind, name in KEPT}
    for op, fields, tensors in [
        ("newPoint", {"point": "home", "stream": "s"}, {}),
        ("copyPoint", {"point": "home", "source": "home"}, {}),
        ("placePoint", {"point": "home", "like": "home"}, {"parameters": np.zeros(139, np.float32)}),
        ("averagePoints", {"point": "home", "sources": ["home"]}, {"weights": np.ones(1)}),
        ("loadPoint", {"point": "home"}, {"file": file}),
        *(("loadState", {"kind": kind, "name": name}, states[kind]) for kind, name in KEPT),
        ("pointFromPath", {"point": "home", "path": "p", "factor": 1.0}, {}),
        ("newPath", {"path": "p", "origin": "home", "stream": "s", "scale": "layer"}, {}),
    ]:
        with pytest.raises(ProtocolFaultError, match="exists already"):
            session.ask(op, tensors, **fields)
    assert session.handlers.task.points["home"].pins == 1


def test_an_origin_cannot_move_or_be_dropped_until_its_last_path_is(session: Session) -> None:
    session.path("p")
    session.path("q", stream="w")
    for _ in range(2):
        with pytest.raises(ProtocolFaultError, match="cannot move"):
            session.descend("home")
        with pytest.raises(ProtocolFaultError, match="cannot move"):
            session.ask("reestimate", point="home", stream="s")
        with pytest.raises(ProtocolFaultError, match="cannot move"):
            session.ask("drop", points=["home"], paths=[])
        session.ask("drop", points=[], paths=[next(iter(session.handlers.task.paths))])
    session.descend("home")
    session.ask("drop", points=["home"], paths=[])
    assert session.handlers.task.points == {}


def test_a_path_and_its_origin_can_be_dropped_together(session: Session) -> None:
    session.path()
    session.ask("drop", points=["home"], paths=["p"])
    assert (session.handlers.task.points, session.handlers.task.paths) == ({}, {})


def test_a_drop_that_is_refused_drops_nothing(session: Session) -> None:
    session.path()
    with pytest.raises(ProtocolFaultError, match="no point 'missing'"):
        session.ask("drop", points=["missing"], paths=["p"])
    assert list(session.handlers.task.paths) == ["p"]


def test_a_copy_holds_momentum_and_moves_on_its_own(session: Session) -> None:
    session.descend("home")
    session.ask("copyPoint", point="copy", source="home")
    before = session.theta("home").clone()
    session.descend("copy")
    assert torch.equal(session.theta("home"), before)
    session.descend("home")
    assert torch.equal(session.theta("home"), session.theta("copy"))


def test_a_point_from_a_path_stands_factor_times_d_from_the_origin_with_fresh_momentum(session: Session) -> None:
    session.descend("home")
    session.path()
    session.ask("pointFromPath", point="exit", path="p", factor=0.5)
    exit_point, path = session.handlers.task.points["exit"], session.handlers.task.paths["p"]
    assert torch.equal(exit_point.theta, torch.add(session.theta("home"), path.d, alpha=0.5))
    assert (exit_point.solver, exit_point.pins) == (None, 0)


def test_a_saved_point_loads_again_under_another_name(session: Session) -> None:
    session.ask("loadPoint", session.ask("savePoint", point="home", metadata={"a": "b"})[1], point="again")
    assert torch.equal(session.theta("again"), session.theta("home"))


def test_a_state_is_loaded_under_a_name_of_its_own_and_pins_its_origin(session: Session) -> None:
    session.path()
    for kind, name in KEPT:
        session.ask("loadState", session.ask("saveState", kind=kind, name=name)[1], kind=kind, name="again")
    assert torch.equal(session.theta("again"), session.theta("home"))
    assert session.handlers.task.paths["again"].origin is session.handlers.task.points["home"]
    assert session.handlers.task.points["home"].pins == 2
    with pytest.raises(ProtocolFaultError, match="no point 'missing'"):
        session.ask("saveState", kind="point", name="missing")
    with pytest.raises(ProtocolFaultError, match="no path 'home'"):
        session.ask("saveState", kind="path", name="home")


def test_a_state_that_is_refused_leaves_no_name_and_no_pin(session: Session) -> None:
    session.path()
    for kind, name in KEPT:
        state = session.ask("saveState", kind=kind, name=name)[1]["state"]
        with pytest.raises(DataFaultError):
            session.ask("loadState", {"state": state[:-1]}, kind=kind, name="again")
    task = session.handlers.task
    assert (list(task.points), list(task.paths), task.points["home"].pins) == (["home"], ["p"], 1)


def test_a_search_answers_one_cosine_a_path_only_if_asked(session: Session) -> None:
    session.path("p")
    session.path("q", stream="w")
    assert np.isnan(session.search(["p", "q"], [0])["cosine"]).tolist() == [True, True]
    cosines = session.search(["p", "q"], [0, 0], rho2=[3.0, 3.0], cosines=True)["cosine"]
    assert 0 < cosines[0] < 0.9999
    assert cosines[1] == pytest.approx(1, abs=1e-12)


def test_a_search_whose_numbers_do_not_fit_together_is_refused_and_moves_nothing(session: Session) -> None:
    session.path()
    session.ask("newPoint", point="elsewhere", stream="other")
    session.path("far", origin="elsewhere")
    before = session.handlers.task.paths["p"].d.clone()
    for words, paths, path, fields in [
        ("equally long", ["p"], [0, 0], {"growth": [1.0]}),
        ("equally long", ["p"], [0, 0], {"rho2": [1.0]}),
        ("path indices must be 0 to 0, got 0 to 1", ["p"], [0, 1], {}),
        ("path indices must be 0 to 0, got -1 to 0", ["p"], [0, -1], {}),
        ("capture must name steps 0 to 1, got 2", ["p"], [0, 0], {"capture": [2]}),
        ("same point", ["p", "far"], [0, 0], {}),
        ("no path 'missing'", ["missing"], [0], {}),
        ("1 to 1000000 finite entries", ["p"], [], {}),
        ("finite entries", ["p"], [0], {"growth": [np.inf]}),
        ("finite entries", ["p"], [0], {"rho2": [np.nan]}),
    ]:
        with pytest.raises(ProtocolFaultError, match=words):
            session.search(paths, path, **fields)
    assert torch.equal(session.handlers.task.paths["p"].d, before)


@pytest.mark.parametrize("lr", [[], [np.nan], [[0.1]], 0.1], ids=["empty", "nan", "two dimensions", "no dimension"])
def test_a_schedule_that_is_no_list_of_finite_numbers_is_refused(session: Session, lr: Any) -> None:
    with pytest.raises(ProtocolFaultError, match="finite entries"):
        session.descend("home", lr)


def test_a_descent_whose_numbers_do_not_fit_together_is_refused_and_moves_nothing(session: Session) -> None:
    before = session.theta("home").clone()
    for words, fields in [
        ("noise must be empty or have an entry >= 0 for each of the 2 steps, got 1", {"noise": [0.1]}),
        ("noise must be empty or have an entry >= 0 for each of the 2 steps, got 3", {"noise": [0.1] * 3}),
        ("noise must be empty .* got 2 entries from -0.1", {"noise": [0.1, -0.1]}),
        ("finite entries", {"noise": [0.1, np.nan]}),
        ("descend: capture must name steps 0 to 1, got 2", {"capture": [0, 2]}),
    ]:
        with pytest.raises(ProtocolFaultError, match=words):
            session.descent("home", **fields)
    assert torch.equal(session.theta("home"), before)


def test_captures_that_no_answer_could_hold_are_refused_before_anything_runs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.path()
    session.ask("copyPoint", point="free", source="home")
    monkeypatch.setattr(message, "MAX_FRAME_BYTES", 3 * 4 * 139)
    assert session.search(["p"], [0], capture=[0, 0, 0])["captured"].shape == (3, 139)
    for ask in (
        lambda: session.search(["p"], [0], capture=[0] * 4),
        lambda: session.descent("free", capture=[0] * 4),
    ):
        with pytest.raises(ProtocolFaultError, match=r"4 captures of 139 parameters are 2224 bytes.*1668"):
            ask()


def test_a_descent_answers_the_captured_parameters(session: Session) -> None:
    before = session.theta("home").clone()
    captured = session.descent("home", capture=[0])[1]["captured"]
    assert captured.shape == (1, 139)
    assert torch.equal(torch.from_numpy(captured[0]), before)


def test_targets_are_the_splits_classes_in_the_order_of_the_outputs(session: Session) -> None:
    targets = session.ask("targets", split="test")[1]["targets"]
    result, tensors = session.ask("evaluate", point="home", split="test", outputs=True)
    assert (targets.dtype, tensors["outputs"].shape) == (np.float32, (44, 3))
    assert 100 * np.mean(tensors["outputs"].argmax(1) != targets) == pytest.approx(result.errorPct)
    assert session.ask("evaluate", point="home", split="test", outputs=False)[1]["outputs"].shape == (0, 3)


def _stacked() -> dict[str, Any]:
    session = Session()
    session.handlers.handle(open_message(model_args={"hidden": [8]}, membersAtOnce=2, membersWay="stack"), {}, never)
    session.ask("newPoint", point="a", stream="init")
    fields = {"points": ["a"], "streams": ["s"], "starts": [0], "solver": solver()}
    return session.ask("descendStack", {"lr": np.array([0.1])}, **fields)[1]


def test_every_operation_of_the_protocol_has_a_handler_that_gives_the_tensors_it_promises(session: Session) -> None:
    session.path()
    file = session.ask("savePoint", point="home", metadata={})[1]["file"]
    session.ask("loadPoint", {"file": file}, point="other")
    answers = {
        "search": session.search(["p"], [0, 0], capture=[1]),
        "savePoint": {"file": file},
        "saveState": session.ask("saveState", kind="path", name="p")[1],
        "descend": session.descent("other", capture=[0])[1],
        "descendStack": _stacked(),
        "evaluate": session.ask("evaluate", point="home", split="train", outputs=True)[1],
        "targets": session.ask("targets", split="train")[1],
        "rawSamples": session.ask("rawSamples")[1],
        "distances": session.ask("distances", points=["home", "other"])[1],
        "segment": session.ask(
            "segment", {"positions": np.array([0.0, 1.0])}, source="home", target="other", stream="s"
        )[1],
    }
    promised = {op: REQUESTS[op].gives for op in REQUESTS if REQUESTS[op].gives}
    assert {op: {n: a.dtype.str[1:] for n, a in tensors.items()} for op, tensors in answers.items()} == promised
