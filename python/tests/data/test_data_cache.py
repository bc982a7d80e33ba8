"""The cache of decoded arrays: built once, built again when damaged, never in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsptt_worker.data.cache import Arrays, cache_directory, cached


class Maker:
    """Builds two arrays and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Arrays:
        self.made += 1
        return {"images": np.arange(24, dtype=np.uint8).reshape(2, 3, 4), "labels": np.array([1, 2], np.uint8)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DSPTT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "decoded"


def assert_whole(arrays: Arrays) -> None:
    for name, array in Maker()().items():
        assert np.array_equal(arrays[name], array)


def test_an_entry_is_made_once_and_then_read() -> None:
    make = Maker()
    for _ in range(3):
        assert_whole(cached(["a", 1], make))
    assert make.made == 1


def test_another_content_has_an_entry_of_its_own() -> None:
    make = Maker()
    cached(["a", 1], make)
    cached(["a", 2], make)
    assert make.made == 2


@pytest.mark.parametrize("file", ["images.npy", "labels.npy", "crc32.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "short", "altered", "nonsense"])
def test_a_damaged_entry_is_made_again_and_whole_from_then_on(folder: Path, file: str, damage: str) -> None:
    make = Maker()
    cached("a", make)
    path = next(folder.iterdir()) / file
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        last = bytes([content[-1] ^ 1])
        changed = {"empty": b"", "short": content[:-1], "altered": content[:-1] + last, "nonsense": b"\x80nonsense"}
        path.write_bytes(changed[damage])
    for _ in range(2):
        assert_whole(cached("a", make))
    assert make.made == 2
    assert len(list(folder.iterdir())) == 1


def test_nothing_but_the_entry_stays_on_the_disk(folder: Path) -> None:
    cached("a", Maker())
    (entry,) = folder.iterdir()
    assert sorted(path.name for path in entry.iterdir()) == ["crc32.json", "images.npy", "labels.npy"]


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DSPTT_CACHE", str(tmp_path / "file"))
    make = Maker()
    for _ in range(2):
        assert_whole(cached("a", make))
    assert make.made == 2


def test_an_error_on_making_leaves_no_entry(folder: Path) -> None:
    def fail() -> Arrays:
        raise ValueError("no such data")

    with pytest.raises(ValueError, match="no such data"):
        cached("a", fail)
    make = Maker()
    cached("a", make)
    assert make.made == 1


def test_without_the_variable_it_lies_below_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DSPTT_CACHE")
    assert cache_directory() == Path.home() / ".cache" / "dsptt"
