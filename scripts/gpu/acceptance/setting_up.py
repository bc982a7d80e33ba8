"""Node and a Python environment from what the pack brings, in our own folder."""

from __future__ import annotations

import lzma
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from outcome import UnmetError
from place import Place
from running import start

NEEDED = {
    "torch": "torch",
    "numpy": "numpy",
    "safetensors": "safetensors",
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "zmq": "pyzmq",
    "msgspec": "msgspec",
    "pytest": "pytest",
    "hypothesis": "hypothesis",
}


def set_up(place: Place, seconds: float) -> None:
    """Unpack Node, make the environment, and begin to unpack CIFAR-10 beside it all.

    Raises:
        UnmetError: Node does not run here, or a package is neither here nor packed.
    """
    _unpack_node(place)
    _make_environment(place)
    if (place.pack / "cifar").is_dir():
        unpacker = place.pack / "cifar" / "unpack.py"
        command = [str(place.python), str(unpacker), "cifar10", str(place.cifar)]
        place.background["cifar"] = start(place, "cifar", command)
    _run_once([str(place.node), "--version"], place, seconds)
    probe = (
        "import importlib.util as u, sys;"
        "print(*[n for n in sys.argv[1:] if u.find_spec(n) is None])"
    )
    missing = _run_once([str(place.python), "-c", probe, *NEEDED], place, seconds)
    if missing:
        names = ", ".join(NEEDED[name] for name in missing.split())
        raise UnmetError(
            f"{sys.executable} lacks {names}: install it there, or make the pack for "
            f"Python {sys.version_info[0]}.{sys.version_info[1]} (--python)"
        )


def what_was_set_up(place: Place) -> dict[str, object]:
    """Python's version, and which wheels of the pack are used."""
    fitting = {wheel.name for wheel in _fitting_wheels(place.pack / "wheels")}
    return {
        "python": sys.version.split()[0],
        "base": sys.executable,
        "wheels": sorted(fitting),
        "notFitting": sorted(
            {wheel.name for wheel in (place.pack / "wheels").iterdir()} - fitting
        ),
    }


def _unpack_node(place: Place) -> None:
    place.node.parent.mkdir()
    with lzma.open(place.pack / "node.xz") as packed, place.node.open("wb") as node:
        shutil.copyfileobj(packed, node, 2**20)
    place.node.chmod(0o755)


def _make_environment(place: Place) -> None:
    """An environment with the pack's wheels before what this Python has."""
    folder = place.python.parent.parent
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = folder / "lib" / version / "site-packages"
    for wheel in _fitting_wheels(place.pack / "wheels"):
        with zipfile.ZipFile(wheel) as files:  # a wheel is a zip of site-packages
            files.extractall(packages)
    own = [path for path in sys.path if path.endswith(("-packages", "-packages/"))]
    folders = dict.fromkeys([*site.getsitepackages(), *own])
    # Also those of an environment that this Python itself is, which venv leaves out.
    lines = [f"import site; site.addsitedir({path!r})\n" for path in folders]
    (packages / "machine.pth").write_text("".join(lines))


def _fitting_wheels(wheels: Path) -> list[Path]:
    """Those built for this Python and libc; ``packaging`` itself is one of them."""
    [packaging] = wheels.glob("packaging-*.whl")
    sys.path.insert(0, str(packaging))
    try:
        from packaging.tags import sys_tags
        from packaging.utils import parse_wheel_filename
    finally:
        sys.path.remove(str(packaging))
    here = set(sys_tags())
    return [
        wheel
        for wheel in sorted(wheels.glob("*.whl"))
        if not here.isdisjoint(parse_wheel_filename(wheel.name)[-1])
    ]


def _run_once(command: list[str], place: Place, seconds: float) -> str:
    ran = subprocess.run(
        command,
        check=False,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    if ran.returncode != 0:
        raise UnmetError(f"{command[0]} does not run here: {ran.stderr.strip()}")
    return ran.stdout.strip()
