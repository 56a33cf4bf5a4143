"""Tables and documents from an outcome: what a page, a file or another program reads. Nothing is decided here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundwork import __version__
from groundwork.analysis.comparison import regrets, wins
from groundwork.quantities import Array, Quantity
from groundwork.scenario import Scenario, digest
from groundwork.strategy.simulation import Outcome

HOURS_TO_MINUTES = 60.0
TIE_USD = 0.005  # half a cent: what rounding alone can part


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


def verdict(outcome: Outcome) -> dict[str, Any]:
    """Who is best, in how many futures, by how much against whom, from which month; ties are ties."""
    best_ratio = wins(outcome.npv_usd, TIE_USD).best_ratio
    order = np.argsort(-best_ratio, kind="stable")
    best = int(order[0])
    names = outcome.strategies
    identical = [name for row, name in enumerate(names) if np.abs(outcome.npv_usd[row] - outcome.npv_usd[best]).max() <= TIE_USD]
    rivals = [int(row) for row in order if names[int(row)] not in identical]
    second = rivals[0] if rivals else best
    advantage = outcome.npv_usd[best] - outcome.npv_usd[second]
    lead = np.median(outcome.npv_path_usd[:, best] - outcome.npv_path_usd[:, second], axis=1)
    ahead = [month + 1 for month in range(outcome.months) if (lead[month:] > 0.0).all()]
    return {
        "best": names[best],
        "second": names[second],
        "tied": identical if len(identical) > 1 else [],
        "p_best": float(best_ratio[best]),
        "advantage_usd": spread_of(advantage),
        "from_month": ahead[0] if ahead else None,
        "sentence": sentence(
            names[best], names[second], float(best_ratio[best]), advantage, ahead[0] if ahead else None, outcome.months
        ),
    }


def sentence(best: str, second: str, best_ratio: float, advantage_usd: Array, from_month: int | None, months: int) -> str:
    """The verdict in at most forty-five words; below 55 of 100 futures it is too close to call."""
    mine, rival = (name.replace("_", "-").capitalize() for name in (best, second))
    error = float(advantage_usd.std() / np.sqrt(advantage_usd.size))
    if best_ratio < 0.55 or abs(float(advantage_usd.mean())) < error:
        return (
            f"Too close to call between {mine} and {rival.lower()}: the first is best in {100 * best_ratio:.0f} of 100 futures."
        )
    since = f", and stays ahead from month {from_month}" if from_month else ""
    return (
        f"{mine} is best in {100 * best_ratio:.0f} of 100 futures and is worth {money(float(np.median(advantage_usd)))} "
        f"more than {rival.lower()} after {months} months{since}."
    )


def money(amount_usd: float, currency: str = "USD") -> str:
    """An amount as people say it: USD 4.1 M, USD 270 k, with a true minus."""
    sign = "\N{MINUS SIGN}" if amount_usd < 0 else ""
    size = abs(amount_usd)
    for limit, unit, scale in ((999.5e6, "bn", 1e9), (999.5e3, "M", 1e6), (999.5, "k", 1e3)):
        if size >= limit:
            digits = f"{size / scale:.1f}" if scale > 1e3 and size / scale < 99.95 else f"{size / scale:,.0f}"
            return f"{currency}\u00a0{sign}{digits}\u00a0{unit}"
    return f"{currency}\u00a0{sign}{size:,.0f}"


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
        "verdict": verdict(outcome) | {"channels": dict(channels), "flips": [dict(flip) for flip in flips]},
        "warnings": [dict(warning) for warning in warnings],
    }


def fan_rows(outcome: Outcome, scenario: Scenario[Quantity], pair: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows for the value fan: medians of all strategies, the middle eight tenths of the two compared, labels at the ends."""
    levels = np.quantile(outcome.npv_path_usd, [0.1, 0.5, 0.9], axis=2)
    lines: list[dict[str, Any]] = []
    belt: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for row, name in enumerate(outcome.strategies):
        strategy = scenario.strategies[name]
        own = {"strategy": name, "colour": strategy.look.shape_light, "dash": list(strategy.look.dash) or [1, 0]}
        width = 2.75 if name in pair else strategy.look.width
        for month in range(outcome.months + 1):
            low, middle, high = (0.0, 0.0, 0.0) if month == 0 else levels[:, month - 1, row].tolist()
            lines.append(own | {"month": month, "p50": middle, "width": width})
            if name in pair:
                belt.append({"strategy": name, "colour": own["colour"], "month": month, "p10": low, "p90": high})
        last = float(levels[1, -1, row])
        label = f"{strategy.label} {signed_money(last)}"
        ends.append(
            {"strategy": name, "month": outcome.months, "end_usd": last, "label": label, "text_colour": strategy.look.text_light}
        )
    span = max(float(levels.max() - levels.min()), 1.0)
    return {"lines": lines, "belt": belt, "ends": parted(ends, span * 16.0 / 312.0)}


def parted(ends: list[dict[str, Any]], least: float) -> list[dict[str, Any]]:
    """The same labels with `label_usd` moved so that no two stand closer than `least`, kept around where they belong."""
    order = sorted(ends, key=lambda end: end["end_usd"])
    places = [end["end_usd"] for end in order]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + least)
    shift = sum(place - end["end_usd"] for place, end in zip(places, order, strict=True)) / max(len(places), 1)
    return [end | {"label_usd": place - shift} for end, place in zip(order, places, strict=True)]


def signed_money(amount_usd: float) -> str:
    """An amount without its currency, with a sign that is never a hyphen: +4.1 M, \N{MINUS SIGN}270 k."""
    said = money(amount_usd, "").strip()
    return said if amount_usd < 0 else f"+{said}"
