"""What each operation on the work socket does: the one place where messages meet tensors."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from typing import TypeAlias

import msgspec
import numpy as np
import safetensors
import torch
import zmq
from torch import Tensor

from . import __version__, evaluation, message, points, program_requests, programs, protocol, weights
from .codec import Array, Tensors
from .data import DATASETS
from .directions import draw_direction
from .errors import ProtocolFaultError
from .memory import MemoryWatch
from .message import Request, Result
from .models import MODELS
from .programs import Tick
from .task import SearchPath, Task, open_task
from .zoo.listing import list_models

Answer: TypeAlias = tuple[Result, dict[str, Array]]
NOTHING = Result()


class Handlers:
    """Serves requests, one at a time, against the opened task."""

    def __init__(self, worker: str) -> None:
        """``worker`` is this process's name in every message."""
        self._worker = worker
        self._task: Task | None = None
        self._memory = MemoryWatch()

    def handle(self, request: Request, tensors: Tensors, tick: Tick) -> Answer:
        """Execute a request. ``tick`` is called before every step, and raises to end a cancelled program."""
        if self._task is not None and not isinstance(request, protocol.Hello | protocol.Models | protocol.Open):
            self._task.net.check_unchanged()  # others in this process may hold the module too
        return _HANDLERS[type(request)](self, request, tensors, tick)

    @property
    def task(self) -> Task:
        """The opened task.

        Raises:
            ProtocolFaultError: none is open.
        """
        if self._task is None:
            raise ProtocolFaultError("no task is open: send 'open' first")
        return self._task

    def hello(self, request: protocol.Hello, _tensors: Tensors, _tick: Tick) -> Answer:
        if request.protocol != message.PROTOCOL_VERSION:
            raise ProtocolFaultError(
                f"the client speaks protocol {request.protocol}, this worker (dsptt_worker {__version__}) "
                f"{message.PROTOCOL_VERSION}: install the same version of both"
            )
        versions = {
            "dspttWorker": __version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "numpy": np.__version__,
            "pyzmq": zmq.__version__,
            "msgspec": msgspec.__version__,
            "safetensors": safetensors.__version__,
        }
        devices = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
        return protocol.HelloResult(
            protocol=message.PROTOCOL_VERSION,
            worker=self._worker,
            versions=versions,
            devices=devices,
            datasets=list(DATASETS),
            models=list(MODELS),
            pid=os.getpid(),
        ), {}

    def open(self, request: protocol.Open, _tensors: Tensors, _tick: Tick) -> Answer:
        self._task = None  # frees the old task's memory before the new one takes its own
        self._memory.end()
        task = self._task = open_task(request)
        device_name = torch.cuda.get_device_name(task.device) if task.device.type == "cuda" else "CPU"
        return protocol.OpenResult(
            parameters=task.net.parameters,
            stepsPerEpoch=task.batches.per_epoch,
            samples={name: len(split) for name, split in task.splits.items()},
            classes=task.classes,
            device=str(task.device),
            deviceName=device_name,
            threads=torch.get_num_threads(),
            signature=task.net.signature(),
            stateSha256=task.state_sha256,
        ), {}

    def models(self, request: protocol.Models, _tensors: Tensors, tick: Tick) -> Answer:
        return list_models(request, tick), {}

    def new_point(self, request: protocol.NewPoint, _tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        self.task.points[request.point] = self.task.new_point(request.stream)
        return NOTHING, {}

    def copy_point(self, request: protocol.CopyPoint, _tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        self.task.points[request.point] = self.task.point(request.source).clone()
        return NOTHING, {}

    def place_point(self, request: protocol.PlacePoint, tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        self.task.points[request.point] = points.placed(self.task.point(request.like), tensors["parameters"])
        return NOTHING, {}

    def average_points(self, request: protocol.AveragePoints, tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        sources = [self.task.point(name) for name in request.sources]
        self.task.points[request.point] = points.averaged(sources, tensors["weights"])
        return NOTHING, {}

    def drop(self, request: protocol.Drop, _tensors: Tensors, _tick: Tick) -> Answer:
        task = self.task
        paths = [task.path(name) for name in dict.fromkeys(request.paths)]
        for name in request.points:
            point = task.point(name)
            if point.pins > sum(path.origin is point for path in paths):
                task.movable(name)  # refuses it, before anything is dropped
        for path in paths:
            path.origin.pins -= 1
        task.paths = {name: path for name, path in task.paths.items() if name not in request.paths}
        task.points = {name: point for name, point in task.points.items() if name not in request.points}
        return NOTHING, {}

    def save_point(self, request: protocol.SavePoint, _tensors: Tensors, _tick: Tick) -> Answer:
        file = weights.to_safetensors(self.task.net, self.task.point(request.point), request.metadata)
        return NOTHING, {"file": np.frombuffer(file, np.uint8)}

    def load_point(self, request: protocol.LoadPoint, tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        self.task.points[request.point] = weights.from_safetensors(self.task.net, tensors["file"].tobytes())
        return NOTHING, {}

    def new_path(self, request: protocol.NewPath, _tensors: Tensors, _tick: Tick) -> Answer:
        task = self.task
        if request.path in task.paths:
            raise ProtocolFaultError(f"path {request.path!r} exists already")
        origin = task.point(request.origin)
        first = draw_direction(task.net, origin.theta, task.seed, request.stream, request.scale)
        task.paths[request.path] = SearchPath(origin, first, request.stream, request.scale)
        origin.pins += 1
        return NOTHING, {}

    def point_from_path(self, request: protocol.PointFromPath, _tensors: Tensors, _tick: Tick) -> Answer:
        self._new(request.point)
        path = self.task.path(request.path)
        theta = torch.add(path.origin.theta, path.d, alpha=request.factor)
        self.task.points[request.point] = path.origin.moved_to(theta)
        return NOTHING, {}

    def descend(self, request: protocol.Descend, tensors: Tensors, tick: Tick) -> Answer:
        point = self.task.movable(request.point)
        program = program_requests.descent_program(self.task, request, tensors)
        losses, captured = programs.descend(self.task, point, program, request.stream, request.start, tick)
        finite = bool(torch.isfinite(point.theta).all())
        return protocol.DescendResult(finite=finite), {"loss": _array(losses), "captured": _array(captured)}

    def search(self, request: protocol.Search, tensors: Tensors, tick: Tick) -> Answer:
        task = self.task
        program = program_requests.search_program(task, request, tensors)
        losses, norms, captured = programs.search(task, program, request.stream, request.start, tick)
        cosine = [programs.cosine_to_first(task, path) if request.cosines else float("nan") for path in program.paths]
        return NOTHING, {
            "loss": _array(losses),
            "norm": _array(norms),
            "cosine": np.array(cosine, np.float64),
            "captured": _array(captured),
        }

    def probe(self, request: protocol.Probe, _tensors: Tensors, tick: Tick) -> Answer:
        loss = programs.probe(self.task, self.task.point(request.point), request.stream, request.batches, tick)
        return protocol.ProbeResult(loss=loss), {}

    def evaluate(self, request: protocol.Evaluate, _tensors: Tensors, _tick: Tick) -> Answer:
        point = self.task.point(request.point)
        result = evaluation.evaluate(self.task, point, request.split, with_outputs=request.outputs)
        none = np.empty((0, max(1, len(self.task.classes))), np.float32)
        outputs = none if result.outputs is None else _array(result.outputs)
        return protocol.EvaluateResult(loss=result.loss, errorPct=result.error_pct), {"outputs": outputs}

    def targets(self, request: protocol.Targets, _tensors: Tensors, _tick: Tick) -> Answer:
        return NOTHING, {"targets": _array(self.task.splits[request.split].targets.float())}

    def reestimate(self, request: protocol.Reestimate, _tensors: Tensors, _tick: Tick) -> Answer:
        evaluation.reestimate(self.task, self.task.movable(request.point), request.stream)
        return NOTHING, {}

    def distances(self, request: protocol.Distances, _tensors: Tensors, _tick: Tick) -> Answer:
        measured = [self.task.point(name) for name in request.points]
        return NOTHING, {"distances": _array(evaluation.distances(measured))}

    def segment(self, request: protocol.Segment, tensors: Tensors, _tick: Tick) -> Answer:
        source, target = self.task.point(request.source), self.task.point(request.target)
        losses = evaluation.segment(self.task, source, target, tensors["positions"].tolist(), request.stream)
        return NOTHING, {"loss": np.array(losses, np.float64)}

    def memory(self, request: protocol.Memory, _tensors: Tensors, _tick: Tick) -> Answer:
        return self._memory.result(self.task, request), {}

    def _new(self, point: str) -> None:
        if point in self.task.points:
            raise ProtocolFaultError(f"point {point!r} exists already: drop it first")


def _array(tensor: Tensor) -> Array:
    values: Array = tensor.cpu().numpy()
    return values


_HANDLERS: dict[type[Request], Callable[..., Answer]] = {
    protocol.Hello: Handlers.hello,
    protocol.Models: Handlers.models,
    protocol.Open: Handlers.open,
    protocol.NewPoint: Handlers.new_point,
    protocol.CopyPoint: Handlers.copy_point,
    protocol.PlacePoint: Handlers.place_point,
    protocol.AveragePoints: Handlers.average_points,
    protocol.Drop: Handlers.drop,
    protocol.SavePoint: Handlers.save_point,
    protocol.LoadPoint: Handlers.load_point,
    protocol.NewPath: Handlers.new_path,
    protocol.PointFromPath: Handlers.point_from_path,
    protocol.Descend: Handlers.descend,
    protocol.Search: Handlers.search,
    protocol.Probe: Handlers.probe,
    protocol.Evaluate: Handlers.evaluate,
    protocol.Targets: Handlers.targets,
    protocol.Reestimate: Handlers.reestimate,
    protocol.Distances: Handlers.distances,
    protocol.Segment: Handlers.segment,
    protocol.Memory: Handlers.memory,
}
