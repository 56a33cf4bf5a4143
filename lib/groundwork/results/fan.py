"""The table behind the value fan: median paths, the middle eight tenths of the pair, where they cross, labels at the ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from groundwork.quantities import Array
from groundwork.results.placing import LINE_RATIO, PLOTS_PX, Block, Picture
from groundwork.results.verdicts import Pair
from groundwork.results.words import MoneyScale, ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

Rows = list[dict[str, Any]]
LABEL_ROOM_RATIO = LINE_RATIO  # least distance of two labels over the height of the drawing: one line of 12 px
ASIDE_RATIO = 0.34  # of the months: nearer to an end, words begin or end at their month instead of standing over it
LEVELS = (0.1, 0.5, 0.9)
ALIGNED: dict[str, dict[str, Any]] = {
    "start": {"align": "left", "dx": 3},
    "end": {"align": "right", "dx": -3},
    "centre": {"align": "center", "dx": 0},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """The table of the fan: data sets of the picture, ends of its axis, the unit of its amounts, and a reader's table."""

    rows: dict[str, Rows]
    domain: tuple[float, float]
    scale: MoneyScale
    table: dict[str, Any]


def fan_table(scenario: Scenario[Any], outcome: Outcome, pair: Pair, before: Outcome | None = None) -> Fan:
    """Everything about the value fan in one pass.

    `belt` and `pair` [the two compared x month], `others` [strategy x month], `ends` (labels, kept apart), `ring` (where the pair
    cross), `said` (what is written in the picture, clear of the lines). `before` adds the pair's medians before the reader's
    changes as thin lines.
    """
    levels_usd = np.quantile(outcome.npv_path_usd, LEVELS, axis=2)
    scale = money_scale(float(np.abs(levels_usd[1]).max()))
    levels = levels_usd / scale.divisor
    compared = (pair.first, pair.second)
    drawn: dict[str, Rows] = {"belt": [], "others": [], "pair": []}
    ends: Rows = []
    if before is not None:
        drawn["others"] += _thin(scenario, before, compared, scale)
    for row, name in enumerate(outcome.strategies):
        strategy = scenario.strategies[name]
        heavy = name in compared
        own: dict[str, Any] = {"strategy": name, "colour": shape(scenario, name), "kind": "now"}
        lows, middles, highs = np.round(np.concatenate([np.zeros((3, 1)), levels[:, :, row]], axis=1), 4).tolist()
        own |= {"width": 2.75, "dash": []} if heavy else {"width": 1.75, "dash": list(strategy.look.dash)}
        drawn["pair" if heavy else "others"] += [own | {"month": month, "value": value} for month, value in enumerate(middles)]
        if heavy:
            its = {"strategy": name, "colour": own["colour"]}
            ends_of = zip(lows, highs, strict=True)
            drawn["belt"] += [its | {"month": month, "low": low, "high": high} for month, (low, high) in enumerate(ends_of)]
        last = float(levels[1, -1, row])
        label = f"{strategy.label} {scale.signed(last * scale.divisor)}"
        short = f"{strategy.short} {scale.signed(last * scale.divisor)}"
        ends.append({"strategy": name, "month": outcome.months, "end": last, "label": label, "short": short})
        ends[-1] |= {"colour": ink(scenario, name), "weight": 600 if heavy else 400}
    low, high = _domain(outcome, pair, levels)
    ends = parted(ends, (high - low) * LABEL_ROOM_RATIO)
    picture = _picture(outcome, levels, drawn["others"], (low, high))
    words, crossing = _crossing(scenario, outcome, pair, levels, picture)
    belt_words = _belt_words(scenario, outcome, pair, levels, replace(picture, words=words))
    rows = {**drawn, "ends": ends, **crossing, "said": [*crossing["said"], belt_words]}
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
        rows += [own | {"month": month, "value": value} for month, value in enumerate(np.round([0.0, *middle], 4).tolist())]
    return rows


def _picture(outcome: Outcome, levels: Array, others: Rows, domain: tuple[float, float]) -> Picture:
    """What words keep clear of: all medians, those before the reader's changes, and the line of nought, which weighs less."""
    thin = [float(row["value"]) for row in others if row["kind"] == "before"]
    before = np.reshape(thin, (-1, outcome.months + 1))
    medians = np.concatenate([np.zeros((1, levels.shape[2])), levels[1]]).T
    curves = np.concatenate([medians, before, np.zeros((1, outcome.months + 1))])
    weights = np.array([*np.ones(len(medians)), *np.full(len(before), 0.5), 0.25])
    return Picture(curves=curves, weights=weights, low=domain[0], high=domain[1])


