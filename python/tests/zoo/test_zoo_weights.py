from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save, save_file
from torch import Tensor, nn
from zoo import asking, written

from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.task import Task, open_task
from dsptt_worker.zoo.fitting_weights import fitting_state
from dsptt_worker.zoo.given_point import given_point
from dsptt_worker.zoo.weights_file import Weights

SMALL: dict[str, Any] = {"name": "mlp", "args": {"hidden": [4]}}
FLOATS = (torch.float16, torch.bfloat16, torch.float64)
FLOATS_OF_A_BYTE = (torch.float8_e4m3fn, torch.float8_e5m2)
NORMED = """
    def defineModel():
        return nn.Sequential(nn.Linear(13, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
"""


def opened(weights: Path) -> Task:
    return open_task(asking(**SMALL, weights=str(weights)))


def state() -> dict[str, Tensor]:
    """Returns a state of the small perceptron that no initialisation gives, exact in 8 bits."""
    mine = open_task(asking(**SMALL)).net.module.state_dict()
    return {name: (torch.arange(tensor.numel()) % 8).float().view_as(tensor) for name, tensor in mine.items()}


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
        lambda state: {"epoch": 3, "model_state_dict": state, "loss": torch.tensor(0.3)},
        lambda state: {"net": {f"module.{name}": tensor for name, tensor in state.items()}, "acc": 93.1},
        lambda state: {"state": {"ema": state, "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}}}},
        lambda state: {"model": state, "copy": {name: tensor.double() for name, tensor in state.items()}},
        lambda state: {f"model.{name}": tensor for name, tensor in state.items()},
        lambda state: {"n_averaged": torch.tensor(5), **{f"module.{name}": t for name, t in state.items()}},
        lambda state: {name.replace(".", "._orig_mod."): tensor for name, tensor in state.items()},
        *(lambda state, d=dtype: {n: t.to(d) for n, t in state.items()} for dtype in FLOATS),  # type: ignore[misc]
    ],
)
def test_a_state_dict_of_torch_save_is_found_where_training_scripts_put_it(tmp_path: Path, wrap: Any) -> None:
    task = opened(saved(tmp_path / "w.pt", wrap(state())))
    assert torch.equal(task.net.theta, torch.cat([tensor.flatten() for tensor in state().values()]))


@pytest.mark.parametrize(
    ("name", "wrap"),
    [
        ("torch.save", lambda state: {"epoch": 3, "model_state_dict": state}),
        ("DataParallel", lambda state: {f"module.{name}": tensor for name, tensor in state.items()}),
    ],
)
def test_tier_0_may_lie_in_every_file_that_weights_may_lie_in(tmp_path: Path, name: str, wrap: Any) -> None:
    net = open_task(asking(**SMALL)).net
    files = [saved(tmp_path / "w.pt", wrap(state()))]
    if name == "DataParallel":
        files.append(tmp_path / "w.safetensors")
        save_file(wrap(state()), files[-1])
    wanted = torch.cat([tensor.flatten() for tensor in state().values()])
    for file in files:
        assert torch.equal(given_point(net, file.read_bytes()).theta, wanted)


def test_a_safetensors_file_that_begins_like_a_pickle_is_tier_0_too() -> None:
    net = open_task(asking(**SMALL)).net
    files = (save(state(), {"note": "x" * length}) for length in range(256))
    file = next(file for file in files if file.startswith(b"\x80"))
    assert torch.equal(given_point(net, file).theta, torch.cat([tensor.flatten() for tensor in state().values()]))


def test_a_file_that_holds_another_network_or_runs_code_is_no_tier_0(tmp_path: Path) -> None:
    net = open_task(asking(**SMALL)).net
    with pytest.raises(DataFaultError, match="do not fit the network: 4 missing"):
        given_point(net, saved(tmp_path / "w.pt", {"other": torch.ones(3)}).read_bytes())
    with pytest.raises(DataFaultError, match="would run code when read"):
        given_point(net, saved(tmp_path / "w.pt", nn.Linear(2, 3)).read_bytes())
    save_file({"other": torch.ones(3)}, tmp_path / "w.safetensors")
    with pytest.raises(DataFaultError, match="which the network needs: it is of another"):
        given_point(net, (tmp_path / "w.safetensors").read_bytes())


@given(wrappers=st.lists(st.sampled_from(["module", "_orig_mod", "model", "net", "student"]), max_size=4))
def test_a_state_is_found_behind_any_wrappers_in_any_order(wrappers: list[str]) -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    given = {name: torch.full_like(tensor, 3) for name, tensor in module.state_dict().items()}
    wrapped = {".".join([*wrappers, name]): tensor for name, tensor in given.items()}
    found = fitting_state(Weights("w.pt", {"": wrapped}), module, "the module")
    assert {name: tensor.tolist() for name, tensor in found.items()} == {n: t.tolist() for n, t in given.items()}


