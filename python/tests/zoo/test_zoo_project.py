"""Modules of the user's own: those of two folders, or of a file before and after an edit, never meet."""

from __future__ import annotations

import copy
import pickle
import sys
import textwrap
from pathlib import Path

import pytest
import torch
from torch import nn
from zoo import IMAGES, asking

from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.protocol import ModelSpec
from dsptt_worker.task import close_task, open_task
from dsptt_worker.zoo.builder import source
from dsptt_worker.zoo.python import Maker, python_function

NET = """
    from torch import nn
    from blocks import activation

    def defineModel(inputs, outputs):
        return nn.Sequential(nn.Linear(inputs[0], 8), activation(), nn.Linear(8, outputs))
"""
"""How a model file may get at what stands in its neighbour blocks.py."""
WAYS = {
    "at its top": "from blocks import activation as made\ndef defineModel(): return made()",
    "as a whole": "import blocks\ndef defineModel(): return blocks.activation()",
    "when it builds": "def defineModel():\n    import blocks as b\n    return b.activation()",
    "by a name it makes": (
        "import importlib\ndef defineModel(): return importlib.import_module('bl' + 'ocks').activation()"
    ),
    "by import_module": (
        "from importlib import import_module as load\ndef defineModel(): return load('blocks').activation()"
    ),
    "by __import__": "def defineModel(): return __import__('blocks').activation()",
    "through another module": "from between import blocks\ndef defineModel(): return blocks.activation()",
    "in a package": "from parts.deep.inner import activation\ndef defineModel(): return activation()",
    "in a package, by its full name": (
        "import parts.deep.inner\ndef defineModel(): return parts.deep.inner.activation()"
    ),
    "in a folder that is no package": "from loose import inner\ndef defineModel(): return inner.activation()",
    "in a folder beside, found by sys.path": (
        "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))\n"
        "from shared import activation\ndef defineModel(): return activation()"
    ),
    "in a folder beside, as it builds": (
        "import os, sys\ndef defineModel():\n    where = os.path.join(os.path.dirname(__file__), '..', 'lib')\n"
        "    if where not in sys.path:\n        sys.path.append(where)\n    from shared import activation\n"
        "    return activation()"
    ),
    "by a package that looks its name up": (
        "import pkgutil\ndef defineModel(): return pkgutil.resolve_name('blocks:activation')()"
    ),
}


