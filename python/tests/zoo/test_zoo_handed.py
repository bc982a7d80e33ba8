from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from builders import descend, never
from torch import Tensor, nn
from zoo import asking

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.protocol import NewPoint
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.task import Task, open_task
from dsptt_worker.zoo import handed
from dsptt_worker.zoo.handed import hand_over


@pytest.fixture(autouse=True)
def nothing_in_hand() -> Iterator[None]:
    """Clears the registry, so that no test leaves its module to the next."""
    yield
    handed._handed.clear()


def network() -> nn.Sequential:
    """Builds a network for wine: 13 numbers, 3 classes."""
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(13, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3))


def flat(module: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in module.parameters()])


def opened(module: nn.Module, **args: object) -> Task:
    hand_over(module)
    return open_task(asking(name="handed", args=args))


def test_the_task_works_with_the_very_object_and_its_values() -> None:
    module = network()
    before = flat(module)
    task = opened(module)
    assert task.net.module is module
    assert torch.equal(task.net.theta, before)
    task.net.theta.fill_(0.5)
    assert (flat(module) == 0.5).all()


def test_every_new_point_starts_as_the_module_was_handed_over() -> None:
    module = network()
    before = flat(module)
    task = opened(module)
    point = task.new_point("a")
    descend(task, point, [0.1] * 3)
    assert not torch.equal(flat(module), before)
    assert torch.equal(task.new_point("b").theta, before)
    assert not task.new_point("b").rest[0].any()  # nor have batches moved its statistics


def test_a_second_task_takes_the_object_in_its_first_state_again() -> None:
    module = network()
    before, first = flat(module), opened(module)
    descend(first, first.new_point("a"), [0.1] * 3)
    second = open_task(asking(name="handed"))
    assert second.net.module is module
    assert torch.equal(second.net.theta, before)
    assert second.state_sha256 == first.state_sha256
    assert not module[1].running_mean.any()


def test_a_reset_module_is_initialised_anew_by_the_stream() -> None:
    module = network()
    nn.init.constant_(module[1].weight, 7)
    before = flat(module)
    task = opened(module, init="reset")
    point = task.new_point("a")
    assert torch.equal(point.theta, task.new_point("a").theta)
    assert not torch.equal(point.theta, task.new_point("b").theta)
    assert not torch.equal(task.net.theta, before)
    assert (module[1].weight == 1).all()


def test_a_part_that_cannot_be_reset_is_named() -> None:
    class Scale(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.ones(13))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.scale

    module = nn.Sequential(Scale(), nn.Linear(13, 3))
    assert opened(module).net.parameters == 13 + 13 * 3 + 3
    with pytest.raises(ConfigFaultError, match=r"submodule 0 \(Scale\) has parameters but no reset_parameters"):
        opened(module, init="reset")


def test_a_lazy_module_is_run_once_and_stays_the_object() -> None:
    module = nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(3))
    task = opened(module)
    assert task.net.module is module
    assert torch.equal(task.new_point("a").theta, task.net.theta)
    theta = task.net.theta.clone()
    assert torch.equal(open_task(asking(name="handed")).net.theta, theta)


def test_without_a_hand_over_there_is_nothing_to_open() -> None:
    with pytest.raises(ConfigFaultError, match="no module was handed over to this worker"):
        open_task(asking(name="handed"))


def test_only_modules_can_be_handed_over() -> None:
    with pytest.raises(ConfigFaultError, match=r"torch\.nn\.Module must be handed over, got type"):
        hand_over(nn.Linear)


def test_a_module_that_cannot_be_copied_is_refused() -> None:
    module = network()
    module.rows = (row for row in range(3))
    with pytest.raises(ConfigFaultError, match=r"\(Sequential\) cannot be copied: .*generator"):
        hand_over(module)


def test_a_module_that_was_changed_after_the_hand_over_is_refused() -> None:
    module = network()
    hand_over(module)
    module[3] = nn.Linear(4, 5)
    with pytest.raises(ConfigFaultError, match=r"has changed since then, first at '3\.\w+': hand it over again"):
        open_task(asking(name="handed"))


def test_a_module_that_was_changed_after_its_task_was_opened_is_refused_at_the_next_command() -> None:
    module = network()
    hand_over(module)
    handlers = Handlers("worker")
    handlers.handle(asking(name="handed"), {}, never)
    handlers.handle(NewPoint(id=2, sender="test", point="a", stream="init"), {}, never)
    module[0] = nn.Linear(13, 4)
    with pytest.raises(ConfigFaultError, match=r"parameter 0\.weight has been replaced since"):
        handlers.handle(NewPoint(id=3, sender="test", point="b", stream="init"), {}, never)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"args": {"init": "fresh"}}, r"model\.args\.init: Invalid enum value 'fresh'"),
        ({"args": {"width": 3}}, "no 'width'; known: init"),
        ({"weights": "w.safetensors"}, "load them before"),
    ],
)
def test_other_arguments_and_weights_are_refused(spec: dict[str, object], words: str) -> None:
    hand_over(network())
    with pytest.raises(ConfigFaultError, match=words):
        open_task(asking(name="handed", **spec))


def test_a_module_handed_over_later_replaces_the_first() -> None:
    hand_over(network())
    assert opened(nn.Linear(13, 3)).net.parameters == 42
