"""Writes wine.csv and cancer.csv of scikit-learn, with a header and the class last: ``tables.py FOLDER``."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from sklearn.datasets import load_breast_cancer, load_wine

for name, load in [("wine", load_wine), ("cancer", load_breast_cancer)]:
    data = load()
    with (Path(sys.argv[1]) / f"{name}.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*data.feature_names, "class"])
        table.writerows(
            [*row, data.target_names[label]]
            for row, label in zip(data.data, data.target, strict=True)
        )
