"""Measured serving points of the user's own, predicted without looking at what was measured.

The prediction never looks at the file it judges. `left_out` refits on the shipped points without a point's model, accelerator or
run, so that shipped points can be judged too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp, nan
from typing import Literal

import numpy as np

from groundwork.catalogue.serving_fit import fit_task, folds_by_run
from groundwork.catalogue.serving_points import MeasuredPoint, Novelty, measured_points, measurements, novelty
from groundwork.catalogue.serving_records import Setup, accelerator_row, format_row, model_row, ways
from groundwork.catalogue.serving_terms import Coefficient, bases, served, shipped_coefficients, shipped_spread, term_logs
from groundwork.errors import InputFault, OutOfCalibration
from groundwork.formulas.serving import GIB_BYTES, memory_batch_count
from groundwork.formulas.serving.measured import METRICS, predicted_logs, terms_from

LeftOut = Literal["model", "gpu", "run"]
Status = Literal["ok", "refused", "skipped"]
RUN_FOLDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One measured point beside its prediction; p10 and p90 hold 80 % of what is measured. Not-a-number where none was made."""

    identifier: str
    metric: str
    expected: float
    predicted: float
    p10: float
    p90: float
    status: Status
    message: str


def refusal(point: MeasuredPoint) -> str:
    """Why the model will not answer for this point; empty when it will."""
    return _refusal(point.setup, point.input_tokens, point.output_tokens)


@lru_cache(maxsize=20_000)
def _refusal(setup: Setup, input_tokens: float, output_tokens: float) -> str:
    try:
        model_row(setup.model), accelerator_row(setup.accelerator), format_row(setup), ways(setup)
        replica, terms = served(setup)
    except (OutOfCalibration, InputFault) as reason:
        return str(reason)
    weights_gb, memory_gib = float(replica.weight_bytes()[0]) / GIB_BYTES, float(replica.memory_gib[0])
    if weights_gb >= memory_gib:
        return f"memory: weights of {weights_gb:.0f} GiB on each accelerator do not fit its {memory_gib:.0f} GiB"
    room = float(memory_batch_count(replica, terms, np.array([input_tokens + 0.6 * output_tokens]))[0])
    if room < 0.5:
        return f"memory: beside weights of {weights_gb:.0f} GiB no sequence of this length fits {memory_gib:.0f} GiB"
    return ""


def lack(point: MeasuredPoint) -> str:
    """Which input is missing for a prediction; empty when none is."""
    missing = [
        name
        for name, value in (("input length", point.input_tokens), ("output length", point.output_tokens))
        if not value > 0
    ]  # fmt: skip
    if point.metric != "output_tokens_per_s_per_gpu" and not point.in_flight_count > 0:
        missing.append("concurrency")
    if point.metric == "tpot_ms" and point.output_tokens <= 1:
        missing.append("a second output token, without which there is no time per token")
    return f"missing: {', '.join(missing)}" if missing else ""


def checked_points(points: Sequence[MeasuredPoint], left_out: LeftOut | None = None) -> list[Checked]:
    """Every point beside its prediction and 80 % interval, in order.

    Parameters
    ----------
    points
        Read from a file, or the shipped ones.
    left_out
        Refit on the shipped points without the point's model, accelerator or run before predicting it; None for the shipped fit.
    """
    lacks = [lack(point) for point in points]
    refusals = ["" if missing else refusal(point) for point, missing in zip(points, lacks, strict=True)]
    asked = [place for place in range(len(points)) if not lacks[place] and not refusals[place]]
    logs = dict(zip(asked, _predicted([points[place] for place in asked], left_out), strict=True))
    answers = []
    for place, point in enumerate(points):
        status: Status = "skipped" if lacks[place] else "refused" if refusals[place] else "ok"
        predicted = exp(logs[place]) if status == "ok" else nan
        new = novelty(point) if status == "ok" else Novelty(unseen=(), said=())
        forced = (left_out,) if left_out in ("model", "gpu") else ()
        low, high = shipped_spread(tuple(dict.fromkeys((*forced, *new.unseen))), point.metric, point.setup.engine)
        answers.append(
            Checked(
                identifier=point.identifier,
                metric=point.metric,
                expected=point.value,
                predicted=predicted,
                p10=predicted * exp(low),
                p90=predicted * exp(high),
                status=status,
                message=lacks[place] or refusals[place] or "; ".join(new.said),
            )
        )
    return answers


def _predicted(points: Sequence[MeasuredPoint], left_out: LeftOut | None) -> list[float]:
    """Logarithms of the predictions; one refit for each thing left out that the points share."""
    if not points:
        return []
    shipped = shipped_coefficients()
    groups: dict[object, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(_left_out_key(point, left_out), []).append(place)
    logs = np.empty(len(points))
    measured = measured_points()
    task = fit_task(measured) if left_out else None
    # Cold: the shipped coefficients have seen what is left out, and a fit that starts from them still tells of it.
    start = np.zeros(len(task.names)) if task else np.zeros(0)
    for key, places in groups.items():
        coefficients: Mapping[Coefficient, float] = shipped
        if task:
            rows = np.array([_left_out_key(point, left_out) != key for point in measured])
            if not rows.all():
                coefficients = dict(zip(task.names, task.fit(rows, start).tolist(), strict=True))
        some = [points[place] for place in places]
        terms = terms_from(bases(), term_logs([point.setup for point in some], coefficients))
        logs[places] = predicted_logs(measurements(some), terms)
    return [float(value) for value in logs]


def _left_out_key(point: MeasuredPoint, left_out: LeftOut | None) -> object:
    if left_out == "model":
        return model_row(point.setup.model)["model"]
    if left_out == "gpu":
        return accelerator_row(point.setup.accelerator)["accelerator"]
    return _run_folds().get(point.run) if left_out == "run" else None


@cache
def _run_folds() -> Mapping[object, int]:
    """Twenty groups of runs: a run is left out together with its group, so that twenty refits serve all runs."""
    measured = measured_points()
    folds = folds_by_run(measured, RUN_FOLDS, seed=0)
    return {point.run: int(fold) for point, fold in zip(measured, folds, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSummary:
    """Errors of the predictions of one metric, in percent of what was measured; not-a-number where there is none."""

    metric: str
    points_count: int
    median_error_percent: float
    p90_error_percent: float
    coverage_percent: float
    refused_count: int
    skipped_count: int


def summaries(answers: Sequence[Checked]) -> list[MetricSummary]:
    """One summary for each metric that occurs, in the order of the metrics."""
    found = []
    for metric in METRICS:
        mine = [answer for answer in answers if answer.metric == metric]
        right = [answer for answer in mine if answer.status == "ok"]
        errors = np.array([100.0 * abs(answer.predicted / answer.expected - 1.0) for answer in right])
        inside = [answer.p10 <= answer.expected <= answer.p90 for answer in right]
        if mine:
            found.append(
                MetricSummary(
                    metric=metric,
                    points_count=len(right),
                    median_error_percent=float(np.median(errors)) if right else nan,
                    p90_error_percent=float(np.quantile(errors, 0.9)) if right else nan,
                    coverage_percent=100.0 * float(np.mean(inside)) if right else nan,
                    refused_count=sum(answer.status == "refused" for answer in mine),
                    skipped_count=sum(answer.status == "skipped" for answer in mine),
                )
            )
    return found
