from __future__ import annotations

import pytest
import torch
from builders import SEED, new_point
from torch import Tensor, nn

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.network.directions import draw_direction
from dsptt_worker.network.flat import FlatNetwork, Point
from dsptt_worker.streams import generator
from dsptt_worker.task import Task


def parts(task: Task, point: Point, scale: str, stream: str = "v") -> list[tuple[Tensor, Tensor]]:
    """Returns the direction's and the weights' parts, tensor by tensor."""
    v = draw_direction(task.net, point.theta, SEED, stream, scale)
    return list(zip(task.net.tensors(v), task.net.tensors(point.theta), strict=True))


def noise(task: Task, stream: str = "v") -> Tensor:
    return torch.randn(task.net.parameters, generator=generator(SEED, stream))


def filter_norms(tensor: Tensor) -> Tensor:
    return tensor.flatten(1).norm(dim=1)


def test_layer_gives_each_weight_tensor_its_own_norm_and_the_others_0(digits: Task, point: Point) -> None:
    ranks = set()
    for part, weights in parts(digits, point, "layer"):
        ranks.add(weights.ndim)
        if weights.ndim < 2:
            assert not part.any()
        else:
            torch.testing.assert_close(part.norm(), weights.norm(), rtol=1e-5, atol=0)
    assert ranks == {1, 2, 4}


def test_filter_gives_each_output_filter_its_own_norm_and_biases_0(digits: Task, point: Point) -> None:
    for part, weights in parts(digits, point, "filter"):
        if weights.ndim < 2:
            assert not part.any()
        else:
            torch.testing.assert_close(filter_norms(part), filter_norms(weights), rtol=1e-5, atol=0)


def test_layer_and_filter_keep_the_noises_own_direction_within_what_they_scale(digits: Task, point: Point) -> None:
    for raw, (part, weights) in zip(digits.net.tensors(noise(digits)), parts(digits, point, "layer"), strict=True):
        if weights.ndim >= 2:
            cosine = nn.functional.cosine_similarity(raw.flatten(), part.flatten(), dim=0)
            assert cosine.item() == pytest.approx(1, abs=1e-5)
    for raw, (part, weights) in zip(digits.net.tensors(noise(digits)), parts(digits, point, "filter"), strict=True):
        if weights.ndim >= 2:
            cosines = nn.functional.cosine_similarity(raw.flatten(1), part.flatten(1), dim=1)
            torch.testing.assert_close(cosines, torch.ones_like(cosines))


def test_gaussian_is_the_streams_noise_unscaled(digits: Task, point: Point) -> None:
    assert torch.equal(draw_direction(digits.net, point.theta, SEED, "v", "gaussian"), noise(digits))


def test_unit_is_the_streams_noise_of_norm_1(digits: Task, point: Point) -> None:
    v = draw_direction(digits.net, point.theta, SEED, "v", "unit")
    assert v.norm().item() == pytest.approx(1, abs=1e-6)
    torch.testing.assert_close(v * noise(digits).norm(), noise(digits))


@pytest.mark.parametrize("scale", ["layer", "filter", "gaussian", "unit"])
def test_the_same_stream_draws_the_same_direction_whatever_was_drawn_before(
    digits: Task, point: Point, scale: str
) -> None:
    first = draw_direction(digits.net, point.theta, SEED, "v", scale)
    torch.rand(3)
    draw_direction(digits.net, point.theta, SEED, "w", scale)
    assert torch.equal(draw_direction(digits.net, point.theta, SEED, "v", scale), first)


@pytest.mark.parametrize("other", [(SEED, "w"), (SEED + 1, "v")], ids=["stream", "seed"])
def test_another_stream_or_seed_draws_a_nearly_orthogonal_direction(
    digits: Task, point: Point, other: tuple[int, str]
) -> None:
    v = draw_direction(digits.net, point.theta, SEED, "v", "gaussian")
    w = draw_direction(digits.net, point.theta, *other, "gaussian")
    assert abs(nn.functional.cosine_similarity(v, w, dim=0).item()) < 4 / digits.net.parameters**0.5


@pytest.mark.parametrize("scale", ["layer", "filter"])
def test_a_weight_tensor_of_norm_0_gets_0(digits: Task, scale: str) -> None:
    point = new_point(digits)
    first = next(digits.net.tensors(point.theta))
    first.zero_()
    drawn = parts(digits, point, scale)
    assert not drawn[0][0].any()
    assert all(part.isfinite().all() for part, _ in drawn)
    assert any(part.any() for part, _ in drawn)


def test_a_filter_of_norm_0_gets_0_and_its_neighbours_their_norms(digits: Task) -> None:
    point = new_point(digits)
    next(digits.net.tensors(point.theta))[1].zero_()
    part, weights = parts(digits, point, "filter")[0]
    torch.testing.assert_close(filter_norms(part), filter_norms(weights), rtol=1e-5, atol=0)
    assert not part[1].any()


@pytest.mark.parametrize("scale", ["layer", "filter"])
def test_noise_of_norm_0_gives_0_and_not_nan(monkeypatch: pytest.MonkeyPatch, scale: str) -> None:
    net = FlatNetwork(nn.Sequential(nn.Linear(1, 2, bias=False), nn.Linear(2, 1)))
    drawn = torch.tensor([0.0, 1.0, 1.0, 2.0, 3.0]) if scale == "filter" else torch.tensor([0.0, 0.0, 1.0, 2.0, 3.0])
    monkeypatch.setattr(torch, "randn", lambda *_, **__: drawn)
    assert draw_direction(net, torch.ones(5), SEED, "v", scale).isfinite().all()


@pytest.mark.parametrize("scale", ["layer", "filter"])
def test_a_direction_that_is_0_everywhere_is_refused_with_the_remedy(scale: str) -> None:
    net = FlatNetwork(nn.Sequential(nn.BatchNorm1d(4)))
    with pytest.raises(ConfigFaultError, match=r"gaussian.*or.*unit"):
        draw_direction(net, net.theta, SEED, "v", scale)
    assert draw_direction(net, net.theta, SEED, "v", "unit").any()


def test_drawing_leaves_the_origin_alone(digits: Task, point: Point) -> None:
    before = point.theta.clone()
    for scale in ("layer", "filter", "gaussian", "unit"):
        draw_direction(digits.net, point.theta, SEED, "v", scale)
    assert torch.equal(point.theta, before)
