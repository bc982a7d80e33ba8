from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dsptt_worker.data import DATASETS
from dsptt_worker.data import winequality as module
from dsptt_worker.errors import ConfigFaultError, DataFaultError

BUILT_IN = Path(module.__file__).with_name("winequality-red.csv")
RAW = np.loadtxt(BUILT_IN, delimiter=";", skiprows=1)
load = DATASETS["winequality"]


def write(folder: Path, lines: list[str], color: str = "red") -> Path:
    (folder / f"winequality-{color}.csv").write_text("\n".join(lines) + "\n")
    return folder


def good_lines() -> list[str]:
    return BUILT_IN.read_text().splitlines()


def test_the_splits_have_their_documented_sizes_and_types_and_there_are_no_classes() -> None:
    dataset = load()
    assert [len(split) for split in dataset.splits().values()] == [1000, 299, 300]
    assert (dataset.classes, dataset.outputs, dataset.augmentation) == ([], 1, None)
    for split in dataset.splits().values():
        assert (split.inputs.dtype, split.targets.dtype) == (torch.float32, torch.float32)
        assert split.inputs.shape == (len(split), 11)


def test_each_split_has_the_scores_in_proportion_to_within_a_sample() -> None:
    levels, counts = np.unique(RAW[:, 11], return_counts=True)
    targets = {name: split.targets.numpy() for name, split in load().splits().items()}
    assert len(np.unique(np.concatenate(list(targets.values())))) == len(levels)
    ranked = np.unique(np.concatenate(list(targets.values())))
    for got in targets.values():
        here = np.array([(got == level).sum() for level in ranked])
        assert np.abs(here - counts / len(RAW) * len(got)).max() <= 1


def test_the_training_split_is_standardised_and_the_others_by_its_statistics_alone() -> None:
    dataset = load()
    columns = torch.cat([dataset.train.inputs, dataset.train.targets[:, None]], 1)
    torch.testing.assert_close(columns.mean(0), torch.zeros(12), atol=1e-4, rtol=0)
    torch.testing.assert_close(columns.std(0), torch.ones(12), atol=2e-3, rtol=0)
    assert abs(dataset.validation.targets.mean()) > 1e-3
    assert abs(dataset.validation.inputs.mean()) > 1e-3


def test_each_wine_keeps_its_score_and_its_measurements_up_to_scale() -> None:
    splits = load().splits().values()
    ours = torch.cat([torch.cat([split.inputs, split.targets[:, None]], 1) for split in splits]).double().numpy()
    ours = ours * RAW.std(0) / ours.std(0)
    ours = ours - ours.mean(0) + RAW.mean(0)
    order, expected = np.lexsort(ours.round(3).T), np.lexsort(RAW.round(3).T)
    np.testing.assert_allclose(ours[order], RAW[expected], atol=2e-3)


def test_a_folders_file_equals_the_built_in_one(tmp_path: Path) -> None:
    read = load(dir=str(write(tmp_path, good_lines())))
    for name, split in load().splits().items():
        assert torch.equal(read.splits()[name].inputs, split.inputs)
        assert torch.equal(read.splits()[name].targets, split.targets)


def test_white_wines_are_read_from_a_folder(tmp_path: Path) -> None:
    lines = good_lines()
    white = [lines[0], *(lines[1:] * 4)[:4898]]
    dataset = load(color="white", dir=str(write(tmp_path, white, "white")))
    assert [len(split) for split in dataset.splits().values()] == [3062, 918, 918]


def test_white_wines_without_a_folder_are_a_config_fault() -> None:
    with pytest.raises(ConfigFaultError, match=r"only the red wines built in.*winequality-white\.csv"):
        load(color="white")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFaultError, match=f"{tmp_path}/winequality-red.csv.*expected UCI's file"):
        load(dir=str(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines[:-1], lines[-1].replace(";", ",")],
        lambda lines: [*lines[:-1], lines[-1] + ";1"],
        lambda lines: [line + ";1" for line in lines],
        lambda lines: [*lines[:-1], "nan" + lines[-1][lines[-1].index(";") :]],
        lambda lines: [*lines[:-1], lines[-1][:-1] + "5.5"],
        lambda lines: [*lines[:-1], lines[-1][:-1] + "11"],
        lambda _lines: ["\x00\x01"],
    ],
    ids=["a row less", "a row more", "commas", "a long row", "13 columns", "nan", "score 5.5", "score 11", "no table"],
)
@pytest.mark.filterwarnings("ignore:.*input contained no data")
def test_an_altered_file_is_refused_by_name(tmp_path: Path, change: object) -> None:
    assert callable(change)
    with pytest.raises(DataFaultError, match=r"winequality-red\.csv"):
        load(dir=str(write(tmp_path, change(good_lines()))))
