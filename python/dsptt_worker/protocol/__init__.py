"""The operations, whole: what a client may ask, and what the worker answers.

Requests travel on two sockets: *work* (served in order by the main thread) and *control* (served at once by a thread of
its own). ``src/bridge/protocol.ts`` is the other half; a test compares the two.
"""

from __future__ import annotations

from ..message import Request, Result
from .control import Beat, BeatResult, Cancel, Shutdown
from .measures import (
    Distances,
    Evaluate,
    EvaluateResult,
    Memory,
    MemoryResult,
    Probe,
    ProbeResult,
    RawSamples,
    RawSamplesResult,
    Reestimate,
    Segment,
    Targets,
    TargetScaling,
)
from .points import (
    AveragePoints,
    CopyPoint,
    Drop,
    LoadPoint,
    LoadState,
    NewPath,
    NewPoint,
    PlacePoint,
    PointFromPath,
    SavePoint,
    SaveState,
)
from .session import DatasetSpec, Hello, HelloResult, ListedModel, Models, ModelSpec, ModelsResult, Open, OpenResult
from .steps import Descend, DescendResult, DescendStack, DescendStackResult, Search, Solver

WORK: dict[type[Request], type[Result]] = {
    Hello: HelloResult,
    Models: ModelsResult,
    Open: OpenResult,
    NewPoint: Result,
    CopyPoint: Result,
    PlacePoint: Result,
    AveragePoints: Result,
    Drop: Result,
    SavePoint: Result,
    LoadPoint: Result,
    SaveState: Result,
    LoadState: Result,
    NewPath: Result,
    PointFromPath: Result,
    Descend: DescendResult,
    DescendStack: DescendStackResult,
    Search: Result,
    Probe: ProbeResult,
    Evaluate: EvaluateResult,
    Targets: Result,
    RawSamples: RawSamplesResult,
    Reestimate: Result,
    Distances: Result,
    Segment: Result,
    Memory: MemoryResult,
}
CONTROL: dict[type[Request], type[Result]] = {Beat: BeatResult, Cancel: Result, Shutdown: Result}

__all__ = [
    "CONTROL",
    "WORK",
    "AveragePoints",
    "Beat",
    "BeatResult",
    "Cancel",
    "CopyPoint",
    "DatasetSpec",
    "Descend",
    "DescendResult",
    "DescendStack",
    "DescendStackResult",
    "Distances",
    "Drop",
    "Evaluate",
    "EvaluateResult",
    "Hello",
    "HelloResult",
    "ListedModel",
    "LoadPoint",
    "LoadState",
    "Memory",
    "MemoryResult",
    "ModelSpec",
    "Models",
    "ModelsResult",
    "NewPath",
    "NewPoint",
    "Open",
    "OpenResult",
    "PlacePoint",
    "PointFromPath",
    "Probe",
    "ProbeResult",
    "RawSamples",
    "RawSamplesResult",
    "Reestimate",
    "SavePoint",
    "SaveState",
    "Search",
    "Segment",
    "Shutdown",
    "Solver",
    "TargetScaling",
    "Targets",
]
