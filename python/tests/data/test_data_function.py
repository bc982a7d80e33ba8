from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dsptt_worker.data import Dataset
from dsptt_worker.data.given.own_function import from_function
from dsptt_worker.errors import ConfigFaultError, DataFaultError

COMMON = """
import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset, TensorDataset

ROWS = torch.arange(120.0).reshape(60, 2)
LABELS = torch.arange(60) % 3

class Pairs(Dataset):
    def __init__(self, read, count=60):
        self.read, self.count = read, count
    def __len__(self):
        return self.count
    def __getitem__(self, place):
        return self.read(place)

"""


def made(tmp_path: Path, body: str, arguments: dict[str, Any] | None = None, folder: str | None = None) -> Dataset:
    """Returns the data set of a file whose function has that body."""
    takes = "dir=None, **args" if folder is None else "dir, **args"
    path = tmp_path / "mine.py"
    path.write_text(f"{COMMON}def defineDataset({takes}):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n")
    return from_function(str(path), arguments or {}, folder, Path())


PAIRS = {
    "tensors": "return {'train': (ROWS, LABELS), 'test': (ROWS, LABELS)}",
    "arrays": "return {'train': (ROWS.numpy(), LABELS.numpy()), 'test': (ROWS.numpy(), LABELS.numpy())}",
    "a TensorDataset": "return dict.fromkeys(('train', 'test'), TensorDataset(ROWS, LABELS))",
    "a data set of pairs": "return dict.fromkeys(('train', 'test'), Pairs(lambda i: (ROWS[i], int(LABELS[i]))))",
    "a list of lists": "return dict.fromkeys(('train', 'test'), [(x.tolist(), y) for x, y in zip(ROWS, LABELS)])",
    "a subset": "return dict.fromkeys(('train', 'test'), torch.utils.data.Subset([*zip(ROWS, LABELS)], range(60)))",
}


@pytest.mark.parametrize("body", PAIRS.values(), ids=PAIRS.keys())
def test_every_form_of_the_same_samples_is_the_same_data_set(body: str, tmp_path: Path) -> None:
    found = made(tmp_path, body)
    assert torch.equal(found.test.inputs, torch.arange(120.0).reshape(60, 2))
    assert found.test.targets.tolist() == [i % 3 for i in range(60)]
    assert (len(found.train), len(found.validation)) == (51, 9)


def test_images_as_torchvision_reads_them_are_bytes_with_their_channels_first(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        """
        pixels = np.random.randint(0, 256, (60, 8, 6, 3), np.uint8)
        images = Pairs(lambda i: (Image.fromarray(pixels[i]), i % 2))
        return {'train': images, 'validation': images, 'test': images, 'classes': ['cat', 'dog'], 'augment': 'flip'}
        """,
    )
    assert (found.train.inputs.dtype, tuple(found.train.inputs.shape)) == (torch.uint8, (60, 3, 8, 6))
    assert found.classes == ["cat", "dog"]
    assert found.augmentation is not None


def test_a_function_that_draws_random_numbers_returns_the_same_samples_again(tmp_path: Path) -> None:
    body = """
        import random
        drawn = [torch.randn(60, 1), torch.from_numpy(np.random.randn(60, 1)), torch.tensor([[random.random()]] * 60)]
        return {'train': (torch.cat([each.float() for each in drawn], 1), LABELS)}
        """
    assert made(tmp_path, body).sha256() == made(tmp_path, body).sha256()
    (tmp_path / "noise.py").write_text("import torch\nROWS = torch.randn(60, 2)\n")
    body = "import noise\nreturn {'train': (noise.ROWS, LABELS)}"
    assert made(tmp_path, body).sha256() == made(tmp_path, body).sha256()
    file = tmp_path / "drawn.py"
    file.write_text(
        f"{COMMON}DRAWN = torch.randn(60, 2)\ndef defineDataset():\n    return {{'train': (DRAWN, LABELS)}}\n"
    )
    assert len({from_function(str(file), {}, None, Path()).sha256() for _ in range(2)}) == 1


