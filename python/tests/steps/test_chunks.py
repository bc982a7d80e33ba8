"""Batches in chunks: equal steps but for rounding, refused if a layer depends on the whole batch."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from builders import (
    NESTEROV,
    PLAIN,
    descend,
    digits_task,
    never,
    new_path,
    new_point,
    open_message,
    same_state,
    trained_point,
    wine_task,
)
from torch import Tensor, nn

from dsptt_worker.errors import ChunksFaultError, ConfigFaultError
from dsptt_worker.models import MODELS
from dsptt_worker.operations import evaluation, programs
from dsptt_worker.operations.programs import SearchProgram
from dsptt_worker.protocol import Solver
from dsptt_worker.task import Task, open_task

CHUNKS = [2, 4, 7, 30]
LR = [0.1] * 20


def close(a: Tensor, b: Tensor) -> None:
    """Asserts equality but for rounding: 1e-6 of the vector's length."""
    difference = torch.linalg.vector_norm(a.double() - b.double())
    assert difference <= 1e-6 * torch.linalg.vector_norm(b.double()), difference


@pytest.mark.parametrize("how", [PLAIN, NESTEROV], ids=["plain", "momentum"])
@pytest.mark.parametrize("chunks", CHUNKS)
def test_a_descent_in_chunks_is_that_of_the_whole_batches_to_rounding(chunks: int, how: Solver) -> None:
    whole, cut = wine_task(), wine_task(batchChunks=chunks)
    expected, point = new_point(whole), new_point(cut)
    losses = descend(whole, expected, LR, solver=how)
    close(descend(cut, point, LR, solver=how), losses)
    close(point.theta, expected.theta)


@pytest.mark.parametrize("chunks", [2, 89, 90])
def test_the_full_gradient_is_cut_as_well(chunks: int) -> None:
    whole, cut = wine_task(batchSize=0), wine_task(batchSize=0, batchChunks=chunks)
    expected, point = new_point(whole), new_point(cut)
    close(descend(cut, point, LR), descend(whole, expected, LR))
    close(point.theta, expected.theta)


@pytest.mark.parametrize("chunks", CHUNKS)
def test_search_and_probe_are_cut_as_well(chunks: int) -> None:
    whole, cut = wine_task(), wine_task(batchChunks=chunks)
    origin = trained_point(whole)
    found = []
    for task in (whole, cut):
        path = new_path(task, origin)
        program = SearchProgram([path], [0] * 20, [1.05] * 20, [0.05] * 20, PLAIN)
        losses, norms, _ = programs.search(task, program, "search", 0, never)
        found.append((losses, norms, path.d))
    for ours, expected in zip(found[1], found[0], strict=True):
        close(ours, expected)
    got, expected = (programs.probe(task, origin, "look", 5, never) for task in (cut, whole))
    assert got == pytest.approx(expected, rel=1e-6)


def test_a_mean_squared_error_is_cut_as_well() -> None:
    whole, cut = (
        open_task(open_message("winequality", loss="meanSquared", model_args={"hidden": [5]}, batchChunks=chunks))
        for chunks in (1, 7)
    )
    expected, point = new_point(whole), new_point(cut)
    close(descend(cut, point, LR), descend(whole, expected, LR))
    close(point.theta, expected.theta)


@pytest.mark.parametrize(("chunks", "sizes"), [(1, [30]), (4, [8, 8, 7, 7]), (30, [1] * 30)])
def test_no_chunk_is_larger_than_another_by_more_than_a_sample(chunks: int, sizes: list[int]) -> None:
    task = wine_task(batchChunks=chunks)
    seen: list[int] = []
    task.net.module.register_forward_pre_hook(lambda _module, inputs: seen.append(len(inputs[0])))
    descend(task, new_point(task), [0.1])
    assert seen == sizes


def test_an_evaluation_takes_smaller_batches_too_and_answers_the_same_to_rounding() -> None:
    whole, cut = digits_task(), digits_task(batchChunks=5, allowChunkedBn=True)
    point = trained_point(whole)
    seen: list[int] = []
    cut.net.module.register_forward_pre_hook(lambda _module, inputs: seen.append(len(inputs[0])))
    got = evaluation.evaluate(cut, point, "test", never, with_outputs=True)
    expected = evaluation.evaluate(whole, point, "test", never, with_outputs=True)
    assert max(seen) == 200
    assert (got.loss, got.error_pct) == (pytest.approx(expected.loss, rel=1e-6), expected.error_pct)
    torch.testing.assert_close(got.outputs, expected.outputs)


