from __future__ import annotations

from typing import Any

import pytest
import torch
from builders import descend, new_point, open_message
from torch import nn

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.models.preresnet import Unit
from dsptt_worker.task import Task, open_task

CIFAR = (3, 32, 32)
SMALL: dict[str, dict[str, Any]] = {
    "vgg": {"stages": [[8, 9], [16]], "hidden": [15]},
    # of width 4, oneDNN (torch 2.13, CPUs without AVX-512) corrupts memory in the gradient of the strided 1x1 shortcuts
    "preresnet": {"depth": 8, "width": 8},
    "densenet": {"depth": 10, "growth": 8},
}


def digits_with(model: str, arguments: dict[str, Any]) -> Task:
    return open_task(open_message("digits", model, model_args=arguments))


@pytest.mark.parametrize(
    ("model", "arguments", "cifar10", "cifar100"),
    [
        ("vgg", {}, 15_245_130, 15_291_300),
        ("vgg", {"batchNorm": True}, 15_253_578, 15_299_748),
        ("preresnet", {"depth": 20}, 272_282, 278_132),
        ("preresnet", {"depth": 110}, 1_146_842, 1_169_972),
        ("preresnet", {}, 1_703_258, 1_726_388),
        ("densenet", {}, 769_162, 800_032),
    ],
)
def test_the_papers_networks_have_its_numbers_of_parameters(
    model: str, arguments: dict[str, Any], cifar10: int, cifar100: int
) -> None:
    with torch.device("meta"):
        networks = [MODELS[model](CIFAR, classes, **arguments) for classes in (10, 100)]
    assert [sum(p.numel() for p in network.parameters()) for network in networks] == [cifar10, cifar100]


@pytest.mark.parametrize(("depth", "block"), [(20, "basic"), (38, "basic"), (47, "bottleneck"), (56, "bottleneck")])
def test_preresnet_takes_bottlenecks_from_depth_44_on(depth: int, block: str) -> None:
    networks = [MODELS["preresnet"](CIFAR, 10, depth=depth, block=kind) for kind in ("auto", block)]
    chosen, named = ([p.shape for p in network.parameters()] for network in networks)
    assert chosen == named


@pytest.mark.parametrize(("depth", "block"), [(20, "basic"), (20, "bottleneck"), (56, "basic"), (56, "bottleneck")])
def test_preresnets_depth_counts_convolutions_and_the_linear_layer(depth: int, block: str) -> None:
    network = MODELS["preresnet"](CIFAR, 10, depth=depth, block=block)
    shortcuts = [m.shortcut for m in network.modules() if isinstance(m, Unit)]
    layers = [m for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear)) and m not in shortcuts]
    assert len(layers) == depth


def test_densenets_depth_counts_convolutions_and_the_linear_layer() -> None:
    network = MODELS["densenet"](CIFAR, 10, depth=40)
    assert sum(isinstance(m, (nn.Conv2d, nn.Linear)) for m in network.modules()) == 40


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("image", [CIFAR, (3, 16, 16), (1, 28, 28), (2, 13, 22)])
@pytest.mark.parametrize("model", SMALL)
def test_answers_each_image_with_one_number_a_class(model: str, image: tuple[int, int, int], training: bool) -> None:
    network = MODELS[model](image, 7, **SMALL[model]).train(training)
    assert network(torch.zeros(2, *image)).shape == (2, 7)


@pytest.mark.parametrize("model", SMALL)
def test_the_full_size_networks_take_cifar_images(model: str) -> None:
    network = MODELS[model](CIFAR, 100)
    assert network(torch.zeros(2, *CIFAR)).shape == (2, 100)


def test_preresnets_shortcut_convolution_takes_what_enters_the_unit() -> None:
    network = MODELS["preresnet"](CIFAR, 10, depth=20).eval()
    unit = next(m for m in network.modules() if isinstance(m, Unit) and isinstance(m.shortcut, nn.Conv2d))
    for silenced in unit.body.parameters():
        nn.init.zeros_(silenced)
    x = torch.randn(2, 16, 8, 8)
    torch.testing.assert_close(unit(x), unit.shortcut(x))


