"""Description of samples before normalisation: with it, networks can be applied to raw samples without the data set."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from session import Session
from sklearn.datasets import load_digits, load_wine
from torch import Tensor

from dsptt_worker.data import DATASETS, Raw, raw_of
from dsptt_worker.data.tables.lengths import LONGEST_NAMES
from dsptt_worker.errors import DataFaultError
from dsptt_worker.protocol import TableLayout
from dsptt_worker.protocol.message import MAX_HEADER_BYTES
from dsptt_worker.raw_samples import describe_raw

TABLE = "width,kind,height\n" + "".join(f"{k}.5,{k % 2},{100 * k}\n" for k in range(20))


def normalised(samples: Tensor, raw: Raw) -> Tensor:
    shape = (-1, *[1] * (len(raw.shape) - 1))
    return ((samples.double() - raw.scaling.mean.reshape(shape)) / raw.scaling.std.reshape(shape)).float()


def holds(rows: Tensor, among: Tensor) -> bool:
    """True if each of some samples is, but for rounding, one of the others."""
    exact = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(rows.flatten(1), among.flatten(1), compute_mode=exact)
    return bool((distances.min(1).values < 1e-3).all())


def test_digits_are_images_of_one_scale_for_all_pixels() -> None:
    dataset = DATASETS["digits"]()
    raw = raw_of(dataset)
    assert (raw.shape, raw.is_bytes, raw.white, len(raw.scaling.mean)) == ((1, 8, 8), False, 16.0, 1)
    own = torch.from_numpy(load_digits().images.astype(np.float32))[:, None]
    assert holds(dataset.test.inputs, normalised(own, raw))


def test_wines_are_features_each_of_its_own_scale() -> None:
    dataset = DATASETS["wine"]()
    raw = raw_of(dataset)
    assert (raw.shape, raw.white, raw.columns, len(raw.scaling.std)) == ((13,), None, [], 13)
    own = torch.from_numpy(np.asarray(load_wine().data, np.float32))
    assert holds(dataset.test.inputs, normalised(own, raw))


def test_colour_images_are_bytes_whose_channels_have_the_scale_of_the_normalisation() -> None:
    dataset = DATASETS["cifar10-sample"]()
    raw = raw_of(dataset)
    assert (raw.shape, raw.is_bytes, raw.white, len(raw.scaling.mean)) == ((3, 32, 32), True, 255.0, 3)
    assert dataset.normalisation is not None
    images = dataset.test.inputs[:5]
    assert torch.allclose(normalised(images, raw), dataset.normalisation.apply(images), rtol=0, atol=1e-5)


@pytest.mark.parametrize("names", [True, False])
def test_a_table_names_its_columns_but_the_target_and_says_how_that_was_scaled(tmp_path: Path, names: bool) -> None:
    (tmp_path / "t.csv").write_text(TABLE if names else TABLE.split("\n", 1)[1])
    dataset = DATASETS["csv"](dir=str(tmp_path), file="t.csv", target=2, task="numbers")
    raw = raw_of(dataset)
    assert raw.columns == (["width", "kind"] if names else [])
    assert raw.target_scaling is not None
    heights = dataset.test.targets.double() * raw.target_scaling.std + raw.target_scaling.mean
    assert all(abs(height / 100 - round(height / 100)) < 1e-4 for height in heights.tolist())


def wide(folder: Path, columns: int) -> list[str]:
    """Writes a table of many columns with long names, 5,000 letters each."""
    names = [f"{column:05}" * 1000 for column in range(columns)]
    rows = [",".join([str(row)] * columns + [str(row % 2)]) for row in range(20)]
    (folder / "t.csv").write_text("\n".join([",".join([*names, "kind"]), *rows]))
    return names


def test_names_as_long_as_a_message_takes_reach_the_client(tmp_path: Path) -> None:
    names = wide(tmp_path, LONGEST_NAMES // 5100)
    said, _ = describe_raw(raw_of(DATASETS["csv"](dir=str(tmp_path), file="t.csv", target="kind")))
    assert said.columns == names
    assert len(msgspec.msgpack.encode(said)) < MAX_HEADER_BYTES


def test_longer_names_are_refused(tmp_path: Path) -> None:
    wide(tmp_path, LONGEST_NAMES // 4900)
    with pytest.raises(DataFaultError, match=r"t\.csv: the columns have 201 names of 1,00\d,\d+ bytes together"):
        DATASETS["csv"](dir=str(tmp_path), file="t.csv", target="kind")


def test_a_table_says_its_form(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE.replace(",", ";").replace(".5;", ".5;1;").replace("kind", "one;kind"))
    dataset = DATASETS["csv"](dir=str(tmp_path), file="t.csv", target="kind", delimiter=";")
    said, _ = describe_raw(raw_of(dataset))
    assert (said.dtype, said.table) == ("f8", TableLayout(";", 2, [1]))


def test_a_client_is_told_all_of_it() -> None:
    said, tensors = Session().ask("rawSamples")
    assert (said.shape, said.dtype, said.white, said.columns, said.target) == ([13], "f4", None, [], None)
    assert said.background is None
    assert {name: (array.dtype, array.shape) for name, array in tensors.items()} == {
        "mean": (np.float64, (13,)),
        "std": (np.float64, (13,)),
    }
