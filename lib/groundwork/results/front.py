"""The plans against each other on cost, downtime and time to value: which are beaten on all three, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.analysis.search import pareto_front
from groundwork.quantities import Array
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import MoneyScale, figure, ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

Rows = list[dict[str, Any]]
APART_RATIO = 0.07  # of the axis: names closer than this are moved apart
ROOM_RATIO = 0.2
MINUTES_PER_HOUR = 60.0
BAD_MONTH = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One strategy on three counts; months without a live service have no downtime, and `live_month` may be never."""

    strategy: str
    cost_usd: float
    cost_error_usd: float
    downtime_minutes: float
    live_month: float
    never_ratio: float
    beaten_by: tuple[str, ...]


def plans(outcome: Outcome) -> list[Plan]:
    """Every strategy: mean present cost, downtime of the worst live month in twenty, median month of the first live use case."""
    costs = np.stack([sum(values[row] for values in outcome.cost_usd.values()) for row in range(len(outcome.strategies))])
    bad = [_bad_month(outcome, row) for row in range(len(outcome.strategies))]
    months = [first_live_month(outcome, row) for row in range(len(outcome.strategies))]
    middle = [float(np.quantile(each, 0.5, method="lower")) for each in months]
    front = pareto_front(np.column_stack([costs.mean(axis=1), bad, middle]))
    return [
        Plan(
            strategy=name,
            cost_usd=float(costs[row].mean()),
            cost_error_usd=float(costs[row].std() / np.sqrt(outcome.samples)),
            downtime_minutes=bad[row],
            live_month=middle[row],
            never_ratio=float(np.isinf(months[row]).mean()),
            beaten_by=tuple(outcome.strategies[place] for place in np.flatnonzero(front.dominators[row])),
        )
        for row, name in enumerate(outcome.strategies)
    ]


def first_live_month(outcome: Outcome, row: int) -> Array:
    """The month in which the first use case is live, [sample]; infinite where none ever is."""
    live = outcome.monthly["live_use_cases"][:, row] > 0.0
    return np.where(live.any(axis=0), live.argmax(axis=0) + 1.0, np.inf)


def _bad_month(outcome: Outcome, row: int) -> float:
    live = outcome.monthly["live_use_cases"][:, row] > 0.0
    felt = outcome.monthly["downtime_hours"][:, row][live] * MINUTES_PER_HOUR
    return float(np.quantile(felt, BAD_MONTH)) if felt.size else 0.0


def front_scale(found: Sequence[Plan]) -> MoneyScale:
    """The unit of the costs."""
    return money_scale(max(plan.cost_usd for plan in found))


def live(found: Sequence[Plan]) -> list[Plan]:
    """The plans that come to life in most futures: the others have no downtime to compare."""
    return [plan for plan in found if np.isfinite(plan.live_month)]


def front_domain(found: Sequence[Plan]) -> dict[str, float]:
    """Ends of both axes by the name of their signal, in the scale's unit and in hours, around the plans that come to life."""
    scale = front_scale(found)
    left, right = rounded_domain(*_around([plan.cost_usd / scale.divisor for plan in live(found)]))
    low, top = rounded_domain(*_around([plan.downtime_minutes / MINUTES_PER_HOUR for plan in live(found)]))
    return {"left": max(0.0, left), "right": right, "low": max(0.0, low), "top": top}


def _around(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = ROOM_RATIO * max(high - low, 0.1 * high, 1e-6)
    return low - room, high + room


def front_rows(scenario: Scenario[Any], found: Sequence[Plan]) -> dict[str, Rows]:
    """Data sets `dots` and `names`: beaten plans are hollow and faded; names are moved apart and turn inwards at the right."""
    scale, ends = front_scale(found), front_domain(found)
    dots: Rows = []
    names: Rows = []
    for plan in live(found):
        x, y = plan.cost_usd / scale.divisor, plan.downtime_minutes / MINUTES_PER_HOUR
        beaten = bool(plan.beaten_by)
        dots.append(
            {
                "x": x,
                "y": y,
                "colour": shape(scenario, plan.strategy),
                "fill": "var(--gw-paper)" if beaten else shape(scenario, plan.strategy),
                "opacity": 0.55 if beaten else 1.0,
            }
        )
        names.append(
            {
                "x": x,
                "y": y,
                "text": f"{scenario.strategies[plan.strategy].short}, {month_words(plan.live_month)}",
                "ink": "var(--gw-ink3)" if beaten else ink(scenario, plan.strategy),
                "side": "left" if x - ends["left"] > 0.5 * (ends["right"] - ends["left"]) else "right",
            }
        )
    last = -np.inf
    for name in sorted(names, key=lambda name: float(name["y"])):
        name["y"] = max(float(name["y"]), last + APART_RATIO * (ends["top"] - ends["low"]))
        last = name["y"]
    return {"dots": dots, "names": names}


def month_words(month: float) -> str:
    """When the first use case is live."""
    return "never live" if np.isinf(month) else f"month {month:.0f}"


def front_table(scenario: Scenario[Any], found: Sequence[Plan]) -> dict[str, Any]:
    """Every plan on the three counts, and by whom it is beaten on all of them."""
    scale = front_scale(found)
    rows = [
        [
            scenario.strategies[plan.strategy].label,
            scale.figure(plan.cost_usd),
            scale.figure(plan.cost_error_usd),
            figure(plan.downtime_minutes / MINUTES_PER_HOUR),
            "never" if np.isinf(plan.live_month) else f"{plan.live_month:.0f}",
            f"{round(100 * plan.never_ratio)} of 100",
            ", ".join(scenario.strategies[name].label for name in plan.beaten_by),
        ]
        for plan in found
    ]
    unit = f"{scenario.currency} {scale.word}".strip()
    columns = ["Plan", f"Cost, {unit}", "Error", "Bad month, h down", "First live, month", "Never live", "Beaten on all three by"]
    return {"columns": columns, "rows": rows}


def front_title(scenario: Scenario[Any], found: Sequence[Plan]) -> str:
    """Who is beaten on all three counts, or that every plan gives something up."""
    beaten = [plan for plan in found if plan.beaten_by]
    if not beaten:
        return "Every plan is best at something: none is beaten on all"
    if len(beaten) == 1:
        loser, winner = beaten[0].strategy, beaten[0].beaten_by[0]
        return f"{scenario.strategies[loser].label} is beaten on all three by {in_sentence(scenario.strategies[winner].label)}"
    return f"{len(beaten)} of {len(found)} plans are beaten on all three counts"