def test_vgg_puts_dropout_before_each_hidden_layer_and_none_where_it_is_0() -> None:
    def kinds(dropout: float) -> list[str]:
        network = MODELS["vgg"]((3, 4, 4), 2, stages=[[2]], hidden=[3, 3], dropout=dropout)
        return [type(layer).__name__ for layer in network.children()][4:]

    hidden = ["Linear", "ReLU"]
    assert kinds(0.5) == ["Dropout", *hidden, "Dropout", *hidden, "Linear"]
    assert kinds(0) == [*hidden, *hidden, "Linear"]


def test_densenet_drops_out_after_every_convolution_but_the_first() -> None:
    layers = list(MODELS["densenet"](CIFAR, 10, depth=16, dropout=0.2).modules())
    after = [type(layers[i + 1]).__name__ for i, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    assert after[0] != "Dropout"
    assert after[1:] == ["Dropout"] * 14


@pytest.mark.parametrize("model", SMALL)
def test_training_lowers_the_loss_of_each_network(model: str) -> None:
    task = digits_with(model, SMALL[model])
    losses = descend(task, new_point(task), [0.06] * 80)
    assert losses[-5:].mean() < 0.6 * losses[:5].mean()


@pytest.mark.parametrize("model", SMALL)
def test_samples_that_are_no_images_are_refused(model: str) -> None:
    with pytest.raises(ConfigFaultError, match=rf"'{model}' needs images .*\[13\]"):
        open_task(open_message("wine", model))


@pytest.mark.parametrize(
    ("model", "image", "arguments", "says"),
    [
        ("vgg", (3, 16, 32), {}, r"halves images 5 times .* 32 pixels or more.*\[3, 16, 32\]"),
        ("vgg", (3, 4, 4), {"stages": [[1], [1], [1]]}, r"3 times .* 8 pixels or more.*\[3, 4, 4\]"),
        ("densenet", (3, 16, 3), {}, r"halves images 2 times .* 4 pixels or more.*\[3, 16, 3\]"),
    ],
)
def test_images_that_pool_away_to_nothing_are_refused(
    model: str, image: tuple[int, int, int], arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigFaultError, match=says):
        MODELS[model](image, 10, **arguments)


@pytest.mark.parametrize(
    ("model", "arguments", "says"),
    [
        ("preresnet", {"depth": 50}, r"bottleneck blocks needs a depth of 9n \+ 2, such as 47 or 56, got 50"),
        ("preresnet", {"depth": 9}, r"basic blocks needs a depth of 6n \+ 2, such as 8 or 14, got 9"),
        ("preresnet", {"depth": 8, "block": "bottleneck"}, r"9n \+ 2, such as 11 or 20, got 8"),
        ("densenet", {"depth": 101}, r"6n \+ 4, such as 100 or 106, got 101"),
        (
            "densenet",
            {"depth": 10, "reduction": 0.01},
            r"reduction 0.01 keeps none of the 36 channels .* 0.0278 or more",
        ),
    ],
)
def test_depths_and_shares_that_make_no_network_are_refused_with_what_would(
    model: str, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigFaultError, match=says):
        MODELS[model](CIFAR, 10, **arguments)


@pytest.mark.parametrize(
    ("model", "argument", "value"),
    [
        ("vgg", "stages", []),
        ("vgg", "stages", [[4], []]),
        ("vgg", "stages", [[0]]),
        ("vgg", "stages", [4, 4]),
        ("vgg", "hidden", [-1]),
        ("vgg", "dropout", 1),
        ("vgg", "batchNorm", "yes"),
        ("preresnet", "depth", 2),
        ("preresnet", "depth", 20.5),
        ("preresnet", "block", "wide"),
        ("preresnet", "width", 0),
        ("densenet", "depth", 4),
        ("densenet", "growth", 0),
        ("densenet", "reduction", 0),
        ("densenet", "reduction", 1.5),
        ("densenet", "dropout", -0.1),
    ],
)
def test_an_argument_out_of_range_is_refused_by_name(model: str, argument: str, value: object) -> None:
    with pytest.raises(ConfigFaultError, match=rf"model\.args\.{argument}: "):
        digits_with(model, {argument: value})
