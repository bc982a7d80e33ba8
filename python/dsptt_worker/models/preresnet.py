"""Residual networks with pre-activation for small images (He et al. 2016, arXiv:1603.05027), of any depth and width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from torch import Tensor, nn

from ..errors import ConfigFaultError
from ..ranges import Range
from .images import he_fan_out, image_shape, preactivated

Block = Literal["basic", "bottleneck"]
EXPANSION: dict[Block, int] = {"basic": 1, "bottleneck": 4}
LAYERS_OF_A_UNIT_IN_EACH_STAGE: dict[Block, int] = {"basic": 6, "bottleneck": 9}
FIRST_BOTTLENECK_DEPTH = 44


def build(
    inputs: Sequence[int],
    outputs: int,
    *,
    depth: Annotated[int, Range(ge=8)] = 164,
    block: Literal["auto", "basic", "bottleneck"] = "auto",
    width: Annotated[int, Range(ge=1)] = 16,
) -> nn.Module:
    """Builds a 3x3 convolution to ``width`` channels; three stages of residual units with planes ``width``, twice and
    four times that, the second and the third at half the image; batch norm, ReLU, the mean over pixels, a linear layer.

    ``depth`` counts convolutions and the linear layer: 6n + 2 with n basic units (two 3x3) a stage, 9n + 2 with n
    bottleneck units (1x1, 3x3, 1x1 to four times the planes). ``block: auto`` takes bottlenecks from depth 44 on, as
    Garipov et al. do. Parameters on CIFAR-10 / 100: 272,282 / 278,132 at depth 20, 1,146,842 / 1,169,972 at 110,
    1,703,258 / 1,726,388 at 164. Images may have any size; initialised by ``he_fan_out``.

    Source: timgaripov/dnn-mode-connectivity, ``models/preresnet.py``. Its shortcut convolutions are applied to the
    unit's input; He et al.'s own code and pytorchcv apply them after the unit's first batch norm and ReLU.

    Raises:
        ConfigFaultError: samples that are no images, or a depth that the block cannot have.
    """
    channels = image_shape("preresnet", inputs)[0]
    kind = _kind(depth, block)
    units = _units(depth, kind)
    layers: list[nn.Module] = [nn.Conv2d(channels, width, 3, padding=1, bias=False)]
    before = width
    for stage in range(3):
        planes = width * 2**stage
        for unit in range(units):
            layers.append(Unit(before, planes, stride=2 if stage and not unit else 1, kind=kind))
            before = planes * EXPANSION[kind]
    layers += [nn.BatchNorm2d(before), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    network = nn.Sequential(*layers, nn.Linear(before, outputs))
    he_fan_out(network)
    return network


class Unit(nn.Module):
    """Adds the pre-activated convolutions' result to the input: [batch, before, h, w] to [batch, planes times the
    block's expansion, h/stride, w/stride], rounded up. A 1x1 convolution fits the shortcut if the shape changes."""

    def __init__(self, before: int, planes: int, *, stride: int, kind: Block) -> None:
        super().__init__()
        after = planes * EXPANSION[kind]
        self.body = nn.Sequential(*_body(before, planes, stride, kind))
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or before != after:
            self.shortcut = nn.Conv2d(before, after, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Adds body and shortcut."""
        total: Tensor = self.body(x) + self.shortcut(x)
        return total


def _body(before: int, planes: int, stride: int, kind: Block) -> list[nn.Module]:
    if kind == "basic":
        return [
            *preactivated(nn.Conv2d(before, planes, 3, stride=stride, padding=1, bias=False)),
            *preactivated(nn.Conv2d(planes, planes, 3, padding=1, bias=False)),
        ]
    return [
        *preactivated(nn.Conv2d(before, planes, 1, bias=False)),
        *preactivated(nn.Conv2d(planes, planes, 3, stride=stride, padding=1, bias=False)),
        *preactivated(nn.Conv2d(planes, planes * EXPANSION[kind], 1, bias=False)),
    ]


def _kind(depth: int, block: Literal["auto", "basic", "bottleneck"]) -> Block:
    if block != "auto":
        return block
    return "bottleneck" if depth >= FIRST_BOTTLENECK_DEPTH else "basic"


def _units(depth: int, kind: Block) -> int:
    """Returns the number of units of each stage."""
    layers = LAYERS_OF_A_UNIT_IN_EACH_STAGE[kind]
    units, rest = divmod(depth - 2, layers)
    if rest or not units:
        lower = max(units, 1) * layers + 2
        raise ConfigFaultError(
            f"model 'preresnet' with {kind} blocks needs a depth of {layers}n + 2, such as {lower} or "
            f"{lower + layers}, got {depth} (block 'auto' is bottleneck from depth {FIRST_BOTTLENECK_DEPTH} on)"
        )
    return units