def laid(folder: Path, activation: str, code: str = NET) -> str:
    """Writes a project of which each module says the same; returns the model file."""
    said = f"from torch.nn import {activation} as activation\n"
    files = {
        "net.py": textwrap.dedent(code),
        "blocks.py": said,
        "between.py": "import blocks\n",
        "parts/__init__.py": "",
        "parts/deep/__init__.py": "from . import inner\n",
        "parts/deep/inner.py": "from ..shape import activation\n",
        "parts/shape.py": "from blocks import activation\n",
        "loose/inner.py": "from blocks import activation\n",
        "../lib/shared.py": said,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return str(folder / "net.py")


def maker_of(where: str, folder: Path = Path()) -> Maker:
    return python_function(where, {}, IMAGES, folder)


def code_of(maker: Maker) -> dict[str, str]:
    assert maker.project is not None
    return maker.project.code()


@pytest.fixture(autouse=True)
def _same_path() -> object:
    """Checks that no test leaves a folder on the path, or a module by its plain name."""
    before = list(sys.path)
    yield
    assert sys.path == before
    assert not {"net", "blocks", "between", "parts", "loose", "shared", "inner"} & sys.modules.keys()


@pytest.mark.parametrize("way", WAYS)
def test_a_neighbour_is_that_of_the_files_own_folder(tmp_path: Path, way: str) -> None:
    first = maker_of(laid(tmp_path / "A" / "net", "ReLU", WAYS[way]))
    assert type(first.make()) is nn.ReLU
    second = maker_of(laid(tmp_path / "B" / "net", "Tanh", WAYS[way]))
    assert [type(maker.make()) for maker in (second, first, second)] == [nn.Tanh, nn.ReLU, nn.Tanh]


def test_what_a_forward_imports_late_is_found_as_well(tmp_path: Path) -> None:
    code = """
        from torch import nn
        class Net(nn.Module):
            def forward(self, x):
                from blocks import activation
                import importlib
                return activation()(importlib.import_module('between').blocks.activation()(x))
        def defineModel(): return Net()
    """
    relu, tanh = (maker_of(laid(tmp_path / name, name, code)).make() for name in ("ReLU", "Tanh"))
    x = torch.tensor([-1.0, 2.0])
    assert torch.equal(relu(x), torch.relu(x))
    assert torch.equal(tanh(x), torch.tanh(torch.tanh(x)))


@pytest.mark.parametrize("edited", ["net.py", "blocks.py", "parts/shape.py"])
def test_an_edited_file_is_read_anew_whichever_of_them_it_is(tmp_path: Path, edited: str) -> None:
    code = "import blocks\nfrom parts.deep.inner import activation\nfrom torch import nn\n"
    body = "def defineModel(): return nn.Sequential(blocks.activation(), activation(), nn.ReLU())"
    where = laid(tmp_path, "ReLU", code + body)
    first = maker_of(where)
    assert type(first.make()[2]) is nn.ReLU  # type: ignore[index]
    file = tmp_path / edited
    content = {"net.py": code + body.replace("ReLU", "Tanh")}.get(edited, "from torch.nn import Tanh as activation\n")
    file.write_text(content)
    kinds = {type(layer) for layer in maker_of(where).make().children()}
    assert nn.Tanh in kinds
    assert {type(layer) for layer in first.make().children()} == {nn.ReLU}  # a network of before is what it was


def test_modules_of_python_and_of_packages_are_never_those_of_a_folder(tmp_path: Path) -> None:
    for name in ("random", "json", "torch", "numpy", "colorsys"):
        (tmp_path / f"{name}.py").write_text("raise AssertionError(__file__)\n")
    code = "import random, json, torch, numpy, colorsys\nfrom torch import nn\n"
    where = laid(tmp_path, "ReLU", f"{code}def defineModel(): return nn.ReLU()")
    assert type(maker_of(where).make()) is nn.ReLU


def test_modules_of_the_script_that_runs_are_not_the_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid(tmp_path / "script", "Tanh")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(tmp_path / "script" / "use.py"), raising=False)
    monkeypatch.syspath_prepend(str(tmp_path / "script"))
    mine = __import__("blocks")
    try:
        assert type(maker_of(laid(tmp_path / "A", "ReLU")).make()[1]) is nn.ReLU  # type: ignore[index]
        assert sys.modules["blocks"] is mine
    finally:
        del sys.modules["blocks"]


def test_a_file_may_import_itself_and_neighbours_each_other(tmp_path: Path) -> None:
    (tmp_path / "left.py").write_text("import right\nsize = 3\ndef width(): return right.width()\n")
    (tmp_path / "right.py").write_text("import left\ndef width(): return left.size + __import__('own').more\n")
    (tmp_path / "own.py").write_text(
        "import own, left\nfrom torch import nn\nmore = 4\ndef defineModel(): return nn.Linear(own.left.width(), 1)\n"
    )
    assert maker_of(str(tmp_path / "own.py")).make().in_features == 7


def test_networks_are_copied_and_pickled_by_the_names_of_their_classes(tmp_path: Path) -> None:
    code = "from torch import nn\nclass Net(nn.Linear): pass\ndef defineModel(): return Net(2, 1)\n"
    networks = [maker_of(laid(tmp_path / name, name, code)).make() for name in ("ReLU", "Tanh")]
    for network in networks:
        assert type(copy.deepcopy(network)) is type(pickle.loads(pickle.dumps(network))) is type(network)
    assert type(networks[0]) is not type(networks[1])


