"""A folder of a user's images: the data set built from them, and the errors for wrong ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import open_message
from PIL import Image

from dsptt_worker.data import DATASETS, raw_of
from dsptt_worker.data.cache import Arrays
from dsptt_worker.data.images import files as image_files
from dsptt_worker.data.images import own_images
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


@pytest.mark.parametrize(
    ("folders", "sizes", "told"),
    [
        ({"train": 10, "test": 3}, [16, 4, 6], []),
        ({"train": 10, "val": 2, "test": 3}, [20, 4, 6], ["there is a folder of validation images: dataset.args.vali"]),
        ({"Training": 10, "Testing": 3}, [16, 4, 6], []),
        (
            {"train": 10, "valid": 2},
            [17, 4, 3],
            ["there is a folder of validation images", "there is no folder of test images: a share of those for train"],
        ),
        ({"train": 10}, [13, 4, 3], []),
    ],
)
def test_folders_of_splits_are_the_splits(
    tmp_path: Path, folders: dict[str, int], sizes: list[int], told: list[str]
) -> None:
    for name, images in folders.items():
        write_classes(tmp_path / "pets" / name, images)
    dataset = load(dir=str(tmp_path / "pets"), side=8, validation=0.2)
    assert [len(split) for split in dataset.splits().values()] == sizes
    for said, expected in zip(dataset.notices, told, strict=True):
        assert said.startswith(f"{tmp_path / 'pets'}: {expected}")
    for name, split in zip(("valid", "Testing"), (dataset.validation, dataset.test), strict=True):
        if name in folders:
            numbers = range(folders[name])
            assert set(split.inputs[:, 0, 0, 0].tolist()) == {first + k for k in numbers for first in (40, 160)}


def test_a_share_of_none_leaves_the_validation_split_empty(tmp_path: Path) -> None:
    write_classes(tmp_path / "pets" / "train", 10)
    write_classes(tmp_path / "pets" / "test", 3)
    dataset = load(dir=str(tmp_path / "pets"), side=8, validation=0)
    assert [len(split) for split in dataset.splits().values()] == [20, 0, 6]


@pytest.mark.parametrize("other", ["val", "test"])
def test_classes_of_all_splits_must_be_the_same(tmp_path: Path, other: str) -> None:
    write_classes(tmp_path / "pets" / "train")
    (write_classes(tmp_path / "pets" / other) / "dogs").rename(tmp_path / "pets" / other / "hogs")
    with pytest.raises(DataFaultError, match=rf"train and {other} .* same classes, train has 'dogs', {other} not"):
        load(dir=str(tmp_path / "pets"), side=8)


def test_images_of_another_size_are_an_error_unless_they_shall_be_resized(folder: Path) -> None:
    path = folder / "dogs" / "99.png"
    image(200, (20, 12)).save(path)
    with pytest.raises(DataFaultError, match=rf"{path} has 20x12 pixels, not 8x8: set dataset\.args\.side"):
        load(dir=str(folder), side=8)
    dataset = load(dir=str(folder), side=8, resize=True)
    assert sum(len(split) for split in dataset.splits().values()) == 21


def test_an_image_that_is_not_square_is_squashed_to_the_square(folder: Path) -> None:
    wide = Image.fromarray(np.repeat(np.arange(0, 240, 15, np.uint8)[None], 8, 0))
    wide.save(folder / "dogs" / "99.png")
    dataset = load(dir=str(folder), side=8, resize=True)
    expected = np.asarray(wide.resize((8, 8), Image.Resampling.BILINEAR))
    assert any((split.inputs[:, 0].numpy() == expected).all((1, 2)).any() for split in dataset.splits().values())


def test_images_may_be_cut_to_a_rectangle_around_their_centre(folder: Path) -> None:
    wide = Image.fromarray(np.repeat(np.arange(0, 240, 15, np.uint8)[None], 8, 0))  # 16x8
    wide.save(folder / "dogs" / "99.png")
    dataset = load(dir=str(folder), side=[8, 4], resize="crop")
    assert dataset.train.inputs.shape[1:] == (3, 8, 4)
    middle = np.asarray(wide)[:, 6:10]
    assert any((split.inputs[:, 0].numpy() == middle).all((1, 2)).any() for split in dataset.splits().values())
    assert (raw_of(dataset).crop, raw_of(load(dir=str(folder), side=8, resize=True)).crop) == (True, False)


@pytest.mark.parametrize(
    ("normalise", "grey"),
    [("none", 0.2), ("imagenet", (0.2 - 0.485) / 0.229), ({"mean": [0.1, 0, 0], "std": [0.5, 1, 1]}, 0.2)],
)
def test_batches_can_be_normalised_by_other_statistics(folder: Path, normalise: object, grey: float) -> None:
    dataset = load(dir=str(folder), side=8, normalise=normalise)
    assert dataset.normalisation is not None
    pixels = torch.full((1, 3, 8, 8), 51, dtype=torch.uint8)
    assert dataset.normalisation.apply(pixels)[0, 0, 0, 0].item() == pytest.approx(grey, abs=1e-6)


def test_pictures_in_the_alpha_channel_can_be_told_apart_and_the_user_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "pets"
    for name, alpha in (("dark", 200), ("light", 60)):
        (folder / name).mkdir(parents=True)
        for number in range(10):
            Image.new("RGBA", (8, 8), (0, 0, 0, alpha + number)).save(folder / name / f"{number}.png")
    dataset = load(dir=str(folder), side=8)
    dark, light = (dataset.train.inputs[dataset.train.targets == label] for label in (0, 1))
    assert int(dark.max()) < 60 < 180 < int(light.min())
    for _ in range(2):  # the second time from the cache
        assert load(dir=str(folder), side=8).notices == [
            f"{folder}: transparent pixels were laid over white (dataset.args.background): dark/0.png, dark/1.png, "
            "dark/2.png and 17 more"
        ]
    assert not torch.equal(load(dir=str(folder), side=8, background="grey").train.inputs, dataset.train.inputs)
    assert raw_of(dataset).background == "white"


def test_hidden_files_and_folders_do_not_count(folder: Path) -> None:
    (folder / ".thumbnails").mkdir()
    (folder / "cats" / ".DS_Store").write_bytes(b"no image")
    dataset = load(dir=str(folder), side=8)
    assert dataset.classes == ["cats", "dogs"]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of images decoded, one entry each time."""
    counts: list[int] = []

    def counting(paths: Sequence[Path], digests: Sequence[str], reader: image_files.ImageReader) -> Arrays:
        counts.append(len(paths))
        return image_files.read_images(paths, digests, reader)

    monkeypatch.setattr(own_images, "read_images", counting)
    return counts


