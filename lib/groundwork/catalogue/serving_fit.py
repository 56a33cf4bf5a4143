"""Fits of the serving terms on any subset of the measured points, and the spread of what they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.serving_points import MeasuredPoint, measurements, observed_logs
from groundwork.catalogue.serving_terms import Coefficient, bases, columns, design_of
from groundwork.catalogue.tables import table_rows
from groundwork.formulas.serving import Design, fitted_coefficients
from groundwork.formulas.serving.fitting import TermLogs
from groundwork.formulas.serving.measured import Measurements, predicted_logs, terms_from
from groundwork.formulas.serving.replica import Array


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


def shipped_form() -> Sequence[Mapping[str, str]]:
    """The rows of serving_form.csv: which term depends on which feature, and how freely."""
    return table_rows("serving_form.csv")


def fit_task(points: Sequence[MeasuredPoint], form: Sequence[Mapping[str, str]] | None = None) -> FitTask:
    """A task over these points, in the shipped form or in another one."""
    setups = [point.setup for point in points]
    kept = columns(setups, shipped_form() if form is None else form)
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


def folds_by_run(points: Sequence[MeasuredPoint], count: int, seed: int) -> NDArray[np.int64]:
    """A fold number 0..count-1 for each point; points of one run share it."""
    runs = list(dict.fromkeys(point.run for point in points))
    order = np.random.default_rng(seed).permutation(len(runs))
    fold = {run: int(place) % count for run, place in zip(runs, order, strict=True)}
    return np.array([fold[point.run] for point in points])


def left_out_errors(task: FitTask, rows: NDArray[np.bool_], groups: NDArray[np.int64], start: Array) -> Array:
    """Log of measured over predicted, each point by a fit on `rows` without its group; else not-a-number, [point]."""
    errors = np.full(len(task.points), np.nan)
    for group in np.unique(groups[rows]):
        out = rows & (groups == group)
        coefficients = task.fit(rows & ~out, start)
        errors[out] = (task.observed - task.logs(coefficients))[out]
    return errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Tenth and ninetieth percentile of log(measured / predicted) on points that the fit did not see."""

    low_log: float
    high_log: float
    points_count: int


def spread_by_family(errors: Array, families: Sequence[tuple[str, str]], least_count: int) -> dict[tuple[str, str], Spread]:
    """Spread for each metric as a whole, under engine "", and for each (metric, engine) with enough points."""
    spreads: dict[tuple[str, str], Spread] = {}
    for metric, engine in dict.fromkeys([(metric, "") for metric, _ in families] + list(families)):
        chosen = np.array([one[0] == metric and engine in ("", one[1]) for one in families]) & np.isfinite(errors)
        if chosen.sum() >= (1 if engine == "" else least_count):
            low, high = np.quantile(errors[chosen], [0.1, 0.9])
            spreads[metric, engine] = Spread(low_log=float(low), high_log=float(high), points_count=int(chosen.sum()))
    return spreads


def spreads_of_others(errors: Array, groups: NDArray[np.int64], families: Sequence[tuple[str, str]], least_count: int) -> Array:
    """80 % interval of each point's error from the errors of the other groups alone, [point, 2]; not-a-number where none are.

    Parameters
    ----------
    errors
        By fits without the point's group; not-a-number for points that shall tell nothing, [point].
    groups, families, least_count
        As in `left_out_errors` and `spread_by_family`.
    """
    spreads = np.full((len(errors), 2), np.nan)
    for group in np.unique(groups):
        known = spread_by_family(np.where(groups == group, np.nan, errors), families, least_count)
        for place in np.flatnonzero(groups == group).tolist():
            spread = known.get(families[place], known.get((families[place][0], "")))
            if spread:
                spreads[place] = spread.low_log, spread.high_log
    return spreads


def new_group_factors(
    errors: Array, groups: NDArray[np.int64], families: Sequence[tuple[str, str]], least_count: int
) -> dict[str, float]:
    """By metric, how much wider the spread of the groups measured must be to hold 80 % of a group that is new; 1 at least.

    What a user would get wrong: the spread of a dozen models is that of those models. The next one is off in a way of its own, as
    each of the dozen is when the others judge it.

    Parameters
    ----------
    errors, groups, families, least_count
        As in `spreads_of_others`.
    """
    ends = spreads_of_others(errors, groups, families, least_count)
    found = {}
    for metric in dict.fromkeys(metric for metric, _ in families):
        mine = np.array([one[0] == metric for one in families]) & np.isfinite(errors) & np.isfinite(ends[:, 0])
        low, high = ends[mine].T
        needed = np.where(errors[mine] > 0.0, errors[mine] / high, errors[mine] / low)
        found[metric] = max(1.0, float(np.quantile(needed, 0.8))) if mine.any() else 1.0
    return found


def half_errors(
    task: FitTask, half: NDArray[np.int64], inner: NDArray[np.int64], least_count: int, start: Array
) -> tuple[Array, Array]:
    """Errors of every point by a fit on the half of the runs without it, [point], and its 80 % interval of them, [point, 2].

    What a user would get wrong: an interval from all points would have seen those it is judged on. It comes from a split of the
    fitted half alone, and every fit of it starts cold: one that starts where the fit on the whole half ended stays near what it
    should not know, and its intervals are too narrow.

    Parameters
    ----------
    task
        Points and form.
    half
        0 or 1 for each point, all points of a run alike.
    inner
        Fold numbers by run, for the intervals.
    least_count
        Points from which a metric of one engine has a spread of its own.
    start
        First guess of the coefficients.
    """
    families = [(point.metric, point.setup.engine) for point in task.points]
    errors, spreads = np.full(len(task.points), np.nan), np.full((len(task.points), 2), np.nan)
    for side in (0, 1):
        seen = half == side
        coefficients = task.fit(seen, start)
        errors[~seen] = (task.observed - task.logs(coefficients))[~seen]
        known = spread_by_family(left_out_errors(task, seen, inner, start), families, least_count)
        for place in np.flatnonzero(~seen):
            spread = known.get(families[place], known[families[place][0], ""])
            spreads[place] = spread.low_log, spread.high_log
    return errors, spreads
