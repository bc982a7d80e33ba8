"""A user's table in a text file (CSV): rows of numbers, one column of them a class or a number to be predicted, or
some columns of them labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from msgspec import Meta
from numpy.typing import NDArray

from ...errors import ConfigFaultError, DataFaultError
from ...table_layout import Layout, NamedColumn
from ..dataset import Dataset, Split, strata_of_numbers, stratified_order
from ..labels import check_both, check_labels, strata_of_labels
from ..scaling import Scaling
from ..shares import Share, TestShare, check_trains_on_all, split_sizes
from .cells import Table
from .columns import Columns, read_columns
from .header import Header, has_names
from .labels import read_labels
from .lengths import check_lengths
from .rows import check_delimiter, other_delimiter, read_text, rows_of


def load(
    *,
    dir: str | None = None,  # noqa: A002 (the name that a configuration uses)
    file: str | None = None,
    target: str | int = -1,
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ",",
    header: Header = "auto",
    task: Literal["classes", "numbers"] = "classes",
    validation: Share = 0.15,
    test: TestShare = 0.15,
    id: str | int | None = None,  # noqa: A002 (the name that a configuration uses)
    categories: list[str | int] | None = None,
    gaps: Literal["refused", "mean"] = "refused",
    labels: list[str | int] | None = None,
) -> Dataset:
    """Loads the rows of ``dir/file``, [inputs] float32, standardised over the training rows in 64 bits. The inputs are
    the columns except the target, and except those which have one number only in all training rows.

    ``target``: the name or number of the column with the class or with the number to be predicted, which is
    standardised too. ``header``: whether the first line holds the columns' names; by itself (``auto``) the data set
    tells names from numbers, and asks where names look like numbers (``header.py``). ``validation`` and ``test``: their
    shares of the rows. The cut is fixed and stratified by class, or by tenths of the number to be predicted. Classes
    are in numerical order if all labels are numbers, else in alphabetical (``labels.py``).

    ``id``: the column that names the rows, no input. ``categories``: columns of texts, which are an input of 0 or 1 for
    each value that the training rows have. ``gaps``: cells without a value (empty, NA, NaN, null, None, ?) are refused,
    or take the mean of their column in the training rows. ``labels``, instead of ``target``: the columns of labels, 0
    or 1 in each row, of which a sample has any number; the cut is then stratified by their combinations.

    Raises:
        ConfigFaultError: no folder or file given, no such column, a target beside labels, or it cannot be told whether
            there is a header.
        DataFaultError: the file cannot be read, a cell is not a number, two columns have one name, no column changes,
            or there are too few rows or classes.
    """
    if dir is None or file is None:
        raise ConfigFaultError("dataset 'csv' reads a table of yours: give the data directory and dataset.args.file")
    if labels is not None and (target, task) != (-1, "classes"):
        raise ConfigFaultError("dataset.args: labels stand instead of target and task, leave these out")
    stated = [target] if labels is None else labels
    option = "target" if labels is None else "labels"
    table, notices = _read(Path(dir) / file, stated, option, delimiter, header)
    sizes = split_sizes(len(table.rows), validation, test, f"{table.path}: rows")
    roles = Roles.of(table, [table.column(one, option) for one in stated], id, categories or [], gaps=gaps == "mean")
    cut = _by_label if labels is not None else _by_class if task == "classes" else _by_number
    return cut(table, roles, sizes, notices)


@dataclass(frozen=True)
class Roles:
    """Places of the targets (one, or the labels), of the rows' names and of the columns of texts, and whether cells may
    be gaps."""

    targets: list[int]
    id: int | None
    texts: set[int]
    gaps: bool

    @classmethod
    def of(
        cls, table: Table, targets: list[int], name: str | int | None, texts: Sequence[str | int], *, gaps: bool
    ) -> Roles:
        """Finds the columns.

        Raises:
            ConfigFaultError: there is no such column, or one has two roles.
        """
        names = None if name is None else table.column(name, "id")
        roles = cls(targets, names, {table.column(text, "categories") for text in texts}, gaps)
        taken = {*targets, *(() if names is None else (names,))}
        if len(taken) < len(targets) + (names is not None) or taken & roles.texts:
            raise ConfigFaultError("dataset.args: target or labels, id and categories must be different columns")
        return roles

    def columns(self, table: Table, train: NDArray[np.int64]) -> Columns:
        """Reads the columns that are inputs."""
        others = {*self.targets, *(() if self.id is None else (self.id,))}
        return read_columns(table, others, train, self.texts, gaps=self.gaps)

    def layout(self, table: Table, columns: Columns) -> Layout:
        """Returns the table's layout."""
        names = None if self.id is None else NamedColumn(self.id, table.names[self.id] if table.names else "")
        first, *more = self.targets
        return Layout(table.delimiter, first, [*more, *columns.unused], names, self.gaps, columns.categories)


