"""The paper's networks compared with pytorchcv, an independent implementation: their answers and their training."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from pytorchcv.models.densenet_cifar import densenet100_k12_bc_cifar10
from pytorchcv.models.preresnet import PreResUnit
from pytorchcv.models.preresnet_cifar import (
    get_preresnet_cifar,
    preresnet20_cifar10,
    preresnet110_cifar10,
    preresnet164bn_cifar10,
)
from pytorchcv.models.vgg import VGG
from torch import Tensor, nn

from dsptt_worker.models import MODELS
from dsptt_worker.models.vgg import VGG16

CIFAR = (3, 32, 32)
BATCH = 3


def preresnet110() -> nn.Module:
    """Builds PreResNet-110 with bottlenecks, for which the zoo has code but no name."""
    network: nn.Module = get_preresnet_cifar(num_classes=10, blocks=110, bottleneck=True)
    return network


def with_garipovs_shortcuts(network: nn.Module) -> nn.Module:
    """Changes the shortcut convolutions: the zoo's take the unit's pre-activated input, as He et al.'s do; those of
    Garipov et al., whom the paper follows, take the unit's input itself. Nothing else differs."""
    for unit in network.modules():
        if isinstance(unit, PreResUnit) and unit.resize_identity:
            unit.forward = lambda x, unit=unit: unit.body(x)[0] + unit.identity_conv(x)
    return network


def vgg(*, batch_norm: bool) -> nn.Module:
    """Combines the zoo's convolutions with the classifier of Garipov et al.; the zoo's own has 120 million parameters,
    which are never allocated."""
    with torch.device("meta"):
        zoo = VGG(channels=VGG16, use_bn=batch_norm)
    features = zoo.features.to_empty(device="cpu")
    hidden = [nn.Dropout(0.5), nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 512), nn.ReLU()]
    return nn.Sequential(features, nn.Flatten(), *hidden, nn.Linear(512, 10))


PAIRS: dict[str, Any] = {
    "preresnet-20": ("preresnet", {"depth": 20}, lambda: with_garipovs_shortcuts(preresnet20_cifar10())),
    "preresnet-110": ("preresnet", {"depth": 110}, lambda: with_garipovs_shortcuts(preresnet110())),
    "preresnet-110 of basic blocks": (
        "preresnet",
        {"depth": 110, "block": "basic"},
        lambda: with_garipovs_shortcuts(preresnet110_cifar10()),
    ),
    "preresnet-164": ("preresnet", {"depth": 164}, lambda: with_garipovs_shortcuts(preresnet164bn_cifar10())),
    "densenet-bc-100": ("densenet", {}, densenet100_k12_bc_cifar10),
    "vgg-16": ("vgg", {}, lambda: vgg(batch_norm=False)),
    "vgg-16 with batch norm": ("vgg", {"batchNorm": True}, lambda: vgg(batch_norm=True)),
}


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest) -> tuple[nn.Module, nn.Module]:
    """Returns our network and the zoo's with the same weights and statistics, in double precision, so that differences
    beyond rounding show after 164 layers."""
    model, arguments, zoo = PAIRS[request.param]
    torch.manual_seed(5)
    ours = MODELS[model](CIFAR, 10, **arguments).double()
    for layer in ours.modules():
        if isinstance(layer, nn.BatchNorm2d):
            unsettle(layer)
    theirs = zoo().double()
    copy_state(ours, theirs)
    return ours, theirs


def unsettle(layer: nn.BatchNorm2d) -> None:
    """Moves batch norm away from the identity, which a network without the layer would share."""
    state = layer.state_dict()
    for name in ("weight", "running_var"):
        nn.init.uniform_(state[name], 0.5, 1.5)
    for name in ("bias", "running_mean"):
        nn.init.normal_(state[name], 0, 0.3)


def copy_state(ours: nn.Module, theirs: nn.Module) -> None:
    """Copies entry by entry: both networks hold their layers in the order of the forward pass, shortcuts after their
    unit."""
    source, target = ours.state_dict(), theirs.state_dict()
    assert [kind(name) for name in source] == [kind(name) for name in target]
    values = [value.reshape(target[name].shape) for name, value in zip(target, source.values(), strict=True)]
    theirs.load_state_dict(dict(zip(target, values, strict=True)))


def kind(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def answer(network: nn.Module) -> Tensor:
    """Returns the network's answer for fixed images, with the same dropout masks if it draws any."""
    images = torch.randn(BATCH, *CIFAR, dtype=torch.float64, generator=torch.Generator().manual_seed(11))
    torch.manual_seed(13)
    output: Tensor = network(images)
    return output


def test_answers_as_the_zoos_network_when_evaluated(pair: tuple[nn.Module, nn.Module]) -> None:
    ours, theirs = (answer(network.eval()) for network in pair)
    assert ours.std(dim=0).min() > 0
    torch.testing.assert_close(ours, theirs)


def test_answers_learns_and_counts_statistics_as_the_zoos_network_in_training(
    pair: tuple[nn.Module, nn.Module],
) -> None:
    labels = torch.arange(BATCH)
    results = []
    for network in pair:
        output = answer(network.train())
        gradients = torch.autograd.grad(nn.functional.cross_entropy(output, labels), list(network.parameters()))
        results.append((output, gradients, list(network.buffers())))
    (output, gradients, buffers), (output2, gradients2, buffers2) = results
    torch.testing.assert_close(output, output2)
    torch.testing.assert_close(gradients, gradients2)
    torch.testing.assert_close(buffers, buffers2)
