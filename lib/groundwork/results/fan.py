"""The table behind the value fan: median paths, the middle eight tenths of the pair, where they cross, labels at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.quantities import Array
from groundwork.results.verdicts import Pair
from groundwork.results.words import MoneyScale, ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

Rows = list[dict[str, Any]]
LABEL_ROOM_RATIO = 16.0 / 312.0  # least distance of two labels over the height of the drawing: one line of 12 px
ASIDE_RATIO = 0.34  # of the months: nearer to an end, words begin or end at their month instead of standing over it
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """The table of the fan: data sets of the picture, ends of its axis, the unit of its amounts, and a reader's table."""

    rows: dict[str, Rows]
    domain: tuple[float, float]
    scale: MoneyScale
    table: dict[str, Any]


def fan_table(scenario: Scenario[Any], outcome: Outcome, pair: Pair, before: Outcome | None = None) -> Fan:
    """Everything about the value fan in one pass.

    `belt` [two strategies x month], `lines` [strategy x month], `ends` (labels, kept apart), `ring` (where the pair cross),
    `said` (what is written in the picture). `before` adds the pair's medians before the reader's changes as thin lines.
    """
    levels_usd = np.quantile(outcome.npv_path_usd, LEVELS, axis=2)
    scale = money_scale(float(np.abs(levels_usd[1]).max()))
    levels = levels_usd / scale.divisor
    compared = (pair.first, pair.second)
    lines: Rows = []
    belt: Rows = []
    ends: Rows = []
    for row, name in enumerate(outcome.strategies):
        strategy = scenario.strategies[name]
        heavy = name in compared
        own = {"strategy": name, "colour": shape(scenario, name), "dash": list(strategy.look.dash) if not heavy else []}
        paths = np.concatenate([np.zeros((3, 1)), levels[:, :, row]], axis=1)
        for month in range(outcome.months + 1):
            low, middle, high = (_short(value) for value in paths[:, month])
            width = 2.75 if heavy else 1.75
            lines.append(own | {"month": month, "value": middle, "width": width, "kind": "pair" if heavy else "other"})
            if heavy:
                belt.append({"strategy": name, "colour": own["colour"], "month": month, "low": low, "high": high})
        last = float(levels[1, -1, row])
        label = f"{strategy.label} {scale.signed(last * scale.divisor)}"
        short = f"{strategy.short} {scale.signed(last * scale.divisor)}"
        ends.append({"strategy": name, "month": outcome.months, "end": last, "label": label, "short": short})
        ends[-1] |= {"colour": ink(scenario, name), "weight": 600 if heavy else 400}
    if before is not None:
        lines += _thin(scenario, before, compared, scale)
    low, high = _domain(outcome, pair, levels)
    ends = parted(ends, (high - low) * LABEL_ROOM_RATIO)
    rows = {"belt": belt, "lines": lines, "ends": ends, **_crossing(outcome, pair, scale, levels, scenario, (low, high))}
    return Fan(rows=rows, domain=(low, high), scale=scale, table=_readable(scenario, outcome, levels_usd, scale))


def _domain(outcome: Outcome, pair: Pair, levels: Array) -> tuple[float, float]:
    """The lowest and highest mark of the axis: all medians and the pair's belts."""
    rows = [outcome.strategies.index(name) for name in (pair.first, pair.second)]
    lowest = min(float(levels[1].min()), float(levels[0][:, rows].min()), 0.0)
    highest = max(float(levels[1].max()), float(levels[2][:, rows].max()), 0.0)
    return rounded_domain(lowest, highest)


def _thin(scenario: Scenario[Any], before: Outcome, compared: tuple[str, str], scale: MoneyScale) -> Rows:
    rows: Rows = []
    for name in compared:
        middle = np.median(before.npv_path_usd[:, before.strategies.index(name)], axis=1) / scale.divisor
        own = {"strategy": name, "colour": shape(scenario, name), "dash": [], "width": 1.0, "kind": "before"}
        rows += [own | {"month": month, "value": _short(value)} for month, value in enumerate([0.0, *middle])]
    return rows


