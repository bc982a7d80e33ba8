"""Networks of docs/results/auto.md, of kinds that people bring: each gets one sample's shape and the number of outputs."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def group_norm(inputs: tuple[int, ...], outputs: int) -> nn.Module:
    """Three convolutions with group norm."""
    return _convolutions(inputs[0], outputs, lambda width: nn.GroupNorm(4, width))


def dropout(inputs: tuple[int, ...], outputs: int) -> nn.Module:
    """Three convolutions with batch norm, and dropout before the last layer."""
    network = _convolutions(inputs[0], outputs, nn.BatchNorm2d)
    network.insert(len(network) - 1, nn.Dropout(0.3))
    return network


def frozen(inputs: tuple[int, ...], outputs: int) -> nn.Module:
    """Three convolutions with batch norm, the first of which is frozen."""
    network = _convolutions(inputs[0], outputs, nn.BatchNorm2d)
    network[0].requires_grad_(False)
    return network


def layer_norm(inputs: tuple[int, ...], outputs: int) -> nn.Module:
    """A perceptron with layer norm."""
    size = torch.Size(inputs).numel()
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(size, 64),
        nn.LayerNorm(64),
        nn.GELU(),
        nn.Linear(64, 64),
        nn.LayerNorm(64),
        nn.GELU(),
        nn.Linear(64, outputs),
    )


class Rows(nn.Module):
    """An LSTM over an image's rows."""

    def __init__(self, inputs: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs[0] * inputs[2], 32, batch_first=True)
        self.last = nn.Linear(32, outputs)

    def forward(self, images: Tensor) -> Tensor:
        rows = images.permute(0, 2, 1, 3).flatten(2)
        return self.last(self.lstm(rows)[0][:, -1])


def lstm(inputs: tuple[int, ...], outputs: int) -> nn.Module:
    """Builds an LSTM over an image's rows."""
    return Rows(inputs, outputs)


def _convolutions(channels: int, outputs: int, norm: object) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, width in [(channels, 16), (16, 32), (32, 32)]:
        layers += [
            nn.Conv2d(before, width, 3, padding=1, bias=False),
            norm(width),
            nn.ReLU(),
        ]  # type: ignore[operator]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32 * 4, outputs)
    )
