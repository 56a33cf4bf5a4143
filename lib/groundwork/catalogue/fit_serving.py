"""Writes the fitted terms of serving, their spread and what they say of points they have not seen, from measured_serving.csv.

serving_coefficients.csv, serving_spread.csv and serving_unseen.csv.

    python -m groundwork.catalogue.fit_serving

The form (which term depends on which feature, and how freely) is serving_form.csv; it was chosen by what predicts runs and models
left out, never by the points fitted. The spread is that of points of which the fit did not see the run, the model, the
accelerator, the engine, lengths as long or loads as high; for a new model, accelerator or engine it is wider than that of the
measured ones by as much as these ask for when each is judged by the others.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from groundwork.catalogue.serving_fit import (
    FitTask,
    fit_task,
    folds_by_run,
    half_errors,
    left_out_errors,
    new_group_factors,
    spread_by_family,
)
from groundwork.catalogue.serving_points import MeasuredPoint, measured_points

HERE = Path(__file__).parent
FOLDS = 10
LEAST_FAMILY_COUNT = 40
LEAST_SPREAD_COUNT = 10


def left_out_groups(points: Sequence[MeasuredPoint]) -> dict[str, np.ndarray]:
    """Group numbers by what is left out together: a tenth of the runs, a model, an accelerator, an engine."""
    models = sorted({point.setup.model for point in points})
    gpus = sorted({point.setup.accelerator for point in points})
    engines = sorted({point.setup.engine for point in points})
    return {
        "run": folds_by_run(points, FOLDS, seed=0),
        "model": np.array([models.index(point.setup.model) for point in points]),
        "gpu": np.array([gpus.index(point.setup.accelerator) for point in points]),
        "engine": np.array([engines.index(point.setup.engine) for point in points]),
    }


def stretched_errors(task: FitTask) -> dict[str, np.ndarray]:
    """Errors of the longest prompts and answers (`lengths`) and of the busiest servers (`load`), by fits that saw none of them.

    Those are the points above half of the largest that was measured of the same metric: what lies beyond the largest is met by at
    most as good a guess. Not-a-number elsewhere.
    """
    metrics = [point.metric for point in task.points]
    found = {}
    for unseen, sizes in (
        ("lengths", [[point.input_tokens for point in task.points], [point.output_tokens for point in task.points]]),
        ("load", [[np.nan_to_num(point.in_flight_count) for point in task.points]]),
    ):
        errors = np.full(len(task.points), np.nan)
        for size in np.array(sizes):
            most = {metric: max(size[place] for place, one in enumerate(metrics) if one == metric) for metric in set(metrics)}
            large = (size > 0.5 * np.array([most[metric] for metric in metrics])) & (size > 0.0)
            errors[large] = (task.observed - task.logs(task.fit(~large)))[large]
        found[unseen] = errors
    return found


def unseen_rows(task: FitTask, errors: dict[str, np.ndarray]) -> list[tuple[str, ...]]:
    """One row a point: measured, predicted by fits on the other half of the runs, without its model, without its accelerator.

    `errors` are those with models (`model`) and accelerators (`gpu`) left out; the interval is that of the fitted half.
    """
    inner = folds_by_run(task.points, FOLDS, seed=1000)
    half, spreads = half_errors(task, folds_by_run(task.points, 2, seed=0), inner, LEAST_FAMILY_COUNT, np.zeros(len(task.names)))
    logs = {
        "run": task.observed - half,
        "p10": task.observed - half + spreads[:, 0],
        "p90": task.observed - half + spreads[:, 1],
        "model": task.observed - errors["model"],
        "gpu": task.observed - errors["gpu"],
    }
    return [
        (point.identifier, point.metric, f"{point.value:.6g}", *(f"{np.exp(one[place]):.4g}" for one in logs.values()))
        for place, point in enumerate(task.points)
    ]


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
    rows, left = [], {}
    cold = np.zeros(len(task.names))  # the fit on everything as a start would tell of what is left out
    factors: dict[str, dict[str, float]] = {}
    for unseen, groups in left_out_groups(points).items():
        left[unseen] = left_out_errors(task, everything, groups, cold)
        if unseen != "run":
            factors[unseen] = new_group_factors(left[unseen], groups, families, LEAST_FAMILY_COUNT)
    for unseen, errors in {**left, **stretched_errors(task)}.items():
        # What is unseen of an engine not known, or of sizes beyond the measured ones, is too little to be told engine by engine.
        least = LEAST_FAMILY_COUNT if unseen in ("run", "model", "gpu") else len(points)
        for (metric, engine), spread in spread_by_family(errors, families, least).items():
            if spread.points_count < LEAST_SPREAD_COUNT:
                continue
            factor = factors.get(unseen, {}).get(metric, 1.0)
            ends = (f"{factor * spread.low_log:.4f}", f"{factor * spread.high_log:.4f}")
            rows.append((unseen, metric, engine, *ends, spread.points_count, *said))
    _write(
        "serving_spread.csv",
        ("unseen", "metric", "engine", "low_log", "high_log", "points_count", "source", "mark", "grade"),
        rows,
    )
    _write(
        "serving_unseen.csv",
        (
            "id",
            "metric",
            "measured",
            "predicted",
            "p10",
            "p90",
            "without_model",
            "without_accelerator",
            "source",
            "mark",
            "grade",
        ),
        [(*row, *said) for row in unseen_rows(task, left)],
    )


if __name__ == "__main__":
    main()
