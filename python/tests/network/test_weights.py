from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from builders import digits_task, new_point, same_tensors, trained_point, wine_task
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load, load_file, save
from torch import Tensor

from dsptt_worker.errors import DataFaultError
from dsptt_worker.network import weights
from dsptt_worker.network.flat import Point
from dsptt_worker.task import Task


@pytest.fixture
def state(digits: Task, point: Point) -> dict[str, Tensor]:
    """Returns the tensors of a valid file."""
    return load(weights.to_safetensors(digits.net, point, {}))


@pytest.fixture(scope="module")
def good_file(digits: Task) -> bytes:
    return weights.to_safetensors(digits.net, trained_point(digits), {})


def test_a_point_comes_back_from_its_file_in_every_bit(digits: Task, point: Point) -> None:
    file = weights.to_safetensors(digits.net, point, {})
    digits.net.load(new_point(digits, "other"))
    back = weights.from_safetensors(digits.net, file)
    assert torch.equal(back.theta, point.theta)
    assert same_tensors(back.rest, point.rest)
    assert back.solver is None


def test_a_file_loads_with_plain_safetensors_and_torch(digits: Task, point: Point, tmp_path: Path) -> None:
    path = tmp_path / "member.safetensors"
    path.write_bytes(weights.to_safetensors(digits.net, point, {"testErrorPct": "3.1"}))
    module = digits.build("anything")
    module.load_state_dict(load_file(path))
    digits.net.load(point)
    ours, theirs = digits.net.module.eval(), module.eval()
    images = digits.splits["test"].inputs[:20]
    assert torch.equal(ours(images), theirs(images))
    digits.net.module.train()
    with safe_open(path, "pt") as file:
        assert json.loads(file.metadata()["dsptt"]) == {"testErrorPct": "3.1"}


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04 a zip", b"\x80\x04\x95pickle", b"\xff" * 64])
def test_bytes_that_are_no_safetensors_file_are_refused(digits: Task, file: bytes) -> None:
    with pytest.raises(DataFaultError, match="not a safetensors file"):
        weights.from_safetensors(digits.net, file)


@pytest.mark.parametrize("cut", [4, 8, 100, -100, -1])
def test_a_truncated_file_is_refused(digits: Task, good_file: bytes, cut: int) -> None:
    with pytest.raises(DataFaultError, match="damaged"):
        weights.from_safetensors(digits.net, good_file[:cut])


@given(place=st.integers(0, 900), byte=st.integers(0, 255))
def test_a_damaged_header_is_refused_or_harmless(digits: Task, good_file: bytes, place: int, byte: int) -> None:
    damaged = bytearray(good_file)
    damaged[place] = byte
    try:
        point = weights.from_safetensors(digits.net, bytes(damaged))
    except DataFaultError:
        return
    assert point.theta.isfinite().all()


def test_a_missing_tensor_is_named(digits: Task, state: dict[str, Tensor]) -> None:
    del state["1.running_mean"]
    with pytest.raises(DataFaultError, match=r"no tensor '1\.running_mean'"):
        weights.from_safetensors(digits.net, save(state))


def test_an_extra_tensor_is_named(digits: Task, state: dict[str, Tensor]) -> None:
    with pytest.raises(DataFaultError, match=r"'stranger', which the network does not have"):
        weights.from_safetensors(digits.net, save({**state, "stranger": torch.zeros(1)}))


def test_a_tensor_of_another_shape_is_named_with_both_shapes(digits: Task, state: dict[str, Tensor]) -> None:
    state["0.weight"] = state["0.weight"].flatten()
    with pytest.raises(DataFaultError, match=r"'0\.weight' has shape \[27\], the network needs \[3, 1, 3, 3\]"):
        weights.from_safetensors(digits.net, save(state))


def test_the_file_of_another_network_is_refused(digits: Task) -> None:
    other = wine_task()
    file = weights.to_safetensors(other.net, new_point(other), {})
    with pytest.raises(DataFaultError, match="another network"):
        weights.from_safetensors(digits.net, file)
    narrower = digits_task(model_args={"channels": [3, 5]})
    with pytest.raises(DataFaultError, match="shape"):
        weights.from_safetensors(digits.net, weights.to_safetensors(narrower.net, new_point(narrower), {}))


@pytest.mark.parametrize("name", ["0.weight", "1.running_var"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_tensor_with_a_value_that_is_not_finite_is_named(
    digits: Task, state: dict[str, Tensor], name: str, value: float
) -> None:
    state[name].view(-1)[1] = value
    with pytest.raises(DataFaultError, match=f"'{name}' holds values that are not finite"):
        weights.from_safetensors(digits.net, save(state))


@pytest.mark.parametrize("dtype", [torch.complex64, torch.int32, torch.bool, torch.float8_e4m3fn], ids=str)
@pytest.mark.filterwarnings("ignore:Casting complex")
def test_a_tensor_of_another_dtype_is_named(digits: Task, state: dict[str, Tensor], dtype: torch.dtype) -> None:
    state["0.weight"] = state["0.weight"].to(dtype)
    with pytest.raises(DataFaultError, match=r"'0\.weight'"):
        weights.from_safetensors(digits.net, save(state))
