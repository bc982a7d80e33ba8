"""The session: the greeting of client and worker, and the open task."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .message import MAX_MEMBERS, MAX_THREADS, Count, Name, Positive, Request, Result, check_depth

Alpha = Annotated[float, Meta(ge=0, le=1000)]
_AROUND_ARGS = 2  # containers: the header, and the data set or the model in it


class DatasetSpec(Struct, forbid_unknown_fields=True):
    """A data set by its name, or by the Python function that returns it (as for ``ModelSpec``): exactly one of the two.
    ``python`` was added later; a client that names none omits it."""

    name: Name | None
    args: dict[str, object] = {}
    dir: str | None = None
    python: Name | None = None

    def __post_init__(self) -> None:
        check_depth(self.args, _AROUND_ARGS)


class ModelSpec(Struct, forbid_unknown_fields=True):
    """A network by its built-in name, or by the Python function that builds it (``package.module:function``,
    ``file.py``, ``file.py:function``): exactly one of the two. ``weights`` is a file with the initial state of every
    new point."""

    name: Name | None = None
    args: dict[str, object] = {}
    python: Name | None = None
    weights: str | None = None

    def __post_init__(self) -> None:
        check_depth(self.args, _AROUND_ARGS)


class TrainingLoss(Struct, forbid_unknown_fields=True):
    """Changes to the loss that training and search descend: ``labelSmoothing`` is the part of a label that is spread
    over all classes; ``classWeights`` has a weight for each class (balanced: n / (classes * count)). The batch's loss
    is the mean over its samples, each times its class's weight. ``python`` makes another loss instead of these
    (``package.module:function``, ``file.py``, ``file.py:function``), with ``args``; a module is searched for in the
    folder ``modules`` last."""

    labelSmoothing: Annotated[float, Meta(ge=0, lt=1)]  # noqa: N815 (names on the wire are the same on both sides)
    classWeights: list[Annotated[float, Meta(ge=0)]] | Literal["balanced"] | None  # noqa: N815
    python: Name | None = None
    args: dict[str, object] = {}
    modules: str | None = None

    def __post_init__(self) -> None:
        check_depth(self.args, _AROUND_ARGS)


class Hello(Request, tag="hello"):
    """The first message of every client on the work socket."""

    protocol: Positive


class HelloResult(Result):
    protocol: Positive
    worker: Name
    versions: dict[str, str]
    devices: list[Name]
    datasets: list[Name]
    models: list[Name]
    pid: Positive


class Models(Request, tag="models"):
    """Networks by name, built-in or a zoo's, with their parameter counts; needs no open task. ``search`` is a part of
    their names, in any case."""

    zoo: Name | None
    search: Annotated[str, Meta(max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=1000)]


class ListedModel(Struct, forbid_unknown_fields=True):
    """A network, and the model of a configuration that builds it for 10 classes; counts that are unknown are null, and
    ``error`` says why."""

    name: Name
    model: ModelSpec
    parameters10: Positive | None
    parameters100: Positive | None
    error: str | None


class ModelsResult(Result):
    """The first ``limit`` of the ``matching`` networks."""

    models: list[ListedModel]
    matching: Count


class Open(Request, tag="open"):
    """Opens a task: builds the model and loads the data. Everything opened before is dropped.

    ``batchSize`` 0 means all training samples, in their own order: the full gradient, one step an epoch.

    ``batchChunks`` k runs each training batch in k nearly equal chunks, whose losses and gradients add up to those of
    the batch but for rounding; dropout draws other masks. Batch norm would normalise by a chunk's statistics, so
    networks with it, or with other layers that are seen to keep statistics of a batch, are refused unless
    ``allowChunkedBn``. Evaluations then use a k-th of their usual batch.

    The fields with defaults were added later; a client that wants the defaults omits them, so that its request keeps
    its bytes. ``compile``: torch.compile; ``channelsLast``: images in that layout; ``graphs``: steps as CUDA graphs if
    possible (auto), or never; ``data``: all on the device, or copied batch by batch from the host (auto: the latter if
    it would take more than half of the free memory). ``membersAtOnce`` networks will be trained at once, in that many
    workers or by ``descendStack``: a task that does not allow it is refused. ``modules``: the folder of the modules
    that ``model.python`` and ``dataset.python`` name, searched after all others (the current folder). ``trainingLoss``:
    changes to the loss that training and search descend; evaluations report ``loss`` itself. ``mixup`` and ``cutmix``:
    alpha of the mixing of training batches (0: none).
    """

    dataset: DatasetSpec
    model: ModelSpec
    loss: Literal["crossEntropy", "binaryCrossEntropy", "meanSquared"]
    precision: Literal["fp32", "tf32", "bf16"]
    batchSize: Count  # noqa: N815 (names on the wire are the same on both sides)
    batchChunks: Positive  # noqa: N815
    allowChunkedBn: bool  # noqa: N815
    seed: Count
    device: Name
    threads: Annotated[int, Meta(ge=0, le=MAX_THREADS)]
    compile: bool = False
    channelsLast: bool = False  # noqa: N815
    graphs: Literal["auto", "off"] = "auto"
    data: Literal["auto", "device", "stream"] = "auto"
    membersAtOnce: Annotated[int, Meta(ge=1, le=MAX_MEMBERS)] = 1  # noqa: N815
    membersWay: Literal["processes", "stack"] = "processes"  # noqa: N815
    modules: str | None = None
    trainingLoss: TrainingLoss | None = None  # noqa: N815
    mixup: Alpha = 0.0
    cutmix: Alpha = 0.0


class SplitSizes(Struct, forbid_unknown_fields=True):
    """Number of samples of each split."""

    train: Count
    validation: Count
    test: Count


class OpenResult(Result):
    """Description of the open task; ``classes`` are the names of classes or labels, empty for regression. ``signature``
    is a hash of the names, shapes and types of the network's state, ``stateSha256`` one of its first values.
    ``notices``, for the user, are about the data and the network.

    The other hashes identify what the task was made of: all samples and targets as they were read, the files of the
    user's own that built the network (``code``: by their paths from the model's folder), those of the training loss
    (``lossCode``, likewise), and the file of the network's weights. Journals of before version 7 lack them.
    """

    parameters: Positive
    stepsPerEpoch: Positive  # noqa: N815
    samples: SplitSizes
    classes: list[str]
    device: str
    deviceName: str  # noqa: N815
    threads: Positive
    signature: str
    stateSha256: str  # noqa: N815
    samplesSha256: str  # noqa: N815
    code: dict[str, str]
    weightsSha256: str | None  # noqa: N815
    lossCode: dict[str, str]  # noqa: N815
    notices: list[str] = field(default_factory=list)
