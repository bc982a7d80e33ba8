"""A data set that a Python function of the user's returns."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import torch
from msgspec import Struct

from ...errors import ConfigFaultError
from ...user_code.user_function import UserFunction, find_function
from ..crop_flip import Augment
from ..dataset import Dataset
from ..normalisation import Normalise
from .prepared import SPLITS, Given, Preparation, prepared
from .samples import arrays_of

DEFINE = "defineDataset"


class Stated(Struct, forbid_unknown_fields=True):
    """Answers of a function beside the splits, as in ``Preparation``."""

    classes: list[str] | None = None
    labels: list[str] | None = None
    normalise: Normalise | None = None
    augment: Augment = "none"
    columns: list[str] = []


def from_function(where: str, arguments: Mapping[str, object], folder: str | None, modules: Path) -> Dataset:
    """Returns the data set of the function at ``package.module:function``, ``file.py`` or ``file.py:function``. A
    parameter ``dir`` gets the data directory, if one is named.

    The function returns a dict. ``train``, and if there are any ``validation`` and ``test``, are each a pair of arrays
    or tensors (inputs, targets), or a map-style ``torch.utils.data.Dataset`` of such pairs, which is read once.
    ``classes``, ``labels``, ``normalise``, ``augment`` and ``columns`` may stand beside them.

    Raises:
        ConfigFaultError: no such function, one that raises, or that returns something else.
        DataFaultError: samples that no network can be trained on.
    """
    _seed()
    found = find_function(where, "dataset", DEFINE, modules)
    try:
        given = dict(arguments) if folder is None else {**arguments, "dir": folder}
        found.check(given, arguments)
        return _dataset(found, found.call(given))
    finally:
        found.project.forget()


def _dataset(found: UserFunction, answer: object) -> Dataset:
    if not isinstance(answer, Mapping):
        raise ConfigFaultError(
            f"{found.label} must return a dict with 'train', and 'validation' and 'test' if there are any, got "
            f"{type(answer).__name__}"
        )
    stated = {key: _plain(value) for key, value in answer.items() if key not in SPLITS}
    try:
        said = msgspec.convert(stated, Stated)
    except msgspec.ValidationError as error:
        raise ConfigFaultError(f"{found.label} returns, beside the splits: {error}") from error
    with found.project.running():
        given = {
            name: Given(*arrays_of(answer[name], f"{found.label}, {name}"))
            for name in SPLITS
            if answer.get(name) is not None
        }
    return prepared(given, Preparation(said.classes, said.labels, said.normalise, said.augment, said.columns))


def _plain(value: object) -> object:
    """Returns lists of numbers or texts for arrays and tensors of them."""
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _seed() -> None:
    """Seeds every generator that the file and its function may draw from: the samples of all runs are the same."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
