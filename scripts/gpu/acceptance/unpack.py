"""Unpack Node and the wheels of a pack into a folder: ``unpack.py PACK FOLDER``."""

from __future__ import annotations

import json
import lzma
import shutil
import sys
import zipfile
from pathlib import Path


def main(pack: Path, folder: Path) -> None:
    """Write ``bin/node`` and ``packages/``."""
    here = "{}.{}".format(*sys.version_info)
    packed = json.loads((pack / "pack.json").read_text())["python"]
    if here != packed:
        sys.exit(
            f"accept: {sys.executable} is Python {here}, the pack's wheels are for {packed}: "
            f"make the pack with --python {here}, or set DSPTT_PYTHON to a Python {packed}"
        )
    for wheel in (pack / "wheels").glob("*.whl"):  # a wheel is a zip of site-packages
        with zipfile.ZipFile(wheel) as files:
            files.extractall(folder / "packages")
    node = folder / "bin" / "node"
    node.parent.mkdir()
    with lzma.open(pack / "node.xz") as compressed, node.open("wb") as binary:
        shutil.copyfileobj(compressed, binary, 2**20)
    node.chmod(0o755)


main(Path(sys.argv[1]), Path(sys.argv[2]))
