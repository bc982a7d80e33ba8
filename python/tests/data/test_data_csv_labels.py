"""Labels of a user's table: which of them are one class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsptt_worker.data.tables.cells import Table
from dsptt_worker.data.tables.labels import Labels, read_labels
from dsptt_worker.errors import DataFaultError


def labels(*spelt: str, times: int = 3) -> Labels:
    cells = [*spelt] * times
    return read_labels(Table(Path("t.csv"), ",", [[cell] for cell in cells], list(range(1, len(cells) + 1)), []), 0)


@pytest.mark.parametrize(
    ("spelt", "names", "targets"),
    [
        (["1.0", "1", "0"], ["0", "1"], [1, 1, 0]),
        (["10", "9", "-1", "+9.00"], ["-1", "9", "10"], [2, 1, 0, 1]),
        (["2.5", "10", "1e1"], ["2.5", "10"], [0, 1, 1]),
        (["007", "7", "8"], ["7", "8"], [0, 0, 1]),
        (["9007199254740993", "9007199254740992"], ["9007199254740992", "9007199254740993"], [1, 0]),
        (["b", "a", "B"], ["B", "a", "b"], [2, 1, 0]),
        (["true", "false"], ["false", "true"], [1, 0]),
        (["1", "1.0", "none"], ["1", "1.0", "none"], [0, 1, 2]),
        (["1_0", "10"], ["10", "1_0"], [1, 0]),
        (["1", "1e99999999999999999999"], ["1", "1e99999999999999999999"], [0, 1]),
    ],
)
def test_equal_numbers_are_one_class_where_all_are_numbers(
    spelt: list[str], names: list[str], targets: list[int]
) -> None:
    found = labels(*spelt)
    assert (found.names, found.targets.tolist()) == (names, targets * 3)


def test_a_label_may_have_any_number_of_digits() -> None:
    found = labels("9" * 5000, "1", "9" * 4999 + "8")
    assert found.names == ["1", "9" * 4999 + "8", "9" * 5000]


@pytest.mark.parametrize("label", ["nan", "NaN", "inf", "-Infinity"])
def test_what_is_no_number_among_numbers_is_refused(label: str) -> None:
    with pytest.raises(
        DataFaultError, match=rf"line 3, column 0 must hold a number as the other labels, got '{label}'"
    ):
        labels("1", "2", label)


def test_labels_that_differ_in_their_spelling_only_are_told() -> None:
    assert labels("Yes", "no", "yes").notices == [
        "labels that differ in their spelling only are different classes: Yes, yes"
    ]
    assert labels("1", "1.0", "none").notices == [
        "labels that differ in their spelling only are different classes: 1, 1.0"
    ]
    assert labels("yes", "no").notices == []


NUMBERS = st.one_of(st.integers().map(str), st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str))


@given(st.lists(NUMBERS, min_size=2, max_size=20))
def test_classes_of_numbers_are_those_of_their_values_in_order(spelt: Sequence[str]) -> None:
    values = [float(label) for label in spelt]
    if len(set(values)) == 1:
        return
    found = labels(*spelt)
    named = [float(name) for name in found.names]
    assert named == sorted(named)
    assert [named[target] for target in found.targets] == values * 3
