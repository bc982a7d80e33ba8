"""Samples in the rows of a text file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsptt_worker.data.listing import listed
from dsptt_worker.data.tables.cells import Table
from dsptt_worker.data.tables.encoding import encoded, unknown
from dsptt_worker.data.tables.header import is_text, looks_like_names
from dsptt_worker.data.tables.rows import DELIMITERS, first_row, read_text, rows_of
from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs, checked


@dataclass(frozen=True)
class RawColumn:
    """A column of the run's table: its name (empty if it has none), and the values of a column of texts (None: it holds
    numbers)."""

    name: str
    values: list[str] | None


def read_table(path: Path, samples: Samples) -> Inputs:
    """Reads one sample a row, by the reader of the data set ``csv``; a sample's name is its line, or the cell of the
    column that names the rows.

    If the run's columns have names, the file's first line holds names too, in any order and among others. Else the
    columns are those of the run's own table, with the target or without it, or the inputs of a sample alone.
    The delimiter is that of the run's table, or the usual one by which the first line fits best.

    Raises:
        DataFaultError: the file cannot be read, or its rows are no samples of the run.
    """
    text = read_text(path)
    columns = raw_columns(samples)
    rows = rows_of(text, path, _delimiter(text, samples, columns))
    first = rows.cells[0]
    layout = samples.layout
    target = layout.target if layout is not None and len(first) == max(_widths(samples, columns)) else None
    has_texts = any(column.values is not None for column in columns)
    named = bool(samples.columns) or (not has_texts and is_text(first, target))
    table = Table.of(rows, named=named, of_first="; if the first line holds names, remove it")
    places, notices = _by_name(table, columns, samples) if samples.columns else _by_place(table, samples, columns)
    if not named and looks_like_names(rows.cells):
        notices.append(f"the first line of {path.name} was read as a sample, because the run's columns have no names")
    numbers, others = _numbers(table, places, columns, samples)
    values = checked(numbers.reshape(len(numbers), *samples.shape), samples, str(path))
    names = _names(table, samples, columns) or [str(line) for line in table.lines]
    return Inputs(values, names, [*rows.notices, *notices, *others])


def raw_columns(samples: Samples) -> list[RawColumn]:
    """Lists the columns of the run's table that are inputs, in their order there."""
    layout = samples.layout
    texts = {} if layout is None else {one.column: one for one in layout.categories}
    count = math.prod(samples.shape) - sum(len(one.values) - 1 for one in texts.values())
    apart = set() if layout is None else layout.apart
    places = [place for place in range(count + len(apart)) if place not in apart]
    names = iter(samples.columns)
    found = []
    for place in places:
        if place in texts:
            of_values = [next(names, "") for _ in texts[place].values]
            found.append(RawColumn(texts[place].name if of_values[0] else "", texts[place].values))
        else:
            found.append(RawColumn(next(names, ""), None))
    return found


def _numbers(
    table: Table, places: list[int], columns: list[RawColumn], samples: Samples
) -> tuple[NDArray[np.float64], list[str]]:
    """Returns the inputs of each row, gaps filled with the means of training, and notices of unknown texts."""
    gaps = samples.layout is not None and samples.layout.gaps
    pairs = list(zip(places, columns, strict=True))
    numbers = np.concatenate([encoded(table, place, column.values, gaps=gaps) for place, column in pairs], 1)
    new = {
        table.called(place): unknown(table, place, column.values, gaps=gaps)
        for place, column in pairs
        if column.values is not None
    }
    notices = [
        f"{table.path.name}, {name}: texts that training did not have are none of its values: {listed(texts)}"
        for name, texts in new.items()
        if texts
    ]
    missing = np.isnan(numbers)
    return (np.where(missing, np.array(samples.mean), numbers) if gaps else numbers), notices


def _names(table: Table, samples: Samples, columns: list[RawColumn]) -> list[str]:
    """Returns the cells of the column that names the rows; none where the run, or the file, has no such column."""
    if samples.layout is None or samples.layout.id is None:
        return []
    place, name = samples.layout.id.column, samples.layout.id.name
    if samples.columns:
        return [cells[table.names.index(name)] for cells in table.rows] if name in table.names else []
    width = max(_widths(samples, columns))
    if table.width not in (width, width - 1):
        return []
    shift = int(table.width < width and place > samples.layout.target)
    return [cells[place - shift] for cells in table.rows]


def _by_name(table: Table, columns: list[RawColumn], samples: Samples) -> tuple[list[int], list[str]]:
    names = [column.name for column in columns]
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.names):
        places.setdefault(name, []).append(place)
    if not any(name in places for name in names):
        raise DataFaultError(
            f"the first line of {table.path} ({listed(table.names)}) names no column of the run's: {listed(names)}"
        )
    for name in names:
        if name not in places:
            raise DataFaultError(f"{table.path} has no column {table.instead_of(name)}")
        if len(places[name]) > 1:
            raise DataFaultError(f"{table.path} has {len(places[name])} columns {name!r}: which of them is meant?")
    of_rows = None if samples.layout is None or samples.layout.id is None else samples.layout.id.name
    others = [name for name in table.names if name not in names and name != of_rows]
    notices = [f"columns of {table.path.name} that are not used: {listed(others)}"] if others else []
    return [places[name][0] for name in names], notices


def _by_place(table: Table, samples: Samples, columns: list[RawColumn]) -> tuple[list[int], list[str]]:
    notices = ["the run's columns have no names: those of the table are taken by their places"] if table.names else []
    places = _widths(samples, columns).get(table.width)
    if places is None:
        wanted = len(columns)
        sample = f"{wanted} numbers" + (f", {list(samples.shape)} flattened" if len(samples.shape) > 1 else "")
        raise DataFaultError(f"{table.path} has {table.width} cells in a row, but a sample of this run is {sample}")
    return places, notices


def _widths(samples: Samples, columns: list[RawColumn]) -> dict[int, list[int]]:
    """Returns the places of a sample's inputs in a row, by the number of its cells: of the sample alone, or of a table
    like the run's own, with its target or without it."""
    wanted = len(columns)
    if (layout := samples.layout) is None:
        return {wanted: list(range(wanted))}
    width = wanted + len(layout.apart)
    inputs = [place for place in range(width) if place not in layout.apart]
    without = [place - (place > layout.target) for place in inputs]
    return {width: inputs, width - 1: without, wanted: list(range(wanted))}


def _delimiter(text: str, samples: Samples, columns: list[RawColumn]) -> str:
    own = "" if samples.layout is None else samples.layout.delimiter
    names, widths = {column.name for column in columns if column.name}, _widths(samples, columns)

    def fits(delimiter: str) -> tuple[int, int]:
        cells = first_row(text, delimiter)
        return len(names.intersection(cells)) if names else int(len(cells) in widths), len(cells)

    return max(own + DELIMITERS, key=fits)
