"""Writes serving_coefficients.csv and serving_spread.csv, the fitted terms of serving and their error, from measured_serving.csv.

    python -m groundwork.catalogue.fit_serving

The form (which term depends on which feature, and how freely) is serving_form.csv; it was chosen by what predicts runs and models
left out, never by the points fitted. The spread is that of points whose run, model or accelerator the fit did not see.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from groundwork.catalogue.serving_fit import fit_task, folds_by_run, left_out_errors, spread_by_family
from groundwork.catalogue.serving_points import MeasuredPoint, measured_points

HERE = Path(__file__).parent
FOLDS = 10
LEAST_FAMILY_COUNT = 40


def left_out_groups(points: Sequence[MeasuredPoint]) -> dict[str, np.ndarray]:
    """Group numbers by what is left out together: a tenth of the runs, a model, an accelerator."""
    models = sorted({point.setup.model for point in points})
    gpus = sorted({point.setup.accelerator for point in points})
    return {
        "run": folds_by_run(points, FOLDS, seed=0),
        "model": np.array([models.index(point.setup.model) for point in points]),
        "gpu": np.array([gpus.index(point.setup.accelerator) for point in points]),
    }


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Fit on all points and write the tables."""
    points = measured_points()
    task = fit_task(points)
    everything = np.ones(len(points), dtype=bool)
    values = task.fit(everything)
    said = ("fitted to measured_serving.csv by groundwork.catalogue.fit_serving", "derived", "B")
    _write(
        "serving_coefficients.csv",
        ("term", "feature", "level", "value_log", "source", "mark", "grade"),
        [(*name, f"{value:.5g}", *said) for name, value in zip(task.names, values, strict=True)],
    )
    families = [(point.metric, point.setup.engine) for point in points]
    rows = []
    for unseen, groups in left_out_groups(points).items():
        errors = left_out_errors(task, everything, groups, values)
        for (metric, engine), spread in spread_by_family(errors, families, LEAST_FAMILY_COUNT).items():
            rows.append((unseen, metric, engine, f"{spread.low_log:.4f}", f"{spread.high_log:.4f}", spread.points_count, *said))
    _write(
        "serving_spread.csv",
        ("unseen", "metric", "engine", "low_log", "high_log", "points_count", "source", "mark", "grade"),
        rows,
    )


if __name__ == "__main__":
    main()
