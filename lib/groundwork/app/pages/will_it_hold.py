"""Will it hold? Downtime against what was promised, its causes, and what architectures and practices make of it."""

from __future__ import annotations

import numpy as np

from groundwork.app.content import Block, Card, Choice, Content, Tile, spoken
from groundwork.results import holding as told
from groundwork.results import standing as placed
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import NO_BREAK, Words, fact, money_scale, quantity_figure, words
from groundwork.study.holding import Holding, holding, stands
from groundwork.study.jobs import Report
from groundwork.study.state import Asked, Study, Work

LABELS = ("Downtime, typical month", "Promise missed", "Lost to downtime in a year", "With one zone less")
PLACES = ("What another place buys", "What zones share")
NONE_OWN = "The plan needs no servers of its own: what it buys holds as well as its provider does."
WAITING = "The plan is played in every architecture, and without each cause of downtime, in the same futures."


def _held(asked: Asked, report: Report) -> Holding:
    return holding(asked.scenario, plan_of(asked.choices, tuple(asked.scenario.strategies), asked.pair[0]), asked.seed, report)


WORK = (Work("holding", "Playing every architecture", _held, ("holds",)),)


def plan_of(asked: dict[str, object], names: tuple[str, ...], first: str) -> str:
    """The plan that is looked at: the one asked for, else the first of the pair that is compared."""
    return str(asked["holds"]) if asked.get("holds") in names else first


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    scenario = study.scenario
    name = plan_of(study.asked, tuple(scenario.strategies), study.pair.first)
    options = [(plan, scenario.strategies[plan].label) for plan in scenario.strategies if plan in acting_plans(study)]
    choice = Choice(name="holds", label="Plan", value=name, options=options)
    found: Holding | None = study.result("holding")
    if found is not None and found.strategy != name:
        found = None
    if found is None:
        blocks = _blocks(
            study,
            choice,
            [Tile(label=label, number="\N{HORIZONTAL ELLIPSIS}") for label in LABELS],
            [_waiting(0), _waiting(1)],
            [],
        )
        return Content(answer=words("Whether it holds is being worked out."), blocks=blocks)
    stale = not study.found["holding"].is_fresh
    said = [told.step_said(scenario, found.here, found.next_step), *practices(study, found)]
    return Content(
        answer=answer(study, found),
        blocks=_blocks(study, choice, tiles(study, found), [causes(found, stale), ladder(study, found, stale)], said),
    )


def acting_plans(study: Study) -> tuple[str, ...]:
    """Plans that start use cases: the others have nothing that could be down."""
    return tuple(name for name, plan in study.scenario.strategies.items() if plan.use_cases_start_month is not None)


def _blocks(study: Study, choice: Choice, numbers: list[Tile], cards: list[Card], said: list[Words]) -> tuple[Block, ...]:
    return (
        Block(kind="choices", items=[choice]),
        Block(kind="tiles", items=numbers),
        Block(kind="cards", layout="halves", items=cards),
        Block(kind="passages", title="What would help", items=[list(map(list, line)) for line in said]),
        *another_place(study, str(choice.value)),
    )


def another_place(study: Study, plan: str) -> tuple[Block, Block]:
    """What a spare server, zone, region or vendor more buys: exact, and at once."""
    scenario = study.scenario
    found = stands(scenario, study.outcome, plan, study.seed)
    if found is None:
        cards = [Card(chart="causes", title=title, shows="", spoken="", empty=NONE_OWN) for title in PLACES]
        return Block(kind="cards", layout="halves", items=cards), Block(kind="passages", title="Where places end", items=[])
    steps, taken = placed.step_rows(found), placed.cause_rows(found)
    title, shared = placed.step_title(found), placed.cause_title(found)
    cards = [
        Card(
            chart="causes",
            title=title,
            shows=f"Hours down in 1 month of 20, exact, one change at a time; servers needed at the peak: {found.servers_count}",
            spoken=spoken(title, steps["bars"], "text", "hours in a bad month"),
            data=steps,
            signals={"high": placed.bars_end(steps)},
            table=placed.step_table(found, scenario.currency),
        ),
        Card(
            chart="causes",
            title=shared,
            shows="Hours a year by cause, exact mean; in ink what all zones share, region and vendor included",
            spoken=spoken(shared, taken["bars"], "text", "hours a year"),
            data=taken,
            signals={"high": placed.bars_end(taken)},
            table=placed.cause_table(found),
        ),
    ]
    said = [placed.next_words(found, scenario.currency), *placed.cliff_words(found), placed.source_words()]
    return (
        Block(kind="cards", layout="halves", items=cards),
        Block(kind="passages", title="Where places end", items=[list(map(list, line)) for line in said]),
    )


def _waiting(place: int) -> Card:
    chart, title, shows = (
        ("causes", "What takes it down", "Hours a year by cause"),
        ("ladder", "Architectures compared", "Hours down in a bad month over what the plan costs"),
    )[place]
    return Card(chart=chart, title=title, shows=shows, spoken="", empty=WAITING, work=WORK[0].title)


