"""Networks with their parameter counts, computed without allocating any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from ..errors import ConfigFaultError
from ..protocol import ListedModel, Models, ModelsResult
from .builder import source
from .catalogue import Entry, entries
from .lazy import is_lazy_module
from .need import Need

IMAGE = (3, 32, 32)  # CIFAR's


def list_models(request: Models, tick: Callable[[], None]) -> ModelsResult:
    """Lists the networks whose names contain the search text, at most ``limit``; ``tick`` is called before each.

    Raises:
        ConfigFaultError: a zoo that is unknown or not installed.
    """
    matching = [entry for entry in entries(request.zoo) if request.search.lower() in entry.name.lower()]
    listed = []
    for entry in matching[: request.limit]:
        tick()
        listed.append(_listed(entry))
    return ModelsResult(models=listed, matching=len(matching))


def _listed(entry: Entry) -> ListedModel:
    counts: list[int | None] = [None, None]
    error = None
    try:
        counts = [_parameters(entry, classes) for classes in (10, 100)]
    except ConfigFaultError as fault:  # a network that cannot be built is a line of the list and does not end it
        error = str(fault)
    return ListedModel(
        name=entry.name, model=entry.model(10), parameters10=counts[0], parameters100=counts[1], error=error
    )


class _Unfilled(TorchFunctionMode):
    """Skips random initialisation, for which tensors without storage make PyTorch import packages for seconds."""

    def __torch_function__(
        self, function: Callable[..., Any], types: object, args: Any = (), kwargs: Any = None
    ) -> object:
        if function.__name__.endswith(("normal_", "uniform_")):
            return args[0] if args else kwargs["tensor"]
        return function(*args, **(kwargs or {}))


def _parameters(entry: Entry, classes: int) -> int:
    with torch.device("meta"), _Unfilled():
        maker = source(entry.model(classes), Need(torch.empty(2, *IMAGE), classes, "classes"))
        module = maker.make()
    if maker.project is not None:
        maker.project.forget()
    if is_lazy_module(module):
        raise ConfigFaultError(f"{maker.label} is lazy: its size depends on the data")
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)
