"""The tables behind "How sure?": what to find out first, what turns the answer alone, and the corners in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundwork.analysis.conditional import equal_count_bins
from groundwork.analysis.information import PartialInformation, partial_information, perfect_information
from groundwork.analysis.search import Limit
from groundwork.analysis.sensitivity import swings
from groundwork.quantities import Array, Fixed, Quantity, percentile
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import NO_BREAK, Words, fact, money, money_scale, quantity_figure, token, words
from groundwork.scenario import Belief, Scenario, beliefs
from groundwork.units import scale_of, unit_of

LONGEST = 9  # rows of a table that a reader takes in at once


def said(belief: Belief[Any], value: float) -> str:
    """A value of a belief with its unit, as its control shows it."""
    unit = unit_of(belief.name)
    return f"{quantity_figure(value * scale_of(belief.name))}{NO_BREAK}{unit}" if unit else quantity_figure(value)


def find_out_first(scenario: Scenario[Quantity], points: Array, value_usd: Array) -> tuple[PartialInformation, dict[str, Any]]:
    """What each belief is worth knowing before deciding, in money, and the table of those surely worth something."""
    known = list(beliefs(scenario))
    found = partial_information(points, value_usd)
    places = found.order()[:LONGEST]
    scale = money_scale(float(found.value_usd[list(places)].max()) if places else 1.0)
    rows = [
        [
            belief_label(scenario, known[place]),
            scale.figure(float(found.value_usd[place])),
            f"{scale.figure(float(max(found.low_usd[place], 0.0)))} \N{EN DASH} {scale.figure(float(found.high_usd[place]))}",
            f"{round(100 * float(found.wrong_ratio[place]))} of 100",
            scale.figure(float(found.cost_when_wrong_usd[place])),
            known[place].value.grade,
        ]
        for place in places
    ]
    unit = f"{scenario.currency} {scale.word}".strip()
    columns = ["Find out first", f"Worth, {unit}", "19 of 20 times", "Choice wrong in", f"Cost then, {unit}", "Grade now"]
    return found, {"columns": columns, "rows": rows}


def tornado_table(scenario: Scenario[Quantity], points: Array, pair: Pair) -> dict[str, Any]:
    """The mean lead with each belief at its 10th and 90th percentile, widest first; within two standard errors not told."""
    known = list(beliefs(scenario))
    found = swings(equal_count_bins(points), pair.lead_usd)
    told = np.where(np.abs(found.swing_usd) > 2.0 * found.standard_error_usd, np.abs(found.swing_usd), 0.0)
    places = [int(place) for place in np.argsort(-told, kind="stable") if told[place] > 0.0][:LONGEST]
    ends = np.abs(np.stack([found.low_usd, found.high_usd])[:, places])
    scale = money_scale(float(ends.max()) if places else 1.0)
    rows = []
    for place in places:
        belief = known[place]
        if isinstance(belief.value, Fixed):
            continue
        low, high = (said(belief, percentile(belief.value, level)) for level in (0.1, 0.9))
        rows.append(
            [
                belief_label(scenario, belief),
                low,
                scale.signed(float(found.low_usd[place])),
                high,
                scale.signed(float(found.high_usd[place])),
            ]
        )
    unit = f"{scenario.currency} {scale.word}".strip()
    return {"columns": ["Belief", "Low (p10)", f"Lead then, {unit}", "High (p90)", f"Lead then, {unit} "], "rows": rows}


def flip_table(scenario: Scenario[Quantity], flips: Sequence[Mapping[str, Any]], first: str) -> dict[str, Any]:
    """Break-evens: today's middle, the threshold, the distance in the belief's unit and in its standard deviations."""
    known = {belief.path: belief for belief in beliefs(scenario)}
    rows = []
    for flip in flips[:LONGEST]:
        belief = known[str(flip["path"])]
        levels = belief.value.at(np.linspace(1.0, 1023.0, 512, dtype=np.float64) / 1024.0)
        distance = float(flip["threshold"]) - float(flip["today"])
        deviations = distance / float(levels.std())
        sign = "+" if deviations >= 0.0 else "\N{MINUS SIGN}"
        rows.append(
            [
                belief_label(scenario, belief),
                said(belief, float(flip["today"])),
                said(belief, float(flip["threshold"])),
                ("+" if distance >= 0.0 else "") + said(belief, distance),
                f"{sign}{abs(deviations):.1f}",
                str(flip["side"]),
            ]
        )
    name = in_sentence(scenario.strategies[first].label)
    columns = ["Belief", "Today", "Break-even", "Distance", "In standard deviations", f"{name} is behind".capitalize()]
    return {"columns": columns, "rows": rows}


def corner_words(
    scenario: Scenario[Quantity],
    strategy: str,
    limits: Sequence[tuple[str, Limit]],
    coverage: float,
    density: float,
    share: float,
) -> Words:
    """One corner: who wins in how many of 100 futures where, against everywhere, and how many of its wins lie there."""
    known = {belief.path: belief for belief in beliefs(scenario)}
    where = " and ".join(_limit_words(scenario, known[path], limit) for path, limit in limits)
    return words(
        (scenario.strategies[strategy].label, token(scenario, strategy)),
        " wins in ",
        fact(f"{round(100 * density)} of 100"),
        f" futures with {where}, against {round(100 * share)} of 100 everywhere. ",
        f"{round(100 * coverage)} of 100 of its wins lie there.",
    )


def _limit_words(scenario: Scenario[Any], belief: Belief[Any], limit: Limit) -> str:
    name = in_sentence(belief_label(scenario, belief))
    if np.isinf(limit.low):
        return f"{name} below {said(belief, limit.high)}"
    if np.isinf(limit.high):
        return f"{name} above {said(belief, limit.low)}"
    return f"{name} between {said(belief, limit.low)} and {said(belief, limit.high)}"


def information_words(scenario: Scenario[Any], value_usd: Array, dice: float | None) -> Words:
    """What knowing everything would be worth at most, and how much of the lead's spread is dice."""
    everything = perfect_information(value_usd).value_usd
    line = words(
        "Knowing everything, the dice too, would be worth ",
        fact(money(everything, scenario.currency)),
        ": no study is worth more.",
    )
    if dice is None:
        return line
    share = round(100 * min(1.0, max(0.0, dice)))
    return line + words(" Of the lead's spread ", fact(f"{share} %"), " is chance that nobody can find out.")
