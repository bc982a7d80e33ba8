"""Samples in the rows of a text file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from dsptt_worker.data.cells import Table
from dsptt_worker.data.cells import read_table as read_cells
from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs, checked

DELIMITERS = ",;\t"


def read_table(path: Path, samples: Samples) -> Inputs:
    """Reads one sample a row, its numbers in the order of a flattened sample, separated by ``,``, ``;`` or a tab.

    If the run's data has named columns and the file's first line names all of them, they are found by their names, in
    any order, and further columns are ignored.

    Raises:
        DataFaultError: the file cannot be read, or its rows are no samples of the run.
    """
    table = read_cells(path, _delimiter(path), -1)
    columns = _columns(table, samples)
    numbers = np.stack([table.numbers(column) for column in columns], 1)
    values = checked(numbers.reshape(len(numbers), *samples.shape), samples, str(path))
    return Inputs(values, [str(line) for line in table.lines])


def _columns(table: Table, samples: Samples) -> list[int]:
    if samples.columns and table.names:
        missing = [name for name in samples.columns if name not in table.names]
        if missing:
            raise DataFaultError(f"{table.path} has no column {missing[0]!r}; it has: {', '.join(table.names)}")
        return [table.names.index(name) for name in samples.columns]
    wanted = math.prod(samples.shape)
    if table.width != wanted:
        sample = f"{wanted} numbers" + (f", {list(samples.shape)} flattened" if len(samples.shape) > 1 else "")
        raise DataFaultError(f"{table.path} has {table.width} cells in a row, but a sample of this run is {sample}")
    return list(range(wanted))


def _delimiter(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFaultError(f"cannot read {path}: {error}") from error
    return max(DELIMITERS, key=first.count)
