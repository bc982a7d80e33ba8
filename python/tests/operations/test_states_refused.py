"""States that are damaged, of another kind, or forged: each causes a clear error, and nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import torch
from builders import digits_task, trained_point
from hypothesis import given
from hypothesis import strategies as st
from kept_states import adam_task, kept, packed, parts
from safetensors.torch import save

from dsptt_worker.errors import DataFaultError, ProtocolFaultError
from dsptt_worker.network.flat import Point
from dsptt_worker.operations import states
from dsptt_worker.protocol import message
from dsptt_worker.task import SearchPath, Task

LOAD: dict[str, Callable[[Task, bytes], Point | SearchPath]] = {"point": states.load_point, "path": states.load_path}


@pytest.fixture(scope="module")
def task() -> Task:
    return adam_task()


@pytest.mark.parametrize("kind", LOAD)
@pytest.mark.parametrize(
    "file", [b"", b"PK\x03\x04 a zip", b"\x80\x04\x95pickle", b"\xff" * 64, b"\2" + b"\0" * 7 + b"[]"]
)
def test_bytes_that_are_no_state_are_refused(task: Task, kind: str, file: bytes) -> None:
    with pytest.raises(DataFaultError, match="not a state that a worker saved, or a damaged one"):
        LOAD[kind](task, file)


@pytest.mark.parametrize("kind", LOAD)
@pytest.mark.parametrize("cut", [4, 8, 100, -100, -1])
def test_a_truncated_state_is_refused(task: Task, kind: str, cut: int) -> None:
    with pytest.raises(DataFaultError, match="damaged"):
        LOAD[kind](task, packed(*parts(task, kind))[:cut])


@given(place=st.integers(0, 900), byte=st.integers(0, 255), kind=st.sampled_from(list(LOAD)))
def test_a_damaged_header_is_refused_or_harmless(task: Task, place: int, byte: int, kind: str) -> None:
    damaged = bytearray(packed(*parts(task, kind)))
    damaged[place] = byte
    try:
        loaded = LOAD[kind](task, bytes(damaged))
    except DataFaultError:
        return
    moved = loaded.theta if isinstance(loaded, Point) else loaded.d
    assert moved.shape == task.net.theta.shape


@pytest.mark.parametrize(
    ("kind", "name"),
    [("point", "theta"), ("point", "rest.1"), ("point", "solver.1"), ("path", "d"), ("path", "solver.0")],
)
def test_a_tensor_that_is_missing_or_of_another_shape_or_type_is_named(task: Task, kind: str, name: str) -> None:
    tensors, notes = parts(task, kind)
    good = tensors.pop(name)
    for words, wrong in {
        "the file has no tensor": {},
        "has shape": {name: good[:-1].clone()},
        "has type torch.float64, the network needs torch.float32": {name: good.double()},
    }.items():
        with pytest.raises(DataFaultError, match=words) as refused:
            LOAD[kind](task, packed({**tensors, **wrong}, notes))
        assert repr(name) in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "name"), [("point", "rest.99"), ("point", "d"), ("path", "theta"), ("path", "solver.2")]
)
def test_a_tensor_too_many_is_named(task: Task, kind: str, name: str) -> None:
    tensors, notes = parts(task, kind)
    with pytest.raises(DataFaultError, match=f"'{name}', which the network does not have"):
        LOAD[kind](task, packed({**tensors, name: torch.zeros(1)}, notes))


WRONG_NOTES: dict[str, tuple[str, object, str]] = {
    "no object": ("point", [1], "damaged"),
    "unknown solver": ("point", {"solver": {"solver": "lbfgs", "steps": 1}}, "lbfgs"),
    "negative steps": ("path", {"solver": {"solver": "adam", "steps": -1}}, "steps"),
    "steps that are no number": ("point", {"solver": {"solver": "adam", "steps": "3"}}, "steps"),
    "unknown scale": ("path", {"scale": "huge"}, "huge"),
    "surplus field": ("path", {"color": 1}, "color"),
    "nameless stream": ("path", {"stream": ""}, "stream"),
    "unknown kind": ("path", {"kind": "road"}, "road"),
    "no solver's vectors": ("point", {"solver": None}, r"'solver\.\d', which the network does not have"),
    "a solver of fewer vectors": ("path", {"solver": {"solver": "sgd", "steps": 0}}, "'solver.1', which the network"),
    "another network": ("point", {"network": "0" * 64}, "of another network"),
    "unknown origin": (
        "path",
        {"origin": "missing"},
        "starts at point 'missing', which must be loaded.*there are: home",
    ),
}


@pytest.mark.parametrize(("kind", "changes", "words"), WRONG_NOTES.values(), ids=WRONG_NOTES)
def test_metadata_that_cannot_be_are_refused_with_what_is_wrong(
    task: Task, kind: str, changes: object, words: str
) -> None:
    tensors, notes = parts(task, kind)
    before = task.points["home"].pins
    with pytest.raises(DataFaultError, match=words):
        LOAD[kind](task, packed(tensors, {**notes, **changes} if isinstance(changes, dict) else changes))
    assert task.points["home"].pins == before


def test_metadata_that_are_missing_or_no_json_are_refused(task: Task) -> None:
    tensors, notes = parts(task, "point")
    deep = "[" * 100_000
    for metadata, words in [
        (None, "metadata has no 'dsptt'"),
        ({"other": json.dumps(notes)}, "metadata has no 'dsptt'"),
        ({"dsptt": "{"}, "damaged"),
        ({"dsptt": deep}, "damaged"),
    ]:
        with pytest.raises(DataFaultError, match=words):
            states.load_point(task, save(tensors, metadata))


def test_a_path_is_no_point_and_a_point_no_path(task: Task) -> None:
    with pytest.raises(DataFaultError, match="that of a path, not of a point"):
        states.load_point(task, packed(*parts(task, "path")))
    with pytest.raises(DataFaultError, match="that of a point, not of a path"):
        states.load_path(task, packed(*parts(task, "point")))


def test_the_state_of_another_network_is_refused(task: Task) -> None:
    other = digits_task(model_args={"channels": [4, 3]})
    with pytest.raises(DataFaultError, match="of another network"):
        states.load_point(task, kept(other, trained_point(other, 1))["home"])


def test_a_state_that_no_answer_could_hold_is_refused(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "MAX_FRAME_BYTES", message.MAX_HEADER_BYTES + 100)
    with pytest.raises(ProtocolFaultError, match=r"saveState: the state has \d+ bytes, and an answer takes 1048676"):
        states.save_point(task, "home")
