from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dsptt_worker.arguments import check_arguments
from dsptt_worker.data import DATASETS
from dsptt_worker.errors import ConfigFaultError, DataFaultError

load = DATASETS["arrays"]
PIXELS = np.random.default_rng(0).integers(0, 256, (40, 4, 4), np.uint8)


def saved(folder: Path, **arrays: np.ndarray) -> str:
    for name, array in arrays.items():
        np.save(folder / f"{name.replace('_', '-')}.npy", array)
    return str(folder)


def test_arrays_of_each_split_are_read_from_its_files(tmp_path: Path) -> None:
    labels = np.arange(40) % 2
    folder = saved(
        tmp_path,
        **{f"{split}_inputs": PIXELS for split in ("train", "validation", "test")},
        **{f"{split}_targets": labels for split in ("train", "validation", "test")},
    )
    found = load(dir=folder, classes=["even", "odd"], normalise={"mean": [0.5], "std": [0.25]}, augment="flip")
    assert torch.equal(found.test.inputs[:, 0], torch.from_numpy(PIXELS))
    assert (found.classes, found.notices) == (["even", "odd"], [])
    assert found.normalisation is not None
    white = found.normalisation.apply(torch.full((1, 1, 1, 1), 255, dtype=torch.uint8))
    assert white.item() == pytest.approx(2.0, abs=1e-6)


def test_writing_to_the_samples_does_not_change_the_files(tmp_path: Path) -> None:
    folder = saved(tmp_path, train_inputs=PIXELS[:, None], train_targets=np.arange(40) % 2)
    load(dir=folder).train.inputs.zero_()
    assert np.array_equal(np.load(tmp_path / "train-inputs.npy"), PIXELS[:, None])


def test_files_that_are_missing_damaged_or_hold_objects_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaultError, match="give the data directory"):
        load()
    with pytest.raises(DataFaultError, match=r"there is no .*train-inputs\.npy: write it with numpy\.save"):
        load(dir=str(tmp_path))
    folder = saved(tmp_path, train_inputs=PIXELS)
    with pytest.raises(DataFaultError, match=r"there is no .*train-targets\.npy"):
        load(dir=folder)
    np.save(tmp_path / "train-targets.npy", np.array([{}] * 40, object), allow_pickle=True)
    with pytest.raises(DataFaultError, match=r"train-targets\.npy cannot be read .*Python objects"):
        load(dir=folder)
    (tmp_path / "train-targets.npy").write_bytes(b"no array")
    with pytest.raises(DataFaultError, match=r"train-targets\.npy cannot be read"):
        load(dir=folder)
    saved(tmp_path, train_targets=np.arange(40) % 2, test_inputs=PIXELS)
    with pytest.raises(DataFaultError, match=r"there is no .*test-targets\.npy"):
        load(dir=folder)


def test_a_normalisation_of_no_known_form_is_refused() -> None:
    for normalise in ("mine", {"mean": [0.0], "std": [0.0]}, {"mean": [0.0]}):
        with pytest.raises(ConfigFaultError, match=r"dataset\.args\.normalise: "):
            check_arguments("dataset", load, {"normalise": normalise})