def _read(
    path: Path, targets: Sequence[str | int], option: str, delimiter: str, header: Header
) -> tuple[Table, list[str]]:
    """Reads a table whose targets an ``option`` states, and tells how its first line was taken."""
    if not targets:
        raise ConfigFaultError(f"dataset.args.{option} is an empty list: name at least two columns")
    target = next((one for one in targets if isinstance(one, str)), targets[0])
    check_delimiter(delimiter)
    text = read_text(path)
    rows = rows_of(text, path, delimiter)
    if len(rows.cells[0]) < 2:
        asked = other_delimiter(text, delimiter) or f": is {delimiter!r} what stands between its cells?"
        raise DataFaultError(f"{path} has one column only{asked}")
    named = has_names(rows, target, header, option)
    if header != "auto" or isinstance(target, str):
        table, notices = Table.of(rows, named=named), []
    else:
        hint = "; if the first line holds names, set dataset.args.header to 'yes'"
        table = Table.of(rows, named=named, of_first="" if named else hint)
        notices = [f"the first line of {path.name} was read as {'names of columns' if named else 'a sample'}"]
    table.check_names()
    return table, [*notices, *rows.notices]


def _by_class(table: Table, roles: Roles, sizes: tuple[int, int, int], notices: list[str]) -> Dataset:
    labels = read_labels(table, roles.targets[0])
    check_lengths(labels.names, f"{table.path}: the classes")
    parts = _parts(labels.targets, sizes)
    check_trains_on_all(labels.targets[parts[0]], labels.names)
    columns = roles.columns(table, parts[0])
    return Dataset(
        *_splits(columns, labels.targets, parts),
        labels.names,
        scaling=columns.scaling,
        columns=columns.names,
        layout=roles.layout(table, columns),
        wide=True,
        notices=[*notices, *labels.notices, *columns.notices],
    )


def _by_label(table: Table, roles: Roles, sizes: tuple[int, int, int], notices: list[str]) -> Dataset:
    names = [table.called(column) for column in roles.targets]
    check_labels(names)
    targets = np.stack([_zeros_and_ones(table, column) for column in roles.targets], 1)
    parts = _parts(strata_of_labels(targets), sizes)
    check_both(targets[parts[0]], names)
    columns = roles.columns(table, parts[0])
    return Dataset(
        *_splits(columns, targets, parts),
        names,
        scaling=columns.scaling,
        columns=columns.names,
        layout=roles.layout(table, columns),
        wide=True,
        are_labels=True,
        notices=[*notices, *columns.notices],
    )


def _zeros_and_ones(table: Table, column: int) -> NDArray[np.float32]:
    numbers = table.numbers(column)
    wrong = np.flatnonzero((numbers != 0) & (numbers != 1))
    if len(wrong):
        row = int(wrong[0])
        raise DataFaultError(f"{table.place(row, column)} must hold 0 or 1, as a label, got {table.rows[row][column]}")
    return numbers.astype(np.float32)


def _by_number(table: Table, roles: Roles, sizes: tuple[int, int, int], notices: list[str]) -> Dataset:
    targets = table.numbers(roles.targets[0])
    parts = _parts(strata_of_numbers(targets), sizes)
    scaling = Scaling.over(targets[parts[0], None])
    if scaling.std.item() == 0:
        first = targets[parts[0][0]]
        raise DataFaultError(f"{table.path}: the number to be predicted is {first} in every training row")
    columns = roles.columns(table, parts[0])
    return Dataset(
        *_splits(columns, scaling.apply(targets[:, None])[:, 0], parts),
        [],
        scaling=columns.scaling,
        target_scaling=scaling,
        columns=columns.names,
        layout=roles.layout(table, columns),
        wide=True,
        notices=[*notices, *columns.notices],
    )


def _parts(strata: NDArray[np.int64], sizes: tuple[int, int, int]) -> list[NDArray[np.int64]]:
    return np.split(stratified_order(strata), np.cumsum(sizes)[:-1])


def _splits(
    columns: Columns, targets: NDArray[np.generic], parts: list[NDArray[np.int64]]
) -> tuple[Split, Split, Split]:
    train, validation, test = (
        Split(torch.from_numpy(columns.inputs[part]), torch.from_numpy(targets[part])) for part in parts
    )
    return train, validation, test
