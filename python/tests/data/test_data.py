from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits, load_wine

from dsptt_worker.data import DATASETS, Dataset
from dsptt_worker.data.dataset import stratified
from dsptt_worker.errors import DataFaultError

SIZES = {"digits": (300, 500, 997), "wine": (90, 44, 44)}
SOURCES = {"digits": load_digits, "wine": load_wine}
BOTH = pytest.mark.parametrize("name", ["digits", "wine"])


def write_wine(folder: Path, **changes: str) -> Path:
    """Writes scikit-learn's wines in UCI's format; ``changes`` replaces lines: ``line3="..."``."""
    inputs, targets = load_wine(return_X_y=True)
    lines = [",".join([str(t + 1), *map(repr, map(float, row))]) for row, t in zip(inputs, targets, strict=True)]
    for key, text in changes.items():
        lines[int(key.removeprefix("line"))] = text
    (folder / "wine.data").write_text("\n".join(line for line in lines if line) + "\n")
    return folder


def rows(dataset: Dataset) -> np.ndarray:
    """Concatenates the samples of all splits."""
    return torch.cat([split.inputs.flatten(1) for split in dataset.splits().values()]).double().numpy()


def cut(targets: np.ndarray, sizes: Sequence[int]) -> list[np.ndarray]:
    """Returns the indices of the samples in each split."""
    numbers = np.arange(len(targets), dtype=np.float32)[:, None]
    return [split.inputs[:, 0].long().numpy() for split in stratified(numbers, targets, sizes)]


@BOTH
def test_the_splits_have_their_documented_sizes_types_and_classes(name: str) -> None:
    dataset = DATASETS[name]()
    assert tuple(len(split) for split in dataset.splits().values()) == SIZES[name]
    assert list(dataset.splits()) == ["train", "validation", "test"]
    for split in dataset.splits().values():
        assert (split.inputs.dtype, split.targets.dtype) == (torch.float32, torch.int64)
        assert len(split.inputs) == len(split.targets)
        assert set(split.targets.tolist()) == set(range(len(dataset.classes)))


def test_digits_are_images_and_wines_are_vectors() -> None:
    assert DATASETS["digits"]().train.inputs.shape[1:] == (1, 8, 8)
    assert DATASETS["wine"]().train.inputs.shape[1:] == (13,)


def test_digits_keep_the_strides_by_which_torch_takes_the_convolutions_that_recorded_numbers_were_made_with() -> None:
    assert DATASETS["digits"]().train.inputs.stride() == (64, 1, 8, 1)


@BOTH
def test_each_split_has_the_classes_in_proportion_to_within_a_sample(name: str) -> None:
    targets = SOURCES[name](return_X_y=True)[1]
    share = np.bincount(targets) / len(targets)
    for split in DATASETS[name]().splits().values():
        assert np.abs(np.bincount(split.targets) - share * len(split)).max() <= 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.lists(st.integers(0, 60), min_size=2, max_size=2))
def test_stratified_splits_are_disjoint_and_together_the_whole(labels: list[int], stops: list[int]) -> None:
    first, second = (min(stop, len(labels)) for stop in sorted(stops))
    sizes = (first, second - first, len(labels) - second)
    parts = cut(np.array(labels), sizes)
    assert tuple(map(len, parts)) == sizes
    assert sorted(np.concatenate(parts)) == list(range(len(labels)))


@BOTH
def test_each_sample_keeps_its_label_and_its_measurements_up_to_scale(name: str) -> None:
    dataset = DATASETS[name]()
    inputs, targets = SOURCES[name](return_X_y=True)
    order = np.concatenate(cut(targets, SIZES[name]))
    assert np.array_equal(np.concatenate([split.targets for split in dataset.splits().values()]), targets[order])
    for ours, raw in zip(rows(dataset).T, inputs[order].T, strict=True):
        if raw.std() > 0:
            assert np.corrcoef(ours, raw)[0, 1] == pytest.approx(1, abs=1e-9)


@BOTH
def test_the_training_split_is_standardised(name: str) -> None:
    inputs = DATASETS[name]().train.inputs
    dims = (0, 1, 2, 3) if name == "digits" else (0,)
    mean, std = inputs.mean(dims), inputs.std(dims)
    torch.testing.assert_close(mean, torch.zeros_like(mean), atol=1e-5, rtol=0)
    torch.testing.assert_close(std, torch.ones_like(std), atol=1e-5, rtol=0)


@BOTH
def test_the_other_splits_are_scaled_by_the_training_splits_statistics_alone(name: str) -> None:
    for split in list(DATASETS[name]().splits().values())[1:]:
        assert not torch.allclose(split.inputs.mean(), torch.zeros(()), atol=1e-6)
        assert split.inputs.std().item() == pytest.approx(1, abs=0.2)


@BOTH
def test_the_cut_does_not_depend_on_global_random_state(name: str) -> None:
    drawn = []
    for seed in (0, 1):
        np.random.seed(seed)
        torch.manual_seed(seed)
        drawn.append(rows(DATASETS[name]()))
    assert np.array_equal(*drawn)


def test_wine_from_ucis_file_equals_the_built_in_wine(tmp_path: Path) -> None:
    built_in, read = DATASETS["wine"](), DATASETS["wine"](dir=str(write_wine(tmp_path)))
    for name, split in built_in.splits().items():
        assert torch.equal(read.splits()[name].inputs, split.inputs)
        assert torch.equal(read.splits()[name].targets, split.targets)


def test_a_missing_wine_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=f"{tmp_path}/wine.data"):
        DATASETS["wine"](dir=str(tmp_path))


@pytest.mark.parametrize(
    "changes",
    [
        {"line177": ""},
        {"line0": "1,2,3"},
        {"line0": "4" + ",1" * 13},
        {"line0": "1.5" + ",1" * 13},
        {"line5": "1" + ",red" * 13},
        {"line5": "1" + ",1" * 14},
        {"line5": "1" + ",1" * 12 + ",nan"},
        {"line5": "1" + ",1" * 12 + ",inf"},
    ],
    ids=["a row missing", "a short row", "class 4", "class 1.5", "words", "a long row", "nan", "inf"],
)
def test_an_altered_wine_file_is_refused_by_name(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(DataFaultError, match=r"wine\.data"):
        DATASETS["wine"](dir=str(write_wine(tmp_path, **changes)))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00wine"], ids=["empty", "binary"])
@pytest.mark.filterwarnings("ignore:.*input contained no data")
def test_a_wine_file_that_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wine.data").write_bytes(content)
    with pytest.raises(DataFaultError, match=r"wine\.data"):
        DATASETS["wine"](dir=str(tmp_path))
