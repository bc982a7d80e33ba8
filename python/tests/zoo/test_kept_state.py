"""Networks that answer by more than their state_dict and one sample, and those that do not."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import descend, never, open_message
from zoo import asking, written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.protocol import SavePoint
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.task import Task, open_task
from dsptt_worker.zoo.kept_state import KeptState

NET = """
    import random
    import numpy as np
    SEEN = {"count": 0.0}
    CLOSED = [0.0]
    DRAWN = np.random.rand()
    class Settings:
        pass
    class Extra(nn.Linear):
        def __init__(self, extra):
            super().__init__(13, 3)
            self.extra = extra
        def get_extra_state(self):
            return self.extra
        def set_extra_state(self, state):
            self.extra = state
        def forward(self, x):
            return super().forward(x) * self.extra
    class Net(nn.Module):
        shared = 0.0
        drawn = torch.randn(13)
        def __init__(self):
            super().__init__()
            self.settings = Settings()
            self.layer = nn.Linear(13, 3)
            {init}
        def forward(self, x):
            {forward}
    def defineModel():
        return Net()
"""


def opened(tmp_path: Path, init: str, forward: str) -> Task:
    def block(lines: str) -> str:
        return "\n            ".join(lines.split("\n"))

    code = NET.replace("{init}", block(init)).replace("{forward}", block(forward))
    return open_task(asking(python=written(tmp_path, code)))


PLAIN = "return self.layer(x)"
BUILT = {
    "features in an attribute": ("self.b = torch.randn(13)", "return self.layer(x * self.b)", r"\(b differs\)"),
    "features of a private name": ("self._b = torch.randn(13)", "return self.layer(x * self._b)", r"\(_b differs\)"),
    "a buffer that is not kept": (
        "self.register_buffer('b', torch.randn(13), persistent=False)",
        "return self.layer(x * self.b)",
        r"\(b differs\)",
    ),
    "an order in a list": (
        "self.order = torch.randperm(13).tolist()",
        "return self.layer(x[:, self.order])",
        r"\(order differs\)",
    ),
    "numbers of Python": ("self.by = random.random()", "return self.layer(x) * self.by", r"\(by differs\)"),
    "numbers of NumPy": (
        "self.by = {'to': np.random.rand(3)}",
        "return self.layer(x) * torch.tensor(self.by['to']).float()",
        r"\(by differs\)",
    ),
    "numbers of no seed": (
        "self.by = np.random.default_rng().random()",
        "return self.layer(x) * self.by",
        "by differs",
    ),
    "numbers of the file": ("", "return self.layer(x) * DRAWN", ""),
    "features of the class": ("", "return self.layer(x * self.drawn)", ""),
    "a layer hidden in a list": ("self.first = [nn.Linear(13, 13)]", "return self.layer(self.first[0](x))", ""),
    "features of a submodule": (
        "self.layer.b = torch.randn(3)",
        "return self.layer(x) * self.layer.b",
        r"\(layer\.b differs\)",
    ),
    "features behind a gate of zero": (
        "self.b, self.gate = torch.randn(13), nn.Parameter(torch.zeros(()))",
        "return self.layer(x + self.gate * x * self.b)",
        r"\(b differs\)",
    ),
    "features before a head of zeros": (
        "self.b = torch.randn(13)\nnn.init.zeros_(self.layer.weight)",
        "return self.layer(x * self.b)",
        r"\(b differs\)",
    ),
}
DRIFTING = {
    "a mean in an attribute": ("self.mean = torch.zeros(13)", "self.mean", r"\(mean differs\)"),
    "a mean in a buffer that is not kept": (
        "self.register_buffer('mean', torch.zeros(13), persistent=False)",
        "self.mean[:]",
        r"\(mean differs\)",
    ),
    "a mean in a list": ("self.mean = [0.0]", "self.mean[0]", r"\(mean differs\)"),
    "a mean of the class": ("", "Net.shared", ""),
    "a mean of the file": ("", "SEEN['count']", ""),
    "a mean in a closure": ("", "CLOSED[0]", ""),
}


@pytest.mark.parametrize(("init", "forward", "words"), BUILT.values(), ids=BUILT)
def test_what_is_drawn_when_a_network_is_built_and_not_kept_is_refused(
    tmp_path: Path, init: str, forward: str, words: str
) -> None:
    with pytest.raises(ConfigFaultError, match=f"remembers more than its state_dict holds.*{words}.*register_buffer"):
        opened(tmp_path, init or "pass", forward)


@pytest.mark.parametrize(("init", "mean", "words"), DRIFTING.values(), ids=DRIFTING)
def test_what_training_remembers_outside_of_the_state_dict_is_refused(
    tmp_path: Path, init: str, mean: str, words: str
) -> None:
    forward = (
        f"if self.training:\n    {mean} = 0.9 * {mean} + 0.1 * x.detach().abs().mean()\nreturn self.layer(x - {mean})"
    )
    with pytest.raises(ConfigFaultError, match=f"remembers more than its state_dict holds.*{words}.*register_buffer"):
        opened(tmp_path, init or "pass", forward)


RANDOM = {
    "dropout that is always on": "return self.layer(nn.functional.dropout(x, 0.5))",
    "noise": "return self.layer(x + 0.01 * torch.randn_like(x))",
    "noise of NumPy": "return self.layer(x * np.random.rand())",
    "a count of its calls": "self.calls = getattr(self, 'calls', 0) + 1\nreturn self.layer(x * self.calls)",
}


@pytest.mark.parametrize("forward", RANDOM.values(), ids=RANDOM)
def test_answers_that_change_from_call_to_call_are_refused(tmp_path: Path, forward: str) -> None:
    with pytest.raises(ConfigFaultError, match=r"otherwise from call to call in evaluation mode: .*self\.training"):
        opened(tmp_path, "pass", forward)


MIXING = {
    "the batch's mean": ("pass", "return self.layer(x - x.mean(0))", "when other samples are in its batch"),
    "a softmax over samples": (
        "pass",
        "return torch.softmax(self.layer(x), 0)",
        "when other samples are in its batch",
    ),
    "attention between samples": (
        "self.attention = nn.MultiheadAttention(13, 1)",
        "x = x[:, None]\nreturn self.layer(self.attention(x, x, x)[0][:, 0])",
        "when other samples are in its batch",
    ),
    "batch norm of the batch alone": (
        "self.norm = nn.BatchNorm1d(13, track_running_stats=False)",
        "return self.layer(self.norm(x))",
        r"of one alone it raises ValueError: Expected more .*; norm \(BatchNorm1d\) needs track_running_stats=True",
    ),
    "batch norm of images": (
        "self.norm = nn.BatchNorm2d(1, track_running_stats=False)",
        "return self.layer(self.norm(x[:, None, None])[:, 0, 0])",
        r"no operation may mix samples then; norm \(BatchNorm2d\) needs track_running_stats=True",
    ),
    "a squeeze": ("pass", "return self.layer(x).squeeze()", r"of one alone it answers \[3\] instead of \[1, 3\]"),
    "a buffer for 64 samples": (
        "self.register_buffer('start', torch.zeros(64, 13))",
        "return self.layer(x + self.start[: len(x)])",
        r"cannot take inputs of shape \[1000, 13\]: RuntimeError: .*64",
    ),
    "the first 64 samples": ("pass", "return self.layer(x[:64])", r"answers \[64, 3\] for 1000 samples"),
    "a pair of samples": ("pass", "assert len(x) > 1\nreturn self.layer(x)", "of one alone it raises AssertionError"),
}


@pytest.mark.parametrize(("init", "forward", "words"), MIXING.values(), ids=MIXING)
def test_an_answer_that_depends_on_other_samples_is_refused(
    tmp_path: Path, init: str, forward: str, words: str
) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        opened(tmp_path, init, forward)


def test_a_parameter_that_the_state_dict_leaves_out_is_refused(tmp_path: Path) -> None:
    init = """self.gate = nn.Parameter(torch.zeros(()))
