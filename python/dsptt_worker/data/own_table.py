"""A user's table in a text file (CSV): rows of numbers, one column of them a class or a number to be predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from msgspec import Meta
from numpy.typing import NDArray

from ..errors import ConfigFaultError, DataFaultError
from .cells import Table, read_table
from .dataset import Dataset, Split, standardise, standardise_targets, stratified_order
from .shares import Share, TestShare, check_trains_on_all, split_sizes

STRATA = 10
"""Parts of equal size, by the number to be predicted, in which a regression's split is stratified."""


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    file: str | None = None,
    target: str | int = -1,
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ",",
    task: Literal["classes", "numbers"] = "classes",
    validation: Share = 0.15,
    test: TestShare = 0.15,
) -> Dataset:
    """Loads the rows of ``dir/file``, [columns - 1] float32, standardised over the training rows.

    ``target``: the name or number of the column with the class or with the number to be predicted, which is
    standardised too. ``validation`` and ``test``: their shares of the rows. The cut is fixed and stratified by class,
    or by tenths of the number to be predicted. Classes are in numerical order if all are whole numbers, else in
    alphabetical.

    Raises:
        ConfigFaultError: no folder or file given, or no such column.
        DataFaultError: the file cannot be read, a cell is not a number, or there are too few rows or classes.
    """
    if dir is None or file is None:
        raise ConfigFaultError("dataset 'csv' reads a table of yours: give the data directory and dataset.args.file")
    table = read_table(Path(dir) / file, delimiter, target)
    column = table.column(target)
    if table.width < 2:
        raise DataFaultError(f"{table.path} has one column only: is {delimiter!r} what stands between its cells?")
    numbers = np.stack([table.numbers(place) for place in range(table.width) if place != column], 1)
    with np.errstate(over="ignore"):  # reported below, with the file's name
        inputs = numbers.astype(np.float32)
    if not np.isfinite(inputs).all():
        raise DataFaultError(f"{table.path} holds numbers beyond what 32 bits can hold (3.4e38)")
    sizes = split_sizes(len(inputs), validation, test, f"{table.path}: rows")
    cut = _by_class if task == "classes" else _by_number
    return cut(table, column, inputs, sizes)


def _by_class(table: Table, column: int, inputs: NDArray[np.float32], sizes: tuple[int, int, int]) -> Dataset:
    targets, classes = _classes(table, column)
    cut = _cut(inputs, targets, stratified_order(targets), sizes)
    check_trains_on_all(cut[0].targets.numpy(), classes)
    splits, scaling = standardise(cut, (0,))
    return Dataset(*splits, classes, scaling=scaling, columns=_input_names(table, column))


def _by_number(table: Table, column: int, inputs: NDArray[np.float32], sizes: tuple[int, int, int]) -> Dataset:
    targets = table.numbers(column)
    ranks = np.argsort(np.argsort(targets, kind="stable"), kind="stable") * STRATA // len(targets)
    cut = _cut(inputs, targets, stratified_order(ranks), sizes)
    predicted = cut[0].targets
    if (predicted == predicted[0]).all():
        raise DataFaultError(f"{table.path}: the number to be predicted is {predicted[0]} in every training row")
    splits, scaling = standardise(cut, (0,))
    numbers, target_scaling = standardise_targets(splits)
    names = _input_names(table, column)
    return Dataset(*numbers, [], scaling=scaling, target_scaling=target_scaling, columns=names)


def _input_names(table: Table, column: int) -> list[str]:
    """Lists the names of the columns except the target's; empty without a header, or if two are equal."""
    names = [name for place, name in enumerate(table.names) if place != column]
    return names if len(set(names)) == len(names) else []


def _classes(table: Table, column: int) -> tuple[NDArray[np.int64], list[str]]:
    labels = table.texts(column)
    names = sorted(set(labels), key=_numerical if all(_is_whole(label) for label in labels) else None)
    if len(names) < 2:
        raise DataFaultError(f"{table.path} has one class only, {names[0]!r}: there is nothing to tell apart")
    targets = np.array([names.index(label) for label in labels], np.int64)
    counts = np.bincount(targets)
    if counts.min() < 3:
        raise DataFaultError(
            f"{table.path}: class {names[counts.argmin()]!r} has {counts.min()} rows, every class needs at least 3; "
            "for numbers to be predicted set dataset.args.task to 'numbers'"
        )
    return targets, names


def _is_whole(label: str) -> bool:
    return label.removeprefix("-").isdecimal()


def _numerical(label: str) -> tuple[int, str]:
    return int(label), label


def _cut(
    inputs: NDArray[np.float32], targets: NDArray[np.generic], order: NDArray[np.int64], sizes: tuple[int, int, int]
) -> list[Split]:
    parts = np.split(order, np.cumsum(sizes)[:-1])
    return [Split(torch.from_numpy(inputs[part]), torch.from_numpy(targets[part])) for part in parts]
