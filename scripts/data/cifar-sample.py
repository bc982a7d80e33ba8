"""Makes the excerpt of CIFAR-10 in python/dsptt_worker/data/cifar/cifar10-sample from the unpacked official archive.

.venv/bin/python scripts/data/cifar-sample.py FOLDER_WITH_CIFAR-10-BATCHES-BIN
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

OUT = (
    Path(__file__).parents[2]
    / "python"
    / "dsptt_worker"
    / "data"
    / "cifar"
    / "cifar10-sample"
)
COLUMNS = 50
QUALITY = 90


def main(folder: Path) -> None:
    """Writes train.jpg, test.jpg and labels.bin."""
    OUT.mkdir(exist_ok=True)
    labels = []
    for name, file, samples in (
        ("train", "data_batch_1.bin", 2000),
        ("test", "test_batch.bin", 500),
    ):
        records = np.fromfile(folder / file, np.uint8).reshape(-1, 3073)[:samples]
        labels.append(records[:, 0])
        tiles = records[:, 1:].reshape(-1, COLUMNS, 3, 32, 32)
        mosaic = tiles.transpose(0, 3, 1, 4, 2).reshape(-1, COLUMNS * 32, 3)
        # No chroma subsampling, and tiles that are whole 8x8 blocks: no image bleeds into its neighbour.
        Image.fromarray(mosaic).save(
            OUT / f"{name}.jpg", quality=QUALITY, subsampling=0, optimize=True
        )
    (OUT / "labels.bin").write_bytes(np.concatenate(labels).tobytes())


main(Path(sys.argv[1]))
