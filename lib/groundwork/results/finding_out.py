"""What to find out before deciding: what each belief is worth to know, in money, beside what chance alone would show."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.information import NORMAL_QUANTILE_95, PartialInformation, partial_information, perfect_information
from groundwork.quantities import Array, Fixed, Quantity
from groundwork.results.assumptions import belief_label
from groundwork.results.turning import LONGEST, axis_with_room
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import MoneyScale, Words, fact, money, money_scale, words
from groundwork.scenario import Scenario, beliefs

Rows = list[dict[str, Any]]
LEAST_SHOWN = 5  # bars that are drawn, pale where they may be nothing: so that the noise can be seen


def find_out(points: Array, value_usd: Array) -> PartialInformation:
    """What each belief is worth knowing before deciding; columns in the order of the beliefs."""
    return partial_information(points, value_usd)


def places_shown(scenario: Scenario[Quantity], found: PartialInformation) -> list[int]:
    """Beliefs surely worth something, the dearest first; where they are few, the next ones too, which may be worth nothing."""
    sure = list(found.order()[:LONGEST])
    free = [place for place, belief in enumerate(beliefs(scenario)) if not isinstance(belief.value, Fixed) and place not in sure]
    return sure + sorted(free, key=lambda place: -float(found.value_usd[place]))[: max(0, LEAST_SHOWN - len(sure))]


def finding_out_scale(scenario: Scenario[Quantity], found: PartialInformation) -> MoneyScale:
    """The unit of the amounts."""
    return money_scale(max((float(found.high_usd[place]) for place in places_shown(scenario, found)), default=1.0))


def finding_out_table(scenario: Scenario[Quantity], found: PartialInformation) -> dict[str, Any]:
    """What knowing each is worth, with its interval and noise floor, how often today's choice is wrong and what that costs."""
    known = list(beliefs(scenario))
    scale = finding_out_scale(scenario, found)
    rows = [
        [
            belief_label(scenario, known[place]),
            scale.figure(float(found.value_usd[place])),
            f"{scale.figure(float(max(found.low_usd[place], 0.0)))} \N{EN DASH} {scale.figure(float(found.high_usd[place]))}",
            scale.figure(noise_usd(found, place)),
            f"{round(100 * float(found.wrong_ratio[place]))} of 100",
            scale.figure(float(found.cost_when_wrong_usd[place])),
            known[place].value.grade,
        ]
        for place in places_shown(scenario, found)
    ]
    unit = f"{scenario.currency} {scale.word}".strip()
    columns = [
        "Find out",
        f"Worth, {unit}",
        "19 of 20 times",
        "By chance up to",
        "Choice wrong in",
        f"Cost then, {unit}",
        "Grade now",
    ]
    return {"columns": columns, "rows": rows}


def noise_usd(found: PartialInformation, place: int) -> float:
    """What a belief without any effect would be shown to be worth at most, in 39 of 40 cases, USD."""
    return NORMAL_QUANTILE_95 * float(found.floor_spread_usd[place])


def finding_out_rows(scenario: Scenario[Quantity], found: PartialInformation) -> dict[str, Rows]:
    """Data sets `bars` (value, interval, text) and `floor` (what chance alone would show), in the unit of the scale."""
    known = list(beliefs(scenario))
    scale = finding_out_scale(scenario, found)
    sure = set(found.order())
    bars: Rows = []
    floors = []
    for row, place in enumerate(places_shown(scenario, found)):
        value = max(0.0, float(found.value_usd[place]))
        floors.append(noise_usd(found, place))
        bars.append(
            {
                "row": row,
                "label": belief_label(scenario, known[place]),
                "value": value / scale.divisor,
                "low": max(0.0, float(found.low_usd[place])) / scale.divisor,
                "high": float(found.high_usd[place]) / scale.divisor,
                "text": money(value, scenario.currency) if place in sure else "perhaps nothing",
                "opacity": 1.0 if place in sure else 0.3,
            }
        )
    return {"bars": bars, "floor": [{"at": float(np.mean(floors)) / scale.divisor}] if floors else []}


def finding_out_end(scenario: Scenario[Quantity], found: PartialInformation) -> float:
    """The end of the axis, with room for what is written behind the bars."""
    rows = finding_out_rows(scenario, found)["bars"]
    return axis_with_room([(0.0, 0, 1e-9, 0), *((0.0, 0, float(row["high"]), len(row["text"]) + 1) for row in rows)])[1]


def finding_out_title(scenario: Scenario[Quantity], found: PartialInformation) -> str:
    """What to find out first, or that nothing is surely worth it."""
    order = found.order()
    if not order:
        return "No single belief is surely worth finding out"
    return f"Find out first: {in_sentence(belief_label(scenario, list(beliefs(scenario))[order[0]]))}"


def finding_out_words(scenario: Scenario[Quantity], found: PartialInformation, samples: int) -> Words:
    """What stands out of the noise, in one sentence."""
    order = found.order()
    currency = scenario.currency
    if order:
        place = order[0]
        label = in_sentence(belief_label(scenario, list(beliefs(scenario))[place]))
        return words(
            "Without knowing ",
            fact(label),
            " today\N{RIGHT SINGLE QUOTATION MARK}s choice is wrong in ",
            fact(f"{round(100 * float(found.wrong_ratio[place]))} of 100"),
            " places of its range, and costs ",
            fact(money(float(found.cost_when_wrong_usd[place]), currency)),
            " there.",
        )
    places = places_shown(scenario, found)
    if not places:
        return words("Nothing is uncertain here, so nothing is left to find out.")
    most = max(float(found.high_usd[place]) for place in places)
    return words(
        fact("No belief stands out of the noise"),
        f" of {samples:,} futures: knowing any one of them alone is worth less than {money(most, currency)}, perhaps nothing. "
        "Several together may be worth more.",
    )


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
