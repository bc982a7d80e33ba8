"""Losses by name: the loss that training minimises, and the loss and error that evaluation reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ..task_kind import TaskKind


@dataclass(frozen=True)
class Loss:
    """Functions of one loss, which is for tasks of a ``kind``. ``train(outputs, targets)`` is the batch's mean loss;
    ``each`` the loss and ``wrong`` the error (0 or 1; of labels, the part that is wrong) of every sample; ``predict``
    turns the network's outputs [batch, outputs] into the values that an ensemble combines, in memory of their own.
    ``wrong`` is None where a number is predicted. The loss of labels is the mean over them."""

    kind: TaskKind
    train: Callable[[Tensor, Tensor], Tensor]
    each: Callable[[Tensor, Tensor], Tensor]
    wrong: Callable[[Tensor, Tensor], Tensor] | None
    predict: Callable[[Tensor], Tensor]


def _each_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(outputs, targets, reduction="none")


def _wrong_class(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs.argmax(1) != targets).double()


def _softmax(outputs: Tensor) -> Tensor:
    return torch.softmax(outputs, 1)


def _mean_squared(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.mse_loss(outputs[:, 0], targets)


def _each_squared(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.mse_loss(outputs[:, 0], targets, reduction="none")


def _as_it_is(outputs: Tensor) -> Tensor:
    return outputs.clone()  # a network may use the same memory for its next answer


def _each_binary_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(outputs, targets, reduction="none").mean(1)


def _wrong_labels(outputs: Tensor, targets: Tensor) -> Tensor:
    return ((torch.sigmoid(outputs) > 0.5) != (targets > 0.5)).double().mean(1)


LOSSES = {
    "crossEntropy": Loss("classes", functional.cross_entropy, _each_cross_entropy, _wrong_class, _softmax),
    "binaryCrossEntropy": Loss(
        "labels",
        functional.binary_cross_entropy_with_logits,
        _each_binary_cross_entropy,
        _wrong_labels,
        torch.sigmoid,
    ),
    "meanSquared": Loss("numbers", _mean_squared, _each_squared, None, _as_it_is),
}
