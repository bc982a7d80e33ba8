"""Description of a run's samples before normalisation: data.json of its directory."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from dsptt_worker.errors import DataFaultError
from dsptt_worker.table_layout import Category, Layout, NamedColumn
from dsptt_worker.task_kind import TaskKind, kind_of

from .files import Document

SCHEMA = 1
DTYPES = ("uint8", "float32", "float64")


@dataclass(frozen=True)
class Target:
    """Standardisation of the numbers to be predicted: (y - mean) / std for the networks."""

    mean: float
    std: float


@dataclass(frozen=True)
class Samples:
    """``shape`` of one sample, its number type (``uint8``, ``float32``, or ``float64`` if 32 bits would not do), the
    names of the classes or labels (empty for regression), the inputs' names (empty if they have none), the value of a
    ``white`` pixel (None: not images), and the normalisation: one ``mean`` and ``std`` for a whole sample, or one for
    each place along its first dimension. ``layout`` is that of the user's table (None: another data set, or an older
    run); ``background`` is what transparent pixels were laid over (None: the data had none, or does not say); ``crop``
    is True where images of another size were cut around their centre; ``are_labels`` where a sample has any number of
    ``classes``."""

    dataset: str
    shape: tuple[int, ...]
    dtype: str
    classes: list[str]
    columns: list[str]
    white: float | None
    mean: list[float]
    std: list[float]
    target: Target | None
    layout: Layout | None = None
    background: str | None = None
    crop: bool = False
    are_labels: bool = False

    @property
    def is_bytes(self) -> bool:
        """True if the numbers of a sample are bytes."""
        return self.dtype == "uint8"

    @property
    def precision(self) -> torch.dtype:
        """Type in which samples are normalised."""
        return torch.float64 if self.dtype == "float64" else torch.float32

    @property
    def kind(self) -> TaskKind:
        """Answer that is wanted for a sample."""
        return kind_of(self.classes, are_labels=self.are_labels)

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
    layout = document.object("table") if document.maybe("table", dict) is not None else None
    samples = Samples(
        dataset=document.take("dataset", str),
        shape=tuple(document.list_of("shape", int)),
        dtype=document.take("dtype", str),
        classes=document.list_of("classes", str),
        columns=document.list_of("columns", str),
        white=document.maybe("white", (int, float)),
        mean=document.numbers("mean"),
        std=document.numbers("std"),
        target=None if target is None else Target(target.take("mean", (int, float)), target.take("std", (int, float))),
        layout=None if layout is None else _layout(layout),
        background=document.maybe("background", str),
        crop=document.maybe("crop", bool) or False,
        are_labels=document.maybe("kind", str) == "labels",
    )
    if document.maybe("kind", str) not in (None, "labels"):
        raise DataFaultError(f"{document.place} has 'kind' {document.values['kind']!r}: install a newer dsptt")
    if samples.dtype not in DTYPES:
        raise DataFaultError(f"{document.place} is damaged: 'dtype' is {samples.dtype!r}")
    if not samples.shape or {len(samples.mean), len(samples.std)} - {1, samples.shape[0]}:
        raise DataFaultError(f"{document.place} is damaged: mean and std do not fit samples of {list(samples.shape)}")
    return samples


def _layout(document: Document) -> Layout:
    named = document.object("id") if document.maybe("id", dict) is not None else None
    layout = Layout(
        document.take("delimiter", str),
        document.take("target", int),
        document.list_of("unused", int),
        None if named is None else NamedColumn(named.take("column", int), named.take("name", str)),
        document.maybe("gaps", bool) or False,
        [
            Category(one.take("column", int), one.take("name", str), one.list_of("values", str))
            for one in (document.objects("categories") if "categories" in document.values else [])
        ],
    )
    if len(layout.delimiter) != 1 or layout.delimiter in '"\r\n':
        raise DataFaultError(f"{document.place} is damaged: 'delimiter' is {layout.delimiter!r}")
    return layout
