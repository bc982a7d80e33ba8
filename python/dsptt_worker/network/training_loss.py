"""The loss that a task's training and search descend, which may weigh classes and smooth labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from ..data import Dataset
from ..errors import ConfigFaultError
from ..protocol import Open, TrainingLoss
from ..user_code.project import Code
from ..zoo.need import Need
from .losses import LOSSES, Loss
from .own_loss import own_loss


def task_loss(spec: Open, dataset: Dataset, need: Need) -> tuple[Loss, Code | None]:
    """Returns a task's loss and the user's files that compute it (None: it is ours): evaluations report the plain loss,
    training descends it with the requested changes, or another one instead.

    Raises:
        ConfigFaultError: a loss or changes that do not fit the data.
    """
    loss = LOSSES[spec.loss]
    if loss.kind != dataset.kind:
        holds = {
            "classes": f"{len(dataset.classes)} classes",
            "labels": f"{len(dataset.classes)} labels, of which a sample has any number",
            "numbers": "numbers to be predicted (regression)",
        }
        fitting = [name for name, one in LOSSES.items() if one.kind == dataset.kind]
        raise ConfigFaultError(
            f"loss {spec.loss!r} does not fit dataset {spec.dataset.name or spec.dataset.python!r}, which has "
            f"{holds[dataset.kind]}: use {', '.join(fitting)}"
        )
    changes, device = spec.trainingLoss, need.samples.device
    if changes is None:
        return loss, None
    if changes.python is not None:
        train, code = own_loss(changes, dataset.train.targets[: len(need.samples)].to(device), need)
        return replace(loss, train=train), code
    if loss.kind != "classes":
        raise ConfigFaultError(f"trainingLoss is for classes, got loss {spec.loss!r}")
    return replace(loss, train=_changed_cross_entropy(changes, dataset, device)), None


def _changed_cross_entropy(
    changes: TrainingLoss, dataset: Dataset, device: torch.device
) -> Callable[[Tensor, Tensor], Tensor]:
    weights = class_weights(changes, dataset)
    on_device = None if weights is None else weights.to(device)

    def train(outputs: Tensor, targets: Tensor) -> Tensor:
        # divided by the number of samples, not of weights: the losses of a batch's chunks then add up to the batch's
        total = functional.cross_entropy(
            outputs, targets, on_device, reduction="sum", label_smoothing=changes.labelSmoothing
        )
        return total / len(targets)

    return train


def class_weights(changes: TrainingLoss, dataset: Dataset) -> Tensor | None:
    """Returns the weight of each class, [classes] float32; None if all weigh the same.

    Raises:
        ConfigFaultError: another number of weights than classes, or a class to be balanced without a training sample.
    """
    stated, classes = changes.classWeights, dataset.classes
    if stated is None:
        return None
    if stated == "balanced":
        counts = torch.bincount(dataset.train.targets, minlength=len(classes))
        if not counts.all():
            missing = classes[int(counts.argmin())]
            raise ConfigFaultError(
                f"trainingLoss.classWeights 'balanced' needs a training sample of each class, and {missing!r} has "
                "none: state the weights as numbers"
            )
        return (counts.sum() / (len(classes) * counts.double())).float()
    if len(stated) != len(classes):
        raise ConfigFaultError(
            f"trainingLoss.classWeights must have a number for each of the {len(classes)} classes "
            f"({', '.join(classes[:10])}{', ...' if len(classes) > 10 else ''}), got {len(stated)}"
        )
    return torch.tensor(stated, dtype=torch.float32)
