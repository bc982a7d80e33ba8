"""CIFAR's official binary files: where they are found, how they are cut, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import never, open_message
from cifar_files import SMALL, SMALL100, load_small, records, training, write_archive, write_folder

from dsptt_worker.data import DATASETS, Dataset
from dsptt_worker.data.cifar.layouts import CIFAR10, CIFAR100, Layout
from dsptt_worker.data.cifar.official import loader
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.operations import evaluation
from dsptt_worker.protocol import DatasetSpec
from dsptt_worker.task import open_task


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSPTT_CACHE", str(tmp_path / "cache"))


@pytest.fixture(params=[SMALL, SMALL100], ids=["cifar10", "cifar100"])
def layout(request: pytest.FixtureRequest) -> Layout:
    chosen: Layout = request.param
    return chosen


def same(a: Dataset, b: Dataset) -> bool:
    pairs = zip(a.splits().values(), b.splits().values(), strict=True)
    return a.classes == b.classes and all(
        torch.equal(x.inputs, y.inputs) and torch.equal(x.targets, y.targets) for x, y in pairs
    )


def test_splits_are_the_first_training_images_the_last_ones_and_the_first_test_images(
    tmp_path: Path, layout: Layout
) -> None:
    dataset = load_small(write_folder(tmp_path, layout), layout)
    raw = training(layout)
    parts = {"train": raw[:12], "validation": raw[-5:], "test": records(layout, layout.test)[:4]}
    for name, table in parts.items():
        split = dataset.splits()[name]
        assert split.inputs.dtype == torch.uint8
        assert np.array_equal(split.inputs.numpy(), table[:, layout.label_bytes :].reshape(-1, 3, 32, 32))
        assert split.targets.tolist() == table[:, layout.label_bytes - 1].tolist()
    assert dataset.classes == list(layout.classes)


def test_a_copy_of_an_archive_is_not_decoded_again(tmp_path: Path, layout: Layout) -> None:
    known = write_archive(tmp_path / "packed", layout, write_folder(tmp_path, layout))
    load_small(tmp_path / "packed", known)
    entry = entries(tmp_path)
    copy = tmp_path / "copied" / layout.archive
    copy.parent.mkdir()
    copy.write_bytes((tmp_path / "packed" / layout.archive).read_bytes())
    os.utime(copy, (1, 1))
    load_small(copy.parent, known)
    assert len(entry) == 1
    assert entries(tmp_path) == entry


def entries(tmp_path: Path) -> dict[str, int]:
    """Maps each entry of the cache to its inode number: an entry that is written again has another one."""
    return {path.name: (path / "crc32.json").stat().st_ino for path in (tmp_path / "cache" / "decoded").iterdir()}


def test_cifar100_has_its_fine_labels(tmp_path: Path) -> None:
    dataset = load_small(write_folder(tmp_path, SMALL100), SMALL100)
    assert dataset.train.targets.max() >= 20


def test_the_folder_its_parent_and_the_archive_give_the_same(tmp_path: Path, layout: Layout) -> None:
    folder = write_folder(tmp_path / "unpacked", layout)
    known = write_archive(tmp_path / "packed", layout, folder)
    expected = load_small(folder, layout)
    assert same(load_small(folder.parent, layout), expected)
    for _ in ("unpacked", "from the cache"):
        assert same(load_small(tmp_path / "packed", known), expected)


def test_names_are_read_from_the_file_beside_the_records(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, SMALL)
    (folder / "batches.meta.txt").write_text("\n".join("abcdefghij") + "\n\n")
    assert load_small(folder).classes == list("abcdefghij")
    (folder / "batches.meta.txt").write_text("cat\ndog\n")
    with pytest.raises(DataFaultError, match=r"batches\.meta\.txt must hold 10 names, one a line, got 2"):
        load_small(folder)


def test_the_built_in_names_are_as_many_as_there_are_classes() -> None:
    assert (len(CIFAR10.classes), len(CIFAR100.classes)) == (10, 100)
    assert list(CIFAR100.classes) == sorted(set(CIFAR100.classes))


def test_without_validation_all_training_images_can_be_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATASETS, "cifar10", loader("cifar10", SMALL))
    message = open_message(batchSize=10)
    arguments: dict[str, object] = {"train": 20, "validation": 0, "test": 6}
    message.dataset = DatasetSpec("cifar10", arguments, str(write_folder(tmp_path, SMALL)))
    task = open_task(message)
    assert {name: len(split) for name, split in task.splits.items()} == {"train": 20, "validation": 0, "test": 6}
    point = task.net.point()
    assert evaluation.evaluate(task, point, "test", never, with_outputs=False).loss > 0
    with pytest.raises(ConfigFaultError, match=r"the validation split is empty.*dataset\.args"):
        evaluation.evaluate(task, point, "validation", never, with_outputs=True)


def test_more_training_and_validation_images_than_there_are_is_a_config_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaultError, match=r"share the 20 training images, got 16 \+ 5"):
        load_small(write_folder(tmp_path, SMALL), train=16)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("train", 0),
        ("train", 50_001),
        ("validation", -1),
        ("test", 0),
        ("side", 64),
        ("augment", "mixup"),
        ("normalise", "zca"),
    ],
)
def test_an_argument_out_of_range_is_a_config_fault(tmp_path: Path, name: str, value: object) -> None:
    message = open_message()
    message.dataset = DatasetSpec("cifar10", {name: value}, str(tmp_path))
    with pytest.raises(ConfigFaultError, match=rf"dataset\.args\.{name}"):
        open_task(message)


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_without_a_folder_it_is_a_config_fault_that_names_the_archive(name: str) -> None:
    with pytest.raises(ConfigFaultError, match=rf"'{name}' is not built in.*binary\.tar\.gz"):
        DATASETS[name]()


@pytest.mark.parametrize(("side", "step"), [(16, 2), (8, 4)])
def test_smaller_images_are_rounded_averages(tmp_path: Path, side: int, step: int) -> None:
    folder = write_folder(tmp_path, SMALL)
    whole, small = load_small(folder), load_small(folder, side=side)
    pixels = whole.train.inputs.numpy().astype(np.float64).reshape(12, 3, side, step, side, step)
    assert np.array_equal(small.train.inputs.numpy(), np.floor(pixels.mean((3, 5)) + 0.5))
    assert small.validation.inputs.shape == (5, 3, side, side)


class TestRefused:
    """Errors about the files contain the file's name."""

    @pytest.mark.parametrize("change", [-1, -3073, 1, 3073])
    def test_a_file_of_another_length(self, tmp_path: Path, layout: Layout, change: int) -> None:
        folder = write_folder(tmp_path, layout)
        path = folder / layout.train[-1]
        size = path.stat().st_size
        path.write_bytes(path.read_bytes().ljust(size + change, b"\0")[: size + change])
        with pytest.raises(DataFaultError, match=rf"{path} is damaged: it must hold {size} bytes.*got {size + change}"):
            load_small(folder, layout)

    def test_a_label_out_of_range(self, tmp_path: Path, layout: Layout) -> None:
        folder = write_folder(tmp_path, layout)
        table = records(layout, layout.test)
        table[3, layout.label_bytes - 1] = len(layout.classes)
        (folder / layout.test).write_bytes(table.tobytes())
        with pytest.raises(DataFaultError, match=rf"record 3 has label {len(layout.classes)}, labels are 0 to"):
            load_small(folder, layout)

    def test_a_missing_file(self, tmp_path: Path, layout: Layout) -> None:
        folder = write_folder(tmp_path, layout)
        (folder / layout.test).unlink()
        with pytest.raises(DataFaultError, match=rf"{layout.test} is missing: unpack {layout.archive} again"):
            load_small(folder, layout)

    def test_an_empty_folder(self, tmp_path: Path, layout: Layout) -> None:
        with pytest.raises(DataFaultError, match=rf"neither {layout.archive} nor {layout.folder}"):
            load_small(tmp_path, layout)

    @pytest.mark.parametrize("inside", [True, False])
    def test_pickles(self, tmp_path: Path, layout: Layout, inside: bool) -> None:
        folder = tmp_path / layout.pickles
        folder.mkdir()
        with pytest.raises(DataFaultError, match=rf"pickles and are never loaded: take.*{layout.archive}"):
            load_small(folder if inside else tmp_path, layout)

    def test_an_altered_archive(self, tmp_path: Path, layout: Layout) -> None:
        known = write_archive(tmp_path / "packed", layout, write_folder(tmp_path, layout))
        path = tmp_path / "packed" / layout.archive
        load_small(path.parent, known)
        path.write_bytes(path.read_bytes() + b"\0")
        with pytest.raises(DataFaultError, match=rf"{path} is not the official archive.*md5 must be {known.md5}, got"):
            load_small(path.parent, known)

    def test_an_archive_without_one_of_its_files(self, tmp_path: Path, layout: Layout) -> None:
        folder = write_folder(tmp_path, layout)
        (folder / layout.test).unlink()
        known = write_archive(tmp_path / "packed", layout, folder)
        with pytest.raises(DataFaultError, match=rf"cannot read .*{layout.archive}: .*{layout.test}"):
            load_small(tmp_path / "packed", known)

    def test_an_archive_with_a_short_file(self, tmp_path: Path, layout: Layout) -> None:
        folder = write_folder(tmp_path, layout)
        (folder / layout.test).write_bytes(b"short")
        known = write_archive(tmp_path / "packed", layout, folder)
        with pytest.raises(DataFaultError, match=rf"{layout.archive}: {layout.test} is damaged.*got 5"):
            load_small(tmp_path / "packed", known)
