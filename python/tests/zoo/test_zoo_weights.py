from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from zoo import asking

from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.task import Task, open_task

SMALL: dict[str, Any] = {"name": "mlp", "args": {"hidden": [4]}}


def opened(weights: Path) -> Task:
    return open_task(asking(**SMALL, weights=str(weights)))


def state() -> dict[str, Tensor]:
    """Returns a state of the small perceptron that no initialisation gives."""
    mine = open_task(asking(**SMALL)).net.module.state_dict()
    return {name: torch.arange(tensor.numel(), dtype=torch.float32).view_as(tensor) for name, tensor in mine.items()}


def saved(file: Path, content: object) -> Path:
    torch.save(content, file)
    return file


def test_every_network_starts_from_the_weights_of_a_safetensors_file(tmp_path: Path) -> None:
    file = tmp_path / "small.safetensors"
    save_file(state(), file)
    task = opened(file)
    expected = torch.cat([tensor.flatten() for tensor in state().values()])
    assert torch.equal(task.net.theta, expected)
    assert torch.equal(task.new_point("a").theta, expected)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": OrderedDict(state), "epoch": 3},
        lambda state: {"model": state, "optimizer": {"lr": 0.1}},
        lambda state: {f"module.{name}": tensor for name, tensor in state.items()},
        lambda state: {name: tensor.half() for name, tensor in state.items()},
    ],
    ids=["alone", "under state_dict", "under model", "of DataParallel", "in half precision"],
)
def test_a_state_dict_of_torch_save_is_found_where_training_scripts_put_it(tmp_path: Path, wrap: Any) -> None:
    task = opened(saved(tmp_path / "w.pt", wrap(state())))
    assert torch.equal(task.net.theta, torch.cat([tensor.flatten() for tensor in state().values()]))


def test_weights_of_another_network_are_refused_with_what_differs(tmp_path: Path) -> None:
    other = {f"layers.{k}": torch.zeros(2) for k in range(5)} | {
        "1.weight": torch.zeros(5, 13),
        "1.bias": torch.ones(4),
    }
    with pytest.raises(ConfigFaultError, match="do not fit model 'mlp'") as caught:
        opened(saved(tmp_path / "w.pt", other))
    said = str(caught.value)
    assert "2 missing (3.weight, 3.bias)" in said
    assert "5 unexpected (layers.0, layers.1, layers.2, ...)" in said
    assert "1 of another shape (1.weight [5, 13] where [4, 13] is needed)" in said


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def test_a_pickle_with_code_is_refused_and_never_run(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    file = saved(tmp_path / "w.pt", {"state_dict": state(), "more": Trap(trace)})
    with pytest.raises(DataFaultError, match=r"w\.pt are refused: .* would run code"):
        opened(file)
    assert not trace.exists()
    torch.load(file, weights_only=False)
    assert trace.exists()  # proves that unpickling the file runs code


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("w.safetensors", b"nothing", "not a safetensors file"),
        ("w.pt", b"nothing", "are refused"),
        ("w.pt", b"PK\x03\x04 a damaged archive", "cannot be read"),
        ("w.pt", b"", "cannot be read|are refused"),
    ],
)
def test_a_damaged_file_is_a_data_fault(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFaultError, match=words):
        opened(tmp_path / name)


@pytest.mark.parametrize("content", [[torch.zeros(2)], {"epoch": 3}, {}, torch.zeros(3)])
def test_a_file_without_tensors_by_name_is_a_data_fault(tmp_path: Path, content: object) -> None:
    with pytest.raises(DataFaultError, match="hold no state_dict"):
        opened(saved(tmp_path / "w.pt", content))


def test_missing_weights_and_values_that_are_not_finite_are_data_faults(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"nowhere\.pt do not exist"):
        opened(tmp_path / "nowhere.pt")
    broken = state()
    broken["3.bias"][1] = float("nan")
    with pytest.raises(DataFaultError, match=r"not finite, first in '3\.bias'"):
        opened(saved(tmp_path / "w.pt", broken))
