"""The run document: what `groundwork run --json` prints and other programs read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundwork import __version__
from groundwork.analysis.comparison import wins
from groundwork.analysis.robustness import regrets
from groundwork.quantities import Array, Quantity
from groundwork.results.verdicts import TIE_USD, labels_of, verdict
from groundwork.scenario import Scenario, digest
from groundwork.strategy.simulation import Outcome

HOURS_TO_MINUTES = 60.0


def run_id(scenario: Scenario[Quantity], outcome: Outcome) -> str:
    """Sixteen hex digits for scenario, seed, samples, strategies and model version."""
    return digest(scenario, outcome.seed, outcome.samples, outcome.strategies, __version__)


def spread_of(values: Array) -> dict[str, float | None]:
    """P10, p50, p90 and mean of one number per sample."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {"p10": number(low), "p50": number(middle), "p90": number(high), "mean": number(values.mean())}


def band_of(series: Array) -> dict[str, list[float | None]]:
    """P10, p50 and p90 over samples for every month; `series` is [month, sample]."""
    levels = np.quantile(series, [0.1, 0.5, 0.9], axis=1)
    return {name: [number(value) for value in row] for name, row in zip(("p10", "p50", "p90"), levels, strict=True)}


def number(value: float) -> float | None:
    """A plain float, or nothing where there is none: documents carry no NaN and no infinity."""
    return float(value) if math.isfinite(value) else None


def payback_month(path_usd: Array) -> dict[str, Any]:
    """The month from which the present value to date stays above nought, over [month, sample]."""
    above = path_usd > 0.0
    stays = np.flip(np.logical_and.accumulate(np.flip(above, axis=0), axis=0), axis=0)
    first = np.where(stays.any(axis=0), stays.argmax(axis=0) + 1.0, np.inf)
    middle = float(np.quantile(first, 0.5, method="lower"))
    return {"p50": int(middle) if math.isfinite(middle) else None, "p_never": float(np.isinf(first).mean())}


def strategy_document(outcome: Outcome, row: int, slo_ratio: Array) -> dict[str, Any]:
    """The part of the run document about one strategy."""
    monthly = {name: series[:, row] for name, series in outcome.monthly.items()}
    costs = {name: values[row] for name, values in outcome.cost_usd.items()}
    minutes = monthly["downtime_hours"] * HOURS_TO_MINUTES
    live = monthly["live_use_cases"] > 0.0
    felt = minutes[live] if live.any() else np.zeros(1)
    missed = minutes > (1.0 - slo_ratio) * (8760.0 / 12.0) * HOURS_TO_MINUTES
    capacity = monthly["accelerators"].sum(axis=0)
    used = np.divide(monthly["busy_accelerators"].sum(axis=0), capacity, out=np.zeros_like(capacity), where=capacity > 0.0)
    value = monthly["value_usd"].sum(axis=0)
    unserved = (monthly["unserved_ratio"] * live).sum(axis=0) / np.maximum(live.sum(axis=0), 1)
    return {
        "npv_usd": spread_of(outcome.npv_usd[row]),
        "value_usd": spread_of(value),
        "cost_usd": spread_of(sum(costs.values(), start=np.zeros(outcome.samples))),
        "cost_by_category_usd": {name: float(values.mean()) for name, values in costs.items()},
        "payback_month": payback_month(outcome.npv_path_usd[:, row]),
        "accelerators": band_of(monthly["accelerators"]),
        "live_use_cases": band_of(monthly["live_use_cases"]),
        "stall_months": spread_of(monthly["stalled"].sum(axis=0)),
        "rebuilds": spread_of(outcome.rebuilds[row]),
        "unserved_ratio": spread_of(unserved),
        "downtime_minutes_per_month": {"p50": number(np.quantile(felt, 0.5)), "p95": number(np.quantile(felt, 0.95))},
        "slo_miss_probability": float(missed[live].mean()) if live.any() else 0.0,
        "utilisation_ratio": spread_of(used),
        "infrastructure_spend_usd": spread_of(costs["platform"]),
    }


def run_document(
    scenario: Scenario[Quantity],
    outcome: Outcome,
    slo_ratio: Array,
    channels: Mapping[str, Any],
    flips: Sequence[Mapping[str, Any]],
    warnings: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """The document that `groundwork run --json` prints."""
    best_ratio = wins(outcome.npv_usd, TIE_USD).best_ratio
    missed = regrets(outcome.npv_usd)
    strategies = {}
    for row, name in enumerate(outcome.strategies):
        strategies[name] = strategy_document(outcome, row, slo_ratio) | {
            "p_best": float(best_ratio[row]),
            "regret_usd": {"mean": float(missed.mean_usd[row]), "max": float(missed.max_usd[row])},
        }
    return {
        "schema": "groundwork.run/1",
        "version": __version__,
        "run_id": run_id(scenario, outcome),
        "profile": scenario.name,
        "currency": scenario.currency,
        "seed": outcome.seed,
        "samples": outcome.samples,
        "months": outcome.months,
        "strategies": strategies,
        "verdict": verdict(outcome, labels_of(scenario)) | {"channels": dict(channels), "flips": [dict(flip) for flip in flips]},
        "warnings": [dict(warning) for warning in warnings],
    }
