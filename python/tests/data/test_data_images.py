"""A folder of a user's images: the data set built from them, and the errors for wrong ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from builders import open_message
from PIL import Image

from dsptt_worker.data import DATASETS, image_files, own_images
from dsptt_worker.errors import ConfigFaultError, DataFaultError
from dsptt_worker.protocol import DatasetSpec
from dsptt_worker.task import open_task

load = DATASETS["images"]
COLOURS = {"cats": 40, "dogs": 160}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSPTT_CACHE", str(tmp_path / "cache"))


def image(first: int, size: tuple[int, int] = (8, 8), mode: str = "RGB") -> Image.Image:
    pixels = np.full((size[1], size[0], 3), (first, first + 1, first + 2), np.uint8)
    return Image.fromarray(pixels).convert(mode)


def write_classes(folder: Path, images: int = 10) -> Path:
    """Writes ``images`` PNG images of each class; a cat's red is 40 + its number, a dog's 160 + its."""
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(images):
            image(colour + number).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_classes(tmp_path / "pets")


def test_every_image_is_in_one_split_with_the_label_of_its_folder(folder: Path) -> None:
    dataset = load(dir=str(folder), side=8, validation=0.2, test=0.3)
    assert dataset.classes == ["cats", "dogs"]
    seen = {}
    for split, count in zip(dataset.splits().values(), (10, 4, 6), strict=True):
        assert split.inputs.shape == (count, 3, 8, 8)
        assert split.inputs.dtype == torch.uint8
        assert torch.bincount(split.targets).tolist() == [count // 2, count // 2]
        for pixels, target in zip(split.inputs, split.targets.tolist(), strict=True):
            red, green, blue = pixels[:, 0, 0].tolist()
            assert (green, blue) == (red + 1, red + 2)
            seen[red] = target
    assert seen == {colour + number: label for label, colour in enumerate(COLOURS.values()) for number in range(10)}


def test_batches_are_normalised_by_the_training_images(folder: Path) -> None:
    message = open_message(batchSize=0)
    message.dataset = DatasetSpec("images", {"side": 8, "augment": "none"}, str(folder))
    inputs, _ = open_task(message).batches.batch("train", 0)
    np.testing.assert_allclose(inputs.mean((0, 2, 3)), 0, atol=1e-5)


def test_folders_train_and_test_are_the_splits(tmp_path: Path) -> None:
    write_classes(tmp_path / "pets" / "train", 10)
    write_classes(tmp_path / "pets" / "test", 3)
    dataset = load(dir=str(tmp_path / "pets"), side=8, validation=0.2)
    assert [len(split) for split in dataset.splits().values()] == [16, 4, 6]
    assert set(dataset.test.inputs[:, 0, 0, 0].tolist()) == {40, 41, 42, 160, 161, 162}
    assert [len(split) for split in load(dir=str(tmp_path / "pets"), side=8, validation=0).splits().values()][1] == 0


def test_classes_of_train_and_test_must_be_the_same(tmp_path: Path) -> None:
    write_classes(tmp_path / "pets" / "train")
    (write_classes(tmp_path / "pets" / "test") / "dogs").rename(tmp_path / "pets" / "test" / "hogs")
    with pytest.raises(DataFaultError, match=r"same classes, train has 'dogs', test not"):
        load(dir=str(tmp_path / "pets"), side=8)


def test_images_of_another_size_are_an_error_unless_they_shall_be_resized(folder: Path) -> None:
    path = folder / "dogs" / "99.png"
    image(200, (20, 12)).save(path)
    with pytest.raises(DataFaultError, match=rf"{path} has 20x12 pixels, not 8x8: set dataset\.args\.side"):
        load(dir=str(folder), side=8)
    dataset = load(dir=str(folder), side=8, resize=True)
    assert sum(len(split) for split in dataset.splits().values()) == 21


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1"])
def test_grey_and_other_images_become_colour_images(folder: Path, mode: str) -> None:
    image(250, mode=mode).save(folder / "dogs" / "99.png")
    dataset = load(dir=str(folder), side=8)
    brightest = max(int(split.inputs.max()) for split in dataset.splits().values())
    assert brightest >= 250


def test_hidden_files_and_folders_do_not_count(folder: Path) -> None:
    (folder / ".thumbnails").mkdir()
    (folder / "cats" / ".DS_Store").write_bytes(b"no image")
    dataset = load(dir=str(folder), side=8)
    assert dataset.classes == ["cats", "dogs"]


def test_images_are_decoded_once_and_again_when_a_file_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[int] = []

    def counting(paths: list[Path], side: int, *, resize: bool) -> np.ndarray:
        decoded.append(len(paths))
        return image_files.read_images(paths, side, resize=resize)

    monkeypatch.setattr(own_images, "read_images", counting)
    first, again = load(dir=str(folder), side=8), load(dir=str(folder), side=8)
    assert torch.equal(first.train.inputs, again.train.inputs)
    assert decoded == [20]
    image(222, (8, 8)).save(folder / "dogs" / "09.png", compress_level=0)
    changed = load(dir=str(folder), side=8)
    assert decoded == [20, 20]
    assert any((split.inputs[:, 0] == 222).any() for split in changed.splits().values())


@pytest.mark.parametrize("content", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_image_is_refused_by_name(folder: Path, content: bytes) -> None:
    (folder / "cats" / "notes.txt").write_bytes(content)
    with pytest.raises(DataFaultError, match=r"cannot read .*notes\.txt as an image"):
        load(dir=str(folder), side=8)


def test_a_truncated_image_is_refused_by_name(folder: Path) -> None:
    path = folder / "cats" / "00.png"
    noise = np.random.RandomState(0).randint(0, 256, (8, 8, 3)).astype(np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(DataFaultError, match=r"cannot read .*00\.png as an image"):
        load(dir=str(folder), side=8)


def test_no_class_one_class_an_empty_class_and_few_images_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pets"
    folder.mkdir()
    with pytest.raises(DataFaultError, match=r"each of at least two classes, got none"):
        load(dir=str(folder))
    (folder / "cats").mkdir()
    with pytest.raises(DataFaultError, match=r"each of at least two classes, got one only, cats"):
        load(dir=str(folder))
    (folder / "dogs").mkdir()
    with pytest.raises(DataFaultError, match=r"cats holds no images"):
        load(dir=str(folder))
    for name in ("cats", "dogs"):
        image(1).save(folder / name / "a.png")
    with pytest.raises(DataFaultError, match=r"images: 2 are too few"):
        load(dir=str(folder), side=8)


def test_without_a_folder_it_is_a_config_fault() -> None:
    with pytest.raises(ConfigFaultError, match=r"give the data directory, a folder with a folder for each class"):
        load()
