"""Errors that a network raises at some step, long after the task was opened: they are its own, not the worker's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from builders import descend, never, open_message
from zoo import written

from dsptt_worker.errors import ConfigFaultError, MemoryFaultError, WorkerFaultError
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.protocol import Evaluate, ModelSpec
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.task import Task, open_task

LATER = """
    class Back(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()
        @staticmethod
        def backward(ctx, slope):
            raise ValueError("no way back")
    class Net(nn.Linear):
        calls = 0
        def forward(self, x):
            self.calls += len(x) > 10
            x = super().forward(x)
            if self.calls < 3:
                return x
            {raises}
    def defineModel():
        return Net(13, 3)
"""
RAISED = {
    "an error": ("raise ValueError('of its own')", r"on inputs of shape \[30, 13\]: ValueError: of its own"),
    "an exit": ("import sys; sys.exit('enough')", r"on inputs of shape \[30, 13\]: SystemExit: enough"),
    "an error on the way back": ("return Back.apply(x)", "in its backward pass: ValueError: no way back"),
    "an answer for fewer samples": ("return x[1:]", r"answers \[29, 3\] for inputs of shape \[30, 13\]"),
    "an answer of one dimension": ("return x.flatten()", r"answers \[90\] for inputs of shape \[30, 13\]"),
}


def opened(tmp_path: Path, code: str, **changes: object) -> Task:
    message = open_message(**changes)
    message.model = ModelSpec(python=written(tmp_path, code))
    return open_task(message)


def three_times(ask: Callable[[], object]) -> None:
    for _ in range(3):
        ask()


@pytest.mark.parametrize(("raises", "words"), RAISED.values(), ids=RAISED)
def test_a_step_that_the_network_cannot_make_is_reported_as_the_networks_own(
    tmp_path: Path, raises: str, words: str
) -> None:
    task = opened(tmp_path, LATER.replace("{raises}", raises))
    with pytest.raises(ConfigFaultError, match=f"the network (fails )?{words}"):
        descend(task, task.new_point("a"), [0.1] * 5)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_so_are_errors_of_evaluations_probes_and_segments(tmp_path: Path, precision: str) -> None:
    code = LATER.replace("{raises}", "raise ValueError('of its own')")
    for ask in (
        lambda task, point: evaluation.evaluate(task, point, "test", never, with_outputs=False),
        lambda task, point: programs.probe(task, point, "probe", 3, never),
        lambda task, point: evaluation.segment(task, point, point, [0, 1], "segment", never),
    ):
        task = opened(tmp_path, code, precision=precision)
        with pytest.raises(ConfigFaultError, match=r"the network fails on inputs of shape .*: of its own"):
            three_times(partial(ask, task, task.new_point("a")))


def test_batch_norm_in_batches_of_one_is_an_error_of_the_network(tmp_path: Path) -> None:
    code = "def defineModel(): return nn.Sequential(nn.BatchNorm1d(13), nn.Linear(13, 3))"
    task = opened(tmp_path, code, batchSize=1)
    with pytest.raises(ConfigFaultError, match=r"on inputs of shape \[1, 13\]: ValueError: Expected more than 1 value"):
        descend(task, task.new_point("a"), [0.1])


def test_memory_that_a_network_lacks_is_still_a_lack_of_memory(tmp_path: Path) -> None:
    handlers = Handlers("worker")
    message = open_message()
    message.model = ModelSpec(python=written(tmp_path, LATER.replace("{raises}", "raise MemoryError")))
    handlers.handle(message, {}, never)
    handlers.task.points["p"] = handlers.task.new_point("a")
    request = Evaluate(id=1, sender="test", point="p", split="test", outputs=False)
    with pytest.raises(MemoryFaultError, match="out of memory on the CPU"):
        three_times(lambda: handlers.handle(request, {}, never))


def test_an_error_of_the_device_is_not_the_networks(tmp_path: Path) -> None:
    failure = "CUDA error: an illegal memory access was encountered"
    task = opened(tmp_path, LATER.replace("{raises}", f"raise RuntimeError('{failure}')"))
    with pytest.raises(RuntimeError, match=failure) as raised:
        descend(task, task.new_point("a"), [0.1] * 5)
    assert not isinstance(raised.value, WorkerFaultError)
