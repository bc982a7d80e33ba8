from __future__ import annotations

import sys
from typing import Any

import pytest
import torch
from builders import never
from session import Session
from torch import nn
from zoo import IMAGES

from dsptt_worker.errors import CancelledFaultError, ConfigFaultError
from dsptt_worker.protocol import Models, ModelSpec, ModelsResult
from dsptt_worker.serve.handlers import Handlers
from dsptt_worker.zoo import builder
from dsptt_worker.zoo.catalogue import ZOOS, Entry

CONV = ModelSpec("conv")


def listed(**changes: Any) -> ModelsResult:
    request = Models(**{"id": 1, "sender": "test", "zoo": None, "search": "", "limit": 100, **changes})
    result, _ = Handlers("worker").handle(request, {}, never)
    assert isinstance(result, ModelsResult)
    return result


def test_our_own_networks_are_listed_with_the_papers_sizes() -> None:
    sizes = {model.name: (model.parameters10, model.parameters100) for model in listed().models}
    assert sizes["VGG-16"] == (15_245_130, 15_291_300)
    assert sizes["VGG-16-BN"] == (15_253_578, 15_299_748)
    assert sizes["PreResNet-164"] == (1_703_258, 1_726_388)
    assert sizes["PreResNet-110"] == (1_146_842, 1_169_972)
    assert sizes["DenseNet-BC-100 (k=12)"] == (769_162, 800_032)


def test_what_is_listed_opens_as_it_is_written_and_has_the_size_that_was_said() -> None:
    for model in [*listed(search="20").models, *listed(zoo="pytorchcv", search="nin").models]:
        module = builder(model.model, IMAGES, 0).first("init")
        assert sum(parameter.numel() for parameter in module.parameters()) == model.parameters10
        assert module.eval()(IMAGES.samples).shape == (2, 10)


def test_a_zoos_networks_are_searched_in_any_case_and_cut_at_the_limit() -> None:
    found = listed(zoo="pytorchcv", search="DENSENET40", limit=2)
    assert [model.name for model in found.models] == ["densenet40_k12_bc", "densenet40_k12"]
    assert found.matching == 6
    assert found.models[0].model.python == "pytorchcv.model_provider:densenet40_k12_bc_cifar10"
    assert listed(search="no such network") == ModelsResult(models=[], matching=0)


def test_a_network_that_cannot_be_built_is_a_line_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ModelSpec(python="pytorchcv.model_provider:resnet20_cifar10", args={"blocks": "many"})
    monkeypatch.setitem(ZOOS, "broken", lambda: [Entry("first", lambda _: broken), Entry("second", lambda _: CONV)])
    first, second = listed(zoo="broken").models
    assert (first.parameters10, first.parameters100, second.error) == (None, None, None)
    assert first.error is not None
    assert "raised TypeError" in first.error
    assert second.parameters10 == 14_746


def test_counting_allocates_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = set()
    original = nn.Conv2d.__init__

    def spied(self: nn.Conv2d, *args: Any, **more: Any) -> None:
        original(self, *args, **more)
        devices.add(self.weight.device)

    monkeypatch.setattr(nn.Conv2d, "__init__", spied)
    listed(search="VGG")
    assert devices == {torch.device("meta")}


def test_a_zoo_that_is_not_installed_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)  # Python's marker for a missing module
    with pytest.raises(ConfigFaultError, match=r"zoo 'timm' is not installed: .*python.* -m pip install timm"):
        listed(zoo="timm")
    with pytest.raises(ConfigFaultError, match="unknown zoo 'keras'; known: pytorchcv, timm, torchvision"):
        listed(zoo="keras")


def test_a_listing_can_be_cancelled_between_networks() -> None:
    built: list[None] = []

    def tick() -> None:
        built.append(None)
        if len(built) == 3:
            raise CancelledFaultError("models was cancelled")

    request = Models(id=1, sender="test", zoo=None, search="", limit=100)
    with pytest.raises(CancelledFaultError):
        Handlers("worker").handle(request, {}, tick)


def test_a_listing_leaves_the_open_task_alone() -> None:
    session = Session()
    before = session.theta("home").clone()
    session.ask("models", zoo=None, search="conv", limit=1)
    assert torch.equal(session.theta("home"), before)
    assert session.descend("home").shape == (2,)
