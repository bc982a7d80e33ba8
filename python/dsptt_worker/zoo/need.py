"""Requirements of a task's data on a network, and the check that a network meets them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..errors import ConfigFaultError
from ..task_kind import TaskKind

SMALL_SIDE = 64  # pixels; networks for ImageNet take 224 and halve them five times
IMAGENET_CLASSES = 1000
SPREAD = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Need:
    """One or two training samples [samples, ...] float32 on the device, as a network gets them, and the number of
    outputs; and the kind of answer."""

    samples: Tensor
    outputs: int
    kind: TaskKind

    @property
    def inputs(self) -> torch.Size:
        """Shape of one sample."""
        return self.samples.shape[1:]


def check_answers(module: nn.Module, label: str, need: Need) -> None:
    """Runs the network as evaluation and training will. Its buffers may move; it is left in training mode.

    Raises:
        ConfigFaultError: it cannot take the samples, or answers anything but [samples, outputs] float32 in either mode.
    """
    module.eval()
    with torch.no_grad():
        _check_answer(_run(module, label, need), label, need)
    module.train()
    if len(need.samples) < 2:
        return  # batch norm has no variance of a single sample to train with
    answer = _run(module, label, need)
    _check_answer(answer, f"{label}, in training mode,", need)
    if not answer.requires_grad:
        raise ConfigFaultError(
            f"{label} answers without a gradient: its forward must not run under no_grad, nor detach what it returns"
        )


def _run(module: nn.Module, label: str, need: Need) -> Tensor:
    answer = run(module, label, need.samples)
    if isinstance(answer, Tensor):
        return answer
    raise ConfigFaultError(
        f"{label} answers {type(answer).__name__} {'in training mode ' if module.training else ''}instead of a tensor "
        f"[samples, outputs]: give a file with a function defineModel that wraps it in a module which returns the "
        "logits alone (or switch the zoo's further outputs off in model.args)"
    )


def run(module: nn.Module, label: str, samples: Tensor) -> object:
    """Returns the module's answer, of any type, for samples [samples, ...], of which it gets a copy.

    Raises:
        ConfigFaultError: it needs several inputs, or it raised; the cause is kept.
    """
    try:
        return module(samples.clone())
    except (Exception, SystemExit) as error:  # a module that is not ours may raise anything
        needed = _needed_inputs(module) if isinstance(error, TypeError) else []
        if len(needed) > 1:
            raise ConfigFaultError(
                f"{label} takes several inputs ({', '.join(needed)}), and a sample here is one tensor: give a file "
                "with a function defineModel that wraps it in a module whose forward takes that tensor alone"
            ) from error
        raise ConfigFaultError(
            f"{label} cannot take inputs of shape {list(samples.shape)}: {type(error).__name__}: {error}"
            f"{_hint_of_size(samples.shape[1:])}"
        ) from error


def _needed_inputs(module: nn.Module) -> list[str]:
    """Returns the names of the inputs without which the network's forward cannot be called."""
    try:
        parameters = inspect.signature(module.forward).parameters
    except (TypeError, ValueError):  # a forward without a signature
        return []
    return [name for name, one in parameters.items() if one.default is one.empty and one.kind not in SPREAD]


def _check_answer(answer: Tensor, label: str, need: Need) -> None:
    expected = [len(need.samples), need.outputs]
    if list(answer.shape) != expected:
        needs = {
            "classes": f"the {need.outputs} classes of the labels need",
            "labels": f"the {need.outputs} labels of a sample need",
            "numbers": "a predicted number needs",
        }
        raise ConfigFaultError(
            f"{label} answers {list(answer.shape)} for {len(need.samples)} samples, but {needs[need.kind]} {expected}"
            f"{_hint_of_classes(list(answer.shape), need)}"
        )
    if answer.dtype != torch.float32:
        raise ConfigFaultError(f"{label} answers {answer.dtype}, but losses are computed in torch.float32")


def _hint_of_size(inputs: torch.Size) -> str:
    if len(inputs) != 3 or max(inputs[1:]) >= SMALL_SIDE:
        return ""
    size = " x ".join(map(str, inputs))
    return (
        f" (an image here is {size}; a network for ImageNet needs 3 x 224 x 224 and shrinks smaller ones to nothing: "
        "take the zoo's network for CIFAR where it has one, or change its first layers in a defineModel of your own)"
    )


def _hint_of_classes(shape: list[int], need: Need) -> str:
    if len(shape) != 2 or shape[0] != len(need.samples):
        return ""
    of = " (ImageNet's classes)" if shape[1] == IMAGENET_CLASSES else ""
    return (
        f": {shape[1]} outputs{of} where {need.outputs} are needed; state the zoo's own name for their number in "
        f"model.args, such as num_classes: {need.outputs}"
    )
