"""Steps on a CUDA device: replayed ones equal direct ones, and nothing waits or allocates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from builders import (
    ADAM,
    ADAMW,
    NESTEROV,
    PLAIN,
    descend,
    digits_task,
    never,
    new_point,
    open_message,
    same_state,
    solver,
    wine_task,
    with_network,
)
from cuda_tasks import TASKS, Peeking, Synchronising, graphs_are_used, uncaptured, waiting_is_an_error
from three_paths import search, three_paths
from torch import Tensor, nn

from dsptt_worker.network.flat import Point
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.operations.evaluation_batch import LARGEST_BATCH, batch_size
from dsptt_worker.operations.programs import DescentProgram, SearchProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.steps.cuda_graphs import CudaGraphs
from dsptt_worker.steps.runner import Direct
from dsptt_worker.task import Task, open_task

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")

CUDA = torch.device("cuda")
LR = [0.05, 0.1, 0.02, 0.01, 0.1, 0.05]
SOLVERS = {"plain": PLAIN, "momentum": solver(momentum=0.9, weightDecay=5e-3), "nesterov": NESTEROV}
EVERY_SOLVER = pytest.mark.parametrize("spec", [*SOLVERS.values(), ADAM, ADAMW], ids=[*SOLVERS, "adam", "adamw"])
EVERY_TASK = pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)


@pytest.fixture(autouse=True)
def deterministic() -> Iterator[None]:
    """Selects cuDNN's deterministic algorithms, so that equal steps give equal bits."""
    before = torch.backends.cudnn.deterministic
    torch.backends.cudnn.deterministic = True
    yield
    torch.backends.cudnn.deterministic = before


def equal(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, rtol=0, atol=0)


@EVERY_SOLVER
@EVERY_TASK
def test_graphs_train_and_search_as_the_same_steps_do_without(make: Callable[..., Task], spec: Solver) -> None:
    rates = LR if spec.solver == "sgd" else [rate / 10 for rate in LR]
    ends: list[tuple[Tensor, ...]] = []
    for task in (uncaptured(make()), make()):
        point, other = new_point(task, "a"), new_point(task, "b")
        losses = [descend(task, p, rates, start=start, solver=spec) for start in (7, 13) for p in (point, other)]
        paths = three_paths(task)
        searched = [tensor for start in (0, 6) for tensor in search(task, paths, spec, start)]
        again = descend(task, point, rates, start=19, solver=spec)
        ends.append((*losses, *searched, again, point.theta, *point.rest, *(path.d for path in paths)))
    assert graphs_are_used(task)
    for one, replayed in zip(*ends, strict=True):
        equal(one, replayed)


@EVERY_TASK
def test_graphs_go_where_steps_with_the_hosts_numbers_go_but_for_rounding(make: Callable[..., Task]) -> None:
    ends = []
    for graphs in ("off", "auto"):
        task = make(graphs=graphs)
        assert isinstance(task.runner, Direct) == (graphs == "off")
        point = new_point(task)
        ends.append((descend(task, point, LR, solver=NESTEROV), point.theta))
    for one, replayed in zip(*ends, strict=True):
        torch.testing.assert_close(one, replayed, rtol=1e-3, atol=1e-4)


def test_noise_and_taken_down_parameters_are_the_same_in_graphs() -> None:
    answers = []
    for task in (uncaptured(TASKS["dropout"]()), TASKS["dropout"]()):
        point = new_point(task)
        program = DescentProgram(LR, NESTEROV, [0.0, 0.3, 0.1, 0.0, 0.2, 0.0], (0, 5, 5, 2))
        answers.append((*programs.descend(task, point, program, "train", 2, never), point.theta))
    for one, replayed in zip(*answers, strict=True):
        equal(one, replayed)


@pytest.mark.parametrize("graphs", ["auto", "off"])
@EVERY_TASK
def test_no_step_of_a_program_waits_for_the_device(make: Callable[..., Task], graphs: str) -> None:
    task = make(graphs=graphs)
    point = new_point(task)
    paths = three_paths(task)
    descend(task, point, LR)
    search(task, paths, ADAM, 0)
    with waiting_is_an_error():
        descend(task, point, LR * 5, start=6)
        search(task, paths, ADAM, 6)


