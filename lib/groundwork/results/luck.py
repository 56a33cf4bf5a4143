"""Whatever the luck: which plans are better at every level of it, or for all who dislike risk; the curves, table and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.analysis.comparison import duels
from groundwork.analysis.robustness import dominance
from groundwork.analysis.rules import SURE_ERRORS
from groundwork.results.fan import parted
from groundwork.results.verdicts import TIE_USD, Pair, in_sentence
from groundwork.results.words import Words, fact, ink, listed, money_scale, rounded_domain, shape, words
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

Rows = list[dict[str, Any]]

LABEL_ROOM_RATIO = 16.0 / 222.0  # least distance of two labels over the height of the drawing
FIRST, LAST, STEP = 2, 90, 2  # of 100 futures, worst first: the rarest gains would press all else to the foot


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """The curves: data sets `lines`, `ends`, ends of the axis, the unit of the amounts."""

    rows: dict[str, Rows]
    domain: tuple[float, float]
    unit: str


def luck(scenario: Scenario[Any], outcome: Outcome, pair: Pair) -> Luck:
    """Every plan's futures sorted from its worst to its best, as a line from the 2nd to the 90th of 100."""
    counts = np.arange(FIRST, LAST + 1, STEP)
    values_usd = np.quantile(outcome.npv_usd, counts / 100.0, axis=1).T
    scale = money_scale(float(np.abs(values_usd).max()))
    unit = f"{scenario.currency} {scale.word}".strip()
    values = values_usd / scale.divisor
    lines: Rows = []
    ends: Rows = []
    for row, name in enumerate(outcome.strategies):
        strategy = scenario.strategies[name]
        heavy = name in (pair.first, pair.second)
        dash = [] if heavy else list(strategy.look.dash)
        own = {"strategy": name, "colour": shape(scenario, name), "dash": dash, "width": 2.75 if heavy else 1.75}
        lines += [
            own | {"luck": int(count), "value": round(float(value), 4)} for count, value in zip(counts, values[row], strict=True)
        ]
        label = f"{strategy.short} {scale.signed(float(values_usd[row, -1]))}"
        ends.append({"strategy": name, "end": float(values[row, -1]), "label": label, "colour": ink(scenario, name)})
    low, high = rounded_domain(float(values.min()), float(values.max()))
    rows = {"lines": lines, "ends": parted(ends, (high - low) * LABEL_ROOM_RATIO)}
    return Luck(rows=rows, domain=(low, high), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominated:
    """One plan that another is better than at every level of luck (first order), or for all who dislike risk (second).

    `sure` is first order, or a mean lead of more than two standard errors: second order alone can hang on that mean.
    """

    better: str
    worse: str
    order: int
    mean_usd: float
    error_usd: float

    @property
    def sure(self) -> bool:
        return self.order == 1 or self.mean_usd > SURE_ERRORS * self.error_usd


def dominated(outcome: Outcome) -> list[Dominated]:
    """Every pair in which one plan dominates another, first order before second."""
    found, pairs = dominance(outcome.npv_usd, TIE_USD), duels(outcome.npv_usd, TIE_USD)
    names = outcome.strategies
    rows = [
        Dominated(
            better=names[better],
            worse=names[worse],
            order=1 if found.first_order[better, worse] else 2,
            mean_usd=float(pairs.mean_difference_usd[better, worse]),
            error_usd=float(pairs.standard_error_usd[better, worse]),
        )
        for better, worse in np.argwhere(found.second_order).tolist()
    ]
    return sorted(rows, key=lambda row: row.order)


def luck_title(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Dominated]) -> str:
    """What is left once every plan is dropped that another beats whatever the luck, or for all who dislike risk."""
    labels = {name: scenario.strategies[name].label for name in names}
    beaten = {
        order: [name for name in names if any(row.worse == name and row.order <= order and row.sure for row in found)]
        for order in (1, 2)
    }
    left = {order: [name for name in names if name not in beaten[order]] for order in (1, 2)}
    if len(left[1]) == 1:
        return f"{labels[left[1][0]]} is best whatever the luck"
    if len(left[2]) == 1:
        return f"Whoever dislikes risk takes {in_sentence(labels[left[2][0]])}"
    for order, one, more in (
        (1, "{} is worse than another whatever the luck", "{} of {} plans are worse than another whatever the luck"),
        (2, "Nobody who dislikes risk would take {}", "Whoever dislikes risk drops {} of the {} plans"),
    ):
        if len(beaten[order]) == 1:
            label = labels[beaten[order][0]]
            return one.format(label if order == 1 else in_sentence(label))
        if beaten[order]:
            return more.format(len(beaten[order]), len(names))
    return "No plan is better whatever the luck"


def luck_words(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Dominated]) -> Words:
    """First- and second-order dominance in a reader's words."""
    said: Words = ()
    for order, opening in ((1, "Whatever the luck, "), (2, "Whoever dislikes risk, however little, prefers ")):
        rows = [row for row in found if row.order == order and row.sure]
        for step, better in enumerate(dict.fromkeys(row.better for row in rows)):
            worse = [in_sentence(scenario.strategies[row.worse].label) for row in rows if row.better == better]
            behind = "every other plan" if len(worse) == len(names) - 1 > 1 else listed(worse)
            joint = f" is better than {behind}" if order == 1 else f" to {behind}"
            said += words(opening if not step else ", and ", fact(in_sentence(scenario.strategies[better].label)), joint)
        said += words(". ") if rows else ()
    if not said:
        said = words(fact("No plan dominates another"), ": some luck, or some taste for risk, speaks for each of them. ")
    elif all(row.order == 2 for row in found if row.sure):
        said += words("No plan is better at every level of luck. ")
    unsure = [row for row in found if not row.sure]
    if unsure:
        winner, loser = (in_sentence(scenario.strategies[name].label) for name in (unsure[0].better, unsure[0].worse))
        said += words(
            f"Whether all who dislike risk would also prefer {winner} to {loser} is open: their mean lead lies within its error. "
        )
    return (*said[:-1], (said[-1][0].rstrip(), said[-1][1]))


def luck_table(scenario: Scenario[Any], found: Sequence[Dominated]) -> dict[str, Any]:
    """Every pair in which one dominates, with the order, the mean lead and its error."""
    scale = money_scale(max((abs(row.mean_usd) for row in found), default=1.0))
    rows = [
        [
            scenario.strategies[row.better].label,
            scenario.strategies[row.worse].label,
            "first" if row.order == 1 else "second",
            scale.signed(row.mean_usd),
            scale.figure(row.error_usd),
            "" if row.sure else "within the error",
        ]
        for row in found
    ] or [["No plan", "any other", "", "", "", ""]]
    unit = f"{scenario.currency} {scale.word}".strip()
    return {"columns": ["Better", "Worse", "Order of dominance", f"Mean lead, {unit}", "Error", "Remark"], "rows": rows}
