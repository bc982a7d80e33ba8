from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from torch import nn

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.hosting.script_objects import ObjectRequest, ScriptObjects


class Script:
    """Sends requests as a script does: in JSON."""

    def __init__(self) -> None:
        self.objects = ScriptObjects()

    def ask(self, type_: str, **fields: object) -> dict[str, object]:
        request = msgspec.json.encode({"type": type_, **fields})
        answer = self.objects.answer(msgspec.json.decode(request, type=ObjectRequest))
        return msgspec.structs.asdict(answer)

    def ref(self, type_: str, **fields: object) -> int:
        ref = self.ask(type_, **fields)["ref"]
        assert isinstance(ref, int)
        return ref

    def call(self, on: int, path: str, *args: object, **keywords: object) -> int:
        return self.ref("call", on=on, path=path, args=list(args), keywords=keywords)

    def value(self, on: int, path: str = "") -> object:
        return self.ask("value", on=on, path=path)["value"]


@pytest.fixture
def script() -> Script:
    return Script()


def test_builds_a_network_and_replaces_its_head_by_reference(script: Script) -> None:
    layers = script.ref("import", module="torch.nn")
    net = script.call(
        layers,
        "Sequential",
        {"ref": script.call(layers, "Linear", 4, 8)},
        {"ref": script.call(layers, "Linear", 8, 2)},
    )
    head = script.call(layers, "Linear", {"ref": script.ref("get", on=net, path="1.in_features")}, 5, bias=False)
    script.ask("set", on=net, path="1", value={"ref": head})
    found = script.objects.find(net)
    assert isinstance(found, nn.Sequential)
    assert found[1] is script.objects.find(head)
    assert [list(p.shape) for p in found.parameters()] == [[8, 4], [8], [5, 8]]


def test_falsy_objects_are_found_like_any_other(script: Script) -> None:
    layers = script.ref("import", module="torch.nn")
    net = script.call(layers, "ModuleDict", {"dict": {"empty": {"ref": script.call(layers, "Sequential")}}})
    assert script.ask("get", on=net, path="empty")["type"] == "torch.nn.modules.container.Sequential"
    script.call(net, "empty.append", {"ref": script.call(layers, "ReLU")})
    assert script.value(script.call(net, "empty.__len__")) == 1


def test_follows_items_of_dicts_and_lists(script: Script) -> None:
    builtins = script.ref("import", module="builtins")
    nested = script.call(builtins, "dict", sizes=[10, {"dict": {"deep": [True, None]}}])
    assert script.value(nested, "sizes.1.deep") == [True, None]
    script.ask("set", on=nested, path="sizes.0", value=11)
    script.ask("set", on=nested, path="name", value="net")
    assert script.value(nested) == {"sizes": [11, {"deep": [True, None]}], "name": "net"}


def test_a_list_of_numbers_arrives_in_integers_and_floats(script: Script) -> None:
    builtins = script.ref("import", module="builtins")
    given = script.objects.find(script.call(builtins, "list", [1, 0.5, -3]))
    assert [type(item) for item in given] == [int, float, int]  # type: ignore[attr-defined]


def test_runs_a_file_as_it_is_now_with_its_neighbours(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "dsptt_test_neighbour.py").write_text("WIDTH = 7\n")
    file = tmp_path / "torch.py"  # a name that must not shadow the package
    for factor in (1, 10):
        file.write_text(
            "from __future__ import annotations\nfrom dataclasses import dataclass\n"
            "import dsptt_test_neighbour as neighbour\n"
            f"@dataclass\nclass Net:\n    width: int = {factor} * neighbour.WIDTH\n"
        )
        module = script.ref("file", path=str(file))
        assert script.value(script.call(module, "Net")) == {"width": factor * 7}
    assert hasattr(sys.modules["torch"], "Tensor")


def test_shows_an_object_as_print_does(script: Script) -> None:
    layers = script.ref("import", module="torch.nn")
    assert script.ask("text", on=script.call(layers, "ReLU"))["value"] == "ReLU()"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("layer.waight", r"Linear has no 'waight' \(in layer\.waight\); it has: weight"),
        ("laier", "ModuleDict has no 'laier'; it has: layer"),
        ("layer.in_features", "in_features is a int and cannot be called"),
    ],
)
def test_a_call_that_leads_nowhere_says_what_there_is(script: Script, path: str, message: str) -> None:
    layers = script.ref("import", module="torch.nn")
    net = script.call(layers, "ModuleDict", {"dict": {"layer": {"ref": script.call(layers, "Linear", 1, 1)}}})
    with pytest.raises(ConfigFaultError, match=message):
        script.call(net, path)


def test_an_error_inside_a_package_is_not_taken_for_a_missing_one(script: Script, tmp_path: Path) -> None:
    file = tmp_path / "zoo.py"
    file.write_text("import no_such_dependency\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_dependency"):
        script.ask("file", path=str(file))


def test_objects_are_gone_once_they_are_cleared(script: Script) -> None:
    number = script.ref("import", module="math")
    script.objects.clear()
    with pytest.raises(ConfigFaultError, match="the factory that made it is over"):
        script.value(number, "pi")


def test_the_files_that_were_run_are_known_with_those_that_they_imported(script: Script, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "net.py").write_text("from blocks import width\n")
    (tmp_path / "blocks.py").write_text("width = 3\n")
    (tmp_path / "lib" / "head.py").write_text("classes = 2\n")
    for name in ("net.py", "lib/head.py"):
        script.ref("file", path=str(tmp_path / name))
    before = script.objects.code()
    assert sorted(before) == ["blocks.py", "lib/head.py", "net.py"]
    script.objects.clear()
    assert script.objects.code() == before
