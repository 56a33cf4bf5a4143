"""Measured rates of classic models, looked up: what was measured is answered, what was not is refused with the nearest named.

Rates are MLPerf Inference closed results, v4.1 and v5.1, medians over submitters. A server rate holds the benchmark's latency
limit; where only the offline rate was measured, it is multiplied by the median that the limit leaves on systems that have both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from groundwork.catalogue.tables import table_rows
from groundwork.errors import OutOfCalibration
from groundwork.formulas.classic import served_rate_units_per_second

Use = Literal["online", "batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicMeasurement:
    """One measured rate of a model on a system: `spread_ratio` is (highest - lowest) over the median of its reports."""

    model: str
    accelerator: str
    accelerators_count: int
    scenario: str
    unit: str
    rate_per_accelerator_per_second: float
    reports_count: int
    spread_ratio: float
    date: str
    source: str
    mark: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyCost:
    """What a latency limit leaves of a model's offline rate: server over offline of the same system, over several systems."""

    model: str
    limit: str
    p99_limit_ms: float | None
    systems_count: int
    low_ratio: float
    central_ratio: float
    high_ratio: float
    date: str
    source: str
    mark: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicRate:
    """Rate of one accelerator to plan with, in `unit`, and how it was come by."""

    low_units_per_second: float
    central_units_per_second: float
    high_units_per_second: float
    unit: str
    measured: ClassicMeasurement
    p99_limit_ms: float | None
    basis: str


def classic_measurements() -> tuple[ClassicMeasurement, ...]:
    """All measured rates per second (single-stream latencies are in the file but are no rates)."""
    return tuple(
        ClassicMeasurement(
            model=row["model"],
            accelerator=row["gpu"],
            accelerators_count=int(row["n_gpus"]),
            scenario=row["scenario"].lower(),
            unit=row["unit"],
            rate_per_accelerator_per_second=float(row["value_per_gpu"]),
            reports_count=int(row["n_reports"]),
            spread_ratio=float(row["rel_spread"]),
            date=row["date"],
            source=row["source"],
            mark=row["mark"],
            grade=row["grade"],
        )
        for row in table_rows("classic_rates.csv")
        if row["value_per_gpu"]
    )


def latency_costs() -> tuple[LatencyCost, ...]:
    """What the benchmark's latency limits cost, language models included."""
    return tuple(
        LatencyCost(
            model=row["classic_model"] or row["model"],
            limit=row["latency_limit_ttft_tpot_or_p99"],
            p99_limit_ms=float(row["p99_limit_ms"]) if row["p99_limit_ms"] else None,
            systems_count=int(row["systems"]),
            low_ratio=float(row["p25"]),
            central_ratio=float(row["median"]),
            high_ratio=float(row["p75"]),
            date=row["date"],
            source=row["source"],
            mark=row["mark"],
            grade=row["grade"],
        )
        for row in table_rows("server_over_offline.csv")
    )


def classic_rate(
    model: str, accelerator: str, accelerators_count: int, use: Use, p99_limit_ms: float | None, derate_ratio: float
) -> ClassicRate:
    """Units per second of one accelerator: measured rate x latency limit x derate, of the system nearest in size.

    What a user would get wrong: the rate of eight accelerators together over eight is not always that of one alone; and a limit
    tighter than the benchmark's was measured by nobody, so it is refused, not extrapolated.

    Parameters
    ----------
    model, accelerator
        As in `classic_measurements`, letter case ignored.
    accelerators_count
        Accelerators in one server; of several measured sizes the nearest is taken.
    use
        "online" holds a latency limit, "batch" has none.
    p99_limit_ms
        Own limit of the 99th percentile in ms, or None for the benchmark's. A looser one gets its rate: the safe side.
    derate_ratio
        Own rate over benchmark rate, above 0 and at most 1.

    Raises
    ------
    OutOfCalibration
        Pair not measured, or limit tighter than the measured one; the nearest measured ones are named.
    """
    measured = classic_measurements()
    pair = [one for one in measured if _same(one.model, model) and _same(one.accelerator, accelerator)]
    if not pair:
        raise OutOfCalibration(_refusal(measured, model, accelerator))
    cost = next((one for one in latency_costs() if _same(one.model, model)), None)
    limit = cost.p99_limit_ms if cost is not None and use == "online" else None
    if use == "online" and p99_limit_ms is not None and (limit is None or p99_limit_ms < limit):
        known = "no latency limit of it was measured" if limit is None else f"measured with 99 % within {limit:g} ms"
        raise OutOfCalibration(f"{pair[0].model} on {pair[0].accelerator}: {known}, asked for {p99_limit_ms:g} ms")
    server = [one for one in pair if one.scenario == "server"]
    offline = [one for one in pair if one.scenario == "offline"]
    ratios = (1.0, 1.0, 1.0)
    if use == "online" and server:
        chosen, basis = _nearest_size(server, accelerators_count), "measured within the latency limit"
    elif use == "online" and cost is not None:
        chosen = _nearest_size(offline, accelerators_count)
        ratios = (cost.low_ratio, cost.central_ratio, cost.high_ratio)
        basis = f"measured without a limit, x {cost.central_ratio:g} (median of {cost.systems_count} systems)"
    elif use == "online":
        raise OutOfCalibration(
            f"{pair[0].model} on {pair[0].accelerator} was measured without a latency limit only: plan it as batch work"
        )
    else:
        chosen, basis = _nearest_size(offline or server, accelerators_count), "measured without a latency limit"
        if not offline:
            basis = "measured within a latency limit only: the rate without it is not below this"
    # Reports of the same system differ: half of their spread on either side.
    half = 0.5 * chosen.spread_ratio
    low, central, high = (
        float(served_rate_units_per_second(chosen.rate_per_accelerator_per_second * width, ratio, derate_ratio))
        for width, ratio in zip((1.0 - half, 1.0, 1.0 + half), ratios, strict=True)
    )
    return ClassicRate(
        low_units_per_second=low,
        central_units_per_second=central,
        high_units_per_second=high,
        unit=chosen.unit,
        measured=chosen,
        p99_limit_ms=limit,
        basis=basis,
    )


def _same(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()


def _nearest_size(candidates: Sequence[ClassicMeasurement], accelerators_count: int) -> ClassicMeasurement:
    """The measured system nearest in accelerators; of two equally near the one with more reports."""
    return min(candidates, key=lambda one: (abs(one.accelerators_count - accelerators_count), -one.reports_count))


def _refusal(measured: Iterable[ClassicMeasurement], model: str, accelerator: str) -> str:
    """Why there is no answer, with what was measured nearest to the question."""
    on = sorted({one.accelerator for one in measured if _same(one.model, model)})
    models = sorted({one.model for one in measured if _same(one.accelerator, accelerator)})
    words = [f"no measured rate of {model} on {accelerator}"]
    if on:
        words.append(f"{model} was measured on {', '.join(on)}")
    else:
        names = sorted({one.model for one in measured})
        near = get_close_matches(model.casefold(), [name.casefold() for name in names], n=2, cutoff=0.5)
        words.append(f"nearest models: {', '.join([name for name in names if name.casefold() in near] or names)}")
    if models:
        words.append(f"on {accelerator} were measured {', '.join(models)}")
    elif not on:
        words.append(f"measured accelerators: {', '.join(sorted({one.accelerator for one in measured}))}")
    return "; ".join(words)
