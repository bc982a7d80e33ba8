"""Files of scikit-learn that are read without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_wine

from dsptt_worker.data.shipped import shipped
from dsptt_worker.errors import DataFaultError, PackageFaultError


def test_the_digits_are_those_of_scikit_learn() -> None:
    table = shipped("digits.csv.gz")
    inputs, targets = load_digits(return_X_y=True)
    np.testing.assert_array_equal(table[:, :-1], inputs)
    np.testing.assert_array_equal(table[:, -1], targets)


def test_the_wines_are_those_of_scikit_learn() -> None:
    table = shipped("wine_data.csv", skip=1)
    inputs, targets = load_wine(return_X_y=True)
    np.testing.assert_array_equal(table[:, :-1], inputs)
    np.testing.assert_array_equal(table[:, -1], targets)


def test_a_file_that_scikit_learn_does_not_have_is_a_data_error() -> None:
    with pytest.raises(DataFaultError, match=r"scikit-learn's .*nothing\.csv"):
        shipped("nothing.csv")


def test_a_missing_scikit_learn_is_an_error_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsptt_worker.data.shipped.find_spec", lambda name: None)
    with pytest.raises(PackageFaultError, match=r"^digits\.csv\.gz comes with scikit-learn, which is not installed$"):
        shipped("digits.csv.gz")


def test_the_worker_does_not_import_scikit_learn_which_would_delay_its_start() -> None:
    code = "import sys, dsptt_worker.serve.server as s; print('sklearn' in sys.modules or 'scipy' in sys.modules)"
    root = Path(__file__).parents[2]
    said = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
