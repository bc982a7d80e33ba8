"""Measurements of points; only ``reestimate`` changes a point, and never its parameters."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from .message import MAX_STEPS, Count, DType, Name, Positive, Request, Result, Several

SplitName = Literal["train", "validation", "test"]


class Probe(Request, tag="probe"):
    """Mean training loss in training mode over the first ``batches`` batches of the data stream, and the standard
    deviation of these batches' losses; moves nothing."""

    point: Name
    stream: Name
    batches: Annotated[int, Meta(ge=1, le=MAX_STEPS)]


class ProbeResult(Result):
    loss: float
    deviation: float = 0.0


class Evaluate(Request, tag="evaluate"):
    """Mean loss and error of a point on a split, in evaluation mode; ``outputs`` are softmax outputs [samples,
    classes], or predicted numbers [samples, 1], and have no rows unless requested."""

    gives: ClassVar[dict[str, DType]] = {"outputs": "f4"}
    point: Name
    split: SplitName
    outputs: bool


class EvaluateResult(Result):
    """``errorPct`` is null for regression."""

    loss: float
    errorPct: float | None  # noqa: N815


class Targets(Request, tag="targets"):
    """The class, or the number to be predicted, of each sample of a split, [samples]."""

    gives: ClassVar[dict[str, DType]] = {"targets": "f4"}
    split: SplitName


class RawSamples(Request, tag="rawSamples"):
    """Description of the data set's samples before normalisation, and the ``mean`` and deviation (``std``) that
    normalise them: one of each for all numbers of a sample, or one for each place along its first dimension."""

    gives: ClassVar[dict[str, DType]] = {"mean": "f8", "std": "f8"}


class TargetScaling(Struct, forbid_unknown_fields=True):
    """Mean and deviation of the numbers to be predicted, before they were standardised."""

    mean: float
    std: float


class NamedColumn(Struct, forbid_unknown_fields=True):
    """Place of a table's column, and its name (empty without a header)."""

    column: Count
    name: str


class Category(Struct, forbid_unknown_fields=True):
    """Place of a table's column of texts, its name (empty without a header), and the values that are inputs."""

    column: Count
    name: str
    values: list[str]


class TableLayout(Struct, forbid_unknown_fields=True):
    """Delimiter of a table of the user's, and the places of its columns, from 0: the target's, and those of columns
    that are no inputs either. ``id``: the column that names the rows, null if none does; ``gaps``: cells may be empty,
    and then count as the mean of their column; ``categories``: the columns of texts."""

    delimiter: str
    target: Count
    unused: list[Count]
    id: NamedColumn | None = None
    gaps: bool = False
    categories: list[Category] = []


class RawSamplesResult(Result):
    """``dtype`` u1: bytes; f8: numbers that need 64 bits. ``white``: the value of a white pixel, null if samples are
    not images. ``columns``: names of the inputs, empty if they have none. ``table``: null if they come from none of
    the user's. ``background``: what transparent pixels of a user's images were laid over, null if samples are no such
    images; ``crop``: those of another size were cut around their centre."""

    shape: list[Positive]
    dtype: Literal["u1", "f4", "f8"]
    white: float | None
    columns: list[str]
    target: TargetScaling | None
    table: TableLayout | None = None
    background: Literal["white", "grey", "black"] | None = None
    crop: bool = False


class Reestimate(Request, tag="reestimate"):
    """Re-estimates batch-norm statistics (cumulative average) in one pass over the named stream of training data."""

    point: Name
    stream: Name


class Distances(Request, tag="distances"):
    """Euclidean distances of parameter vectors, [points, points]."""

    gives: ClassVar[dict[str, DType]] = {"distances": "f8"}
    points: Several


class Memory(Request, tag="memory"):
    """Bytes that tensors take on the task's device: now, and the peak since the last request of this kind. The first
    request starts the count; the first later one without ``watch`` ends it."""

    watch: bool


class MemoryResult(Result):
    """``dataBytes``: the part of both that the data set takes. ``counted``: the counter that measured it."""

    allocatedBytes: Count  # noqa: N815
    peakBytes: Count  # noqa: N815
    dataBytes: Count  # noqa: N815
    counted: Literal["cuda allocator", "live tensors"]


class Segment(Request, tag="segment"):
    """Mean training loss, in evaluation mode, at ``positions`` on the straight segment between two points (0 is
    ``source``, 1 is ``target``), batch-norm statistics re-estimated at each; on one in ``every`` training samples,
    drawn, with statistics of that part of an epoch."""

    takes: ClassVar[dict[str, DType]] = {"positions": "f8"}
    gives: ClassVar[dict[str, DType]] = {"loss": "f8"}
    source: Name
    target: Name
    stream: Name
    every: Positive = 1
