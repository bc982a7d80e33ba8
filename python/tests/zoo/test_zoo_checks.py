"""Networks that do not fit the data, and the errors for them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from builders import descend
from zoo import IMAGES, asking, written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.network.flat import FlatNetwork
from dsptt_worker.protocol import ModelSpec
from dsptt_worker.task import open_task
from dsptt_worker.zoo import builder, check_answers

ANSWER = """
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(13, 3)
        def forward(self, x):
            return {answer}
    def defineModel():
        return Net()
"""

WRONG_ANSWERS = {
    "a tuple": ("(self.layer(x), x)", r"answers tuple instead of a tensor .*returns the logits alone"),
    "a dict": ("{'logits': self.layer(x)}", "answers dict instead of a tensor"),
    "a tuple while it trains": (
        "(self.layer(x), x) if self.training else self.layer(x)",
        "answers tuple in training mode instead of a tensor",
    ),
    "other shapes while it trains": (
        "self.layer(x)[:, :2] if self.training else self.layer(x)",
        r"in training mode, answers \[2, 2\]",
    ),
    "too many classes": (
        "self.layer(x).repeat(1, 2)",
        r"answers \[2, 6\] .* need \[2, 3\]: 6 outputs where 3 are needed; .*num_classes: 3",
    ),
    "a value for each sample": ("self.layer(x).sum(1)", r"answers \[2\] for 2 samples, .* need \[2, 3\]$"),
    "doubles": ("self.layer(x).double()", r"answers torch\.float64"),
    "no gradient": ("self.layer(x).detach()", "answers without a gradient"),
    "an error": ("self.layer(x)[7:].mean().nothing", "cannot take inputs of shape .*AttributeError"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_module_that_answers_anything_but_one_tensor_of_outputs_is_refused(
    tmp_path: Path, answer: str, words: str
) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        open_task(asking(python=written(tmp_path, ANSWER.replace("{answer}", answer))))


@pytest.mark.parametrize("second", ["y", "*, mask"])
def test_a_network_of_several_inputs_is_refused_with_their_names(tmp_path: Path, second: str) -> None:
    code = f"""
        class Two(nn.Linear):
            def forward(self, x, {second}, scale=1.0):
                return super().forward(x)
        def defineModel():
            return Two(13, 3)
    """
    name = second.removeprefix("*, ")
    with pytest.raises(
        ConfigFaultError, match=rf"takes several inputs \(x, {name}\), and a sample here is one tensor: "
    ):
        open_task(asking(python=written(tmp_path, code)))


def test_a_network_for_imagenet_sizes_is_refused_with_the_size_and_a_remedy() -> None:
    networks = builder(ModelSpec(python="pytorchcv.model_provider:resnet10", args={"num_classes": 10}), IMAGES, 0)
    with pytest.raises(
        ConfigFaultError, match=r"here is 3 x 32 x 32; a network for ImageNet needs 3 x 224 x 224 .* network for CIFAR"
    ):
        check_answers(networks.first("init"), networks.label, IMAGES)


def test_a_network_with_imagenets_classes_is_refused_with_the_argument_to_state(tmp_path: Path) -> None:
    code = "def defineModel(): return nn.Sequential(nn.Flatten(), nn.Linear(3072, 1000))"
    networks = builder(ModelSpec(python=written(tmp_path, code)), IMAGES, 0)
    with pytest.raises(ConfigFaultError, match=r"1000 outputs \(ImageNet's classes\) where 10 .*num_classes: 10"):
        check_answers(networks.first("init"), networks.label, IMAGES)


@pytest.mark.parametrize("change", ["half()", "to(torch.complex64)", "double()"])
def test_parameters_of_another_type_are_refused_by_name(tmp_path: Path, change: str) -> None:
    code = f"def defineModel(): return nn.Linear(13, 3).{change}"
    with pytest.raises(ConfigFaultError, match=r"parameter weight is torch\.\w+ .*must be dense float32"):
        open_task(asking(python=written(tmp_path, code)))


def test_a_lazy_network_takes_its_shapes_from_the_data_and_the_same_values_from_the_same_stream(tmp_path: Path) -> None:
    code = """
        def defineModel(outputs):
            return nn.Sequential(nn.LazyLinear(5), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(outputs))
    """
    task = open_task(asking(python=written(tmp_path, code)))
    assert task.net.parameters == 13 * 5 + 5 + 5 + 5 + 5 * 3 + 3
    point = task.new_point("a")
    assert torch.equal(point.theta, task.new_point("a").theta)
    assert not torch.equal(point.theta, task.new_point("b").theta)
    assert all(not rest.any() or (rest == 1).all() for rest in point.rest)  # no batch has moved the statistics
    assert descend(task, point, [0.1]).isfinite().all()


def test_a_lazy_part_that_no_batch_reaches_is_refused(tmp_path: Path) -> None:
    code = """
        def defineModel():
            net = nn.Linear(13, 3)
            net.unused = nn.LazyLinear(4)
            return net
    """
    with pytest.raises(ConfigFaultError, match=r"unused\.weight is lazy: .* did not use it"):
        open_task(asking(python=written(tmp_path, code)))


def test_a_network_that_makes_parameters_in_its_first_run_is_refused(tmp_path: Path) -> None:
    code = ANSWER.replace(
        "return {answer}", "self.scale = nn.Parameter(torch.ones(3)); return self.layer(x) * self.scale"
    )
    with pytest.raises(ConfigFaultError, match="trainable parameters have changed: scale"):
        open_task(asking(python=written(tmp_path, code)))


def test_a_network_that_replaces_its_buffers_is_refused(tmp_path: Path) -> None:
    code = """
        class Net(nn.Linear):
            def __init__(self):
                super().__init__(13, 3)
                self.register_buffer('seen', torch.zeros(()))
            def forward(self, x):
                self.seen = self.seen + 1
                return super().forward(x)
        def defineModel():
            return Net()
    """
    with pytest.raises(ConfigFaultError, match="buffers have been replaced"):
        open_task(asking(python=written(tmp_path, code)))


def test_opening_a_task_leaves_the_first_networks_statistics_as_they_were(tmp_path: Path) -> None:
    code = "def defineModel(): return nn.Sequential(nn.BatchNorm1d(13), nn.Linear(13, 3))"
    task = open_task(asking(python=written(tmp_path, code)))
    assert not task.net.module[0].running_mean.any()
    assert task.state_sha256 == FlatNetwork(task.build("init/open")).state_sha256()


def test_tied_and_frozen_parameters_of_a_zoo_stand_once_and_outside(tmp_path: Path) -> None:
    code = """
        def defineModel(outputs):
            first, second, frozen = nn.Linear(13, 13), nn.Linear(13, 13, bias=False), nn.Linear(13, 13)
            second.weight = first.weight
            return nn.Sequential(first, second, frozen.requires_grad_(False), nn.Linear(13, outputs))
    """
    task = open_task(asking(python=written(tmp_path, code)))
    assert [name for name, _ in task.net.shapes] == ["0.weight", "0.bias", "3.weight", "3.bias"]
    point = task.new_point("a")
    descend(task, point, [0.1, 0.1])
    net = task.net.module
    assert net[1].weight is net[0].weight
    assert torch.equal(point.rest[0], task.new_point("a").rest[0])