@given(names=st.sets(st.sampled_from(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"])))
def test_a_state_that_leaves_a_tensor_out_fits_nothing(names: set[str]) -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    state = {f"module.{name}": tensor for name, tensor in module.state_dict().items() if name in names}
    if len(names) == 6:
        assert fitting_state(Weights("w.pt", {"": state}), module, "the module").keys() == module.state_dict().keys()
        return
    with pytest.raises(ConfigFaultError, match=f"do not fit the module: {6 - len(names)} missing"):
        fitting_state(Weights("w.pt", {"": state}), module, "the module")


def test_counters_of_batch_norm_may_be_missing_and_a_network_with_submodules_called_module_is_itself(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, NORMED)
    given = {name: tensor + 1 for name, tensor in open_task(asking(python=file)).net.module.state_dict().items()}
    del given["1.num_batches_tracked"]
    task = open_task(asking(python=file, weights=str(saved(tmp_path / "w.pt", given))))
    state = task.net.module.state_dict()
    assert state["1.num_batches_tracked"] == 0
    assert all(torch.equal(state[name], tensor) for name, tensor in given.items())
    parallel = nn.Sequential(OrderedDict(module=nn.Linear(2, 3)))
    for names in ("module.weight", "module.bias"), ("weight", "bias"):
        state = dict(zip(names, (torch.ones(3, 2), torch.ones(3)), strict=True))
        assert fitting_state(Weights("w", {"": state}), parallel, "it").keys() == {"module.weight", "module.bias"}


@pytest.mark.parametrize("dtype", FLOATS_OF_A_BYTE)
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_floats_of_8_bits_become_those_of_the_network(tmp_path: Path, dtype: torch.dtype, suffix: str) -> None:
    file, small = tmp_path / f"w{suffix}", {name: tensor.to(dtype) for name, tensor in state().items()}
    (save_file if suffix == ".safetensors" else torch.save)(small, file)
    assert torch.equal(opened(file).net.theta, torch.cat([tensor.flatten() for tensor in state().values()]))
    small["3.bias"] = torch.tensor([1.0, torch.nan, 2.0]).to(dtype)
    (save_file if suffix == ".safetensors" else torch.save)(small, file)
    with pytest.raises(DataFaultError, match=r"not finite, first in '3\.bias'"):
        opened(file)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensor: tensor.to(torch.int8), r"hold '3\.bias' as torch\.int8, which does not become the network's"),
        (lambda tensor: tensor.to(torch.complex64), r"hold '3\.bias' as torch\.complex64"),
        (lambda tensor: tensor.to_sparse(), r"hold '3\.bias' as torch\.float32 in layout torch\.sparse_coo"),
        (lambda tensor: torch.quantize_per_tensor(tensor, 0.1, 0, torch.qint8), r"hold '3\.bias' as torch\.qint8"),
        (lambda tensor: tensor.double() + 1e300, r"not finite, first in '3\.bias'"),
    ],
    ids=["int8", "complex64", "sparse", "quantized", "too large"],
)
@pytest.mark.filterwarnings("ignore")
def test_numbers_of_another_kind_are_refused_by_name(tmp_path: Path, change: Any, words: str) -> None:
    with pytest.raises(DataFaultError, match=words):
        opened(saved(tmp_path / "w.pt", {**state(), "3.bias": change(state()["3.bias"])}))


def test_a_mask_of_infinities_is_the_networks_own(tmp_path: Path) -> None:
    code = """
        def defineModel():
            net = nn.Linear(13, 3)
            net.register_buffer("mask", torch.full((3, 3), -torch.inf).triu(1))
            return net
    """
    file = written(tmp_path, code)
    task = open_task(asking(python=file))
    given = saved(tmp_path / "w.pt", task.net.module.state_dict())
    assert torch.equal(open_task(asking(python=file, weights=str(given))).net.theta, task.net.theta)


def test_several_states_that_fit_are_refused_with_their_keys(tmp_path: Path) -> None:
    other = {name: tensor + 1 for name, tensor in state().items()}
    file = saved(tmp_path / "w.pt", {"model": state(), "more": {"ema": other}})
    with pytest.raises(
        ConfigFaultError, match=r"several states that fit model 'mlp', under 'model', 'more\.ema': save"
    ):
        opened(file)


def test_a_state_with_more_than_the_network_is_refused(tmp_path: Path) -> None:
    given = {**{f"model.{name}": tensor for name, tensor in state().items()}, "criterion.weight": torch.ones(3)}
    with pytest.raises(ConfigFaultError, match=r"under 'state_dict' do not fit .*: 1 unexpected \(criterion\.weight\)"):
        opened(saved(tmp_path / "w.pt", {"state_dict": given, "epoch": 3}))


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