def inputs(folder: Path) -> torch.Tensor:
    """The images of all splits."""
    return torch.cat([split.inputs for split in load(dir=str(folder), side=8).splits().values()])


def test_images_are_decoded_once_and_again_when_a_file_changes(folder: Path, decoded: list[int]) -> None:
    assert torch.equal(inputs(folder), inputs(folder))
    assert decoded == [20]
    image(222, (8, 8)).save(folder / "dogs" / "09.png", compress_level=0)
    changed = load(dir=str(folder), side=8)
    assert decoded == [20, 20]
    assert any((split.inputs[:, 0] == 222).any() for split in changed.splits().values())


def test_the_same_images_in_another_place_under_other_names_and_times_are_not_decoded_again(
    folder: Path, decoded: list[int]
) -> None:
    first = inputs(folder)
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    (copy / "cats").rename(copy / "animals")
    os.utime(copy / "dogs" / "00.png", (0, 0))
    assert torch.equal(inputs(copy), first)
    assert decoded == [20]


@pytest.mark.parametrize("way", ["written", "moved", "linked"])
def test_images_that_change_with_size_and_times_as_before_are_decoded_again(
    tmp_path: Path, decoded: list[int], way: str
) -> None:
    folder = tmp_path / "pets"
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(10):
            image(colour + number).save(folder / name / f"{number}.bmp")
            os.utime(folder / name / f"{number}.bmp", (1e9, 1e9))
    first = inputs(folder)
    cat, dog, aside = folder / "cats" / "0.bmp", folder / "dogs" / "0.bmp", tmp_path / "aside.bmp"
    if way == "written":
        contents = dog.read_bytes(), cat.read_bytes()
        for path, content in zip((cat, dog), contents, strict=True):
            path.write_bytes(content)
            os.utime(path, (1e9, 1e9))
    elif way == "moved":
        for source, target in ((cat, aside), (dog, cat), (aside, dog)):
            source.rename(target)
    else:
        cat.unlink()
        cat.hardlink_to(dog)
    again = inputs(folder)
    assert decoded == [20, 20]
    assert not torch.equal(first, again)


def test_a_file_that_changes_while_images_are_read_is_an_error(folder: Path) -> None:
    reader = image_files.ImageReader("RGB", (8, 8), False, "white", "")
    with pytest.raises(DataFaultError, match=r"00\.png was changed while the images were read"):
        image_files.read_images([folder / "cats" / "00.png"], [image_files.digest(b"another")], reader)


@pytest.mark.parametrize("content", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("name", ["broken.png", "broken.JPG", "photo.heic"])
def test_a_file_with_the_ending_of_an_image_that_is_none_is_refused_by_name(
    folder: Path, name: str, content: bytes
) -> None:
    (folder / "cats" / name).write_bytes(content)
    with pytest.raises(DataFaultError, match=rf"cannot read .*{name} as an image"):
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
