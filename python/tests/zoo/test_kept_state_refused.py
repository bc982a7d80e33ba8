"""Networks that answer by more than their state_dict and one sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from zoo import opened_net

from dsptt_worker.errors import ConfigFaultError

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
        opened_net(tmp_path, init or "pass", forward)


@pytest.mark.parametrize(("init", "mean", "words"), DRIFTING.values(), ids=DRIFTING)
def test_what_training_remembers_outside_of_the_state_dict_is_refused(
    tmp_path: Path, init: str, mean: str, words: str
) -> None:
    forward = (
        f"if self.training:\n    {mean} = 0.9 * {mean} + 0.1 * x.detach().abs().mean()\nreturn self.layer(x - {mean})"
    )
    with pytest.raises(ConfigFaultError, match=f"remembers more than its state_dict holds.*{words}.*register_buffer"):
        opened_net(tmp_path, init or "pass", forward)


RANDOM = {
    "dropout that is always on": "return self.layer(nn.functional.dropout(x, 0.5))",
    "noise": "return self.layer(x + 0.01 * torch.randn_like(x))",
    "noise of NumPy": "return self.layer(x * np.random.rand())",
    "a count of its calls": "self.calls = getattr(self, 'calls', 0) + 1\nreturn self.layer(x * self.calls)",
}


@pytest.mark.parametrize("forward", RANDOM.values(), ids=RANDOM)
def test_answers_that_change_from_call_to_call_are_refused(tmp_path: Path, forward: str) -> None:
    with pytest.raises(ConfigFaultError, match=r"otherwise from call to call in evaluation mode: .*self\.training"):
        opened_net(tmp_path, "pass", forward)


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
        opened_net(tmp_path, init, forward)


def test_a_parameter_that_the_state_dict_leaves_out_is_refused(tmp_path: Path) -> None:
    init = """self.gate = nn.Parameter(torch.zeros(()))
def drop(_module, state, *_):
    del state['gate']
self._register_state_dict_hook(drop)"""
    with pytest.raises(ConfigFaultError, match=r"cannot load its own state_dict: RuntimeError: .*gate"):
        opened_net(tmp_path, init, "return self.layer(x) * (1 + self.gate)")
    init += "\nself._load = self.load_state_dict\nself.load_state_dict = lambda state: self._load(state, strict=False)"
    with pytest.raises(ConfigFaultError, match="leaves its parameter gate out of its state_dict"):
        opened_net(tmp_path, init, "return self.layer(x) + self.gate * 0")


def test_an_extra_state_that_moves_in_training_is_refused(tmp_path: Path) -> None:
    forward = "self.layer.extra = self.layer.extra * (2 if self.training else 1)\nreturn self.layer(x)"
    with pytest.raises(ConfigFaultError, match=r"changes 'layer\._extra_state' of its state_dict in training"):
        opened_net(tmp_path, "self.layer = Extra(torch.tensor(2))", forward)