@pytest.mark.parametrize("spec", [NESTEROV, ADAM], ids=["nesterov", "adam"])
def test_a_replayed_program_allocates_no_vector_of_parameters(spec: Solver) -> None:
    task = open_task(open_message(model_args={"hidden": [1000, 1000]}, device="cuda"))
    point, paths = new_point(task), []
    for start in (0, 6):  # the first time captures
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        descend(task, point, LR, start=start, solver=spec)
        taken = torch.cuda.max_memory_allocated() - before
    assert taken < task.net.theta.nbytes / 4
    paths = three_paths(task)
    for start in (0, 6):
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        programs.search(task, SearchProgram(paths, [0, 1, 2], [1.1] * 3, [0.1] * 3, spec), "s", start, never)
        taken = torch.cuda.max_memory_allocated() - before
    assert taken < task.net.theta.nbytes / 4


@pytest.mark.parametrize("layer", [Peeking, Synchronising])
def test_a_network_that_waits_is_not_captured_says_why_and_trains_as_without(layer: type[nn.Dropout]) -> None:
    ends, notices = [], []
    for capturing in (False, True):
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(13, 6), layer(0.5), nn.Linear(6, 3)).cuda()
        task = with_network(wine_task(device="cuda"), module)
        if capturing:
            task.execution.capture_with(CudaGraphs(CUDA, module, notices.append))
        point = task.net.point()
        first = descend(task, point, LR)
        ends.append((first, descend(task, point, LR, start=6), point.theta))
    assert isinstance(task.runner, Direct)
    assert len(notices) == 1
    assert notices[0].startswith("steps run one kernel at a time and not as CUDA graphs")
    for one, other in zip(*ends, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_graphs_of_other_precisions_and_layouts_train_as_the_same_steps_do_without(precision: str) -> None:
    ends = []
    for wrap in (uncaptured, lambda task: task):
        task = wrap(TASKS["cropped and flipped"](precision=precision, channelsLast=True))
        point = new_point(task)
        ends.append((descend(task, point, LR * 3), point.theta))
        task.net.check_unchanged()
        task.execution.end()
    assert graphs_are_used(task)
    for one, replayed in zip(*ends, strict=True):
        equal(one, replayed)


def test_batches_have_the_bits_of_a_cpus_whether_resident_or_streamed() -> None:
    arguments = {"train": 200, "validation": 0, "test": 10}
    message = {"dataset": "cifar10-sample", "model": "preresnet", "model_args": {"depth": 8}, "dataset_args": arguments}
    cpu = open_task(open_message(**message))
    others = [open_task(open_message(**message, device="cuda", data=data)) for data in ("device", "stream")]
    for step in (0, 1, 2, 7, 3, 4, 5, 6, 12):
        expected = cpu.batches.batch("a", step)
        for task in others:
            inputs, targets = task.batches.batch("a", step)
            torch.testing.assert_close(inputs.cpu(), expected[0], rtol=1e-6, atol=1e-6)
            equal(targets.cpu(), expected[1])


def test_graphs_train_on_streamed_batches_as_on_resident_ones() -> None:
    ends = []
    for data in ("device", "stream"):
        task = TASKS["batch norm"](data=data)
        point = new_point(task)
        ends.append((descend(task, point, LR * 5), point))
    assert graphs_are_used(task)
    equal(ends[0][0], ends[1][0])
    assert same_state(ends[0][1], ends[1][1])


def test_compiled_steps_are_captured_too() -> None:
    ends = []
    for graphs in ("off", "auto"):
        task = wine_task(device="cuda", compile=True, graphs=graphs)
        point = new_point(task)
        ends.append((descend(task, point, LR * 2), point.theta))
    assert graphs_are_used(task)
    for one, replayed in zip(*ends, strict=True):
        torch.testing.assert_close(one, replayed, rtol=1e-3, atol=1e-4)


def test_evaluation_takes_larger_batches_and_agrees_with_a_cpus() -> None:
    cpu, cuda = digits_task(), digits_task(device="cuda")
    point = new_point(cpu)
    there = Point(point.theta.cuda(), [tensor.cuda() for tensor in point.rest])
    with evaluation.evaluating(cuda.net):
        assert 1000 < batch_size(cuda) <= LARGEST_BATCH
    expected = evaluation.evaluate(cpu, point, "train", never, with_outputs=True)
    measured = evaluation.evaluate(cuda, there, "train", never, with_outputs=True)
    assert expected.outputs is not None
    assert measured.outputs is not None
    assert measured.loss == pytest.approx(expected.loss, rel=1e-4)
    torch.testing.assert_close(measured.outputs.cpu(), expected.outputs, rtol=1e-3, atol=1e-4)
