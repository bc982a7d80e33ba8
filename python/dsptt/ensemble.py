"""Several networks that answer as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from dsptt_worker.errors import DataFaultError

from .checking import check_shape, check_values
from .combining import at_temperature, combine, decisions
from .samples import Samples


class Normalisation(nn.Module):
    """(x - mean) / std, as in training: in 64 bits where the run's data need them. To move the module to another number
    type changes the type of its result, not of its numbers."""

    mean: Tensor
    std: Tensor

    def __init__(self, samples: Samples) -> None:
        """``mean`` and ``std`` hold one number for a whole sample, or one for each place along its first dimension."""
        super().__init__()
        shape = (-1, *[1] * (len(samples.shape) - 1))
        self.register_buffer("mean", torch.tensor(samples.mean, dtype=samples.precision).reshape(shape))
        self.register_buffer("std", torch.tensor(samples.std, dtype=samples.precision).reshape(shape))
        target = [0.0, 1.0] if samples.target is None else [samples.target.mean, samples.target.std]
        self.register_buffer("_target", torch.tensor(target, dtype=samples.precision), persistent=False)
        self.register_buffer("_result", torch.empty(0, dtype=torch.float32), persistent=False)
        self._target: Tensor
        self._result: Tensor

    def forward(self, inputs: Tensor) -> Tensor:
        """Normalises raw inputs [batch, ...] of any number type to float32."""
        return ((inputs.to(self.mean.dtype) - self.mean) / self.std).to(self._result.dtype)

    def restored(self, outputs: Tensor) -> Tensor:
        """Returns predicted numbers in their own units."""
        return outputs.to(self._target.dtype) * self._target[1] + self._target[0]

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Normalisation:
        exact = (self.mean, self.std, self._target)
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self.mean, self.std, self._target = (numbers.to(self._result.device) for numbers in exact)
        return self


class Ensemble(nn.Module):
    """The networks of an ensemble, in evaluation mode. It takes raw inputs, as the data set has them, and returns class
    probabilities [batch, classes], the probability of each label [batch, labels], or the predicted number [batch, 1] in
    its own units, which is float64 if the run's data are (a table of the user's).

    ``members`` are the networks alone: they take normalised inputs and return logits, or a standardised number.
    ``names`` are the members' names, in order; ``kind`` says what is answered: ``classes``, ``labels`` or ``numbers``;
    ``classes`` are the names of the classes or labels (empty for regression); ``shape`` is the shape of a sample;
    ``rule`` is the rule that combines answers, ``weights`` are the members' parts in it (None: equal ones).
    ``temperature`` is applied to the combined probabilities, not to those of ``each`` (None: none is).
    """

    def __init__(
        self,
        members: Sequence[nn.Module],
        names: Sequence[str],
        samples: Samples,
        rule: str = "meanSoftmax",
        weights: Sequence[float] | None = None,
        temperature: float | None = None,
    ) -> None:
        """Combines at least one member; weights of any positive sum, one a member; a temperature above 0."""
        super().__init__()
        self.members = nn.ModuleList(members)
        self.normalisation = Normalisation(samples)
        self._samples = samples
        self.names = list(names)
        self.kind = samples.kind
        self.classes = list(samples.classes)
        self.shape = samples.shape
        self.target = samples.target
        self.rule = rule
        self.temperature = temperature
        parts = [1.0] * len(self.names) if weights is None else list(weights)
        self.weights = None if weights is None else list(weights)
        self.register_buffer("_parts", torch.tensor(parts) / sum(parts), persistent=False)
        self._parts: Tensor
        self.eval()

    def forward(self, inputs: Tensor) -> Tensor:
        """Computes probabilities [batch, classes] of classes or labels (for a majority vote: shares of the votes), or
        predicted numbers [batch, 1].

        Raises:
            DataFaultError: the inputs are no tensor of samples of the run's kind, [batch, *shape].
        """
        self._check(inputs)
        return self.of_checked(inputs)

    def each(self, inputs: Tensor) -> Tensor:
        """Computes every member's own answer: [members, batch, classes] probabilities, or [members, batch, 1] numbers.

        Raises:
            DataFaultError: the inputs are no tensor of samples of the run's kind, [batch, *shape].
        """
        self._check(inputs)
        return self._stacked(inputs, torch.sigmoid if self.kind == "labels" else self._answer)

    def of_checked(self, inputs: Tensor) -> Tensor:
        """Computes what ``forward`` does, of inputs that were checked, such as a part of a file's samples."""
        combined = combine(self._stacked(inputs, self._answer), self._parts, self.rule)
        calibrated = combined if self.temperature is None else at_temperature(combined, self.temperature)
        return calibrated[:, 1].reshape(-1, len(self.classes)) if self.kind == "labels" else calibrated

    def _check(self, inputs: object) -> None:
        if not isinstance(inputs, Tensor):
            raise DataFaultError(f"a batch must be a torch tensor, got {type(inputs).__name__}: torch.as_tensor(batch)")
        check_shape(tuple(inputs.shape), self._samples, "the batch")
        if torch.compiler.is_compiling():
            return  # a graph has no numbers yet, and could not decide by them
        if inputs.is_complex() or inputs.dtype == torch.bool:
            raise DataFaultError(f"the batch holds {inputs.dtype}, numbers are needed (uint8, or float32)")
        check_values(inputs.detach(), self._samples, "the batch")

    def _stacked(self, inputs: Tensor, answer: Callable[[Tensor], Tensor]) -> Tensor:
        normalised = self.normalisation(inputs)
        return torch.stack([answer(member(_copied(normalised))) for member in self.members])

    def _answer(self, output: Tensor) -> Tensor:
        """Returns what is combined of a member's output: of labels, their decisions."""
        if self.kind == "classes":
            return torch.softmax(output, 1)
        if self.kind == "labels":
            return decisions(output)
        return output if self.target is None else self.normalisation.restored(output)


def _copied(inputs: Tensor) -> Tensor:
    """Copies inputs for one network, which may write into them, in the default layout, as in training."""
    return inputs.clone(memory_format=torch.contiguous_format)
