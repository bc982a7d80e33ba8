from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from builders import open_message, same_tensors
from torch import Tensor, nn

from dsptt_worker.models import MODELS
from dsptt_worker.task import open_task

NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {
    "vgg": ("vgg", {}),
    "vgg with batch norm": ("vgg", {"batchNorm": True}),
    "preresnet, basic": ("preresnet", {"depth": 20}),
    "preresnet, bottleneck": ("preresnet", {}),
    "densenet": ("densenet", {}),
}
SIGMAS = 5
"""Largest deviation of an estimate, in standard errors; a network has some 170 layers, each with a few estimates."""


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest) -> nn.Module:
    """Builds one of the paper's networks, freshly initialised; the tests do not change it."""
    model, arguments = NETWORKS[request.param]
    torch.manual_seed(3)
    return MODELS[model]((3, 32, 32), 10, **arguments)


def convolutions(network: nn.Module) -> list[nn.Conv2d]:
    return [m for m in network.modules() if isinstance(m, nn.Conv2d)]


def standardised(convolution: nn.Conv2d) -> Tensor:
    """Returns a convolution's weights divided by their expected standard deviation."""
    height, width = convolution.kernel_size
    return convolution.weight.detach() / math.sqrt(2 / (height * width * convolution.out_channels))


def test_each_convolution_has_he_fan_out_mean_and_deviation(network: nn.Module) -> None:
    for convolution in convolutions(network):
        z = standardised(convolution)
        assert abs(float(z.mean())) < SIGMAS / math.sqrt(z.numel())
        assert abs(float(z.std()) - 1) < SIGMAS / math.sqrt(2 * z.numel())


def test_convolution_weights_are_normal(network: nn.Module) -> None:
    z = torch.cat([standardised(convolution).flatten() for convolution in convolutions(network)])
    for limit in (1.0, 2.0, 3.0):
        beyond = math.erfc(limit / math.sqrt(2))
        error = math.sqrt(beyond * (1 - beyond) / z.numel())
        assert abs(float((z.abs() > limit).double().mean()) - beyond) < SIGMAS * error


def test_convolutions_start_without_bias_and_batch_norm_as_the_identity(network: nn.Module) -> None:
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            assert not layer.bias.any()
        if isinstance(layer, nn.BatchNorm2d):
            assert (layer.weight == 1).all()
            assert not layer.bias.any()


def test_linear_layers_start_uniform_within_one_over_the_root_of_their_inputs(network: nn.Module) -> None:
    for layer in network.modules():
        if isinstance(layer, nn.Linear):
            z = layer.weight.detach() * math.sqrt(layer.in_features)
            assert 0.99 < float(z.abs().max()) <= 1
            # The variance of squares of a uniform number in [-1, 1] is 1/5 - 1/9.
            error = math.sqrt((1 / 5 - 1 / 9) / z.numel())
            assert abs(float((z**2).mean()) - 1 / 3) < SIGMAS * error


@pytest.mark.parametrize(("model", "zero"), [("densenet", True), ("preresnet", False), ("vgg", False)])
def test_only_densenet_starts_with_linear_biases_of_zero(model: str, zero: bool) -> None:
    network = MODELS[model]((3, 32, 32), 10)
    linear = [m for m in network.modules() if isinstance(m, nn.Linear)]
    assert [bool(layer.bias.any()) for layer in linear] == [not zero] * len(linear)


@pytest.mark.parametrize(
    ("model", "arguments"),
    [
        ("vgg", {"stages": [[4], [4]], "hidden": [4]}),
        ("preresnet", {"depth": 8}),
        ("densenet", {"depth": 10}),
    ],
)
def test_a_seed_and_a_stream_name_fix_the_first_weights(model: str, arguments: dict[str, Any]) -> None:
    def weights(seed: int, stream: str) -> list[Tensor]:
        task = open_task(open_message("digits", model, model_args=arguments, seed=seed))
        return list(task.build(stream).state_dict().values())

    first = weights(1, "init/a")
    assert same_tensors(first, weights(1, "init/a"))
    assert not same_tensors(first, weights(1, "init/b"))
    assert not same_tensors(first, weights(2, "init/a"))
