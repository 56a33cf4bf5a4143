"""The measured serving points that ship with the project: conditions, what was measured, and which of them a fit may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, log, nan

import numpy as np

from groundwork.catalogue.serving_records import Setup, accelerator_row, model_row, replica_of, weights_fit
from groundwork.catalogue.tables import table_rows
from groundwork.formulas.serving.measured import METRICS, Measurements

ENGINE_ALONE = ("static_batch", "batch1_first_token")
"""Scenarios that measure the engine without a server in front of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPoint:
    """One measured point.

    `in_flight_count` is not-a-number where nothing limits the client, `input_tokens` where it was not said.
    """

    identifier: str
    setup: Setup
    input_tokens: float
    output_tokens: float
    in_flight_count: float
    scenario: str
    metric: str
    value: float
    source: str

    @property
    def run(self) -> tuple[Setup, float, float]:
        """What points of one run share: all but the number in flight and the metric."""
        return self.setup, self.input_tokens, self.output_tokens


def point_from(row: dict[str, str]) -> MeasuredPoint:
    """A point from a row with the columns of measured_serving.csv; `ValueError` where a number is none."""
    flight = row.get("concurrency", "").strip()
    return MeasuredPoint(
        identifier=row.get("id", ""),
        setup=Setup(
            model=row["model"],
            accelerator=row["gpu"],
            precision=row["precision"],
            accelerators_count=int(float(row["n_gpus"])),
            parallel=row.get("parallel", ""),
            engine=row.get("engine", ""),
        ),
        input_tokens=float(row["input_len"]) if row["input_len"] else nan,
        output_tokens=float(row["output_len"]) if row["output_len"] else nan,
        in_flight_count=float(flight) if re.fullmatch(r"[0-9.]+", flight) else nan,
        scenario=row.get("scenario", ""),
        metric=row["metric"],
        value=float(row["value"]) if row.get("value") else nan,
        source=row.get("source", ""),
    )


def limit_ms(scenario: str, which: str) -> float:
    """The latency limit that a scenario names, as in `mlperf_server TTFT<=2000 TPOT<=200`; infinite where it names none."""
    found = re.search(rf"{which}[^<]*<=\s*([0-9.]+)", scenario)
    return float(found[1]) if found else inf


@cache
def measured_points() -> tuple[MeasuredPoint, ...]:
    """All shipped points with an input length and weights that fit the accelerators named, in the file's order."""
    points = [point_from(row) for row in table_rows("measured_serving.csv")]
    points = [point for point in points if point.input_tokens > 0]
    fits = weights_fit([point.setup for point in points])
    return tuple(point for point, fit in zip(points, fits, strict=True) if fit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """How far a question is from what was measured: what no shipped point is like, by the names of the spreads, and in words."""

    unseen: tuple[str, ...]
    said: tuple[str, ...]


@cache
def _measured_names() -> dict[str, frozenset[str]]:
    setups = [point.setup for point in measured_points()]
    return {
        "model": frozenset(model_row(one.model)["model"] for one in setups),
        "gpu": frozenset(accelerator_row(one.accelerator)["accelerator"] for one in setups),
        "engine": frozenset(one.engine for one in setups),
    }


@cache
def _measured_range(metric: str, size: str) -> tuple[float, float]:
    # Rates were measured with a fixed number in flight only a few times: of them, every metric tells what was seen.
    is_any = size == "in_flight_count" and metric == "output_tokens_per_s_per_gpu"
    sizes = np.array([getattr(point, size) for point in measured_points() if is_any or point.metric == metric])
    return float(np.nanmin(sizes)), float(np.nanmax(sizes))


def new_names(setup: Setup) -> dict[str, str]:
    """Which of `model`, `gpu` and `engine` no shipped point has, in words; `OutOfCalibration` for a name that nobody knows."""
    names = _measured_names()
    return {
        kind: f"{word} not among the measured ones"
        for kind, word, name in (
            ("model", "model", model_row(setup.model)["model"]),
            ("gpu", "accelerator", accelerator_row(setup.accelerator)["accelerator"]),
            ("engine", "engine", setup.engine),
        )
        if name not in names[kind]
    }


def novelty(point: MeasuredPoint) -> Novelty:
    """What of a point no shipped measurement is like; `OutOfCalibration` for a name that the catalogue does not know.

    What a user would get wrong: a benchmark whose every part was measured elsewhere is still a new site; see how a few points of
    its own correct the rest.
    """
    news = list(new_names(point.setup).items())
    for kind, word, size in (
        ("lengths", "input length", "input_tokens"),
        ("lengths", "output length", "output_tokens"),
        ("load", "concurrency", "in_flight_count"),
    ):
        low, high = _measured_range(point.metric, size)
        value = getattr(point, size)
        if value < low or value > high:
            news.append((kind, f"{word} outside the measured {low:,.0f} to {high:,.0f}"))
    return Novelty(unseen=tuple(dict.fromkeys(kind for kind, _ in news)), said=tuple(said for _, said in news))


def measurements(points: Sequence[MeasuredPoint]) -> Measurements:
    """The conditions of these points as arrays."""
    return Measurements(
        replica=replica_of([point.setup for point in points]),
        input_tokens=np.array([point.input_tokens for point in points]),
        output_tokens=np.array([point.output_tokens for point in points]),
        in_flight_count=np.array([point.in_flight_count for point in points]),
        metric=np.array([METRICS.index(point.metric) for point in points]),
        server_ratio=np.array([0.0 if point.scenario in ENGINE_ALONE else 1.0 for point in points]),
        ttft_limit_ms=np.array([limit_ms(point.scenario, "TTFT") for point in points]),
        tpot_limit_ms=np.array([limit_ms(point.scenario, "TPOT") for point in points]),
    )


def observed_logs(points: Sequence[MeasuredPoint]) -> np.ndarray:
    """Natural logarithm of what was measured, [point]."""
    return np.array([log(point.value) for point in points])


def nearest_points(setup: Setup, input_tokens: float, output_tokens: float, count: int = 5) -> list[MeasuredPoint]:
    """The measured points most like a question, nearest first, to be shown beside its answer.

    The same model, then the same accelerator, count of accelerators, precision and engine, then lengths by their ratios.
    """

    def distance(point: MeasuredPoint) -> float:
        other = point.setup
        return (
            4.0 * (other.model != setup.model)
            + 2.0 * (other.accelerator != setup.accelerator)
            + 1.0 * (other.precision != setup.precision)
            + 0.5 * (other.engine != setup.engine)
            + abs(log(other.accelerators_count / setup.accelerators_count))
            + abs(log(point.input_tokens / input_tokens))
            + abs(log(point.output_tokens / output_tokens))
        )

    return sorted(measured_points(), key=distance)[:count]
