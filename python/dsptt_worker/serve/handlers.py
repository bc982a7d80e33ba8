"""Handlers of the operations on the work socket: the one place where messages meet tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import torch

from .. import protocol
from ..arrays import array_of
from ..errors import ProtocolFaultError
from ..network import points, weights
from ..network.directions import draw_direction
from ..operations import evaluation, program_requests, programs, states
from ..operations.memory import MemoryWatch
from ..operations.out_of_memory import memory_fault
from ..operations.programs import Tick
from ..operations.stack import Stack, opened_stack, stack_for
from ..operations.validation_points import ValidationPoints
from ..protocol.codec import Array, Tensors
from ..protocol.message import Request, Result
from ..raw_samples import describe_raw
from ..steps.search_path import SearchPath
from ..task import Task, close_task, open_task
from ..task_description import describe_task
from ..zoo.given_point import given_point
from ..zoo.listing import list_models
from .greeting import greeting

Answer: TypeAlias = tuple[Result, dict[str, Array]]
NOTHING = Result()


class Handlers:
    """Serves requests, one at a time, against the opened task."""

    def __init__(self, worker: str, notices: list[str] | None = None) -> None:
        """``worker`` is this process's name in every message; ``notices`` receives those of the open task."""
        self._worker = worker
        self._notices = [] if notices is None else notices
        self._task: Task | None = None
        self._stack: Stack | None = None
        self._spec: protocol.Open | None = None
        self._memory = MemoryWatch()

    def handle(self, request: Request, tensors: Tensors, tick: Tick) -> Answer:
        """Executes a request. ``tick`` is called before every batch, and raises to end a cancelled request."""
        if self._task is not None and not isinstance(request, protocol.Hello | protocol.Models | protocol.Open):
            self._task.net.check_unchanged()  # other code in this process may hold the module too
        try:
            return _HANDLERS[type(request)](self, request, tensors, tick)
        except Exception as error:
            fault = memory_fault(error, str(request.__struct_config__.tag), self._spec)
            if fault is None:
                raise
            raise fault from error

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
        return greeting(request, self._worker), {}

    def open(self, request: protocol.Open, _tensors: Tensors, _tick: Tick) -> Answer:
        close_task(self._task)
        self._task = self._stack = None  # frees the old task's memory before the new one takes its own
        self._memory.end()
        self._notices.clear()
        self._spec = request
        task = self._task = open_task(request, self._notices.append)
        self._stack = stack_for(task, request)
        return describe_task(task), {}

    def models(self, request: protocol.Models, _tensors: Tensors, tick: Tick) -> Answer:
        return list_models(request, tick), {}

    def new_point(self, request: protocol.NewPoint, _tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        self.task.points[request.point] = self.task.new_point(request.stream)
        return NOTHING, {}

    def copy_point(self, request: protocol.CopyPoint, _tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        self.task.points[request.point] = self.task.point(request.source).clone()
        return NOTHING, {}

    def place_point(self, request: protocol.PlacePoint, tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        self.task.points[request.point] = points.placed(self.task.point(request.like), tensors["parameters"])
        return NOTHING, {}

    def average_points(self, request: protocol.AveragePoints, tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        sources = [self.task.point(name) for name in request.sources]
        self.task.points[request.point] = points.averaged(sources, tensors["weights"])
        return NOTHING, {}

    def take_average(self, request: protocol.TakeAverage, _tensors: Tensors, _tick: Tick) -> Answer:
        points.take_average(self.task.movable(request.point))
        return NOTHING, {}

    def drop(self, request: protocol.Drop, _tensors: Tensors, _tick: Tick) -> Answer:
        self.task.drop(request.points, request.paths)
        return NOTHING, {}

    def save_point(self, request: protocol.SavePoint, _tensors: Tensors, _tick: Tick) -> Answer:
        task = self.task
        file = weights.to_safetensors(task.net, task.point(request.point), request.metadata)
        if task.kept_state is not None:
            task.kept_state.check_saved(task.net.module)  # the network is still loaded with the point
        return NOTHING, {"file": np.frombuffer(file, np.uint8)}

    def load_point(self, request: protocol.LoadPoint, tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        self.task.points[request.point] = given_point(self.task.net, tensors["file"].tobytes())
        return NOTHING, {}

    def save_state(self, request: protocol.SaveState, _tensors: Tensors, _tick: Tick) -> Answer:
        save = states.save_point if request.kind == "point" else states.save_path
        return NOTHING, {"state": np.frombuffer(save(self.task, request.name), np.uint8)}

    def load_state(self, request: protocol.LoadState, tensors: Tensors, _tick: Tick) -> Answer:
        state = tensors["state"].tobytes()
        if request.kind == "point":
            self.task.check_new_point(request.name)
            self.task.points[request.name] = states.load_point(self.task, state)
        else:
            self.task.check_new_path(request.name)
            self.task.paths[request.name] = states.load_path(self.task, state)
        return NOTHING, {}

    def new_path(self, request: protocol.NewPath, _tensors: Tensors, _tick: Tick) -> Answer:
        task = self.task
        self.task.check_new_path(request.path)
        origin = task.point(request.origin)
        first = draw_direction(task.net, origin.theta, task.seed, request.stream, request.scale)
        task.paths[request.path] = SearchPath(origin, first, request.stream, request.scale)
        origin.pins += 1
        return NOTHING, {}

    def point_from_path(self, request: protocol.PointFromPath, _tensors: Tensors, _tick: Tick) -> Answer:
        self.task.check_new_point(request.point)
        path = self.task.path(request.path)
        theta = torch.add(path.origin.theta, path.d, alpha=request.factor)
        self.task.points[request.point] = path.origin.moved_to(theta)
        return NOTHING, {}

    def descend(self, request: protocol.Descend, tensors: Tensors, tick: Tick) -> Answer:
        point = self.task.movable(request.point)
        program = program_requests.descent_program(self.task, request, tensors)
        seen = ValidationPoints(self.task, request.validateEvery, tick)
        losses, captured = programs.descend(self.task, point, program, request.stream, request.start, tick, seen.after)
        result = protocol.DescendResult(finite=bool(torch.isfinite(point.theta).all()), validation=seen.measured)
        return result, {"loss": array_of(losses), "captured": array_of(captured)}

    def descend_stack(self, request: protocol.DescendStack, tensors: Tensors, tick: Tick) -> Answer:
        program = program_requests.stack_program(request, tensors)
        members = [self.task.movable(name) for name in request.points]
        seen = [ValidationPoints(self.task, request.validateEvery, tick) for _ in members]
        losses, finite = opened_stack(self._stack).descend(members, program, tick, seen)
        result = protocol.DescendStackResult(finite=finite, validation=[one.measured for one in seen])
        return result, {"loss": array_of(losses)}

    def search(self, request: protocol.Search, tensors: Tensors, tick: Tick) -> Answer:
        task = self.task
        program = program_requests.search_program(task, request, tensors)
        losses, norms, captured = programs.search(task, program, request.stream, request.start, tick)
        cosine = [programs.cosine_to_first(task, path) if request.cosines else float("nan") for path in program.paths]
        measured = {"loss": array_of(losses), "norm": array_of(norms), "cosine": np.array(cosine, np.float64)}
        return NOTHING, {**measured, "captured": array_of(captured)}

    def probe(self, request: protocol.Probe, _tensors: Tensors, tick: Tick) -> Answer:
        point = self.task.point(request.point)
        loss, deviation = programs.probe(self.task, point, request.stream, request.batches, tick)
        return protocol.ProbeResult(loss=loss, deviation=deviation), {}

    def evaluate(self, request: protocol.Evaluate, _tensors: Tensors, tick: Tick) -> Answer:
        point = self.task.point(request.point)
        result = evaluation.evaluate(self.task, point, request.split, tick, with_outputs=request.outputs)
        none = np.empty((0, max(1, len(self.task.classes))), np.float32)
        outputs = none if result.outputs is None else array_of(result.outputs)
        return protocol.EvaluateResult(loss=result.loss, errorPct=result.error_pct), {"outputs": outputs}

    def targets(self, request: protocol.Targets, _tensors: Tensors, _tick: Tick) -> Answer:
        return NOTHING, {"targets": array_of(self.task.splits[request.split].targets.float())}

    def raw_samples(self, _request: protocol.RawSamples, _tensors: Tensors, _tick: Tick) -> Answer:
        return describe_raw(self.task.raw)

    def reestimate(self, request: protocol.Reestimate, _tensors: Tensors, tick: Tick) -> Answer:
        evaluation.reestimate(self.task, self.task.movable(request.point), request.stream, tick)
        return NOTHING, {}

    def distances(self, request: protocol.Distances, _tensors: Tensors, _tick: Tick) -> Answer:
        among = [self.task.point(name) for name in request.points]
        return NOTHING, {"distances": array_of(evaluation.distances(among))}

    def segment(self, request: protocol.Segment, tensors: Tensors, tick: Tick) -> Answer:
        source, target = self.task.point(request.source), self.task.point(request.target)
        positions = tensors["positions"].tolist()
        losses = evaluation.segment(self.task, source, target, positions, request.stream, tick, every=request.every)
        return NOTHING, {"loss": np.array(losses, np.float64)}

    def memory(self, request: protocol.Memory, _tensors: Tensors, _tick: Tick) -> Answer:
        return self._memory.result(self.task, request), {}


_HANDLERS: dict[type[Request], Callable[..., Answer]] = {
    protocol.Hello: Handlers.hello,
    protocol.Models: Handlers.models,
    protocol.Open: Handlers.open,
    protocol.NewPoint: Handlers.new_point,
    protocol.CopyPoint: Handlers.copy_point,
    protocol.PlacePoint: Handlers.place_point,
    protocol.AveragePoints: Handlers.average_points,
    protocol.TakeAverage: Handlers.take_average,
    protocol.Drop: Handlers.drop,
    protocol.SavePoint: Handlers.save_point,
    protocol.LoadPoint: Handlers.load_point,
    protocol.SaveState: Handlers.save_state,
    protocol.LoadState: Handlers.load_state,
    protocol.NewPath: Handlers.new_path,
    protocol.PointFromPath: Handlers.point_from_path,
    protocol.Descend: Handlers.descend,
    protocol.DescendStack: Handlers.descend_stack,
    protocol.Search: Handlers.search,
    protocol.Probe: Handlers.probe,
    protocol.Evaluate: Handlers.evaluate,
    protocol.Targets: Handlers.targets,
    protocol.RawSamples: Handlers.raw_samples,
    protocol.Reestimate: Handlers.reestimate,
    protocol.Distances: Handlers.distances,
    protocol.Segment: Handlers.segment,
    protocol.Memory: Handlers.memory,
}
