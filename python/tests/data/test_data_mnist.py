"""MNIST's files, written here with few images: the checks of the real files do not depend on their number."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import open_message

from dsptt_worker.data import DATASETS, mnist
from dsptt_worker.data.idx import read_idx
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.protocol import DatasetSpec
from dsptt_worker.task import open_task

load = DATASETS["mnist"]
SAMPLES = {"train": 30, "t10k": 12}
NAMES = [f"{part}-{kind}" for part in SAMPLES for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 training images, the last 5 of them for validation, and 12 test images."""
    monkeypatch.setattr(mnist, "TRAINING", 30)
    monkeypatch.setattr(mnist, "VALIDATION", 5)
    monkeypatch.setattr(mnist, "TEST", 12)


def arrays() -> dict[str, np.ndarray]:
    draw = np.random.RandomState(3)
    files = {}
    for part, samples in SAMPLES.items():
        files[f"{part}-images-idx3-ubyte"] = draw.randint(0, 256, (samples, 28, 28)).astype(np.uint8)
        files[f"{part}-labels-idx1-ubyte"] = (np.arange(samples) % 10).astype(np.uint8)
    return files


def idx(array: np.ndarray, kind: int = 8) -> bytes:
    return bytes([0, 0, kind, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The four files, two of them gzipped."""
    for index, (name, array) in enumerate(arrays().items()):
        if index % 2:
            (tmp_path / name).write_bytes(idx(array))
        else:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    return tmp_path


def test_the_splits_are_the_first_training_images_the_last_ones_and_the_test_images(folder: Path) -> None:
    dataset = load(dir=str(folder), train=20)
    raw = arrays()
    images, labels = raw["train-images-idx3-ubyte"], raw["train-labels-idx1-ubyte"]
    parts = {
        "train": (images[:20], labels[:20]),
        "validation": (images[-5:], labels[-5:]),
        "test": (raw["t10k-images-idx3-ubyte"], raw["t10k-labels-idx1-ubyte"]),
    }
    mean, std = images[:20].mean(), images[:20].std()
    for name, (pixels, targets) in parts.items():
        split = dataset.splits()[name]
        assert (split.inputs.dtype, split.targets.dtype) == (torch.float32, torch.int64)
        np.testing.assert_allclose(split.inputs.numpy(), (pixels[:, None] - mean) / std, atol=1e-3)
        assert split.targets.tolist() == targets.tolist()
    assert dataset.classes == list("0123456789")
    assert dataset.augmentation is None


def test_a_shift_is_an_augmentation_whose_background_is_black(folder: Path) -> None:
    dataset = load(dir=str(folder), train=20, shift=2)
    assert dataset.augmentation is not None
    moved = dataset.augmentation.apply(dataset.train.inputs, torch.zeros(20, 2, dtype=torch.int64))
    assert (moved[:, :, :2] == dataset.train.inputs.min()).all()
    assert torch.equal(moved[:, :, 2:, 2:], dataset.train.inputs[:, :, :-2, :-2])


def test_a_task_opens_on_a_subset(folder: Path) -> None:
    message = open_message(model_args={"hidden": [4]}, batchSize=10)
    message.dataset = DatasetSpec("mnist", {"train": 20}, str(folder))
    task = open_task(message)
    assert (task.batches.per_epoch, len(task.splits["test"]), task.net.parameters) == (2, 12, 784 * 4 + 4 + 4 * 10 + 10)


def test_without_a_folder_it_is_a_config_fault_that_names_the_files() -> None:
    with pytest.raises(ConfigFaultError, match=r"not built in: give the data directory.*train-images-idx3-ubyte"):
        load()


@pytest.mark.parametrize("train", [0, 55_001, "all", 1.5])
def test_a_wrong_number_of_training_images_is_a_config_fault(folder: Path, train: object) -> None:
    message = open_message()
    message.dataset = DatasetSpec("mnist", {"train": train}, str(folder))
    with pytest.raises(ConfigFaultError, match=r"dataset\.args\.train"):
        open_task(message)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named_with_both_its_names(folder: Path, name: str) -> None:
    for path in folder.glob(f"{name}*"):
        path.unlink()
    with pytest.raises(DataFaultError, match=rf"neither {name} nor {name}\.gz: put the official files there"):
        load(dir=str(folder))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("damage", ["type", "count", "dimensions", "short", "long", "empty"])
def test_a_damaged_file_is_refused_by_name(folder: Path, name: str, zipped: bool, damage: str) -> None:
    array = arrays()[name]
    good = idx(array)
    content = {
        "type": idx(array, kind=0x0D),
        "count": idx(array[:-1]),
        "dimensions": idx(array[None]),
        "short": good[:-1],
        "long": good + b"\0",
        "empty": b"",
    }[damage]
    for path in folder.glob(f"{name}*"):
        path.unlink()
    path = folder / (f"{name}.gz" if zipped else name)
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.raises(DataFaultError, match=f"{path}.*download it again"):
        load(dir=str(folder))


@pytest.mark.parametrize("content", [b"", b"no gzip at all", gzip.compress(bytes(100))[:-9]], ids=["0", "text", "cut"])
def test_a_gz_file_that_is_no_whole_gzip_is_refused_by_name(folder: Path, content: bytes) -> None:
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(DataFaultError, match=f"{path}.*download it again"):
        load(dir=str(folder))


def test_a_label_that_is_no_digit_is_refused(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(np.full(12, 10, np.uint8)))
    with pytest.raises(DataFaultError, match="t10k-labels-idx1-ubyte must hold digits 0 to 9, got 10"):
        load(dir=str(folder))


def test_a_file_that_unpacks_to_far_more_than_it_should_is_not_unpacked_whole(tmp_path: Path) -> None:
    array = np.zeros((2, 3), np.uint8)
    (tmp_path / "x.gz").write_bytes(gzip.compress(idx(array) + bytes(50_000_000), 1))
    tracemalloc.start()
    try:
        with pytest.raises(DataFaultError, match="must hold 18 bytes, got more"):
            read_idx(tmp_path, "x", (2, 3))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_fashion_mnist_reads_the_same_files_and_names_its_classes(folder: Path) -> None:
    digits, clothes = load(dir=str(folder), train=20), DATASETS["fashion-mnist"](dir=str(folder), train=20)
    assert clothes.classes[0] == "T-shirt/top"
    assert len(set(clothes.classes)) == 10
    for name, split in clothes.splits().items():
        assert torch.equal(split.inputs, digits.splits()[name].inputs)
        assert torch.equal(split.targets, digits.splits()[name].targets)


def test_fashion_mnist_without_a_folder_is_a_config_fault_of_its_name() -> None:
    with pytest.raises(ConfigFaultError, match="'fashion-mnist' is not built in: give the data directory"):
        DATASETS["fashion-mnist"]()
