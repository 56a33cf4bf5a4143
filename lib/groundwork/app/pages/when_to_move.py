"""When to move? Value by the month in which the platform begins, rules that look first, and what to watch."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.app.content import Block, Card, Content, Tile
from groundwork.results.timing import (
    corner_words,
    curve_domain,
    curve_rows,
    curve_table,
    month_words,
    near_best,
    rule_domain,
    rule_rows,
    rule_table,
    timing_scale,
)
from groundwork.results.verdicts import in_sentence
from groundwork.results.watched import WATCHES, mark_words, watch_domain, watch_rows, watch_table, watch_unit
from groundwork.results.words import Words, fact, money, words
from groundwork.scenario import Scenario
from groundwork.study.jobs import Report
from groundwork.study.state import Asked, Study, Work
from groundwork.study.when import When, when

BLOCKS = 2
LABELS = ("Now rather than never", "A month of delay costs", "Worth of looking first", "Hindsight, the limit")
SURE = 2.0


def _timing(asked: Asked, report: Report) -> When:
    return when(asked.scenario, BLOCKS, asked.seed, report)


WORK = (Work("timing", "Pricing every start month", _timing),)


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    found: When | None = study.result("timing")
    scenario = study.scenario
    if found is None or {found.levers_of, found.day_one, found.never} - set(scenario.strategies):
        waiting = "Every start month is being priced in thousands of futures."
        empty = [
            Card(chart=chart, title=title, shows=shows, spoken="", empty=waiting)
            for chart, title, shows in (
                ("timing", "Value by the month in which the platform begins", "Mean value over never starting"),
                ("rules", "Rules compared", "Mean value over the best of now, never and nothing"),
                ("watch", "What to watch", "What is known by month while the platform has not begun"),
            )
        ]
        return Content(
            answer=words("When to begin the platform is being worked out."),
            blocks=_blocks([Tile(label=label, number="\N{HORIZONTAL ELLIPSIS}") for label in LABELS], empty, []),
        )
    stale = not study.found["timing"].is_fresh
    cards = [curve_card(scenario, found, stale), rules_card(scenario, found, stale), watch_card(scenario, found, stale)]
    return Content(answer=answer(scenario, found), blocks=_blocks(tiles(scenario, found), cards, passages(scenario, found)))


def _blocks(tiles: list[Tile], cards: list[Card], said: list[list[tuple[str, str]]]) -> tuple[Block, ...]:
    """The same blocks whether the work is done or not: the front end keeps what it made for each place."""
    return (
        Block(kind="tiles", items=tiles),
        Block(kind="cards", layout="whole", items=cards[:1]),
        Block(kind="cards", layout="halves", items=cards[1:]),
        Block(kind="passages", title="How to read this" if said else "", items=said),
    )


def answer(scenario: Scenario[Any], found: When) -> Words:
    """The verdict, what it is worth, and how sure that is."""
    timing, currency = found.timing, scenario.currency
    trigger = timing.rules["trigger"]
    margin = _with_error(timing.margin_usd, timing.margin_error_usd, currency)
    futures = f"{timing.samples:,} futures"
    if timing.verdict == "look" and timing.watched is not None:
        gain = _with_error(trigger.gain_usd, trigger.gain_error_usd, currency)
        return words(
            fact(timing.said),
            f": begin the platform once you see {mark_words(timing.watched.mark, currency)}. Waiting is worth ",
            fact(gain),
            f" here, because the answer is close. It begins in {100 * trigger.starts_ratio:.0f} of 100 futures, "
            f"typically in {month_words(trigger.month_p50 or 0.0)}.",
        )
    if timing.verdict == "open":
        return words(
            fact(timing.said),
            f" between {corner_words(timing.corner)} and {corner_words(timing.next_corner)}: {margin} over {futures}.",
        )
    if timing.verdict == "now":
        return words(
            fact(timing.said),
            f". The platform from day one is worth {margin} more than {corner_words(timing.next_corner)}, and ",
            fact(delay_words(found, currency)),
            f". That is the mean: in {100 * timing.rules['now'].loses_ratio:.0f} of 100 futures it ends below doing nothing.",
        )
    now = timing.rules["now"]
    if timing.verdict == "never":
        loss = float(timing.curve.over_never_usd[0])
        said = _with_error(-loss, float(timing.curve.over_never_error_usd[0]), currency)
        return words(
            fact(timing.said), f" the platform: from day one it costs {said} more than it brings, and no later month mends that."
        )
    loses = -now.mean_usd if timing.next_corner == "now" else -timing.rules["never"].mean_usd
    return words(
        fact(timing.said),
        f": with these inputs the use cases lose {_with_error(loses, timing.margin_error_usd, currency)} on average "
        f"{'even with a platform from day one' if timing.next_corner == 'now' else 'even without a platform'}.",
    )


def delay_words(found: When, currency: str) -> str:
    """What a month of delay costs over the first year."""
    cost = first_year_usd(found)
    if cost >= 0.0:
        return f"each month of delay in the first year costs {money(cost, currency)}"
    return f"each month of delay in the first year saves {money(-cost, currency)}"


def first_year_usd(found: When) -> float:
    """The mean cost of a month of delay over the first year."""
    return float(found.timing.curve.delay_usd[:12].mean())


def tiles(scenario: Scenario[Any], found: When) -> list[Tile]:
    """Now against never, a month of delay, a look, hindsight."""
    timing, currency = found.timing, scenario.currency
    trigger, limit = timing.rules["trigger"], timing.rules["foresight"]
    scale = timing_scale(timing)
    delay = first_year_usd(found)
    now, now_error = float(timing.curve.over_never_usd[0]), float(timing.curve.over_never_error_usd[0])
    begins = f"begins in {100 * trigger.starts_ratio:.0f} of 100 futures"
    if trigger.month_p50 is not None and trigger.starts_ratio >= 0.005:
        begins += f", {month_words(trigger.month_p50)} (8 of 10: {trigger.month_p10:.0f} to {trigger.month_p90:.0f})"
    return [
        Tile(
            label=LABELS[0],
            before=currency,
            number=scale.signed(now),
            after=scale.letter,
            note=f"\N{PLUS-MINUS SIGN}{scale.figure(now_error)} standard error; mean of {timing.samples:,} futures",
        ),
        Tile(
            label=LABELS[1],
            before=currency,
            number=money(delay, "").strip().split("\N{NO-BREAK SPACE}")[0],
            after="".join(money(delay, "").strip().split("\N{NO-BREAK SPACE}")[1:]),
            note="mean over the first year",
        ),
        Tile(
            label=LABELS[2],
            before=currency,
            number=scale.signed(trigger.gain_usd),
            after=scale.letter,
            note=f"\N{PLUS-MINUS SIGN}{scale.figure(trigger.gain_error_usd)} standard error; {begins}",
        ),
        Tile(
            label=LABELS[3],
            before=currency,
            number=scale.signed(limit.gain_usd),
            after=scale.letter,
            note=f"nobody has it; it begins in {100 * limit.starts_ratio:.0f} of 100 futures",
        ),
    ]


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
    spoken = f"{title}. Now {rows['said'][0]['text'][4:]}, month {last // 2} {middle}, never 0, {unit}."
    return Card(
        chart="timing",
        title=title,
        shows=f"Mean value over never starting, {unit}, by start month; levers of {label}; belt: two standard errors",
        spoken=spoken,
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
    spoken = f"{title}: " + ", ".join(f"{row['label']} {row['said']}" for row in rows["rules"]) + f", {unit}."
    return Card(
        chart="rules",
        title=title,
        shows=f"Mean over the best of now, never and nothing, {unit}; line: two standard errors",
        spoken=spoken,
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


def passages(scenario: Scenario[Any], found: When) -> list[list[tuple[str, str]]]:
    """What the rules are, what to watch, and what this does not know."""
    timing, currency = found.timing, scenario.currency
    policy = timing.rules["regression"]
    half = timing.samples // 2
    comes_to = (
        fact(_with_error(policy.gain_usd, policy.gain_error_usd, currency, signed=True))
        if policy.gain_error_usd > 0.0
        else fact("exactly the same")
    )
    said = [
        words(
            f"Marks and the fixed month are chosen on {half:,} futures and scored on {half:,} others, both ways round. "
            "Whoever stops after failed pilots stops under every rule. A rule sees only what is known when its month begins."
        ),
        words(
            "By all that is known: a regression over thirteen terms decides each month; it comes to ",
            comes_to,
            " beside the best of now, never and nothing, which is a lower bound of what waiting can be worth. "
            "Hindsight is the upper one.",
        ),
    ]
    names = {mark.watch for mark in timing.marks if mark is not None}
    if len(names) > 1:
        both = " and ".join(sorted(WATCHES[name][0] for name in names))
        said.append(words(f"The two halves of the futures chose different signs ({both}): no single sign stands out."))
    said.append(
        words(
            "Waiting teaches nothing about the platform itself: whether teams take it up is known only once it is there. "
            "More use cases, or a closer answer, make a look worth more."
        )
    )
    return [list(each) for each in said]


def _with_error(amount_usd: float, error_usd: float, currency: str, *, signed: bool = False) -> str:
    sign = "+" if signed and amount_usd > 0.0 else ""
    plain = money(amount_usd, currency)
    if sign:
        plain = plain.replace("\N{NO-BREAK SPACE}", f"\N{NO-BREAK SPACE}{sign}", 1)
    return f"{plain} (\N{PLUS-MINUS SIGN}{money(error_usd, '').strip()})"
