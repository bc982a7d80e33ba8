"""Losses by the name that a task gives them: what training minimises, what evaluation reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Loss:
    """``train(outputs, targets)`` is the batch's mean loss; ``each`` the loss and ``wrong`` the error (0 or 1) of every
    sample; ``predict`` turns the network's outputs [batch, classes] into what an ensemble combines."""

    train: Callable[[Tensor, Tensor], Tensor]
    each: Callable[[Tensor, Tensor], Tensor]
    wrong: Callable[[Tensor, Tensor], Tensor]
    predict: Callable[[Tensor], Tensor]


def _each_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(outputs, targets, reduction="none")


def _wrong_class(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs.argmax(1) != targets).double()


def _softmax(outputs: Tensor) -> Tensor:
    return torch.softmax(outputs, 1)


LOSSES = {"crossEntropy": Loss(functional.cross_entropy, _each_cross_entropy, _wrong_class, _softmax)}
