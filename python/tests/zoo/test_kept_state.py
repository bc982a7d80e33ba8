"""Networks that answer by their state_dict and one sample alone, and the checks themselves."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import descend, never, open_message
from zoo import asking, opened_net, written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.protocol import SavePoint
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.task import open_task
from dsptt_worker.zoo.kept_state import KeptState

PLAIN = "return self.layer(x)"
FINE = {
    "dropout": ("self.drop = nn.Dropout(0.5)", "return self.layer(self.drop(x))"),
    "batch norm": ("self.norm = nn.BatchNorm1d(13)", "return self.layer(self.norm(x))"),
    "norms of a sample": (
        "self.norm = nn.Sequential(nn.LayerNorm(13), nn.InstanceNorm1d(1))",
        "return self.layer(self.norm(x[:, None])[:, 0])",
    ),
    "weight norm": ("nn.utils.parametrizations.weight_norm(self.layer)", PLAIN),
    "weight norm of old": ("nn.utils.weight_norm(self.layer)", PLAIN),
    "spectral norm": ("nn.utils.parametrizations.spectral_norm(self.layer)", PLAIN),
    "spectral norm of old": ("nn.utils.spectral_norm(self.layer)", PLAIN),
    "attention within a sample": (
        "self.attention = nn.MultiheadAttention(1, 1, batch_first=True)",
        "x = x[..., None]\nreturn self.layer(self.attention(x, x, x)[0][..., 0])",
    ),
    "recurrence": (
        "self.cell = nn.LSTM(1, 13, batch_first=True)",
        "return self.layer(self.cell(x[..., None])[0][:, -1])",
    ),
    "features of a seed of their own": (
        "self.b = torch.randn(13, generator=torch.Generator().manual_seed(5))",
        "return self.layer(x * self.b)",
    ),
    "numbers that decide": ("pass", "return self.layer(x if x.abs().max().item() < 1e9 else x * 0)"),
    "a constant elsewhere": ("self.ones = torch.ones(13)", "return self.layer(x * self.ones)"),
    "a cache": (
        "self.cache = {}",
        "ones = self.cache.setdefault(len(x), torch.ones(len(x), 1))\nreturn self.layer(x * ones)",
    ),
    "a count that acts in training": (
        "self.calls = 0",
        "self.calls += 1\nreturn self.layer(x * (1 + 0.1 * self.calls * self.training))",
    ),
    "a head of zeros": ("nn.init.zeros_(self.layer.weight)", PLAIN),
    "a parameter that must not move below zero": (
        "self.square = nn.Parameter(torch.full((64,), 1e-6))",
        "return self.layer(x) * self.square.sqrt().sum()",
    ),
    "a layer set by its first batch": (
        "self.register_buffer('mean', torch.zeros(13)); self.register_buffer('is_set', torch.tensor(False))",
        "if not self.is_set:\n    self.mean.copy_(x.mean(0)); self.is_set.fill_(True)\nreturn self.layer(x)",
    ),
    "an extra state that stays": ("self.layer = Extra(torch.tensor(2))", PLAIN),
}


@pytest.mark.parametrize(("init", "forward"), FINE.values(), ids=FINE)
@pytest.mark.filterwarnings("ignore")
def test_a_network_that_is_what_its_state_dict_says_is_trained_and_kept(
    tmp_path: Path, init: str, forward: str
) -> None:
    task = opened_net(tmp_path, init, forward)
    point = task.new_point("a")
    assert descend(task, point, [0.01] * 3).isfinite().all()
    task.net.load(point)
    assert task.kept_state is not None
    task.kept_state.check_saved(task.net.module)
    assert task.net.module.training


@pytest.mark.parametrize("name", MODELS)
def test_our_networks_need_no_check_for_they_would_pass_it(name: str) -> None:
    dataset = {"mlp": "wine", "conv": "digits"}.get(name, "cifar10-sample")
    task = open_task(open_message(dataset, name))
    assert task.kept_state is None
    samples = task.batches.normalised(task.splits["train"].inputs[:3])
    KeptState(task.build, name, samples).check_built(task.build)


def test_a_file_that_can_run_only_once_in_a_process_is_opened_net(tmp_path: Path) -> None:
    code = """
        import sys
        assert not hasattr(sys, "_dsptt_test_registry")
        sys._dsptt_test_registry = True
        def defineModel():
            return nn.Linear(13, 3)
    """
    try:
        assert open_task(asking(python=written(tmp_path, code))).net.parameters == 42
    finally:
        del sys._dsptt_test_registry


LATE = (
    "self.mean, self.calls = torch.zeros(13), 0",
    "if self.training:\n    self.calls += 1\n    self.mean = x.detach().mean(0) + 5 if self.calls > 6 else self.mean\n"
    "return self.layer(x - self.mean)",
)


def test_a_network_whose_hidden_state_moves_later_is_refused_when_it_is_kept(tmp_path: Path) -> None:
    handlers = Handlers("worker")
    handlers._task = opened_net(tmp_path, *LATE)
    point = handlers.task.points["p"] = handlers.task.new_point("a")
    request = SavePoint(id=1, sender="test", point="p", metadata={})
    handlers.handle(request, {}, never)
    descend(handlers.task, point, [0.01] * 9)
    with pytest.raises(ConfigFaultError, match=r"remembers more than its state_dict holds \(mean, calls differ\)"):
        handlers.handle(request, {}, never)


def test_the_checks_leave_every_random_generator_and_the_network_as_they_were(tmp_path: Path) -> None:
    task = opened_net(tmp_path, "self.drop = nn.Dropout(0.5)", "return self.layer(self.drop(x))")
    assert task.kept_state is not None
    before = task.net.point()
    draws = []
    for check in (
        lambda: None,
        lambda: task.kept_state.check_built(task.build),
        lambda: task.kept_state.check_saved(task.net.module),
    ):
        torch.manual_seed(3)
        random.seed(3)
        np.random.seed(3)
        check()
        draws.append((torch.rand(1).item(), random.random(), np.random.rand()))
    assert draws[0] == draws[1] == draws[2]
    assert torch.equal(task.net.theta, before.theta)
    assert task.net.module.training
