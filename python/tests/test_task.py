from __future__ import annotations

from pathlib import Path

import pytest
import torch
from builders import new_path, new_point, open_message, wine_task
from torch import Tensor, nn

from dsptt_worker.errors import ConfigFaultError, DataFaultError, ProtocolFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.protocol import DatasetSpec, Open
from dsptt_worker.task import open_task


class TwoAnswers(nn.Module):
    """A network that returns its features beside its outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(13, 3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.layer(x), x


def in_directory(dataset: str, directory: Path) -> Open:
    message = open_message(model="mlp")
    message.dataset = DatasetSpec(dataset, {}, str(directory))
    return message


@pytest.mark.parametrize(("dataset", "model"), [("digits", "conv"), ("digits", "mlp"), ("wine", "mlp")])
def test_every_fitting_pair_of_dataset_and_model_opens(dataset: str, model: str) -> None:
    task = open_task(open_message(dataset, model))
    assert task.net.parameters == sum(p.numel() for p in task.build("init").parameters())
    assert (task.points, task.paths) == ({}, {})
    assert {name: len(split) for name, split in task.splits.items()}.keys() == {"train", "validation", "test"}
    assert task.net.module.training


def test_the_default_networks_have_their_documented_sizes() -> None:
    assert open_task(open_message("digits", "conv")).net.parameters == 14458
    assert open_task(open_message("wine", "mlp")).net.parameters == 13 * 32 + 32 + 32 * 3 + 3


def test_the_papers_network_for_wine_quality_has_61_parameters() -> None:
    arguments: dict[str, object] = {"hidden": [5], "activation": "tanh", "hiddenBias": False}
    task = open_task(open_message("winequality", model_args=arguments, loss="meanSquared"))
    assert task.net.parameters == 55 + 5 + 1
    assert [list(shape) for _, shape in task.net.shapes] == [[5, 11], [1, 5], [1]]


def test_hidden_layers_have_biases_unless_told_otherwise() -> None:
    sizes = [
        open_task(open_message(model_args={"hidden": [4, 6], **bias})).net.parameters
        for bias in ({}, {"hiddenBias": True}, {"hiddenBias": False})
    ]
    assert sizes == [13 * 4 + 4 + 4 * 6 + 6 + 6 * 3 + 3] * 2 + [13 * 4 + 4 * 6 + 6 * 3 + 3]


@pytest.mark.parametrize(
    ("dataset", "loss", "message"),
    [
        ("wine", "meanSquared", r"'meanSquared' does not fit dataset 'wine', which has 3 classes: use crossEntropy"),
        ("winequality", "crossEntropy", r"'crossEntropy' .* 'winequality', which has numbers .*: use meanSquared"),
    ],
)
def test_a_loss_of_the_other_kind_than_the_data_is_a_config_fault(dataset: str, loss: str, message: str) -> None:
    with pytest.raises(ConfigFaultError, match=message):
        open_task(open_message(dataset, loss=loss))


def test_a_network_with_too_many_outputs_for_a_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "wide", lambda inputs, outputs: nn.Linear(11, 2))
    with pytest.raises(ConfigFaultError, match=r"'wide' answers \[2, 2\] .* a predicted number needs \[2, 1\]"):
        open_task(open_message("winequality", "wide", loss="meanSquared"))


def test_an_unknown_dataset_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConfigFaultError, match=r"'imagenet'.*digits, mnist, wine, winequality"):
        open_task(open_message("imagenet"))


def test_an_unknown_model_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConfigFaultError, match=r"'resnet'.*conv, mlp"):
        open_task(open_message(model="resnet"))


def test_an_unknown_argument_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(
        ConfigFaultError, match=r"model\.args has no 'width'; known: hidden, activation, dropout, hiddenBias"
    ):
        open_task(open_message(model_args={"width": 3}))
    with pytest.raises(ConfigFaultError, match=r"dataset\.args has no 'shift'; known: dir"):
        open_task(open_message("wine", dataset_args={"shift": 1}))
    with pytest.raises(ConfigFaultError, match=r"has no 'inputs'"):
        open_task(open_message(model_args={"inputs": [4]}))


WRONG_VALUES: dict[str, tuple[str, str, dict[str, object], dict[str, object]]] = {
    "activation": ("wine", "mlp", {}, {"activation": "sine"}),
    "activation of a wrong type": ("wine", "mlp", {}, {"activation": ["relu"]}),
    "dropout": ("wine", "mlp", {}, {"dropout": 2}),
    "hidden": ("wine", "mlp", {}, {"hidden": "wide"}),
    "hidden width": ("wine", "mlp", {}, {"hidden": [-1]}),
    "channels": ("digits", "conv", {}, {"channels": 3}),
    "more channels than the image can be halved": ("digits", "conv", {}, {"channels": [2, 2, 2, 2, 2]}),
    "negative shift": ("digits", "conv", {"shift": -1}, {}),
    "shift of a wrong type": ("digits", "conv", {"shift": "far"}, {}),
    "fractional shift": ("digits", "conv", {"shift": 1.5}, {}),
}


@pytest.mark.parametrize("case", WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_a_wrong_value_of_an_argument_is_a_config_fault(
    case: tuple[str, str, dict[str, object], dict[str, object]],
) -> None:
    dataset, model, dataset_args, model_args = case
    with pytest.raises(ConfigFaultError):
        open_task(open_message(dataset, model, dataset_args=dataset_args, model_args=model_args))


def test_a_model_for_images_is_refused_for_data_without_pixels() -> None:
    with pytest.raises(ConfigFaultError, match=r"'conv' needs images.*\[13\]"):
        open_task(open_message("wine", "conv"))


def test_a_model_with_too_few_outputs_is_refused_with_both_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "narrow", lambda inputs, outputs: nn.Linear(13, outputs - 1))
    with pytest.raises(ConfigFaultError, match=r"'narrow' answers \[2, 2\].*3 classes.*\[2, 3\]"):
        open_task(open_message(model="narrow"))


def test_a_model_that_answers_a_tuple_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "two", lambda inputs, outputs: TwoAnswers())
    with pytest.raises(ConfigFaultError, match="'two' answers tuple"):
        open_task(open_message(model="two"))


@pytest.mark.parametrize("device", ["gpu", "", "meta", "mps", "cuda:99", "cuda:-1"])
def test_a_device_that_is_not_there_is_refused_by_name(device: str) -> None:
    with pytest.raises(ConfigFaultError, match=f"device.*'{device}'"):
        open_task(open_message(device=device))


def test_the_device_auto_is_one_that_is_there() -> None:
    assert open_task(open_message(device="auto")).device.type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_threads_sets_torchs_thread_count_and_0_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", asked.append)
    open_task(open_message(threads=0))
    open_task(open_message(threads=3))
    assert asked == [3]


def test_a_missing_data_directory_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(DataFaultError, match=f"{missing} does not exist"):
        open_task(in_directory("wine", missing))


def test_a_data_directory_for_a_built_in_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaultError, match="'digits' is built in"):
        open_task(in_directory("digits", tmp_path))


def test_a_data_directory_without_the_file_is_a_data_fault(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=r"wine\.data"):
        open_task(in_directory("wine", tmp_path))


def test_the_same_stream_initialises_the_same_network_and_another_another() -> None:
    task = wine_task()
    first = new_point(task, "a")
    torch.rand(5)
    assert torch.equal(new_point(task, "a").theta, first.theta)
    assert not torch.equal(new_point(task, "b").theta, first.theta)
    assert not torch.equal(new_point(wine_task(seed=8), "a").theta, first.theta)


def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    task = wine_task()
    task.points["one"] = new_point(task)
    task.paths["p"] = new_path(task, task.points["one"])
    with pytest.raises(ProtocolFaultError, match="no point 'two'; there are: one"):
        task.point("two")
    with pytest.raises(ProtocolFaultError, match="no path 'q'; there are: p"):
        task.path("q")


def test_a_pinned_point_can_be_read_and_not_moved() -> None:
    task = wine_task()
    task.points["home"] = new_point(task)
    assert task.movable("home") is task.points["home"]
    task.points["home"].pins = 2
    assert task.point("home") is task.points["home"]
    with pytest.raises(ProtocolFaultError, match="'home' is the origin of 2 paths and cannot move"):
        task.movable("home")


def test_every_built_in_dataset_fits_the_perceptron() -> None:
    losses = {"winequality": "meanSquared"}
    for name in ("digits", "wine", "winequality", "cifar10-sample"):
        open_task(open_message(name, "mlp", loss=losses.get(name, "crossEntropy")))
