"""The tables behind the question how fast an organisation moves: live use cases, engineers' time, what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groundwork.results.verdicts import Pair
from groundwork.results.words import NO_BREAK, ink, shape
from groundwork.scenario import Scenario
from groundwork.strategy.events import SERIES, events, future_at, said, sample_at
from groundwork.strategy.outcome import BY_WORKLOAD, Outcome

Rows = list[dict[str, Any]]

FUTURES = {"middle": 0.5, "poor": 0.1, "good": 0.9}
"""Futures whose events are told, by the share of futures in which a strategy ends lower."""

TIME = {
    "delivery_fte": "Pilots and roll-outs",
    "toil_fte": "Running services",
    "rebuild_fte": "Rebuilding",
    "platform_fte": "Platform",
    "idle_fte": "Idle",
}
RECORDED = (*SERIES, *TIME, "staff_fte", "compute_wait_ratio", "lead_factor")
"""Series that `simulate` must record for `pace_of`."""


def live_rows(scenario: Scenario[Any], pair: Pair) -> dict[str, Rows]:
    """Mean use cases live by month of the two compared: `lines` and, at their ends, `ends`."""
    lines: Rows = []
    ends: Rows = []
    for name in (pair.first, pair.second):
        row = pair.outcome.strategies.index(name)
        mean = pair.outcome.monthly["live_use_cases"][:, row].mean(axis=1)
        own = {"strategy": name, "colour": shape(scenario, name), "dash": []}
        lines += [own | {"month": month + 1, "value": round(float(value), 3)} for month, value in enumerate(mean)]
        label = f"{scenario.strategies[name].label} {mean[-1]:.1f}"
        ends.append({"month": pair.outcome.months, "end": float(mean[-1]), "label": label, "colour": ink(scenario, name)})
    least = 0.06 * live_top(scenario, pair)
    low, high = sorted(ends, key=lambda end: float(end["end"]))
    gap = max(0.0, least - (high["end"] - low["end"])) / 2.0
    return {"lines": lines, "ends": [low | {"place": low["end"] - gap}, high | {"place": high["end"] + gap}]}


def live_top(scenario: Scenario[Any], pair: Pair) -> float:
    """The top of the axis: a little above the most use cases that are live on average."""
    rows = [pair.outcome.strategies.index(name) for name in (pair.first, pair.second)]
    most = float(pair.outcome.monthly["live_use_cases"][:, rows].mean(axis=2).max())
    return max(1.0, float(np.ceil(1.15 * most)))


def live_table(scenario: Scenario[Any], pair: Pair) -> dict[str, Any]:
    """Use cases live, mean over the futures, every sixth month."""
    rows = []
    for name in (pair.first, pair.second):
        mean = pair.outcome.monthly["live_use_cases"][:, pair.outcome.strategies.index(name)].mean(axis=1)
        months = [*range(6, pair.outcome.months, 6), pair.outcome.months]
        rows += [[scenario.strategies[name].label, str(month), f"{mean[month - 1]:.1f}"] for month in months]
    return {"columns": ["Strategy", "Month", "Use cases live, mean"], "rows": rows}


def pace_of(outcome: Outcome, lead_months: float) -> dict[str, dict[str, Any]]:
    """What a page tells of each strategy: shares of engineers' time, lead time, wait, stalls, events of some futures.

    Parameters
    ----------
    outcome
        A run that recorded `RECORDED`.
    lead_months
        Middle of the belief about the way from a graduated pilot to a live service, without any platform.
    """
    told = {}
    for row, name in enumerate(outcome.strategies):
        month = {series: outcome.monthly[series][:, row] for series in RECORDED if series not in BY_WORKLOAD}
        staff = max(float(month["staff_fte"].sum()), 1e-12)
        live = month["live_use_cases"] > 0.0
        first = np.where(live.any(axis=0), live.argmax(axis=0) + 1.0, np.inf)
        middle = float(np.quantile(first, 0.5, method="lower"))
        told[name] = {
            "time_ratio": {series: float(month[series].sum()) / staff for series in TIME},
            "lead_months": lead_months * float(month["lead_factor"][-1].mean()),
            "wait_ratio": float(month["compute_wait_ratio"].mean()),
            "stall_months": float(month["stalled"].sum(axis=0).mean()),
            "first_live_month": int(middle) if np.isfinite(middle) else None,
            "events": {
                future: [said(event) for event in events(outcome, row, sample_at(outcome, row, level))]
                for future, level in FUTURES.items()
            },
        }
    return told


def happened(outcome: Outcome, future: str) -> dict[str, list[str]]:
    """What happened to each strategy in one future, in words.

    Parameters
    ----------
    outcome
        A run that recorded `strategy.events.SERIES`.
    future
        `middle`, `poor` or `good` for each strategy, the number of a future, or a share such as 25%.

    Raises
    ------
    InputFault
        When there is no such future.
    """
    told = {}
    for row, name in enumerate(outcome.strategies):
        place = sample_at(outcome, row, FUTURES[future]) if future in FUTURES else future_at(outcome, row, future)
        told[name] = [said(event) for event in events(outcome, row, place)]
    return told


def time_rows(scenario: Scenario[Any], told: dict[str, dict[str, Any]], names: Sequence[str]) -> dict[str, Rows]:
    """Bars of engineers' time: a row for each use of it, one bar for each strategy."""
    bars: Rows = []
    for place, (series, label) in enumerate(TIME.items()):
        for side, name in enumerate(names):
            share = told[name]["time_ratio"][series]
            own = {"colour": shape(scenario, name), "ink": ink(scenario, name), "strategy": name}
            row = 2 * place + side
            said = f"{100 * share:.0f}{NO_BREAK}%"
            bars.append(own | {"row": row, "value": share, "said": said, "label": label if side == 0 else ""})
    return {"bars": bars}


def time_table(scenario: Scenario[Any], told: dict[str, dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Shares of all engineer-months, mean over the futures."""
    labels = [scenario.strategies[name].label for name in names]
    rows = [[label, *(f"{told[name]['time_ratio'][series]:.1%}" for name in names)] for series, label in TIME.items()]
    return {"columns": ["Engineers' time", *labels], "rows": rows}
