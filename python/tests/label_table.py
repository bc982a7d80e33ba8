"""A table with several labels a row, of scikit-learn's digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

LABELS = ["even", "high", "loop"]
"""Whether the digit is even, is above four, and is drawn with a closed loop (0, 6, 8, 9)."""


def label_table(folder: Path, rows: int = 400) -> tuple[Path, dict[str, Any]]:
    """Writes the table; returns its path and the arguments of data set ``csv``."""
    pixels, digits = load_digits(return_X_y=True)
    labels = np.stack([digits % 2 == 0, digits > 4, np.isin(digits, [0, 6, 8, 9])], 1)
    table = np.concatenate([labels, pixels], 1)[:rows].astype(int)
    path = folder / "labels.csv"
    names = ",".join([*LABELS, *(f"p{place}" for place in range(64))])
    np.savetxt(path, table, "%d", ",", header=names, comments="")
    return path, {"file": path.name, "labels": LABELS}