def promised(found: Holding) -> str:
    """The promise in per cent: 99.95 %."""
    return f"{100.0 * found.slo_ratio:.4g}{NO_BREAK}%"


def answer(study: Study, found: Holding) -> Words:
    """Whether the promise holds, what takes most, and whether more machines help."""
    share = round(100 * found.here.missed_ratio)
    open_ = words(
        fact("It holds" if share == 0 else "Mostly" if share <= 5 else "Not yet"),
        f": the promise of {promised(found)} is missed in ",
    )
    said = (*open_, fact(f"{share} of 100 months"), (". ", ""))
    total = float(found.hours_per_year.mean())
    if total <= 0.0:
        return said
    worst = found.causes[0]
    part = round(100 * float(worst.hours_per_year.mean()) / total)
    said += words(fact(told.CAUSES[worst.name]), f" take {part}{NO_BREAK}% of the downtime")
    if worst.name != "bad_changes":
        return (*said, (".", ""))
    best = min(found.practices, key=lambda one: one.bad_hours)
    return said + words(
        "; zones and spares do not help there, ",
        fact(told.practice_label(study.scenario, best.path, best.value)),
        f" cuts a bad month from {told.duration(found.here.bad_hours)} to {told.duration(best.bad_hours)}.",
    )


def tiles(study: Study, found: Holding) -> list[Tile]:
    """Typical month, months missed, what it costs, what a zone less would do."""
    scenario, here = study.scenario, found.here
    lost = found.lost_usd_per_year
    scale = money_scale(float(np.quantile(lost, 0.95)))
    typical, unit = told.duration(here.typical_hours).split(NO_BREAK)
    less = found.one_zone_less
    allowed = told.duration(found.budget_hours)
    spent = here.typical_hours / found.budget_hours if found.budget_hours > 0.0 else float("inf")
    return [
        Tile(label=LABELS[0], number=typical, after=unit, note=f"1 month in 20: above {told.duration(here.bad_hours)}"),
        Tile(
            label=f"{LABELS[1]}, {promised(found)}",
            number=str(round(100 * here.missed_ratio)),
            after="of 100 months",
            note=f"allowed {allowed} a month, a typical one takes {quantity_figure(round(spent, 2))} × that",
        ),
        Tile(
            label=LABELS[2],
            before=scenario.currency,
            number=scale.figure(float(lost.mean())),
            after=scale.letter,
            note=f"mean; 1 year in 20: {scale.figure(float(np.quantile(lost, 0.95)))}; value not served comes on top",
        ),
        Tile(
            label=LABELS[3],
            number=told.duration(less.bad_hours).split(NO_BREAK)[0] if less else "none",
            after=told.duration(less.bad_hours).split(NO_BREAK)[1] if less else "",
            note=f"down in a bad month, now {told.duration(here.bad_hours)}"
            if less
            else "there is one zone only: it takes all with it",
        ),
    ]


def causes(found: Holding, stale: bool) -> Card:
    """Hours a year by cause."""
    title = told.cause_title(found.causes, found.hours_per_year)
    rows = told.cause_rows(found.causes)
    return Card(
        chart="causes",
        title=title,
        shows="Hours a year by cause: mean, whisker to 1 year in 20; one live service",
        spoken=spoken(title, rows["bars"], "text", "hours a year"),
        data=rows,
        signals={"high": told.cause_end(found.causes)},
        table=told.cause_table(found.causes, found.hours_per_year),
        is_stale=stale,
    )


def ladder(study: Study, found: Holding, stale: bool) -> Card:
    """Architectures by cost and hours down in a bad month."""
    scenario = study.scenario
    step, holds = found.next_step, found.cheapest_that_holds
    least = min(found.rungs, key=lambda rung: (round(rung.bad_hours, 2), rung.cost_usd))
    named = [rung for rung in (step, holds, least, found.one_zone_less) if rung is not None]
    title = told.ladder_title(found.here, step, holds, found.budget_hours)
    unit = f"{scenario.currency} {money_scale(max(rung.cost_usd for rung in found.rungs)).word}".strip()
    label = in_sentence(scenario.strategies[found.strategy].label)
    return Card(
        chart="ladder",
        title=title,
        shows=f"Hours down in 1 month of 20, equal ratios, over the cost of {label}, {unit}; hollow: another is better on both",
        spoken=f"{title}: here {told.duration(found.here.bad_hours)}, allowed {told.duration(found.budget_hours)}.",
        data=told.ladder_rows(scenario, found.strategy, found.here, named, found.rungs, found.budget_hours),
        signals=told.ladder_domain(found.rungs, found.budget_hours),
        table=told.ladder_table(scenario, found.here, found.rungs),
        is_stale=stale,
    )


def practices(study: Study, found: Holding) -> list[Words]:
    """What each better practice buys, the one that spares most first."""
    order = sorted(found.practices, key=lambda one: one.bad_hours)
    return [told.practice_words(study.scenario, one.path, one.value, one.bad_hours, one.missed_ratio) for one in order]
