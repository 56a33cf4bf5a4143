"""When to build the platform: now, never, not at all, or after a look - and what a look is worth.

Two sets of futures; each chooses the rules that are scored on the other, so no rule is scored on futures that had a say in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from groundwork.analysis.timing.regression import known_terms, stopping_policy
from groundwork.analysis.timing.starts import Curve, Months, Starts, curve, joined, mean_error
from groundwork.analysis.timing.triggers import Mark, best_mark, best_month
from groundwork.quantities import Array

Corner = Literal["now", "never", "nothing"]
Kind = Literal["now", "never", "nothing", "month", "trigger", "regression", "foresight"]
Verdict = Literal["now", "never", "nothing", "look", "open"]

CORNERS: tuple[Corner, ...] = ("now", "never", "nothing")
SAID: dict[Verdict, str] = {
    "now": "Start now",
    "never": "Do not start",
    "nothing": "Do nothing",
    "look": "Look first, then decide",
    "open": "No difference we can tell",
}
BLOCKS = 4
"""Blocks of futures in each set."""
SURE = 2.0
"""Standard errors of the difference, on fresh futures, before one choice is said to be better than another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to choose the month, scored on futures that had no say in it; means in USD.

    Parameters
    ----------
    kind
        "month": the best fixed month, not blind, since the stop rule is in force. "trigger": begin once something seen reaches a
        mark. "regression": a policy over thirteen terms, a lower bound of what waiting can be worth. "foresight": the best month
        of each future with hindsight, an upper bound that nobody can reach.
    mean_usd, p10_usd, p90_usd
        Value.
    gain_usd, gain_error_usd
        Mean less that of the best corner, and the standard error of the paired difference.
    over_month_usd, over_month_error_usd
        The same against the best fixed month.
    starts_ratio
        Futures in which the platform is begun.
    loses_ratio
        Futures in which it ends below doing nothing: the mean may stand on a few very good ones.
    month_p10, month_p50, month_p90
        When, among those; None where it never is.
    """

    kind: Kind
    mean_usd: float
    p10_usd: float
    p90_usd: float
    gain_usd: float
    gain_error_usd: float
    over_month_usd: float
    over_month_error_usd: float
    starts_ratio: float
    loses_ratio: float
    month_p10: float | None
    month_p50: float | None
    month_p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched:
    """What there is to watch, [month] each, while the platform has not begun.

    Parameters
    ----------
    mark
        What, and how much of it.
    p10, p50, p90
        What is known of it when the month begins, over futures.
    begins_ratio
        Futures in which the mark is reached in the month, and the platform begun.
    """

    mark: Mark
    p10: Array
    p50: Array
    p90: Array
    begins_ratio: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What came out.

    Parameters
    ----------
    curve
        Value against start month.
    rules
        Every rule, by kind.
    corner
        The best of now, never and nothing on these futures.
    next_corner, margin_usd, margin_error_usd
        The next best, how far behind it is, and the standard error of that difference.
    verdict
        A key of `SAID`: "look" only where the trigger beats the best corner by more than two standard errors; "open" where not
        even the corners can be told apart.
    watched
        What to watch, chosen on all futures; None where no mark is reached. `marks` are what each set chose for the other: where
        they name different things, the sign is weak.
    """

    curve: Curve
    rules: dict[Kind, Rule]
    corner: Corner
    next_corner: Corner
    margin_usd: float
    margin_error_usd: float
    verdict: Verdict
    watched: Watched | None
    marks: tuple[Mark | None, ...]
    samples: int

    @property
    def said(self) -> str:
        """The verdict in words."""
        return SAID[self.verdict]


def timing(play: Callable[[int], Starts], blocks: int = BLOCKS, progress: Callable[[float], None] = lambda share: None) -> Timing:
    """Price every start month and rule, and say which choice can be told to be better.

    What a user would get wrong: the best month of the curve is not a recommendation. The curve is an estimate with an error, its
    top is the highest of many, and two corners below nought are no choice: compare with doing nothing.

    Parameters
    ----------
    play
        `play(number)` gives block `number` of the futures, 0 to 2 `blocks` - 1, each independent of the others.
    blocks
        Blocks in each of the two sets, 1 or more.
    progress
        Called with the share done after each block; whatever it raises ends the work.
    """
    if blocks < 1:
        raise ValueError(f"blocks: 1 or more; came {blocks}")
    played = []
    for number in range(2 * blocks):
        progress(0.9 * number / (2 * blocks))
        played.append(play(number))
    progress(0.9)
    first, second = joined(played[:blocks]), joined(played[blocks:])
    everything = joined([second, first])
    halves = [_chosen(first, second), _chosen(second, first)]
    progress(0.95)
    chosen: dict[Kind, Months] = {kind: np.concatenate([half[0][kind] for half in halves]) for kind in halves[0][0]}
    result = _scored(everything, chosen, (halves[0][1], halves[1][1]))
    progress(1.0)
    return result