def test_a_network_with_late_imports_is_compiled(tmp_path: Path) -> None:
    code = """
        import torch
        from torch import nn
        class Net(nn.Module):
            def forward(self, x):
                import blocks
                return blocks.activation()(x)
        def defineModel(): return Net()
    """
    network = torch.compile(maker_of(laid(tmp_path, "Tanh", code)).make(), backend="eager")
    x = torch.tensor([-1.0, 2.0])
    assert torch.equal(network(x), torch.tanh(x))


@pytest.mark.parametrize("is_file", [True, False])
def test_the_files_that_a_network_is_made_of_are_known_with_their_content(tmp_path: Path, is_file: bool) -> None:
    folder = tmp_path / "net"
    code = "from parts.deep.inner import activation\nimport sys\nsys.path.append(__file__[:-6] + '../lib')\n"
    file = laid(folder, "ReLU", f"{code}def defineModel():\n    import shared\n    return activation()")
    where, named = (file, Path()) if is_file else ("net:defineModel", folder)
    maker = maker_of(where, named)
    before = code_of(maker)
    maker.make()
    packages = ["parts/__init__.py", "parts/deep/__init__.py", "parts/deep/inner.py", "parts/shape.py"]
    assert sorted(before) == ["blocks.py", "net.py", *packages]
    assert sorted(code_of(maker)) == ["../lib/shared.py", "blocks.py", "net.py", *packages]
    (folder / "blocks.py").write_text("from torch.nn import Tanh as activation\n")
    again = maker_of(where, named)
    again.make()
    assert {name for name, sha256 in code_of(again).items() if code_of(maker)[name] != sha256} == {"blocks.py"}


def test_a_package_of_the_users_own_that_python_finds_elsewhere_is_known_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path / "lib" / "net", "ReLU")
    monkeypatch.syspath_prepend(str(tmp_path / "lib" / "net"))
    maker = maker_of("parts.deep.inner:activation", tmp_path)
    try:
        assert type(maker.make()) is nn.ReLU
        parts = [f"parts/{name}.py" for name in ("__init__", "deep/__init__", "deep/inner", "shape")]
        assert sorted(code_of(maker)) == ["blocks.py", *parts]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] in ("parts", "blocks")]:
            del sys.modules[name]


def test_packages_and_networks_of_ours_are_made_of_no_file_of_the_users() -> None:
    maker = maker_of("pytorchcv.model_provider:resnet20_cifar10")
    maker.make()
    assert code_of(maker) == {}
    assert source(ModelSpec(name="conv"), IMAGES).project is None


def test_a_module_in_the_folder_is_found_by_its_name(tmp_path: Path) -> None:
    laid(tmp_path / "A", "ReLU")
    laid(tmp_path / "B", "Tanh")
    networks = [maker_of("net:defineModel", tmp_path / name).make() for name in ("A", "B", "A")]
    assert [type(network[1]) for network in networks] == [nn.ReLU, nn.Tanh, nn.ReLU]  # type: ignore[index]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import blocks.no", "importing net failed: No module named 'blocks.no'; 'blocks' is not a package"),
        ("from parts import no", "ImportError: cannot import name 'no' from 'parts' "),
        ("from parts.deep import inner\nimport parts.no", "importing net failed: No module named 'parts.no'"),
    ],
)
def test_a_failing_import_is_told_by_plain_names(tmp_path: Path, code: str, words: str) -> None:
    laid(tmp_path, "ReLU", code)
    with pytest.raises(ConfigFaultError, match=words):
        maker_of("net:defineModel", tmp_path)
    with pytest.raises(ConfigFaultError, match=r"no module 'parts\.non'; parts has: .*deep"):
        maker_of("parts.non:defineModel", tmp_path)


def test_a_task_that_is_closed_leaves_no_modules_behind(tmp_path: Path) -> None:
    where = laid(tmp_path, "ReLU")
    close_task(open_task(asking(python=where)))
    loaded = set(sys.modules)
    for _ in range(3):
        close_task(open_task(asking(python=where)))
    assert set(sys.modules) == loaded
