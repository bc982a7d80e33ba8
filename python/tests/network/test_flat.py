from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.network.flat import FlatNetwork
from dsptt_worker.network.solvers import SolverState


class Tied(nn.Module):
    """Two layers that share one weight, a frozen layer, and a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.second = nn.Linear(4, 4, bias=False)
        self.second.weight = self.first.weight
        self.frozen = nn.Linear(4, 2).requires_grad_(False)
        self.norm = nn.BatchNorm1d(2)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.frozen(self.second(self.first(x))))


def with_parameter(parameter: nn.Parameter) -> nn.Module:
    module = nn.Module()
    module.odd_one = parameter
    return module


def test_parameters_and_gradients_are_views_of_the_flat_buffers() -> None:
    net = FlatNetwork(Tied())
    offset = 0
    for parameter in (p for p in net.module.parameters() if p.requires_grad):
        assert parameter.data_ptr() == net.theta[offset:].data_ptr()
        assert parameter.grad is not None
        assert parameter.grad.data_ptr() == net.grad[offset:].data_ptr()
        offset += parameter.numel()
    assert offset == net.parameters == net.theta.numel() == net.grad.numel()


def test_flattening_keeps_every_value() -> None:
    module = Tied()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    FlatNetwork(module)
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())


def test_writing_to_theta_moves_the_network() -> None:
    net = FlatNetwork(Tied())
    net.theta.fill_(0.25)
    assert all((p == 0.25).all() for p in net.module.parameters() if p.requires_grad)


def test_tied_parameters_stand_in_the_buffer_once_and_stay_tied() -> None:
    net = FlatNetwork(Tied())
    assert net.parameters == 16 + 4 + 2 + 2  # the shared weight, a bias, batch norm's scale and offset
    assert [name for name, _ in net.shapes] == ["first.weight", "first.bias", "norm.weight", "norm.bias"]
    assert net.module.second.weight is net.module.first.weight


def test_autograd_adds_both_uses_of_a_tied_parameter_to_its_part_of_the_flat_gradient() -> None:
    net = FlatNetwork(Tied())
    plain = Tied()
    plain.load_state_dict(net.module.state_dict())
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    for module in (net.module, plain):
        module(x).square().mul(torch.arange(10).view(5, 2)).sum().backward()
    expected = torch.cat([p.grad.flatten() for p in plain.parameters() if p.grad is not None])
    assert torch.equal(net.grad, expected)
    assert net.grad.any()


def test_frozen_parameters_stay_outside_theta_and_are_kept_by_each_point() -> None:
    net = FlatNetwork(Tied())
    kept = net.point()
    was = net.module.frozen.weight.clone()
    net.module.frozen.weight.data.add_(1)
    other = net.point()
    net.load(kept)
    assert torch.equal(net.module.frozen.weight, was)
    net.load(other)
    assert torch.equal(net.module.frozen.weight, was + 1)


def test_load_and_store_carry_parameters_and_buffers_there_and_back() -> None:
    net = FlatNetwork(Tied())
    point = net.point()
    net.module(torch.randn(6, 4))  # moves the running statistics
    net.theta.mul_(2)
    net.store(point)
    moved = {name: tensor.clone() for name, tensor in net.module.state_dict().items()}
    assert moved["norm.num_batches_tracked"] == 1
    net.theta.zero_()
    net.module.norm.reset_running_stats()
    net.load(point)
    assert all(torch.equal(tensor, moved[name]) for name, tensor in net.module.state_dict().items())


def test_a_point_shares_no_memory_with_the_network_or_its_clone() -> None:
    net = FlatNetwork(Tied())
    point = net.point()
    point.solver = SolverState("sgd", [torch.ones_like(point.theta)])
    clone = point.clone()
    for tensor in (net.theta, *net.rest, clone.theta, *clone.rest, *clone.solver.vectors):
        tensor.fill_(3)
    assert not (point.theta == 3).any()
    assert not any((tensor == 3).any() for tensor in point.rest)
    assert (point.solver.vectors[0] == 1).all()


def test_a_clone_of_a_pinned_point_is_not_pinned() -> None:
    point = FlatNetwork(Tied()).point()
    point.pins = 2
    assert point.clone().pins == 0


def test_parts_of_a_vector_have_the_parameters_shapes_in_their_order() -> None:
    net = FlatNetwork(Tied())
    parts = list(net.tensors(torch.arange(net.parameters)))
    assert [list(part.shape) for part in parts] == [[4, 4], [4], [2], [2]]
    assert torch.cat([part.flatten() for part in parts]).tolist() == list(range(net.parameters))


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        (nn.UninitializedParameter(), "lazy"),
        (nn.Parameter(torch.zeros(2, dtype=torch.complex64)), "complex64"),
        (nn.Parameter(torch.zeros(2, dtype=torch.float16)), "float16"),
        (nn.Parameter(torch.zeros(2, dtype=torch.float64)), "float64"),
        (nn.Parameter(torch.eye(2).to_sparse()), "sparse"),
    ],
    ids=["lazy", "complex", "half", "double", "sparse"],
)
def test_a_parameter_that_cannot_stand_in_the_buffer_is_refused_by_name(parameter: nn.Parameter, reason: str) -> None:
    with pytest.raises(ConfigFaultError, match=f"odd_one.*{reason}"):
        FlatNetwork(with_parameter(parameter))


def test_a_network_without_trainable_parameters_is_refused() -> None:
    with pytest.raises(ConfigFaultError, match="no trainable parameters"):
        FlatNetwork(nn.Linear(2, 2).requires_grad_(False))


def test_networks_with_other_names_or_shapes_have_another_signature() -> None:
    same = FlatNetwork(nn.Sequential(nn.Linear(3, 2))).signature()
    assert FlatNetwork(nn.Sequential(nn.Linear(3, 2))).signature() == same
    assert FlatNetwork(nn.Sequential(nn.Linear(2, 3))).signature() != same
    assert FlatNetwork(nn.Sequential(nn.ReLU(), nn.Linear(3, 2))).signature() != same


def test_the_hash_of_a_state_is_that_of_its_names_and_bytes_in_alphabetical_order() -> None:
    module = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    digest = hashlib.sha256()
    for name in sorted(module.state_dict()):
        digest.update(name.encode() + module.state_dict()[name].numpy().tobytes())
    net = FlatNetwork(module)
    assert net.state_sha256() == digest.hexdigest()
    net.theta[0] += 1
    assert net.state_sha256() != digest.hexdigest()


def freeze(module: Tied) -> None:
    module.first.bias.requires_grad_(False)


def add(module: Tied) -> None:
    module.extra = nn.Linear(2, 2)


def replace(module: Tied) -> None:
    module.first.bias = nn.Parameter(torch.zeros(4))


def move(module: Tied) -> None:
    module.first.bias.data = module.first.bias.data.clone()


def forget(module: Tied) -> None:
    module.zero_grad(set_to_none=True)


def renew(module: Tied) -> None:
    module.norm.running_mean = torch.zeros(2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (freeze, r"trainable parameters have changed: first\.bias"),
        (add, r"trainable parameters have changed: extra\.bias, extra\.weight"),
        (replace, r"parameter first\.bias has been replaced"),
        (move, r"parameter first\.bias has been replaced"),
        (forget, r"gradient of the model's parameter first\.weight has been replaced"),
        (renew, "buffers have been replaced"),
    ],
)
def test_a_module_that_is_changed_after_it_was_taken_over_is_refused(
    change: Callable[[Tied], None], words: str
) -> None:
    module = Tied()
    net = FlatNetwork(module)
    module(torch.randn(6, 4)).square().sum().backward()
    net.check_unchanged()
    change(module)
    with pytest.raises(ConfigFaultError, match=f"{words} since the network was taken over"):
        net.check_unchanged()
