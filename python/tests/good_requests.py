"""A valid request of every operation, as a client sends it: a header and its tensor frames."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from builders import ADAM, NESTEROV, open_message

from dsptt_worker import protocol
from dsptt_worker.protocol.message import PROTOCOL_VERSION, Request, TensorSpec

STEPS = np.array([0.1, 0.2, 0.3])
NONE = np.empty(0)


def frames_of(request: Request, **tensors: np.ndarray) -> list[bytes]:
    """Encodes a request with these tensors."""
    specs = [TensorSpec(name, array.dtype.str[1:], list(array.shape)) for name, array in tensors.items()]
    whole = msgspec.structs.replace(request, tensors=specs)
    return [msgspec.msgpack.encode(whole), *(array.tobytes() for array in tensors.values())]


def _asked(request: type[Request], **fields: Any) -> Request:
    return request(id=5, sender="client", **fields)


def _search() -> Request:
    return _asked(protocol.Search, paths=["p"], stream="s", start=0, solver=ADAM, capture=[], cosines=True)


GOOD: dict[str, list[bytes]] = {
    "hello": frames_of(_asked(protocol.Hello, protocol=PROTOCOL_VERSION)),
    "models": frames_of(_asked(protocol.Models, zoo=None, search="mlp", limit=1)),
    "open": frames_of(open_message(model_args={"hidden": [8], "dropout": 0.5})),
    "newPoint": frames_of(_asked(protocol.NewPoint, point="b", stream="init")),
    "copyPoint": frames_of(_asked(protocol.CopyPoint, point="c", source="a")),
    "placePoint": frames_of(_asked(protocol.PlacePoint, point="d", like="a"), parameters=np.zeros(5, np.float32)),
    "averagePoints": frames_of(_asked(protocol.AveragePoints, point="e", sources=["a", "a"]), weights=np.ones(2)),
    "takeAverage": frames_of(_asked(protocol.TakeAverage, point="a")),
    "drop": frames_of(_asked(protocol.Drop, points=["b"], paths=["p"])),
    "savePoint": frames_of(_asked(protocol.SavePoint, point="a", metadata={"role": "member"})),
    "loadPoint": frames_of(_asked(protocol.LoadPoint, point="f"), file=np.zeros(64, np.uint8)),
    "saveState": frames_of(_asked(protocol.SaveState, kind="point", name="a")),
    "loadState": frames_of(_asked(protocol.LoadState, kind="path", name="g"), state=np.zeros(64, np.uint8)),
    "newPath": frames_of(_asked(protocol.NewPath, path="p", origin="a", stream="v", scale="layer")),
    "pointFromPath": frames_of(_asked(protocol.PointFromPath, point="h", path="p", factor=0.5)),
    "descend": frames_of(
        _asked(protocol.Descend, point="a", stream="s", start=0, solver=NESTEROV, capture=[1]), lr=STEPS, noise=NONE
    ),
    "descendStack": frames_of(
        _asked(protocol.DescendStack, points=["a"], streams=["s"], starts=[0], solver=NESTEROV), lr=STEPS
    ),
    "search": frames_of(_search(), path=np.zeros(3, np.int32), growth=STEPS, rho2=STEPS),
    "probe": frames_of(_asked(protocol.Probe, point="a", stream="s", batches=2)),
    "evaluate": frames_of(_asked(protocol.Evaluate, point="a", split="test", outputs=True)),
    "targets": frames_of(_asked(protocol.Targets, split="test")),
    "rawSamples": frames_of(_asked(protocol.RawSamples)),
    "reestimate": frames_of(_asked(protocol.Reestimate, point="a", stream="s")),
    "distances": frames_of(_asked(protocol.Distances, points=["a", "a"])),
    "segment": frames_of(_asked(protocol.Segment, source="a", target="a", stream="s"), positions=STEPS),
    "memory": frames_of(_asked(protocol.Memory, watch=False)),
    "beat": frames_of(_asked(protocol.Beat)),
    "cancel": frames_of(_asked(protocol.Cancel, ids=[1, 2])),
    "shutdown": frames_of(_asked(protocol.Shutdown)),
}
