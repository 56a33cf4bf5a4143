"""Writes serving_coefficients.csv, the fitted terms of serving, from measured_serving.csv.

    python -m groundwork.catalogue.fit_serving

The form (which term depends on which feature, and how freely) is serving_form.csv; it was chosen by what predicts runs and models
left out, never by the points fitted.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.serving_points import MeasuredPoint, measured_points, measurements, observed_logs
from groundwork.catalogue.serving_terms import Coefficient, bases, columns, design_of
from groundwork.catalogue.tables import table_rows
from groundwork.formulas.serving import Design, fitted_coefficients
from groundwork.formulas.serving.fitting import TermLogs
from groundwork.formulas.serving.measured import Measurements, predicted_logs, terms_from
from groundwork.formulas.serving.replica import Array

TARGET = Path(__file__).with_name("serving_coefficients.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class FitTask:
    """Everything a fit on any subset of the points needs, made once."""

    points: tuple[MeasuredPoint, ...]
    conditions: Measurements
    names: tuple[Coefficient, ...]
    design: Design
    observed: Array
    noise: Array
    start_bases: dict[str, float]

    def predict(self, logs: TermLogs) -> Array:
        """Predicted logarithms at all points for these term logarithms."""
        return predicted_logs(self.conditions, terms_from(self.start_bases, dict(logs)))

    def fit(self, rows: NDArray[np.bool_], start: Array | None = None) -> Array:
        """Coefficients from these rows alone."""
        begin = np.zeros(len(self.names)) if start is None else start
        return fitted_coefficients(self.predict, self.design, self.observed, self.noise, rows, begin)

    def logs(self, coefficients: Array) -> Array:
        """Predicted logarithms at all points."""
        return self.predict(self.design.term_logs(coefficients))


def noise_by_metric() -> dict[str, float]:
    """Usual error of the logarithm, by metric: how much one point of each kind counts."""
    return {row["metric"]: float(row["noise_log"]) for row in table_rows("serving_noise.csv")}


def fit_task(points: Sequence[MeasuredPoint]) -> FitTask:
    """A task over these points."""
    setups = [point.setup for point in points]
    kept = columns(setups)
    noise = noise_by_metric()
    return FitTask(
        points=tuple(points),
        conditions=measurements(points),
        names=tuple(name for name, _ in kept),
        design=design_of(setups, kept),
        observed=observed_logs(points),
        noise=np.array([noise[point.metric] for point in points]),
        start_bases=bases(),
    )


def main() -> None:
    """Fit on all points and write the table."""
    task = fit_task(measured_points())
    values = task.fit(np.ones(len(task.points), dtype=bool))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("term", "feature", "level", "value_log", "source", "mark", "grade"))
        said = "fitted to measured_serving.csv by groundwork.catalogue.fit_serving"
        for name, value in zip(task.names, values, strict=True):
            writer.writerow((*name, f"{value:.5g}", said, "derived", "B"))


if __name__ == "__main__":
    main()
