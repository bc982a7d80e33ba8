"""Samples in the rows of a text file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from dsptt_worker.data.cells import Table
from dsptt_worker.data.header import is_text, looks_like_names
from dsptt_worker.data.listing import listed
from dsptt_worker.data.rows import DELIMITERS, first_row, read_text, rows_of
from dsptt_worker.errors import DataFaultError

from ..samples import Samples
from .raw import Inputs, checked


def read_table(path: Path, samples: Samples) -> Inputs:
    """Reads one sample a row, by the reader of the data set ``csv``; a sample's name is its line.

    If the run's columns have names, the file's first line holds names too, in any order and among others. Else the
    columns are those of the run's own table, with the target or without it, or the numbers of a flattened sample alone.
    The delimiter is that of the run's table, or the usual one by which the first line fits best.

    Raises:
        DataFaultError: the file cannot be read, or its rows are no samples of the run.
    """
    text = read_text(path)
    rows = rows_of(text, path, _delimiter(text, samples))
    first = rows.cells[0]
    layout = samples.layout
    target = layout.target if layout is not None and len(first) == max(_widths(samples)) else None
    named = bool(samples.columns) or is_text(first, target)
    table = Table.of(rows, named=named, of_first="; if the first line holds names, remove it")
    columns, notices = _by_name(table, samples) if samples.columns else _by_place(table, samples)
    if not named and looks_like_names(rows.cells):
        notices.append(f"the first line of {path.name} was read as a sample, because the run's columns have no names")
    numbers = np.stack([table.numbers(column) for column in columns], 1)
    values = checked(numbers.reshape(len(numbers), *samples.shape), samples, str(path))
    return Inputs(values, [str(line) for line in table.lines], [*rows.notices, *notices])


def _by_name(table: Table, samples: Samples) -> tuple[list[int], list[str]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.names):
        places.setdefault(name, []).append(place)
    if not any(name in places for name in samples.columns):
        raise DataFaultError(
            f"the first line of {table.path} ({listed(table.names)}) names no column of the run's: "
            f"{listed(samples.columns)}"
        )
    for name in samples.columns:
        if name not in places:
            raise DataFaultError(f"{table.path} has no column {table.instead_of(name)}")
        if len(places[name]) > 1:
            raise DataFaultError(f"{table.path} has {len(places[name])} columns {name!r}: which of them is meant?")
    used = set(samples.columns)
    others = [name for name in table.names if name not in used]
    notices = [f"columns of {table.path.name} that are not used: {listed(others)}"] if others else []
    return [places[name][0] for name in samples.columns], notices


def _by_place(table: Table, samples: Samples) -> tuple[list[int], list[str]]:
    notices = ["the run's columns have no names: those of the table are taken by their places"] if table.names else []
    places = _widths(samples).get(table.width)
    if places is None:
        wanted = math.prod(samples.shape)
        sample = f"{wanted} numbers" + (f", {list(samples.shape)} flattened" if len(samples.shape) > 1 else "")
        raise DataFaultError(f"{table.path} has {table.width} cells in a row, but a sample of this run is {sample}")
    return places, notices


def _widths(samples: Samples) -> dict[int, list[int]]:
    """Returns the places of a sample's numbers in a row, by the number of its cells: of the sample alone, or of a table
    like the run's own, with its target or without it."""
    wanted = math.prod(samples.shape)
    if (layout := samples.layout) is None:
        return {wanted: list(range(wanted))}
    width = wanted + len(layout.unused) + 1
    inputs = [place for place in range(width) if place not in {layout.target, *layout.unused}]
    without = [place - (place > layout.target) for place in inputs]
    return {width: inputs, width - 1: without, wanted: list(range(wanted))}


def _delimiter(text: str, samples: Samples) -> str:
    own = "" if samples.layout is None else samples.layout.delimiter
    names, widths = set(samples.columns), _widths(samples)

    def fits(delimiter: str) -> tuple[int, int]:
        cells = first_row(text, delimiter)
        return len(names.intersection(cells)) if names else int(len(cells) in widths), len(cells)

    return max(own + DELIMITERS, key=fits)
