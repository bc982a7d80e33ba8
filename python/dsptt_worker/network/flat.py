"""A network whose parameters are views into one contiguous buffer, and its gradients views into another.

A search step is then two vector operations, and norms, distances and copies are single calls. Tied parameters stand in
the buffer once. Buffers and frozen parameters stay outside; together they are the network's *rest*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy

from ..errors import ConfigFaultError
from .solvers import SolverState
from .state_tensors import check_state, is_expanded, state_of

_KEEP = " since the network was taken over: change a model before it is handed over, never after"


@dataclass
class Point:
    """The whole state of a network: parameters [P], buffers and frozen parameters, and after training the solver's
    state and the running average of the parameters [P] (None: none was asked for)."""

    theta: Tensor
    rest: list[Tensor]
    solver: SolverState | None = None
    average: Tensor | None = None
    pins: int = 0  # paths that start here; a pinned point must not move

    def clone(self) -> Point:
        """Copies the point; the copy shares no memory with it."""
        copy = self.moved_to(self.theta.clone())
        copy.solver = None if self.solver is None else self.solver.clone()
        copy.average = None if self.average is None else self.average.clone()
        return copy

    @property
    def average_so_far(self) -> Tensor:
        """Running average with which training goes on: a fresh one starts at the parameters."""
        return self.theta if self.average is None else self.average

    def moved_to(self, theta: Tensor) -> Point:
        """Creates a point with other parameters (kept, not copied), a copy of this one's rest, and no solver state or
        average."""
        return Point(theta, [tensor.clone() for tensor in self.rest])


class FlatNetwork:
    """A module and its flat buffers: ``theta`` and ``grad``, each [P] float32 on the module's device."""

    def __init__(self, module: nn.Module, *, channels_last: bool = False) -> None:
        """Moves the module's trainable parameters into flat buffers. ``channels_last`` stores the weights of
        convolutions with the channels last.

        Raises:
            ConfigFaultError: no trainable parameters, one that is lazy, sparse or not float32, two that share their
                memory, or a state that files cannot hold.
        """
        self.module = module
        self.channels_last = channels_last
        self._named = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
        for name, parameter in self._named:
            _check(name, parameter)
        check_state(module)
        if not self._named:
            raise ConfigFaultError(
                "the model has no trainable parameters; dsptt searches parameter space and needs some"
            )
        _check_apart(self._named)
        self.shapes = [(name, parameter.shape) for name, parameter in self._named]
        device = self._named[0][1].device
        self.theta = torch.empty(sum(shape.numel() for _, shape in self.shapes), dtype=torch.float32, device=device)
        self.grad = torch.zeros_like(self.theta)
        for (_, parameter), values, slopes in zip(
            self._named, self.tensors(self.theta), self.tensors(self.grad), strict=True
        ):
            values.copy_(parameter.detach())
            parameter.data = values
            parameter.grad = slopes
        for buffer in module.buffers():
            if is_expanded(buffer):
                buffer.data = buffer.data.contiguous()
        self._buffers = [id(buffer) for buffer in module.buffers()]
        self.rest = [*module.buffers(), *(p.data for p in module.parameters() if not p.requires_grad)]
        self.norms = [m for m in module.modules() if isinstance(m, _BatchNorm) and m.track_running_stats]

    @property
    def parameters(self) -> int:
        """Number of trainable parameters, P."""
        return self.theta.numel()

    def load(self, point: Point) -> None:
        """Sets the module's state to the point's."""
        self.theta.copy_(point.theta)
        self.load_rest(point.rest)

    def load_rest(self, rest: Sequence[Tensor]) -> None:
        """Sets buffers and frozen parameters alone."""
        for mine, given in zip(self.rest, rest, strict=True):
            mine.copy_(given)

    def store(self, point: Point) -> None:
        """Writes the module's state into the point."""
        point.theta.copy_(self.theta)
        for given, mine in zip(point.rest, self.rest, strict=True):
            given.copy_(mine)

    def point(self) -> Point:
        """Returns the module's state as a new point."""
        return Point(self.theta.clone(), [tensor.clone() for tensor in self.rest])

    def tensors(self, flat: Tensor) -> Iterator[Tensor]:
        """Splits a flat vector into views, each in its parameter's shape."""
        offset = 0
        for _, shape in self.shapes:
            yield shaped(flat[offset : offset + shape.numel()], shape, channels_last=self.channels_last)
            offset += shape.numel()

    def laid_out(self, numbers: Tensor) -> Tensor:
        """Converts numbers [P], given in the order of each parameter's own elements, to a flat vector."""
        if not self.channels_last:
            return numbers
        flat, offset = torch.empty_like(numbers), 0
        for part in self.tensors(flat):
            part.copy_(numbers[offset : offset + part.numel()].view(part.shape))
            offset += part.numel()
        return flat

    def signature(self) -> str:
        """SHA-256 over names, shapes and dtypes of the whole state: equal exactly where points can be exchanged."""
        return hashlib.sha256("\n".join(form(self.module)).encode()).hexdigest()

    def state_sha256(self) -> str:
        """SHA-256 over each name of the state, in alphabetical order, and its tensor's bytes, row-major."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.module.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()

    def check_unchanged(self) -> None:
        """Checks that the module still has the parameters and buffers that the constructor took over: other code may
        hold the module too.

        Raises:
            ConfigFaultError: parameters or buffers came, went, were replaced, or stand elsewhere in memory.
        """
        now = [(name, p) for name, p in self.module.named_parameters() if p.requires_grad]
        if [name for name, _ in now] != [name for name, _ in self._named]:
            changed = {name for name, _ in now} ^ {name for name, _ in self._named}
            raise ConfigFaultError(
                f"the model's trainable parameters have changed: {', '.join(sorted(changed))}{_KEEP}"
            )
        for (name, parameter), values, slopes in zip(
            now, self.tensors(self.theta), self.tensors(self.grad), strict=True
        ):
            if parameter.data_ptr() != values.data_ptr() or parameter.shape != values.shape:
                raise ConfigFaultError(f"the model's parameter {name} has been replaced{_KEEP}")
            if parameter.grad is None or parameter.grad.data_ptr() != slopes.data_ptr():
                raise ConfigFaultError(f"the gradient of the model's parameter {name} has been replaced{_KEEP}")
        if [id(tensor) for tensor in self.module.buffers()] != self._buffers:
            raise ConfigFaultError(f"the model's buffers have been replaced{_KEEP}")


def form(module: nn.Module) -> list[str]:
    """Returns a line for each tensor of the module's state, in alphabetical order: its name, shape and dtype."""
    return [f"{name} {list(t.shape)} {t.dtype}" for name, t in sorted(state_of(module).items())]


def shaped(part: Tensor, shape: torch.Size, *, channels_last: bool) -> Tensor:
    """Returns a part of a flat vector as a view in its parameter's shape."""
    if not channels_last or len(shape) != 4:
        return part.view(shape)
    outputs, channels, height, width = shape
    return part.view(outputs, height, width, channels).permute(0, 3, 1, 2)


def _check(name: str, parameter: nn.Parameter) -> None:
    if is_lazy(parameter):
        raise ConfigFaultError(f"parameter {name} is lazy: the model has run once, and did not use it")
    if parameter.layout != torch.strided or parameter.dtype != torch.float32:
        raise ConfigFaultError(
            f"parameter {name} is {parameter.dtype} {parameter.layout}: parameters must be dense float32"
        )


def _check_apart(named: list[tuple[str, nn.Parameter]]) -> None:
    places: dict[int, str] = {}
    for name, parameter in named:
        other = places.setdefault(parameter.data_ptr(), name)
        if other != name and parameter.numel():
            raise ConfigFaultError(
                f"parameters {other} and {name} are two that share their memory: tie them as one parameter under two "
                "names, or give each its own"
            )
