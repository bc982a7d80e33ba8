"""States of networks that points and files can hold, and those that are refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from builders import same_tensors
from torch import Tensor, nn

from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.network.flat import FlatNetwork
from dsptt_worker.network.weights import from_safetensors, to_safetensors


def with_buffer(buffer: Tensor, *, persistent: bool = True) -> nn.Module:
    module = nn.Linear(3, 2)
    module.register_buffer("odd_one", buffer, persistent=persistent)
    return module


def with_frozen(values: Tensor) -> nn.Module:
    module = nn.Linear(3, 2)
    module.odd_one = nn.Parameter(values, requires_grad=False)
    return module


class Extra(nn.Linear):
    """A layer whose state_dict holds one value more."""

    def __init__(self, extra: Any) -> None:
        super().__init__(3, 2)
        self.extra = extra

    def get_extra_state(self) -> Any:
        return self.extra

    def set_extra_state(self, state: Any) -> None:
        self.extra = state


class Raising(nn.Linear):
    """A layer that has no state_dict."""

    def state_dict(self, *_args: Any, **_changes: Any) -> Any:
        raise ValueError("not now")


NAMES = ("bool", "uint8", "int16", "int64", "uint32", "float16", "bfloat16", "float64", "complex64", "float8_e5m2")
HELD: dict[str, Callable[[], nn.Module]] = {
    **{name: partial(with_buffer, torch.tensor([1, 0, 1]).to(getattr(torch, name))) for name in NAMES},
    "a scalar": lambda: with_buffer(torch.tensor(3)),
    "nothing": lambda: with_buffer(torch.zeros(0, 3)),
    "an expanded one": lambda: with_buffer(torch.arange(3.0)[:, None].expand(3, 4)),
    "a view with gaps": lambda: with_buffer(torch.arange(12.0).view(3, 4)[:, ::2]),
    "infinite": lambda: with_buffer(torch.full((3, 3), -torch.inf).triu(1)),
    "frozen integers": lambda: with_frozen(torch.tensor([1, 2], dtype=torch.int8)),
    "an extra tensor": lambda: Extra(torch.tensor(2.0)),
    "8-bit floats": lambda: with_buffer(torch.tensor([1.5, -2.0]).to(torch.float8_e4m3fn)),
}


@pytest.mark.parametrize("make", HELD.values(), ids=HELD)
def test_a_state_of_any_dense_type_is_copied_and_comes_back_from_its_file(make: Callable[[], nn.Module]) -> None:
    net = FlatNetwork(make())
    point = net.point()
    net.load(point)
    net.store(point)
    net.check_unchanged()
    back = from_safetensors(net, to_safetensors(net, point, {}))
    assert torch.equal(back.theta, point.theta)
    assert same_tensors(back.rest, point.rest)
    assert net.signature() == FlatNetwork(make()).signature()
    assert len(net.state_sha256()) == 64


def test_other_infinities_and_nan_are_still_refused() -> None:
    net = FlatNetwork(with_buffer(torch.full((2,), -torch.inf)))
    for wrong in (torch.inf, torch.nan):
        point = net.point()
        point.rest[0][1] = wrong
        file = to_safetensors(net, point, {})
        net.load(FlatNetwork(with_buffer(torch.full((2,), -torch.inf))).point())
        with pytest.raises(DataFaultError, match="tensor 'odd_one' holds values that are not finite"):
            from_safetensors(net, file)


REFUSED: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "sparse": (lambda: with_buffer(torch.eye(3).to_sparse()), r"buffer odd_one is torch\.float32 in layout .*sparse"),
    "sparse and not kept": (
        lambda: with_buffer(torch.eye(3).to_sparse_csr(), persistent=False),
        r"buffer odd_one is torch\.float32 in layout .*sparse_csr",
    ),
    "quantized": (
        lambda: with_buffer(torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)),
        r"buffer odd_one is torch\.qint8: it must be dense",
    ),
    "complex doubles": (lambda: with_buffer(torch.zeros(3, dtype=torch.complex128)), r"is torch\.complex128: "),
    "without values": (lambda: with_buffer(torch.zeros(3, device="meta")), "has no values"),
    "parameters without values": (lambda: nn.Linear(3, 2, device="meta"), "weight .*has no values"),
    "frozen and quantized": (
        lambda: with_frozen(torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)),
        r"parameter odd_one is torch\.qint8",
    ),
    "made of parameters": (lambda: with_buffer(nn.Linear(3, 2).weight * 2), "buffer odd_one has a gradient"),
    "an extra dict": (lambda: Extra({"version": 2}), "holds '_extra_state', which is dict and no tensor: return a"),
    "no state_dict": (lambda: Raising(3, 2), r"state_dict\(\) raises ValueError: not now"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
@pytest.mark.filterwarnings("ignore")
def test_a_state_that_files_cannot_hold_is_refused_by_name(make: Callable[[], nn.Module], words: str) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        FlatNetwork(make())


def test_two_parameters_in_one_memory_are_refused() -> None:
    module = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    module[1].weight.data = module[0].weight.data
    with pytest.raises(ConfigFaultError, match=r"parameters 0\.weight and 1\.weight are two that share their memory"):
        FlatNetwork(module)
