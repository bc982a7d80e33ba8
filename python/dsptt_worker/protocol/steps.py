"""Step programs: schedules as arrays, one entry a step, that the worker runs back to back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from .message import MAX_CAPTURES, MAX_MEMBERS, Count, DType, Name, Positive, Request, Result, Several

Decay = Annotated[float, Meta(ge=0, lt=1)]
Captures = Annotated[list[Count], Meta(max_length=MAX_CAPTURES)]


class Solver(Struct, forbid_unknown_fields=True, frozen=True):
    """A local solver as ``torch.optim`` defines it: ``sgd`` reads momentum and nesterov, ``adam`` (weight decay in the
    gradient) and ``adamw`` (beside it) read the betas and epsilon. Gradients longer than ``clipNorm`` are shortened to
    it first; clients that do not clip omit it."""

    solver: Literal["sgd", "adam", "adamw"]
    momentum: Decay
    nesterov: bool
    weightDecay: Annotated[float, Meta(ge=0)]  # noqa: N815 (names on the wire are the same on both sides)
    beta1: Decay
    beta2: Decay
    epsilon: Annotated[float, Meta(gt=0)]
    clipNorm: Annotated[float, Meta(gt=0)] | None = None  # noqa: N815


class ValidationPoint(Struct, forbid_unknown_fields=True, frozen=True):
    """Mean loss and error of a network in training on the validation split; ``errorPct`` is null for regression."""

    loss: float
    errorPct: float | None  # noqa: N815


class Descend(Request, tag="descend"):
    """Training steps on one point, one learning rate a step; step i takes batch ``start + i`` of the stream.

    ``noise`` is empty or has one entry a step: the standard deviation of normal noise that is added to the gradient
    first. ``captured`` holds the parameters before the updates of the steps in ``capture``, [len(capture), parameters].
    With ``ema``, a running average of the parameters follows each step: it keeps that part of itself, and takes the
    rest from them. It starts at the point's parameters, and goes on from program to program as long as each has an
    ``ema``. Clients that do not average omit it.
    After every ``validateEvery``-th step of the stream the validation split is evaluated; clients that want no points
    omit it.
    """

    takes: ClassVar[dict[str, DType]] = {"lr": "f8", "noise": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f4", "captured": "f4"}
    point: Name
    stream: Name
    start: Count
    solver: Solver
    capture: Captures
    ema: Decay | None = None
    validateEvery: Positive | None = None  # noqa: N815


class DescendResult(Result):
    """``finite``: true if every parameter is a finite number after the program. ``validation``: the points of these
    steps, in order."""

    finite: bool
    validation: list[ValidationPoint] = field(default_factory=list)


Members = Meta(min_length=1, max_length=MAX_MEMBERS)


class DescendStack(Request, tag="descendStack"):
    """The training steps of ``descend`` on several points at once, with one row of ``lr`` [members, steps] and of
    ``loss`` for each: step i of a point takes batch ``starts`` + i of its own one of the ``streams``. Numbers equal
    those of ``descend`` but for rounding; dropout draws other masks. Networks that keep statistics are refused."""

    takes: ClassVar[dict[str, DType]] = {"lr": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f4"}
    points: Annotated[list[Name], Members]
    streams: Annotated[list[Name], Members]
    starts: Annotated[list[Count], Members]
    solver: Solver
    ema: Decay | None = None
    validateEvery: Positive | None = None  # noqa: N815


class DescendStackResult(Result):
    """The result of ``descend`` for each point."""

    finite: Annotated[list[bool], Members]
    validation: list[list[ValidationPoint]] = field(default_factory=list)


class Search(Request, tag="search"):
    """Search steps on paths of one origin. Step i grows path ``path[i]`` by ``growth[i]``, measures loss and gradient
    at origin + d, then calibrates d by ``-rho2[i]`` times the solver's direction: the gradient for plain SGD. The
    solver's state belongs to the path. ``norm[i]`` is the length of d where ``loss[i]`` was measured; ``cosine`` has
    one entry a path: between d and its first direction, after the program (NaN unless asked). ``captured`` holds the
    parameters at which the steps in ``capture`` were measured, [len(capture), parameters].
    """

    takes: ClassVar[dict[str, DType]] = {"path": "i4", "growth": "f8", "rho2": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f4", "norm": "f4", "cosine": "f8", "captured": "f4"}
    paths: Several
    stream: Name
    start: Count
    solver: Solver
    capture: Captures
    cosines: bool