def _crossing(
    outcome: Outcome, pair: Pair, scale: MoneyScale, levels: Any, scenario: Scenario[Any], domain: tuple[float, float]
) -> dict[str, Rows]:
    said: Rows = []
    row = outcome.strategies.index(pair.first)
    quarter = max(1, round(0.7 * outcome.months))
    rows = {name: outcome.strategies.index(name) for name in (pair.first, pair.second)}
    widest = max(rows, key=lambda name: float(levels[2, quarter - 1, rows[name]] - levels[1, quarter - 1, rows[name]]))
    inside = 0.5 * float(levels[2, quarter - 1, rows[widest]] + levels[1, quarter - 1, rows[widest]])
    said.append({"month": quarter, "value": inside, "text": "8 of 10 futures", "colour": ink(scenario, widest), "kind": "belt"})
    month, crossing = pair.from_month, pair.months_of_crossing
    if month is None or month < 2 or crossing is None:
        return {"ring": [], "stem": [], "said": said}
    at = float(levels[1, month - 1, row])
    foot = domain[0] + 0.16 * (domain[1] - domain[0])
    foot = foot if foot < at else domain[1] - 0.06 * (domain[1] - domain[0])
    name = scenario.strategies[pair.second].label.lower()
    interval = f"{crossing[0]}\N{EN DASH}{crossing[2]}"
    line = (domain[1] - domain[0]) * LABEL_ROOM_RATIO
    share = month / outcome.months  # what is written keeps within the drawing, on a phone too
    anchor = "start" if share < ASIDE_RATIO else "end" if share > 1.0 - ASIDE_RATIO else "centre"
    tip = foot if anchor != "centre" else foot + 0.7 * line if foot < at else foot - 1.7 * line
    own = {"month": month, "colour": "var(--gw-ink2)", "kind": anchor}
    said.append(own | {"value": foot, "text": f"overtakes {name}"})
    said.append(own | {"value": foot - line, "text": f"in month {month} ({interval})"})
    return {"ring": [{"month": month, "value": at}], "stem": [{"month": month, "value": at, "foot": tip}], "said": said}


def parted(ends: Rows, least: float) -> Rows:
    """The same labels with `place` moved so that no two stand closer than `least`, kept around where they belong."""
    order = sorted(ends, key=lambda end: float(end["end"]))
    groups: list[list[float]] = []  # of neighbours that touch: sum of wanted middles and number of labels
    for end in order:
        groups.append([float(end["end"]), 1.0])
        while len(groups) > 1 and _bottom(groups[-1], least) < _bottom(groups[-2], least) + groups[-2][1] * least:
            total, count = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + count]
    places = [_bottom(group, least) + step * least for group in groups for step in range(int(group[1]))]
    return [end | {"place": place} for end, place in zip(order, places, strict=True)]


def _bottom(group: list[float], least: float) -> float:
    return group[0] / group[1] - 0.5 * (group[1] - 1.0) * least


def _short(value: float) -> float:
    return round(float(value), 4)


def _readable(scenario: Scenario[Any], outcome: Outcome, levels_usd: Array, scale: MoneyScale) -> dict[str, Any]:
    rows = []
    for row, name in enumerate(outcome.strategies):
        for month in [*range(6, outcome.months, 6), outcome.months]:
            low, middle, high = levels_usd[:, month - 1, row]
            figures = [scale.signed(float(value)) for value in (middle, low, high)]
            rows.append([scenario.strategies[name].label, str(month), *figures])
        low, middle, high = np.quantile(outcome.npv_usd[row], LEVELS)
        figures = [scale.signed(float(value)) for value in (middle, low, high)]
        rows.append([scenario.strategies[name].label, "with what comes after", *figures])
    return {"columns": ["Strategy", "Month", "Median", "p10", "p90"], "rows": rows}
