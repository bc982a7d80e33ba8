"""Description of a run's samples before normalisation: data.json of its directory."""

from __future__ import annotations

from dataclasses import dataclass

from dsptt_worker.errors import DataFaultError

from .files import Document

SCHEMA = 1


@dataclass(frozen=True)
class Target:
    """Standardisation of the numbers to be predicted: (y - mean) / std for the networks."""

    mean: float
    std: float


@dataclass(frozen=True)
class Samples:
    """``shape`` of one sample, whether its numbers are bytes, the classes' names (empty for regression), the inputs'
    names (empty if they have none), the value of a ``white`` pixel (None: not images), and the normalisation: one
    ``mean`` and ``std`` for a whole sample, or one for each place along its first dimension. ``background``: what
    transparent pixels were laid over (None: the data had none, or does not say)."""

    dataset: str
    shape: tuple[int, ...]
    is_bytes: bool
    classes: list[str]
    columns: list[str]
    white: float | None
    mean: list[float]
    std: list[float]
    target: Target | None
    background: str | None = None

    @property
    def outputs(self) -> int:
        """Number of outputs of a network."""
        return max(1, len(self.classes))


def samples_of(document: Document) -> Samples:
    """Reads data.json.

    Raises:
        DataFaultError: it is damaged, or of a newer schema.
    """
    document.check_schema(SCHEMA)
    target = document.object("target") if document.maybe("target", dict) is not None else None
    samples = Samples(
        dataset=document.take("dataset", str),
        shape=tuple(document.list_of("shape", int)),
        is_bytes=document.take("dtype", str) == "uint8",
        classes=document.list_of("classes", str),
        columns=document.list_of("columns", str),
        white=document.maybe("white", (int, float)),
        mean=document.numbers("mean"),
        std=document.numbers("std"),
        target=None if target is None else Target(target.take("mean", (int, float)), target.take("std", (int, float))),
        background=document.maybe("background", str),
    )
    if not samples.shape or {len(samples.mean), len(samples.std)} - {1, samples.shape[0]}:
        raise DataFaultError(f"{document.place} is damaged: mean and std do not fit samples of {list(samples.shape)}")
    return samples
