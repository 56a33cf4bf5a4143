"""Writes training_mfu_fit.csv, the shrinkage of the training efficiency, from training_runs.csv.

    python -m groundwork.catalogue.fit_training_mfu

Four digits: 24 runs do not know more.
"""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path

from groundwork.catalogue.training_records import training_runs
from groundwork.formulas.training import fitted_mfu_shrinkage

TARGET = Path(__file__).with_name("training_mfu_fit.csv")


def fitted() -> list[dict[str, str]]:
    """The rows of the table."""
    return [
        {
            "parameter": name,
            "value": f"{value:.4g}",
            "source": "fitted to training_runs.csv by groundwork.catalogue.fit_training_mfu",
            "mark": "derived",
            "grade": "B",
        }
        for name, value in asdict(fitted_mfu_shrinkage(training_runs())).items()
    ]


if __name__ == "__main__":
    rows = fitted()
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