def _chosen(chooser: Starts, scorer: Starts) -> tuple[dict[Kind, Months], Mark | None]:
    """The months that the rules chosen on one set pick in the futures of the other, and the mark chosen."""
    never = np.full(scorer.samples, scorer.months, dtype=np.int64)
    mark = best_mark(chooser)
    policy = stopping_policy(chooser.start_usd - chooser.never_usd, known_terms(chooser), ~chooser.stopped)
    months: dict[Kind, Months] = {
        "month": np.full_like(never, best_month(chooser)),
        "trigger": never if mark is None else mark.months(scorer),
        "regression": policy.months(known_terms(scorer), ~scorer.stopped),
    }
    return months, mark


def _scored(futures: Starts, chosen: dict[Kind, Months], found: tuple[Mark | None, ...]) -> Timing:
    months = futures.months
    month: dict[Kind, Months] = dict(chosen)
    value: dict[Kind, Array] = {kind: futures.value_usd(each) for kind, each in chosen.items()}
    value |= {"now": futures.start_usd[0], "never": futures.never_usd, "nothing": futures.nothing_usd}
    month |= {"now": np.zeros(futures.samples, dtype=np.int64)}
    month |= {kind: np.full(futures.samples, months, dtype=np.int64) for kind in ("never", "nothing")}
    table = np.vstack([futures.start_usd, futures.never_usd, futures.nothing_usd])
    value["foresight"], month["foresight"] = table.max(axis=0), np.minimum(table.argmax(axis=0), months)

    corner = max(CORNERS, key=lambda each: float(value[each].mean()))
    rules = {kind: _rule(kind, value[kind], month[kind], months, value[corner], value) for kind in value}
    margins = {each: _difference(value[corner], value[each]) for each in CORNERS if each != corner}
    next_best = min(margins, key=lambda each: margins[each][0])
    return Timing(
        curve=curve(futures),
        rules=rules,
        corner=corner,
        next_corner=next_best,
        margin_usd=margins[next_best][0],
        margin_error_usd=margins[next_best][1],
        verdict=_verdict(rules["trigger"], corner, value),
        watched=_watched(futures),
        marks=found,
        samples=futures.samples,
    )


def _watched(futures: Starts) -> Watched | None:
    mark = best_mark(futures)
    if mark is None:
        return None
    p10, p50, p90 = np.quantile(futures.known[mark.watch], [0.1, 0.5, 0.9], axis=1)
    begins = np.bincount(mark.months(futures), minlength=futures.months + 1)[: futures.months]
    return Watched(mark=mark, p10=p10, p50=p50, p90=p90, begins_ratio=begins / futures.samples)


def _verdict(trigger: Rule, corner: Corner, value: dict[Kind, Array]) -> Verdict:
    def beats(one: Corner, other: Corner) -> bool:
        mean, error = _difference(value[one], value[other])
        return mean > SURE * error and mean > 0.0

    if trigger.gain_usd > SURE * trigger.gain_error_usd and trigger.gain_usd > 0.0:
        return "look"
    if all(beats(corner, other) for other in CORNERS if other != corner):
        return corner
    # never and nothing may stand too close to part and yet both be better than now: then this much is sure
    return "never" if beats("never", "now") and beats("nothing", "now") else "open"


def _rule(kind: Kind, value: Array, month: Months, months: int, corner: Array, others: dict[Kind, Array]) -> Rule:
    gain, gain_error = _difference(value, corner)
    over, over_error = _difference(value, others["month"])
    started = month[month < months]
    when = [float(each) for each in np.quantile(started, [0.1, 0.5, 0.9], method="lower")] if started.size else [None] * 3
    return Rule(
        kind=kind,
        mean_usd=float(value.mean()),
        p10_usd=float(np.quantile(value, 0.1)),
        p90_usd=float(np.quantile(value, 0.9)),
        gain_usd=gain,
        gain_error_usd=gain_error,
        over_month_usd=over,
        over_month_error_usd=over_error,
        starts_ratio=started.size / month.size,
        loses_ratio=float(np.mean(value < others["nothing"])),
        month_p10=when[0],
        month_p50=when[1],
        month_p90=when[2],
    )


def _difference(one: Array, other: Array) -> tuple[float, float]:
    """Mean of one less the other, and its standard error: both met the same futures."""
    difference = one - other
    return float(difference.mean()), float(mean_error(difference))
