"""An opened task: one network, one data set on the device, and the named points and paths of the client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from .data import Dataset, Raw, Split, raw_of
from .data.reading import read_dataset
from .errors import ConfigFaultError, ProtocolFaultError
from .models import MODELS
from .network.flat import FlatNetwork, Point
from .network.losses import Loss
from .network.training_loss import task_loss
from .protocol import Open
from .steps.batches import Batches
from .steps.chunks import batch_wide_layers, check_chunks
from .steps.execution import Execution, check_execution
from .steps.mixing import mixing_of
from .steps.objective import Objective
from .steps.placing import placed
from .steps.runner import Runner
from .steps.search_path import SearchPath
from .user_code.project import Code
from .zoo import Need, builder, check_answers
from .zoo.builder import unshared
from .zoo.kept_state import ANOTHER_NETWORK, SAMPLES, KeptState


@dataclass(frozen=True)
class Origin:
    """Origin of a task: the hash of its samples as they were read, the files of the user's own that build its
    networks and those of its training loss (None: they are ours), and the hash of the file of weights (None: none)."""

    samples_sha256: str
    code: Code | None
    loss_code: Code | None
    weights_sha256: str | None


@dataclass
class Task:
    """Everything that a request can refer to. ``build`` builds the network of a new point, initialised from a named
    stream; ``state_sha256`` is the hash of the first network's state; ``raw`` describes samples before normalisation;
    ``chunks`` is the number of chunks of a training batch; ``origin`` says what all of it was made of; ``execution``
    runs the network; ``notices``, for the user, are about data and network; ``kept_state`` checks networks that are
    not ours (None: they are)."""

    net: FlatNetwork
    build: Callable[[str], nn.Module]
    state_sha256: str
    loss: Loss
    batches: Batches
    splits: dict[str, Split]
    classes: list[str]
    raw: Raw
    seed: int
    device: torch.device
    chunks: int
    origin: Origin
    execution: Execution
    notices: list[str]
    kept_state: KeptState | None
    points: dict[str, Point] = field(default_factory=dict)
    paths: dict[str, SearchPath] = field(default_factory=dict)

    @property
    def objective(self) -> Objective:
        """Function that training and search descend."""
        return self.execution.objective

    @property
    def runner(self) -> Runner:
        """Runner of the next program's steps."""
        return self.execution.runner

    def point(self, name: str) -> Point:
        """Returns the point of that name.

        Raises:
            ProtocolFaultError: there is none.
        """
        if name not in self.points:
            raise ProtocolFaultError(f"no point {name!r}; there are: {', '.join(self.points) or 'none'}")
        return self.points[name]

    def new_point(self, stream: str) -> Point:
        """Returns the state of a freshly initialised network.

        Raises:
            ConfigFaultError: the model's function returns another network than before, or parts of an earlier one.
        """
        fresh = FlatNetwork(self.build(stream), channels_last=self.net.channels_last)
        if fresh.signature() != self.net.signature():
            raise ConfigFaultError(ANOTHER_NETWORK)
        return fresh.point()

    def movable(self, name: str) -> Point:
        """Returns the point of that name, to be changed.

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
        """Returns the path of that name.

        Raises:
            ProtocolFaultError: there is none.
        """
        if name not in self.paths:
            raise ProtocolFaultError(f"no path {name!r}; there are: {', '.join(self.paths) or 'none'}")
        return self.paths[name]

    def drop(self, points: Sequence[str], paths: Sequence[str]) -> None:
        """Forgets points and paths.

        Raises:
            ProtocolFaultError: one of them does not exist, or another path starts at a point; nothing is forgotten.
        """
        dropped = [self.path(name) for name in dict.fromkeys(paths)]
        for name in points:
            point = self.point(name)
            if point.pins > sum(path.origin is point for path in dropped):
                self.movable(name)  # raises
        for path in dropped:
            path.origin.pins -= 1
        self.paths = {name: path for name, path in self.paths.items() if name not in paths}
        self.points = {name: point for name, point in self.points.items() if name not in points}

    def check_new_point(self, name: str) -> None:
        """Checks that no point has that name yet.

        Raises:
            ProtocolFaultError: there is one.
        """
        if name in self.points:
            raise ProtocolFaultError(f"point {name!r} exists already: drop it first")

    def check_new_path(self, name: str) -> None:
        """Checks that no path has that name yet.

        Raises:
            ProtocolFaultError: there is one.
        """
        if name in self.paths:
            raise ProtocolFaultError(f"path {name!r} exists already: drop it first")


def open_task(spec: Open, notify: Callable[[str], None] = lambda _notice: None) -> Task:
    """Builds the model, loads the data, and checks that they fit each other. ``notify`` is called, now or later, with
    messages for the user about the execution of the task.

    Raises:
        ConfigFaultError: an unknown name, a wrong argument, or a model or loss that does not fit the data.
        DataFaultError: the data cannot be read.
    """
    device = _device(spec.device)
    check_execution(spec, device)
    if spec.threads:
        torch.set_num_threads(spec.threads)
    dataset = read_dataset(spec.dataset, spec.modules)
    is_ours = spec.model.name in MODELS
    if not is_ours:
        dataset = dataset.in_default_layout()
    need = Need(_samples(dataset, 2, device), dataset.outputs, dataset.kind)
    loss, loss_code = task_loss(spec, dataset, need)
    mixing = mixing_of(spec, dataset)
    if mixing is not None:
        loss = mixing.loss(loss, dataset.kind)
    networks = builder(spec.model, need, spec.seed, spec.modules)
    net = FlatNetwork(networks.first("init/open"), channels_last=spec.channelsLast)
    state_sha256, first = net.state_sha256(), net.point()
    check_answers(net.module, networks.label, need)
    net.check_unchanged()

    def build(stream: str) -> nn.Module:
        return unshared(networks.fresh(stream), net.module)

    kept_state = None
    if not is_ours:
        kept_state = KeptState(build, networks.label, _samples(dataset, SAMPLES, device))
        kept_state.check_built(networks.anew)
        networks.forget_anew()
    batch_wide = batch_wide_layers(net, first)
    net.load(first)  # the check has moved batch-norm statistics
    splits, feed = placed(dataset.splits(), spec, device)
    normalisation = None if dataset.normalisation is None else dataset.normalisation.to(device)
    batches = Batches(splits["train"], dataset.augmentation, spec.batchSize, spec.seed, normalisation, feed, mixing)
    check_chunks(spec, batches.size, batch_wide)
    return Task(
        net,
        build,
        state_sha256,
        loss,
        batches,
        splits,
        dataset.classes,
        raw_of(dataset),
        spec.seed,
        device,
        spec.batchChunks,
        Origin(dataset.sha256(), networks.code, loss_code, networks.weights_sha256),
        Execution(spec, net, loss, batches, notify),
        dataset.notices,
        kept_state,
    )


def close_task(task: Task | None) -> None:
    """Restores the global settings that an open task has changed, since other code in this process may use torch too,
    and forgets the modules of its own."""
    if task is None:
        return
    task.execution.end()
    for code in (task.origin.code, task.origin.loss_code):
        if code is not None:
            code.forget()


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


def _samples(dataset: Dataset, count: int, device: torch.device) -> Tensor:
    """Returns the first training samples as a network gets them."""
    samples = dataset.train.inputs[:count]
    return (samples if dataset.normalisation is None else dataset.normalisation.apply(samples)).to(device)
