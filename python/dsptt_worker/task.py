"""An opened task: one network, one data set on the device, and the named points and paths of the client."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_type_hints

import msgspec
import torch
from torch import Tensor, nn

from .batches import Batches
from .data import DATASETS, Dataset, Split
from .errors import ConfigFaultError, DataFaultError, ProtocolFaultError
from .flat import FlatNetwork, Point
from .losses import LOSSES, Loss
from .models import MODELS
from .protocol import DatasetSpec, ModelSpec, Open
from .solvers import SolverState
from .streams import seed_layers


@dataclass
class SearchPath:
    """A displacement d [P] from a pinned origin, and what it takes to draw its first direction again.

    The solver's state is that of calibration; plain SGD has none, so that a path costs exactly one vector.
    """

    origin: Point
    d: Tensor
    stream: str
    scale: str
    solver: SolverState | None = None


@dataclass
class Task:
    """Everything a request can refer to."""

    net: FlatNetwork
    build: Callable[[str], nn.Module]
    loss: Loss
    batches: Batches
    splits: dict[str, Split]
    classes: list[str]
    seed: int
    device: torch.device
    points: dict[str, Point] = field(default_factory=dict)
    paths: dict[str, SearchPath] = field(default_factory=dict)

    def point(self, name: str) -> Point:
        """The point of that name.

        Raises:
            ProtocolFaultError: there is none.
        """
        if name not in self.points:
            raise ProtocolFaultError(f"no point {name!r}; there are: {', '.join(self.points) or 'none'}")
        return self.points[name]

    def movable(self, name: str) -> Point:
        """The point of that name, to be changed.

        Raises:
            ProtocolFaultError: there is none, or paths start at it.
        """
        point = self.point(name)
        if point.pins:
            raise ProtocolFaultError(
                f"point {name!r} is the origin of {point.pins} paths and cannot move: drop them first"
            )
        return point

    def path(self, name: str) -> SearchPath:
        """The path of that name.

        Raises:
            ProtocolFaultError: there is none.
        """
        if name not in self.paths:
            raise ProtocolFaultError(f"no path {name!r}; there are: {', '.join(self.paths) or 'none'}")
        return self.paths[name]


def open_task(spec: Open) -> Task:
    """Build the model, load the data, and check that they fit each other.

    Raises:
        ConfigFaultError: an unknown name, a wrong argument, or a model or loss that does not fit the data.
        DataFaultError: the data cannot be read.
    """
    device = _device(spec.device)
    if spec.threads:
        torch.set_num_threads(spec.threads)
    dataset = _dataset(spec.dataset)
    _check_loss(spec, dataset)
    build = _builder(spec.model, dataset, spec.seed, device)
    net = FlatNetwork(build("init/open"))
    _check_outputs(net.module, spec.model.name, dataset, device)
    splits = {name: split.to(device) for name, split in dataset.splits().items()}
    batches = Batches(splits["train"], dataset.augmentation, spec.batchSize, spec.seed)
    return Task(net, build, LOSSES[spec.loss], batches, splits, dataset.classes, spec.seed, device)


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigFaultError(f"device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got {name!r}") from error
    if device.type not in ("cpu", "cuda"):
        raise ConfigFaultError(f"device must be 'auto', 'cpu', 'cuda' or 'cuda:N', got {name!r}")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigFaultError(f"device {name!r} is not there: torch sees {torch.cuda.device_count()} CUDA devices")
    return device


def _dataset(spec: DatasetSpec) -> Dataset:
    if spec.name not in DATASETS:
        raise ConfigFaultError(f"unknown dataset {spec.name!r}; known: {', '.join(DATASETS)}")
    load = DATASETS[spec.name]
    arguments = dict(spec.args)
    if spec.dir is not None:
        if not Path(spec.dir).is_dir():
            raise DataFaultError(f"the data directory {spec.dir} does not exist")
        if "dir" not in inspect.signature(load).parameters:
            raise ConfigFaultError(f"dataset {spec.name!r} is built in and reads no data directory, got {spec.dir}")
        arguments["dir"] = spec.dir
    _check_arguments("dataset", load, arguments)
    return load(**arguments)


def _check_loss(spec: Open, dataset: Dataset) -> None:
    if (LOSSES[spec.loss].wrong is not None) == bool(dataset.classes):
        return
    holds = f"{len(dataset.classes)} classes" if dataset.classes else "numbers to be predicted (regression)"
    fitting = [name for name, loss in LOSSES.items() if (loss.wrong is not None) == bool(dataset.classes)]
    raise ConfigFaultError(
        f"loss {spec.loss!r} does not fit dataset {spec.dataset.name!r}, which has {holds}: use {', '.join(fitting)}"
    )


def _builder(spec: ModelSpec, dataset: Dataset, seed: int, device: torch.device) -> Callable[[str], nn.Module]:
    if spec.name not in MODELS:
        raise ConfigFaultError(f"unknown model {spec.name!r}; known: {', '.join(MODELS)}")
    make = MODELS[spec.name]
    _check_arguments("model", make, spec.args)
    shape = dataset.train.inputs.shape[1:]

    def build(stream: str) -> nn.Module:
        seed_layers(seed, stream, torch.device("cpu"))  # initialised on the CPU: the same on every device
        return make(shape, dataset.outputs, **spec.args).to(device)

    return build


def _check_arguments(what: str, function: Callable[..., object], arguments: dict[str, object]) -> None:
    known = [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    types = get_type_hints(function, include_extras=True)
    for name, value in arguments.items():
        if name not in known:
            raise ConfigFaultError(f"{what}.args has no {name!r}; known: {', '.join(known) or 'none'}")
        try:
            msgspec.convert(value, types[name])
        except msgspec.ValidationError as error:
            raise ConfigFaultError(f"{what}.args.{name}: {error}, got {value!r}") from error


def _check_outputs(module: nn.Module, name: str, dataset: Dataset, device: torch.device) -> None:
    module.eval()
    samples = min(2, len(dataset.train))
    inputs = dataset.train.inputs[:samples].to(device)
    try:
        with torch.inference_mode():
            outputs = module(inputs)
    except (RuntimeError, ValueError, TypeError) as error:
        raise ConfigFaultError(f"model {name!r} cannot take inputs of shape {list(inputs.shape)}: {error}") from error
    module.train()
    expected = [samples, dataset.outputs]
    needs = f"the {len(dataset.classes)} classes of the labels need" if dataset.classes else "a predicted number needs"
    got = list(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
    if got != expected:
        raise ConfigFaultError(f"model {name!r} answers {got} for {samples} samples, but {needs} {expected}")