def drop(_module, state, *_):
    del state['gate']
self._register_state_dict_hook(drop)"""
    with pytest.raises(ConfigFaultError, match=r"cannot load its own state_dict: RuntimeError: .*gate"):
        opened(tmp_path, init, "return self.layer(x) * (1 + self.gate)")
    init += "\nself._load = self.load_state_dict\nself.load_state_dict = lambda state: self._load(state, strict=False)"
    with pytest.raises(ConfigFaultError, match="leaves its parameter gate out of its state_dict"):
        opened(tmp_path, init, "return self.layer(x) + self.gate * 0")


def test_an_extra_state_that_moves_in_training_is_refused(tmp_path: Path) -> None:
    forward = "self.layer.extra = self.layer.extra * (2 if self.training else 1)\nreturn self.layer(x)"
    with pytest.raises(ConfigFaultError, match=r"changes 'layer\._extra_state' of its state_dict in training"):
        opened(tmp_path, "self.layer = Extra(torch.tensor(2))", forward)


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
    task = opened(tmp_path, init, forward)
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


def test_a_file_that_can_run_only_once_in_a_process_is_opened(tmp_path: Path) -> None:
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
    handlers._task = opened(tmp_path, *LATE)
    point = handlers.task.points["p"] = handlers.task.new_point("a")
    request = SavePoint(id=1, sender="test", point="p", metadata={})
    handlers.handle(request, {}, never)
    descend(handlers.task, point, [0.01] * 9)
    with pytest.raises(ConfigFaultError, match=r"remembers more than its state_dict holds \(mean, calls differ\)"):
        handlers.handle(request, {}, never)


def test_the_checks_leave_every_random_generator_and_the_network_as_they_were(tmp_path: Path) -> None:
    task = opened(tmp_path, "self.drop = nn.Dropout(0.5)", "return self.layer(self.drop(x))")
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
