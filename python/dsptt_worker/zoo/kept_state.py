"""Checks that a network is what its state_dict says.

A run keeps each network as its state_dict; users of the run build the network anew, in another process, and hand it
batches of any size. It must then answer as it was measured: whatever it has done before, and whatever other samples are
in the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ..errors import ConfigFaultError
from ..network.flat import form
from ..network.precision import switch
from ..network.state_tensors import state_of
from ..steps.trial import undone
from .hidden_state import differing_attributes
from .need import run

SAMPLES = 4
MANY = 1000  # of an evaluation, which comes after all training
PASSES = 3
SHOWN = 5
NUDGE = 0.01
SAME = 1e-4
"""Largest difference, in parts of the largest answer, between networks that run in the same way."""
SIMILAR = 1e-2
"""Largest difference in another memory layout, or in batches of another size: a network may compute in bfloat16."""

_REMEDY = "keep all that its answers depend on in parameters, or in buffers of register_buffer that are persistent"


@dataclass(frozen=True)
class KeptState:
    """The check of one task's networks. ``build`` builds another one from a named stream, ``samples`` are some training
    samples as a network gets them."""

    build: Callable[[str], nn.Module]
    label: str
    samples: Tensor

    def check_built(self, anew: Callable[[str], nn.Module]) -> None:
        """Checks networks before any is trained; ``anew`` builds one as another process would.

        Raises:
            ConfigFaultError: their answers are random, or depend on more than their state_dict and one sample.
        """
        with _apart(self.samples.device):
            self._check_built(self.build("check/one"), anew("check/other"))
        if self.samples.is_cuda:
            torch.cuda.empty_cache()  # the task measures how much memory is free

    def check_saved(self, module: nn.Module) -> None:
        """Checks a trained network, which is left in training mode, before it is kept.

        Raises:
            ConfigFaultError: one built anew with its state_dict answers otherwise, or for one sample otherwise than for
                several.
        """
        with _apart(self.samples.device):
            anew = self.build("check/saved")
            self._load(anew, state_of(module))
            answers = self._answers(module)
            module.train()
            if not _alike(self._answers(anew), answers, SIMILAR):
                raise ConfigFaultError(self._beside(module, anew))
            self._check_alone(anew, answers)

    def _check_built(self, one: nn.Module, other: nn.Module) -> None:
        if form(one) != form(other):
            raise ConfigFaultError(ANOTHER_NETWORK)
        state, first = self._nudged(one)
        if not _alike(self._answers(one), first, SAME):
            raise ConfigFaultError(
                f"{self.label} answers the same samples otherwise from call to call in evaluation mode: it must draw "
                "random numbers, and change what it remembers, only while self.training is true"
            )
        self._pass_in_training(one, state)
        self._load(other, state)
        self._check_parameters(one, other)
        drifted, anew = self._answers(one), self._answers(other)
        if not _alike(drifted, first, SAME) or not _alike(anew, first, SAME):
            raise ConfigFaultError(self._beside(one, other))
        self._check_alone(other, first)
        self._check_many(one)

    def _answers(self, module: nn.Module, samples: Tensor | None = None) -> Tensor:
        module.eval()
        with torch.no_grad():
            answers = run(module, self.label, self.samples if samples is None else samples)
        if not isinstance(answers, Tensor):
            raise ConfigFaultError(f"{self.label} answers {type(answers).__name__} instead of a tensor")
        return answers.clone()  # the module may use the memory again

    def _nudged(self, module: nn.Module) -> tuple[dict[str, Tensor], Tensor]:
        """Moves the parameters a little, so that layers which begin at zero hide nothing; returns the module's state
        and its answers."""
        state = _copied(state_of(module))
        noise = torch.Generator().manual_seed(0)
        with torch.no_grad():
            for parameter in module.parameters():
                if parameter.requires_grad:
                    parameter.add_(torch.randn(parameter.shape, generator=noise).to(parameter.device), alpha=NUDGE)
        nudged, answers = _copied(state_of(module)), self._answers(module)
        if answers.isfinite().all():
            return nudged, answers
        self._load(module, state)
        return state, self._answers(module)

    def _pass_in_training(self, module: nn.Module, state: dict[str, Tensor]) -> None:
        """Runs the module in training mode, then puts its state back."""
        own = {name for name, _ in [*module.named_parameters(remove_duplicate=False), *module.named_buffers()]}
        module.train()
        for _ in range(PASSES if len(self.samples) > 1 else 0):  # batch norm has no variance of a single sample
            run(module, self.label, self.samples)
        moved = [
            name
            for name, tensor in state_of(module).items()
            if name not in own and not torch.equal(tensor.cpu(), state[name].cpu())
        ]
        if moved:
            raise ConfigFaultError(
                f"{self.label} changes {moved[0]!r} of its state_dict in training, which is neither a parameter nor a "
                f"buffer and would not follow its network: {_REMEDY}"
            )
        self._load(module, state)

    def _load(self, module: nn.Module, state: dict[str, Tensor]) -> None:
        try:
            module.load_state_dict(state)
        except Exception as error:  # a module that is not ours may raise anything
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise ConfigFaultError(f"{self.label} cannot load its own state_dict: {said}") from error

    def _check_parameters(self, one: nn.Module, other: nn.Module) -> None:
        theirs = dict(other.named_parameters())
        for name, parameter in one.named_parameters():
            if parameter.requires_grad and not torch.equal(parameter, theirs[name]):
                raise ConfigFaultError(f"{self.label} leaves its parameter {name} out of its state_dict: {_REMEDY}")

    def _beside(self, one: nn.Module, other: nn.Module) -> str:
        found = differing_attributes(one, other)
        which = f" ({', '.join(found[:SHOWN])} {'differs' if len(found) == 1 else 'differ'})" if found else ""
        return (
            f"{self.label} remembers more than its state_dict holds{which}: built anew and loaded with it, it answers "
            f"otherwise, and a saved member would not be the network that was measured; {_REMEDY}"
        )

    def _check_alone(self, module: nn.Module, together: Tensor) -> None:
        for k in range(min(2, len(self.samples))):
            expected = together[k : k + 1]
            try:
                alone = self._answers(module, self.samples[k : k + 1])
            except ConfigFaultError as error:
                cause = error if error.__cause__ is None else error.__cause__
                said = f"raises {type(cause).__name__}: {cause}"
                raise ConfigFaultError(f"{self._unlike_alone(said)}{_statistics(module)}") from error
            if alone.shape != expected.shape:
                raise ConfigFaultError(
                    self._unlike_alone(f"answers {list(alone.shape)} instead of {list(expected.shape)}")
                )
            if not _alike(alone, expected, SIMILAR):
                raise ConfigFaultError(
                    f"{self.label} answers a sample otherwise when other samples are in its batch, in evaluation mode: "
                    f"no operation may mix samples then{_statistics(module)}"
                )

    def _check_many(self, module: nn.Module) -> None:
        """Runs the module on a large batch without values, at no cost. It is of no use afterwards; one that cannot run
        without values is not checked."""
        few, many = (torch.empty(size, *self.samples.shape[1:], device="meta") for size in (SAMPLES, MANY))
        try:
            module.to("meta")
            self._answers(module, few)
        except Exception:  # it computes by its values, or keeps tensors elsewhere
            return
        answers = self._answers(module, many)
        if len(answers) != MANY:
            raise ConfigFaultError(
                f"{self.label} answers {list(answers.shape)} for {MANY} samples: it must take batches of any size"
            )

    def _unlike_alone(self, said: str) -> str:
        return f"{self.label} answers several samples, but of one alone it {said}: it must take batches of any size"


ANOTHER_NETWORK = (
    "the model's function built a network with other names or shapes than at first: "
    "the same arguments must give the same network"
)


@contextmanager
def _apart(device: torch.device) -> Iterator[None]:
    """Computes in full float32, and leaves all random generators as they were."""
    restore = switch("fp32", device)
    try:
        with undone([], device):
            yield
    finally:
        restore()


def _copied(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in state.items()}


def _alike(answers: Tensor, expected: Tensor, tolerance: float) -> bool:
    """True if answers differ by at most ``tolerance`` times the largest expected one; NaN equals NaN."""
    if answers.shape != expected.shape:
        return False
    largest = expected[expected.isfinite()].abs().max().item() if expected.isfinite().any() else 0.0
    return torch.allclose(answers, expected, rtol=0, atol=tolerance * largest, equal_nan=True)


def _statistics(module: nn.Module) -> str:
    """Names the first batch norm that has no statistics of its own in evaluation mode."""
    for name, layer in module.named_modules():
        if isinstance(layer, _BatchNorm) and layer.running_mean is None:
            return f"; {name or 'the network'} ({type(layer).__name__}) needs track_running_stats=True"
    return ""
