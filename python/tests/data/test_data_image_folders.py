"""Folders of images: what is found in them, in which order, and what is told of the rest."""

from __future__ import annotations

import os
import random
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dsptt_worker.data.images import folders as image_folders
from dsptt_worker.data.images.folders import images_below, read_tree
from dsptt_worker.errors import DataFaultError

SCANDIR = os.scandir


def write(folder: Path, names: Iterable[str]) -> Path:
    """Writes images, and texts where the ending is that of one."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".txt", ".csv", ".ini", ".db", ".DS_Store"):
            path.write_text("no image")
        else:
            Image.new("L", (2, 2)).save(path, "PNG")
    return folder


def names(paths: Iterable[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_images_are_found_in_folders_below_by_their_content_or_their_ending(tmp_path: Path) -> None:
    images = ["a/1.png", "a/2.JFIF", "a/b/c/3", "a/b/c/4.dat", "a/b.webp", "a/é/5.jpe"]
    others = ["a/b/notes.txt", "a/b/labels.csv", "a/b/no.db"]
    hidden = ["a/.b/6.png", "a/b/._1.png", "a/__MACOSX/1.png", "a/Thumbs.db", "a/b/Desktop.ini", "a/@eaDir/1.png"]
    write(tmp_path, [*images, *others, *hidden])
    (tmp_path / "a" / "broken.heic").write_text("no image, says its content, but its name says one")
    found, left_out = images_below(tmp_path)
    assert names(found, tmp_path) == sorted([*images, "a/broken.heic"], key=lambda name: name.split("/"))
    assert names(left_out, tmp_path) == sorted(others)


PARTS = st.text("ab.é", min_size=1, max_size=3).filter(lambda name: not name.startswith("."))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=8), st.integers(0, 99))
def test_their_order_is_that_of_their_names_whatever_the_file_system_lists(places: list[list[str]], seed: int) -> None:
    chance = random.Random(seed)

    @contextmanager
    def shuffled(path: Path) -> Iterator[list[os.DirEntry[str]]]:
        with SCANDIR(path) as entries:
            found = list(entries)
        chance.shuffle(found)
        yield found

    with TemporaryDirectory() as name:
        folder = write(
            Path(name), ["/".join([*(f"{part}d" for part in path[:-1]), f"{path[-1]}.png"]) for path in places]
        )
        expected = sorted(folder.rglob("*.png"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(image_folders.os, "scandir", shuffled)
            found, _ = images_below(folder)
    assert found == expected


def test_links_are_followed_but_never_in_a_circle_or_upwards(tmp_path: Path) -> None:
    data = write(tmp_path / "data", ["cats/1.png", "dogs/1.png"])
    write(tmp_path / "elsewhere", ["more/2.png"])
    cats = data / "cats"
    (cats / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (cats / "more").symlink_to(tmp_path / "elsewhere" / "more")
    (cats / "up").symlink_to(data)
    (cats / "self").symlink_to(cats)
    (cats / "3.png").symlink_to(data / "dogs" / "1.png")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "elsewhere")
    found, left_out = images_below(cats)
    assert (names(found, cats), left_out) == (["1.png", "3.png", "elsewhere/more/2.png"], [])
    (data / "birds").symlink_to(tmp_path / "elsewhere")
    assert read_tree(data).classes == ["birds", "cats", "dogs"]


def test_a_link_to_nothing_is_an_error_and_a_pipe_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, ["1.png"])
    os.mkfifo(tmp_path / "2.png")
    assert [names(part, tmp_path) for part in images_below(tmp_path)] == [["1.png"], ["2.png"]]
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    with pytest.raises(DataFaultError, match=r"loop\.png is a link to a file that is not there"):
        images_below(tmp_path)


def test_what_lies_beside_the_classes_or_below_them_is_told(tmp_path: Path) -> None:
    write(tmp_path, ["README.txt", "a/1.png", "a/x/2.png", "b/1.png", "b/1.txt", ".git/1.png", "__MACOSX/b/1.png"])
    tree = read_tree(tmp_path)
    assert (tree.classes, names(tree.train.paths, tmp_path)) == (["a", "b"], ["a/1.png", "a/x/2.png", "b/1.png"])
    assert tree.notices == [
        f"{tmp_path}: left out, as no images of a class: README.txt, b/1.txt",
        f"{tmp_path}: images in folders below that of a class count as that class's: a/x/2.png",
    ]


def test_thousands_of_files_take_one_notice(tmp_path: Path) -> None:
    write(tmp_path, ["a/1.png", "b/1.png", *(f"b/{k:04}.txt" for k in range(2000))])
    assert read_tree(tmp_path).notices == [
        f"{tmp_path}: left out, as no images of a class: b/0000.txt, b/0001.txt, b/0002.txt and 1,997 more"
    ]


@pytest.mark.parametrize(
    ("files", "classes", "own", "left_out"),
    [
        (["train/a/1.png", "train/b/1.png", "VAL/a/1.png", "VAL/b/1.png"], "ab", ["validation"], ""),
        (["train/a/1.png", "train/b/1.png", "Testing/a/1.png", "Testing/b/1.png"], "ab", ["test"], ""),
        (["train/a/1.png", "train/b/1.png", "more/c/1.png", "train/x.txt"], "ab", [], "more, train/x.txt"),
        (["train/1.png", "bus/1.png", "car/1.png"], ["bus", "car", "train"], [], ""),
        (["test/1.png", "control/1.png"], ["control", "test"], [], ""),
    ],
)
def test_folders_are_splits_or_classes(
    tmp_path: Path, files: list[str], classes: Iterable[str], own: list[str], left_out: str
) -> None:
    tree = read_tree(write(tmp_path, files))
    assert (tree.classes, list(tree.own)) == (list(classes), own)
    assert tree.notices == ([f"{tmp_path}: left out, as no images of a class: {left_out}"] if left_out else [])


def test_splits_that_leave_a_doubt_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "two", ["train/a/1.png", "train/b/1.png", "val/a/1.png", "valid/b/1.png"])
    with pytest.raises(DataFaultError, match=r"two has both 'val' and 'valid': keep one of them"):
        read_tree(tmp_path / "two")
    write(tmp_path / "none", ["test/a/1.png", "test/b/1.png", "val/a/1.png", "val/b/1.png"])
    with pytest.raises(DataFaultError, match=r"none has test and val, but no folder 'train'"):
        read_tree(tmp_path / "none")


def test_names_that_are_coded_otherwise_are_the_same_class(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))
    write(tmp_path, [f"train/{composed}/1.png", "train/f/1.png", f"test/{decomposed}/2.png", "test/f/2.png"])
    tree = read_tree(tmp_path)
    assert tree.classes == ["f", composed]
    assert names(tree.own["test"].paths, tmp_path / "test") == ["f/2.png", f"{decomposed}/2.png"]
    assert tree.own["test"].labels.tolist() == [0, 1]
    write(tmp_path, [f"train/{decomposed}/1.png"])
    with pytest.raises(DataFaultError, match="two folders of the same name but for its coding"):
        read_tree(tmp_path)


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(image_folders.os, "scandir", refuse)
    with pytest.raises(DataFaultError, match=f"cannot read the folder {tmp_path}: Permission denied"):
        images_below(tmp_path)
