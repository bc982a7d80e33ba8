"""Execution of a task: precision, layout and compiler change the speed, and results no more than by rounding."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
import torch
from builders import ADAM, NESTEROV, PLAIN, descend, digits_task, never, new_path, new_point, open_message, wine_task
from torch import nn

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.network.compiler import check_compiler
from dsptt_worker.network.directions import draw_direction
from dsptt_worker.network.precision import check_precision, switch
from dsptt_worker.network.weights import from_safetensors, to_safetensors
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.task import Task, open_task

CPU = torch.device("cpu")


def digits_images(**changes: Any) -> Task:
    return digits_task(model_args={"channels": [8, 8]}, **changes)


def first_layer_sees(task: Task) -> tuple[torch.dtype, bool]:
    """Returns the type of the first convolution's output in training, and True if its input was channels last."""
    seen: list[tuple[torch.dtype, bool]] = []

    def look(_layer: nn.Module, given: tuple[torch.Tensor, ...], gives: torch.Tensor) -> None:
        seen.append((gives.dtype, given[0].is_contiguous(memory_format=torch.channels_last)))

    hook = next(m for m in task.net.module.modules() if isinstance(m, nn.Conv2d)).register_forward_hook(look)
    task.objective.prepare("look", 0)
    task.objective.value()
    hook.remove()
    return seen[0]


def test_bf16_computes_in_bfloat16_and_keeps_parameters_and_losses_in_float32() -> None:
    task = digits_images(precision="bf16")
    point = new_point(task)
    task.net.load(point)
    assert first_layer_sees(task)[0] == torch.bfloat16
    assert first_layer_sees(digits_images())[0] == torch.float32
    losses = descend(task, point, [0.05] * 20, solver=ADAM)
    vectors = [] if point.solver is None else point.solver.vectors
    assert {t.dtype for t in (losses, point.theta, task.net.grad, *vectors)} == {torch.float32}
    task.net.check_unchanged()


def test_bf16_trains_searches_and_evaluates_close_to_fp32() -> None:
    results = []
    for precision in ("fp32", "bf16"):
        task = digits_images(precision=precision)
        point = new_point(task)
        losses = descend(task, point, [0.05] * 30, solver=NESTEROV)
        path = new_path(task, point, factor=0.05)
        searched = programs.search(task, SearchProgram([path], [0] * 6, [1.1] * 6, [0.02] * 6, PLAIN), "s", 0, never)
        measured = evaluation.evaluate(task, point, "test", never, with_outputs=True)
        assert measured.outputs is not None
        assert measured.outputs.dtype == torch.float32
        results.append((losses, searched[0], torch.tensor(measured.loss)))
    for exact, rounded in zip(*results, strict=True):
        assert rounded.isfinite().all()
        assert not torch.equal(exact, rounded)
        torch.testing.assert_close(rounded, exact, rtol=0.1, atol=0.05)


def test_bf16_evaluates_in_bfloat16_too() -> None:
    task = digits_images(precision="bf16")
    point = new_point(task)
    exact = digits_images()
    rounded = evaluation.evaluate(task, point, "test", never, with_outputs=False).loss
    assert rounded != evaluation.evaluate(exact, point, "test", never, with_outputs=False).loss


def test_tf32_is_refused_where_there_is_no_cuda_device() -> None:
    with pytest.raises(ConfigFaultError, match="precision 'tf32' is a mode of CUDA devices, got device 'cpu'"):
        open_task(open_message(precision="tf32"))


@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_a_gpu_that_is_too_old_for_a_precision_is_named(monkeypatch: pytest.MonkeyPatch, precision: str) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: (7, 5))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _device: "Tesla T4")
    with pytest.raises(ConfigFaultError, match=rf"{precision}.*8\.0 or more, cuda:0 \(Tesla T4\) has 7\.5: use 'fp32'"):
        check_precision(precision, torch.device("cuda:0"))
    check_precision("fp32", torch.device("cuda:0"))


@pytest.mark.parametrize("precision", ["fp32", "tf32", "bf16"])
def test_the_switches_of_torch_are_set_for_a_cuda_task_and_set_back_at_its_end(precision: str) -> None:
    def now() -> tuple[bool, bool]:
        return torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32

    before = now()
    restore = switch(precision, torch.device("cuda"))
    assert now() == ((precision == "tf32"),) * 2
    restore()
    assert now() == before
    switch(precision, CPU)()
    assert now() == before


def test_channels_last_lays_out_images_and_the_weights_of_convolutions_in_the_flat_vector() -> None:
    task = digits_images(channelsLast=True)
    point = new_point(task)
    losses = descend(task, point, [0.05] * 20)
    task.net.load(point)
    assert first_layer_sees(task)[1]
    task.net.check_unchanged()
    weights = [parameter for parameter in task.net.module.parameters() if parameter.ndim == 4]
    assert len(weights) == 2
    for parameter in weights:
        assert parameter.is_contiguous(memory_format=torch.channels_last)
        assert parameter.grad is not None
        assert parameter.grad.stride() == parameter.stride()
    plain = digits_images()
    other = new_point(plain)
    torch.testing.assert_close(losses, descend(plain, other, [0.05] * 20), rtol=1e-3, atol=1e-4)
    for mine, theirs in zip(task.net.tensors(point.theta), plain.net.tensors(other.theta), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-4)


def test_what_leaves_the_worker_does_not_depend_on_the_layout() -> None:
    plain, task = digits_images(), digits_images(channelsLast=True)
    points = [new_point(one) for one in (plain, task)]
    assert plain.state_sha256 == task.state_sha256
    assert not torch.equal(points[0].theta, points[1].theta)
    files = [to_safetensors(one.net, point, {}) for one, point in zip((plain, task), points, strict=True)]
    assert files[0] == files[1]
    again = from_safetensors(task.net, files[0])
    assert torch.equal(again.theta, points[1].theta)
    directions = [
        draw_direction(one.net, point.theta, 3, "v", "layer") for one, point in zip((plain, task), points, strict=True)
    ]
    for mine, theirs in zip(task.net.tensors(directions[1]), plain.net.tensors(directions[0]), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=0)


def test_channels_last_means_nothing_where_samples_are_no_images() -> None:
    plain, task = wine_task(), wine_task(channelsLast=True)
    points = [new_point(plain), new_point(task)]
    assert torch.equal(descend(plain, points[0], [0.1] * 4), descend(task, points[1], [0.1] * 4))


def test_compile_without_a_compiler_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ConfigFaultError, match="compile needs a C\\+\\+ compiler, and 'no-such-compiler' is not found"):
        open_task(open_message(compile=True))


def test_compile_on_cuda_needs_triton(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "python3")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ConfigFaultError, match="compile needs the package triton on CUDA devices"):
        check_compiler(torch.device("cuda"))
