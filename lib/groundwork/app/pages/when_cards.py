"""The pictures of "When to move?": value by start month, rules compared, what to watch, and where a platform pays at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.app.content import Card, spoken
from groundwork.results import ground as placed
from groundwork.results.timing import (
    curve_domain,
    curve_rows,
    curve_table,
    near_best,
    rule_domain,
    rule_rows,
    rule_table,
    timing_scale,
)
from groundwork.results.verdicts import in_sentence
from groundwork.results.watched import WATCHES, mark_words, watch_domain, watch_rows, watch_table, watch_unit
from groundwork.scenario import Scenario
from groundwork.study.ground import Ground
from groundwork.study.when import When

SURE = 2.0


def curve_card(scenario: Scenario[Any], found: When, stale: bool) -> Card:
    """Value by start month."""
    timing = found.timing
    rows = curve_rows(scenario, timing, found.levers_of, found.day_one, found.never)
    low, high = curve_domain(timing)
    unit = f"{scenario.currency} {timing_scale(timing).word}".strip()
    best, _, _ = near_best(timing)
    over, error = timing.curve.over_never_usd, timing.curve.over_never_error_usd
    if best == 0 and over[0] > SURE * error[0]:
        title = "The platform is worth most from day one"
    elif over[best] <= 0.0:
        title = "No start month beats never starting"
    elif over[best] <= SURE * error[best]:
        title = "No start month is surely better than never"
    elif over[best] - over[0] > SURE * float(np.hypot(error[best], error[0])):
        title = f"The mean is highest around month {best}"
    else:
        title = "Early months are worth about the same"
    label = in_sentence(scenario.strategies[found.levers_of].label)
    last = len(rows["line"]) - 1
    middle = timing_scale(timing).signed(float(over[last // 2]))
    said = f"{title}. Now {rows['said'][0]['text'][4:]}, month {last // 2} {middle}, never 0, {unit}."
    return Card(
        chart="timing",
        title=title,
        shows=f"Mean value over never starting, {unit}, by start month; levers of {label}; belt: two standard errors",
        spoken=said,
        data=rows,
        signals={"low": low, "high": high, "last": len(rows["line"])},
        table=curve_table(scenario, timing),
        is_stale=stale,
    )


def rules_card(scenario: Scenario[Any], found: When, stale: bool) -> Card:
    """Rules compared."""
    timing = found.timing
    rows = rule_rows(scenario, timing, found.levers_of, found.day_one, found.never)
    low, high = rule_domain(timing)
    unit = f"{scenario.currency} {timing_scale(timing).word}".strip()
    trigger = timing.rules["trigger"]
    titles = {
        "look": "Looking first beats every choice made today",
        "now": "Starting now beats every wait",
        "never": "No rule beats never starting",
        "nothing": "No rule beats doing nothing",
        "open": "No rule is surely ahead",
    }
    close = abs(trigger.gain_usd) <= SURE * trigger.gain_error_usd and timing.verdict in {"now", "never", "nothing"}
    title = "Looking first comes close, and gains nothing" if close else titles[timing.verdict]
    return Card(
        chart="rules",
        title=title,
        shows=f"Mean over the best of now, never and nothing, {unit}; line: two standard errors",
        spoken=spoken(title, rows["rules"], "said", unit),
        data=rows,
        signals={"low": low, "high": high},
        table=rule_table(scenario, timing),
        is_stale=stale,
    )


def watch_card(scenario: Scenario[Any], found: When, stale: bool) -> Card:
    """What to watch while the platform has not begun."""
    watched = found.timing.watched
    if watched is None:
        return Card(
            chart="watch",
            title="Nothing seen on the way tells more",
            shows="Of seven things that can be watched, none reaches a mark worth trying",
            spoken="",
            empty="There is nothing to watch: no sign came in one future of a hundred.",
        )
    label = WATCHES[watched.mark.watch][0]
    unit = watch_unit(scenario, watched)
    low, high = watch_domain(watched)
    begins = 100.0 * float(watched.begins_ratio.sum())
    title = f"Watch the {label}" if found.timing.verdict == "look" else f"Best sign: {label}; not worth the wait"
    shows = f"{label.capitalize()}{f', {unit}' if unit else ''}, no platform yet; median, middle 80 %; bars: month of the mark"
    return Card(
        chart="watch",
        title=title,
        shows=shows,
        spoken=f"{title}. The mark is {mark_words(watched.mark, scenario.currency)}, reached in {begins:.0f} of 100 futures.",
        data=watch_rows(scenario, watched, found.levers_of),
        signals={"low": low, "high": high, "last": watched.p50.size - 1},
        table=watch_table(scenario, watched),
        is_stale=stale,
    )


def ground_card(scenario: Scenario[Any], found: Ground, stale: bool) -> Card:
    """Who is worth most over scale and criticality."""
    title = placed.ground_title(scenario, found.strategies, found.map)
    return Card(
        chart="winner_map",
        title=title,
        shows="Largest mean value, if something is done and nothing is bought; fuller colour: best in over 40, 55, 75 of 100",
        spoken=f"{title}. {placed.ground_shares(scenario, found.strategies, found.map)}.",
        data=placed.ground_rows(scenario, found.strategies, found.map),
        signals={"columns": len(found.map.across), "rows": len(found.map.up)},
        table=placed.ground_table(scenario, found.strategies, found.map),
        is_stale=stale,
    )
