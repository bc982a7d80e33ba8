from __future__ import annotations

import traceback
from pathlib import Path

import pytest
import torch
from zoo import IMAGES, asking, written

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.protocol import ModelSpec
from dsptt_worker.task import open_task
from dsptt_worker.zoo import builder

LINEAR = """
    def defineModel(inputs, outputs, *, hidden=4):
        return nn.Sequential(nn.Linear(inputs[0], hidden), nn.ReLU(), nn.Linear(hidden, outputs))
"""
PROVIDER = "pytorchcv.model_provider"


def test_a_network_of_a_zoo_is_built_for_the_classes_of_the_data() -> None:
    networks = builder(ModelSpec(python=f"{PROVIDER}:resnet20_cifar10"), IMAGES, 0)
    assert networks.label == "model pytorchcv.model_provider:resnet20_cifar10"
    assert networks.first("init")(IMAGES.samples).shape == (2, 10)


def test_a_factory_of_a_zoo_gets_the_arguments_of_the_configuration() -> None:
    spec = ModelSpec(python=f"{PROVIDER}:get_model", args={"name": "resnet20_cifar10", "num_classes": 100})
    assert builder(spec, IMAGES, 0).first("init")(IMAGES.samples).shape == (2, 100)


def test_a_file_of_the_users_own_is_opened_and_gets_shape_classes_and_arguments(tmp_path: Path) -> None:
    task = open_task(asking(python=written(tmp_path, LINEAR), args={"hidden": 5}))
    assert [list(shape) for _, shape in task.net.shapes] == [[5, 13], [5], [3, 5], [3]]


def test_another_function_of_a_file_can_be_named_and_a_name_for_the_classes_is_recognised(tmp_path: Path) -> None:
    code = "class Nets:\n    def small(num_classes):\n        return nn.Linear(13, num_classes)\n"
    task = open_task(asking(python=f"{written(tmp_path, code)}:Nets.small"))
    assert task.net.parameters == 13 * 3 + 3


def test_a_file_can_define_dataclasses_with_annotations_as_text(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    code = "class Shape:\n    width: int = 3\ndef defineModel():\n    return nn.Linear(13, Shape().width)\n"
    head = "from __future__ import annotations\nimport dataclasses\nfrom torch import nn\n@dataclasses.dataclass\n"
    file.write_text(head + code)
    assert open_task(asking(python=str(file))).net.parameters == 42


def test_a_file_can_import_its_neighbours_and_is_read_anew_at_each_opening(tmp_path: Path) -> None:
    written(tmp_path, "WIDTH = 6", "zoo_test_neighbour.py")
    file = written(
        tmp_path, "from zoo_test_neighbour import WIDTH\ndef defineModel(outputs):\n return nn.Linear(13, 3)"
    )
    assert open_task(asking(python=file)).net.parameters == 42
    written(tmp_path, "def defineModel(outputs):\n return nn.Linear(13, 3, bias=False)")
    assert open_task(asking(python=file)).net.parameters == 39


def test_the_same_stream_gives_the_same_network_whatever_it_draws_from(tmp_path: Path) -> None:
    code = """
        import random, numpy as np
        def defineModel(outputs):
            net = nn.Linear(13, outputs)
            net.bias.data[:2] = torch.tensor([random.random(), np.random.rand()])
            return net
    """
    task = open_task(asking(python=written(tmp_path, code)))
    first = task.new_point("a")
    torch.rand(3)
    assert torch.equal(task.new_point("a").theta, first.theta)
    assert not (task.new_point("b").theta == first.theta).any()


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("resnet20", r"must be package\.module:function.*'resnet20'"),
        (":get_model", "must be package.module:function"),
        ("no_such_zoo.models:net", r"no package 'no_such_zoo' in .*python.*pip install no_such_zoo"),
        ("pytorchcv.model_provder:net", r"no module 'pytorchcv\.model_provder'; pytorchcv has: model_provider"),
        (f"{PROVIDER}:resnet20_cifar", r"no function 'resnet20_cifar'; it has: .*resnet20_cifar10"),
        ("math:pi", "math:pi is no function, but float"),
        ("nowhere/own.py", "there is no file nowhere/own.py"),
    ],
)
def test_a_function_that_is_not_there_is_refused_with_what_is(python: str, words: str) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        builder(ModelSpec(python=python), IMAGES, 0)


@pytest.mark.parametrize(
    ("code", "args", "words"),
    [
        ("def other(): pass", {}, r"has no function 'defineModel'; it has: other$"),
        ("import no_such_package", {}, r"running .*own\.py failed: ModuleNotFoundError: .*no_such_package"),
        ("this is no python", {}, r"running .*own\.py failed: SyntaxError"),
        ("raise SystemExit(3)", {}, r"running .*own\.py failed: SystemExit: 3"),
        (LINEAR, {"hiden": 4}, r"does not take model\.args: got an unexpected.*'hiden'; its parameters: hidden"),
        ("def defineModel(width): pass", {}, r"missing a required argument: 'width'; its parameters: width"),
        ("def defineModel(): return 3", {}, r"must return a torch\.nn\.Module, got int"),
        ("def defineModel(): return nn.Linear", {}, r"must return a torch\.nn\.Module, got type"),
        ("def defineModel(): raise KeyError('depth')", {}, r"own\.py:defineModel raised KeyError: 'depth'"),
        ("def defineModel():\n    assert 2 > 3", {}, r"own\.py:defineModel raised AssertionError: at assert 2 > 3"),
        ("def defineModel(): exit()", {}, r"own\.py:defineModel raised SystemExit"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, code: str, args: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigFaultError, match=words):
        open_task(asking(python=written(tmp_path, code), args=args))


def test_the_traceback_of_a_failing_constructor_reaches_its_line(tmp_path: Path) -> None:
    code = "def deep():\n    raise ValueError('too deep')\ndef defineModel():\n    return deep()"
    with pytest.raises(ConfigFaultError, match="raised ValueError: too deep") as caught:
        open_task(asking(python=written(tmp_path, code)))
    trace = "".join(traceback.format_exception(caught.value))
    assert "own.py" in trace
    assert "in deep" in trace


@pytest.mark.parametrize("model", [{}, {"name": "mlp", "python": "a:b"}])
def test_a_model_has_a_name_or_a_function_and_never_both(model: dict[str, str]) -> None:
    with pytest.raises(ConfigFaultError, match="a name or a python function, one of the two"):
        open_task(asking(**model))


def test_a_function_that_returns_the_same_network_or_parts_of_it_is_refused(tmp_path: Path) -> None:
    whole = "net = nn.Linear(13, 3)\ndef defineModel(): return net"
    part = "net = nn.Linear(13, 3)\ndef defineModel(): return nn.Sequential(nn.Linear(13, 13), net)"
    for code in (whole, part):
        with pytest.raises(ConfigFaultError, match="must build a new one at each call"):
            open_task(asking(python=written(tmp_path, code)))


def test_a_function_whose_networks_have_other_shapes_at_each_call_is_refused(tmp_path: Path) -> None:
    code = """
        widths = iter(range(2, 9))
        def defineModel():
            width = next(widths)
            return nn.Sequential(nn.Linear(13, width), nn.Linear(width, 3))
    """
    with pytest.raises(ConfigFaultError, match="other names or shapes than at first"):
        open_task(asking(python=written(tmp_path, code)))
