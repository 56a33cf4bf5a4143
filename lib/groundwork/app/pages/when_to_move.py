"""When to move? Value by the month in which the platform begins, rules that look first, and what to watch."""

from __future__ import annotations

from typing import Any

from groundwork.app.content import Block, Card, Content, Tile
from groundwork.app.pages.when_cards import curve_card, ground_card, rules_card, watch_card
from groundwork.results.ground import ground_shares
from groundwork.results.timing import corner_words, month_words, timing_scale
from groundwork.results.watched import WATCHES, mark_words
from groundwork.results.words import Words, fact, money, words
from groundwork.scenario import Scenario
from groundwork.study.ground import Ground, ground
from groundwork.study.jobs import Report
from groundwork.study.state import Asked, Study, Work
from groundwork.study.when import When, when

BLOCKS = 2
LABELS = ("Now rather than never", "A month of delay costs", "Worth of looking first", "Hindsight, the limit")


def _timing(asked: Asked, report: Report) -> When:
    return when(asked.scenario, BLOCKS, asked.seed, report)


def _ground(asked: Asked, report: Report) -> Ground:
    return ground(asked.scenario, asked.seed, report)


WORK = (
    Work("timing", "Pricing every start month", _timing),
    Work("ground", "Playing scale against what an hour down costs", _ground),
)


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    found: When | None = study.result("timing")
    scenario = study.scenario
    place, terms = ground_of(study)
    if found is None or {found.levers_of, found.day_one, found.never} - set(scenario.strategies):
        waiting = "Every start month is being priced in thousands of futures."
        empty = [
            Card(chart=chart, title=title, shows=shows, spoken="", empty=waiting, work=WORK[0].title)
            for chart, title, shows in (
                ("timing", "Value by the month in which the platform begins", "Mean value over never starting"),
                ("rules", "Rules compared", "Mean value over the best of now, never and nothing"),
                ("watch", "What to watch", "What is known by month while the platform has not begun"),
            )
        ]
        return Content(
            answer=words("When to begin the platform is being worked out."),
            blocks=_blocks([Tile(label=label, number="\N{HORIZONTAL ELLIPSIS}") for label in LABELS], [*empty, place], terms),
        )
    stale = not study.found["timing"].is_fresh
    cards = [curve_card(scenario, found, stale), rules_card(scenario, found, stale), watch_card(scenario, found, stale), place]
    told = [*terms, *passages(scenario, found)]
    return Content(answer=answer(scenario, found), blocks=_blocks(tiles(scenario, found), cards, told))


def ground_of(study: Study) -> tuple[Card, list[list[tuple[str, str]]]]:
    """The map of scale and criticality and what it says in words, or the place where it will stand."""
    found: Ground | None = study.result("ground")
    if found is None or set(found.strategies) - set(study.scenario.strategies):
        empty = "Every scale is being played against every cost of an hour down."
        shows = "Largest mean value, if something is done and nothing is bought"
        return Card(
            chart="winner_map", title="Where models first make sense", shows=shows, spoken="", empty=empty, work=WORK[1].title
        ), []
    shares = ground_shares(study.scenario, found.strategies, found.map)
    said = words(
        "The map: a hundredth to a hundred times today\N{RIGHT SINGLE QUOTATION MARK}s demand, an hour down from a tenth to a "
        "thousand times as dear, the same team; ",
        fact(shares),
        ". Buying and doing nothing are left out, so that it is about the order alone.",
    )
    return ground_card(study.scenario, found, not study.found["ground"].is_fresh), [list(said)]


def _blocks(tiles: list[Tile], cards: list[Card], said: list[list[tuple[str, str]]]) -> tuple[Block, ...]:
    """The same blocks whether the work is done or not: the front end keeps what it made for each place."""
    return (
        Block(kind="tiles", items=tiles),
        Block(kind="cards", layout="whole", items=cards[:1]),
        Block(kind="cards", layout="halves", items=cards[1:3]),
        Block(kind="cards", layout="whole", items=cards[3:]),
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