def _crossing(
    scenario: Scenario[Any], outcome: Outcome, pair: Pair, levels: Array, picture: Picture
) -> tuple[tuple[Block, ...], dict[str, Rows]]:
    """The ring where the pair cross, words about it where nothing is drawn, and the stem between them."""
    month, crossing = pair.from_month, pair.months_of_crossing
    if month is None or month < 2 or crossing is None:
        return (), {"ring": [], "stem": [], "said": []}
    at = float(levels[1, month - 1, outcome.strategies.index(pair.first)])
    share = month / outcome.months  # what is written keeps within the drawing, on a phone too
    anchor = "start" if share < ASIDE_RATIO else "end" if share > 1.0 - ASIDE_RATIO else "centre"
    texts = [
        f"overtakes {scenario.strategies[pair.second].label.lower()}",
        f"in month {month} ({crossing[0]}\N{EN DASH}{crossing[2]})",
    ]
    block = Block(month=month, anchor=anchor, letters_count=max(map(len, texts)), lines_count=len(texts), height=at)
    heights = picture.heights(block.lines_count)
    block = replace(block, height=float(heights[int(np.argmin(picture.costs(block, heights, at - picture.line)))]))
    beside = block.height if block.height < at else block.height - picture.line
    over = block.height + 0.7 * picture.line if block.height < at else block.height - 1.7 * picture.line
    own = {"month": month, "colour": "var(--gw-ink2)"} | ALIGNED[anchor]
    said = [own | {"value": block.height - place * picture.line, "text": text} for place, text in enumerate(texts)]
    stem = {"month": month, "value": at, "foot": over if anchor == "centre" else beside}
    length = int(np.ceil(abs(at - stem["foot"]) / picture.line))  # the stem and the ring are in the way of other words too
    upright = Block(month=month, anchor="centre", letters_count=2, lines_count=length, height=max(at, stem["foot"]))
    return (block, upright), {"ring": [{"month": month, "value": at}], "stem": [stem], "said": said}


def _belt_words(scenario: Scenario[Any], outcome: Outcome, pair: Pair, levels: Array, picture: Picture) -> dict[str, Any]:
    """What the belts are, written into one of them: where it is high enough and no line passes, nearest to where it is widest."""
    text = "8 of 10 futures"
    last, wanted = outcome.months, 0.7 * outcome.months
    width = Block(month=0.0, anchor="start", letters_count=len(text), lines_count=1, height=0.0).months(PLOTS_PX[0], last)[1]
    places = [(float(month), "centre") for month in range(round(0.4 * last), round(0.9 * last) + 1, 2)]
    found: list[tuple[float, float, float, str, str]] = []
    for name in (pair.first, pair.second):
        bounds = levels[:, :, outcome.strategies.index(name)]
        for month, anchor in [*places, (float(last), "end")]:
            middle = month if anchor == "centre" else month - 0.5 * width
            low, median, high = (float(level[round(middle) - 1]) for level in bounds)
            block = Block(month=month, anchor=anchor, letters_count=len(text), lines_count=1, height=0.0)
            inside = picture.heights(1)
            inside = inside[(inside > low + 0.7 * picture.line) & (inside < high - 0.7 * picture.line)]
            heights = inside if len(inside) else np.array([0.5 * (median + high)])
            costs = picture.costs(block, heights, 0.5 * (median + high)) + 0.3 * abs(middle - wanted) / last + (len(inside) == 0)
            best = int(np.argmin(costs))
            found.append((float(costs[best]), float(heights[best]), month, anchor, name))
    _, height, month, anchor, name = min(found)
    return {"month": month, "value": height, "text": text, "colour": ink(scenario, name)} | ALIGNED[anchor]


def parted(ends: Rows, least: float, floor: float = -np.inf) -> Rows:
    """The same labels with `place` moved so that no two stand closer than `least`, near where they belong, none below `floor`."""
    order = sorted(ends, key=lambda end: float(end["end"]))
    groups: list[list[float]] = []  # of neighbours that touch: sum of wanted middles and number of labels
    for end in order:
        groups.append([float(end["end"]), 1.0])
        while len(groups) > 1 and _bottom(groups[-1], least) < _bottom(groups[-2], least) + groups[-2][1] * least:
            total, count = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + count]
    places = [_bottom(group, least) + step * least for group in groups for step in range(int(group[1]))]
    return [end | {"place": max(place, floor + row * least)} for row, (end, place) in enumerate(zip(order, places, strict=True))]


def _bottom(group: list[float], least: float) -> float:
    return group[0] / group[1] - 0.5 * (group[1] - 1.0) * least


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
