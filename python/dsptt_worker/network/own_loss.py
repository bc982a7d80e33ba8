"""A training loss of the user's own: what a Python function that the configuration names has returned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from ..protocol import TrainingLoss
from ..user_code.project import Code
from ..user_code.user_function import find_function
from ..zoo.need import Need
from ..zoo.python import completed
from .forward import raise_as_networks

DEFINE = "defineLoss"


def own_loss(spec: TrainingLoss, targets: Tensor, need: Need) -> tuple[Callable[[Tensor, Tensor], Tensor], Code]:
    """Returns the loss that a specification names, checked on the targets of the first samples, and the user's files
    that compute it.

    Raises:
        ConfigFaultError: a function that cannot be used, or a loss that is no number with a gradient.
    """
    assert spec.python is not None
    found = find_function(spec.python, "trainingLoss", DEFINE, Path(spec.modules or ""))
    loss = found.call(completed(found, spec.args, need))
    if not callable(loss):
        raise ConfigFaultError(
            f"{found.label} must return a function of outputs [batch, outputs] and targets [batch], "
            f"got {type(loss).__name__}"
        )
    if isinstance(loss, nn.Module):
        if any(parameter.requires_grad for parameter in loss.parameters()):
            raise ConfigFaultError(f"{found.label} returns a loss with parameters, which would not be trained")
        loss = loss.to(need.samples.device)
    compute: Callable[[Tensor, Tensor], object] = loss

    def train(outputs: Tensor, targets: Tensor) -> Tensor:
        try:
            value = compute(outputs, targets)
        except Exception as error:  # the user's code may raise anything
            raise_as_networks(error, f"on outputs of shape {list(outputs.shape)}", found.label)
        if not isinstance(value, Tensor) or value.ndim or not value.is_floating_point():
            got = (
                f"a tensor of {list(value.shape)} {value.dtype}" if isinstance(value, Tensor) else type(value).__name__
            )
            raise ConfigFaultError(
                f"{found.label} must answer the batch's mean loss, a tensor of one number, got {got}"
            )
        return value

    if not train(
        torch.zeros(len(targets), need.outputs, device=targets.device, requires_grad=True), targets
    ).requires_grad:
        raise ConfigFaultError(
            f"{found.label} answers without a gradient: it must compute with torch alone, undetached"
        )
    return train, found.project