def test_a_step_in_chunks_is_the_same_whatever_ran_before_it_with_dropout_too() -> None:
    task = wine_task(dropout=0.5, batchChunks=4)
    whole, pieces = new_point(task), new_point(task)
    losses = descend(task, whole, LR)
    parts = []
    for first in range(0, 20, 4):
        descend(task, new_point(task, "other"), [0.1], stream="other", start=first)
        parts.append(descend(task, pieces, LR[first : first + 4], start=first))
    assert torch.equal(torch.cat(parts), losses)
    assert same_state(whole, pieces)


def test_more_chunks_than_samples_are_refused_with_both_numbers() -> None:
    with pytest.raises(ConfigFaultError, match="batchChunks must be at most the 30 samples of a batch, got 31"):
        wine_task(batchChunks=31)
    with pytest.raises(ConfigFaultError, match="at most the 90 samples of a batch, got 91"):
        wine_task(batchSize=0, batchChunks=91)


class Renormed(nn.Module):
    """A perceptron on one-dimensional images with layers of the test's choice after its first."""

    def __init__(self, outputs: int, *layers: nn.Module) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(13, 6), *layers, nn.Flatten(), nn.Linear(6, outputs))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


class Counting(nn.Module):
    """Keeps a mean of its inputs, as no layer of torch's does."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(6))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.seen.lerp_(x.detach().mean(0), 0.1)
        return x - self.seen


BATCH_WIDE: dict[str, Any] = {
    "BatchNorm1d": lambda: [nn.BatchNorm1d(6)],
    "without running statistics": lambda: [nn.BatchNorm1d(6, track_running_stats=False)],
    "InstanceNorm1d": lambda: [nn.Unflatten(1, (3, 2)), nn.InstanceNorm1d(3, track_running_stats=True)],
    "_SpectralNorm": lambda: [nn.utils.parametrizations.spectral_norm(nn.Linear(6, 6))],
    "Counting": lambda: [Counting()],
}
BY_SAMPLE: dict[str, Any] = {
    "LayerNorm": lambda: [nn.LayerNorm(6)],
    "GroupNorm": lambda: [nn.GroupNorm(2, 6)],
    "instance norm": lambda: [nn.Unflatten(1, (1, 6)), nn.InstanceNorm1d(1)],
    "weight norm": lambda: [nn.utils.parametrizations.weight_norm(nn.Linear(6, 6))],
}


def renormed(monkeypatch: pytest.MonkeyPatch, layers: Any, **changes: Any) -> Task:
    monkeypatch.setitem(MODELS, "renormed", lambda inputs, outputs: Renormed(outputs, *layers()))
    return open_task(open_message(model="renormed", **changes))


@pytest.mark.parametrize("name", BATCH_WIDE)
def test_layers_that_need_the_batch_whole_are_refused_by_name_and_why(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(ChunksFaultError, match=r"statistics of a chunk, which are not the batch's$") as refused:
        renormed(monkeypatch, BATCH_WIDE[name], batchChunks=2)
    kind = "BatchNorm1d" if name == "without running statistics" else name
    assert f"({kind})" in str(refused.value)
    assert "body." in str(refused.value)


@pytest.mark.parametrize("name", BATCH_WIDE)
def test_they_are_cut_if_allowed_and_their_gradient_is_then_another(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole = renormed(monkeypatch, BATCH_WIDE[name])
    cut = renormed(monkeypatch, BATCH_WIDE[name], batchChunks=3, allowChunkedBn=True)
    expected, point = new_point(whole), new_point(cut)
    descend(whole, expected, LR)
    assert descend(cut, point, LR).isfinite().all()
    assert not same_state(point, expected)


@pytest.mark.parametrize("layers", BY_SAMPLE.values(), ids=BY_SAMPLE)
def test_layers_that_treat_samples_one_by_one_are_cut_without_asking(
    monkeypatch: pytest.MonkeyPatch, layers: Any
) -> None:
    whole, cut = renormed(monkeypatch, layers), renormed(monkeypatch, layers, batchChunks=3)
    expected, point = new_point(whole), new_point(cut)
    close(descend(cut, point, LR), descend(whole, expected, LR))


def test_several_layers_that_need_the_batch_whole_are_counted() -> None:
    with pytest.raises(ConfigFaultError, match=r"layer 1 \(BatchNorm2d\) and 1 more would take statistics"):
        digits_task(batchChunks=2)
    assert digits_task(batchChunks=1).chunks == 1