def test_arguments_and_the_data_directory_reach_the_function(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", np.arange(40.0)[:, None])
    body = """
        rows = np.load(f"{dir}/rows.npy") * args['times']
        return {'train': (rows, np.arange(40) % 2), 'columns': ['size'], 'normalise': {'mean': [1], 'std': [2]}}
        """
    found = made(tmp_path, body, {"times": 3}, str(tmp_path))
    everything = torch.cat([split.inputs for split in found.splits().values()])
    assert sorted(everything[:, 0].tolist()) == [(3 * i - 1) / 2 for i in range(40)]
    assert found.columns == ["size"]


def test_it_may_import_its_neighbours_and_leaves_no_modules(tmp_path: Path) -> None:
    (tmp_path / "rows.py").write_text("import torch\nROWS = torch.ones(40, 1).cumsum(0)\n")
    found = made(tmp_path, "import rows\nreturn {'train': (rows.ROWS, torch.arange(40) % 2)}")
    assert len(found.train) == 28


REFUSED = {
    "no dict": ("return ROWS", ConfigFaultError, "must return a dict with 'train'"),
    "three values": ("return {'train': (ROWS, LABELS, 1)}", ConfigFaultError, r"train: a pair .* got 3 values"),
    "an iterable": ("return {'train': iter([])}", ConfigFaultError, r"with __len__ and __getitem__ is needed"),
    "an unknown key": ("return {'train': (ROWS, LABELS), 'val': 1}", ConfigFaultError, "unknown field `val`"),
    "an error": ("raise OSError('no disk')", ConfigFaultError, r"mine.py:defineDataset raised OSError: no disk"),
    "an error of a sample": (
        "return {'train': Pairs(lambda i: 1 / (i - 5))}",
        DataFaultError,
        r"sample 0 \(from 0\) must be a pair \(input, target\), got float",
    ),
    "a sample that raises": (
        "return {'train': Pairs(lambda i: (ROWS[i], 1 / (i - 5)))}",
        DataFaultError,
        r"reading sample 5 \(from 0\) raised ZeroDivisionError",
    ),
    "a dict a sample": ("return {'train': Pairs(lambda i: {'x': 1})}", DataFaultError, "got dict"),
    "random changes": (
        "return {'train': Pairs(lambda i: (ROWS[i] + torch.randn(2), 0))}",
        ConfigFaultError,
        "is another when it is read again",
    ),
    "samples of two shapes": (
        "return {'train': Pairs(lambda i: (ROWS[i][: 1 + i % 2], i % 2))}",
        DataFaultError,
        r"sample 1 \(from 0\) has shape \[2\]",
    ),
    "transparent images": (
        "return {'train': Pairs(lambda i: (Image.new('RGBA', (4, 4)), i % 2))}",
        DataFaultError,
        "mode RGBA: convert it",
    ),
    "rows of other lengths": ("return {'train': ([[1], [1, 2]], [0, 1])}", DataFaultError, "numbers of one shape"),
    "objects": ("return {'train': (np.array([None] * 4), LABELS)}", DataFaultError, "must be numbers, got ndarray"),
}


@pytest.mark.parametrize(("body", "kind", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_data_set_is_refused_in_one_sentence(
    body: str, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=said) as raised:
        made(tmp_path, body)
    assert "\n" not in str(raised.value)


def test_a_function_without_the_parameter_dir_takes_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def rows(): pass\n")
    with pytest.raises(ConfigFaultError, match=r"does not take dataset\.args: .* argument 'dir'"):
        from_function(f"{tmp_path}/mine.py:rows", {}, str(tmp_path), Path())
    with pytest.raises(ConfigFaultError, match=r"does not take dataset\.args: .* argument 'size'"):
        from_function(f"{tmp_path}/mine.py:rows", {"size": 1}, None, Path())
    with pytest.raises(ConfigFaultError, match="has no function 'defineDataset'; it has: rows"):
        from_function(f"{tmp_path}/mine.py", {}, None, Path())
