"""How fast do we move? Two companies side by side: what is live when, where engineers' time goes, what happened."""

from __future__ import annotations

from typing import Any

from groundwork.app import messages
from groundwork.app.content import Block, Card, Choice, Content, Tile
from groundwork.errors import InputFault
from groundwork.quantities import middle
from groundwork.results.pace import RECORDED, live_rows, live_table, live_top, pace_of, time_rows, time_table
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import Words, fact, words
from groundwork.strategy.simulation import simulate
from groundwork.study.jobs import Report
from groundwork.study.runs import points_of, told_future
from groundwork.study.state import Asked, Study, Work

PACE_SAMPLES = 512
FUTURES_SAID = {
    "middle": ("each one’s middle future", "middle future"),
    "poor": ("a poor one: nine in ten end higher", "poor future: nine in ten end higher"),
    "good": ("a good one: nine in ten end lower", "good future: nine in ten end lower"),
    "chosen": ("one of your choice", "future"),
}
FIRST_CHOSEN = "1"


def _pace(asked: Asked, report: Report) -> dict[str, dict[str, Any]]:
    points = points_of(asked.scenario, PACE_SAMPLES, asked.seed)
    outcome = simulate(asked.scenario, points, tuple(asked.scenario.strategies), record=RECORDED)
    report(0.9)
    return pace_of(outcome, middle(asked.scenario.delivery.lead_months))


def _chosen(asked: Asked, report: Report) -> Happened | None:
    """The events of the future that was typed, when one is asked for; nothing where there is no such future."""
    if asked.choices.get("happened") != "chosen":
        return None
    future = future_of(asked.choices)
    try:
        return future, told_future(asked.scenario, PACE_SAMPLES, asked.seed, future)
    except InputFault:
        return future, None


Happened = tuple[str, dict[str, list[str]] | None]
WORK = (
    Work("pace", "Following two companies month by month", _pace),
    Work("chosen", "Looking into one future", _chosen, asks=("happened", "future")),
)


def future_of(asked: dict[str, Any]) -> str:
    """The future that was typed, or the first."""
    return str(asked.get("future") or FIRST_CHOSEN).strip().lower()


def companies(study: Study) -> Pair:
    """The two whose pace is compared: those the reader chose, else the two that the profile's question is about."""
    if study.compared is not None:
        return study.pair
    names = study.outcome.strategies
    return Pair(study.outcome, names[0], names[min(1, len(names) - 1)])


def content(study: Study) -> Content:
    """The page for the study as it stands; its blocks keep their kinds, whatever is known so far."""
    pair = companies(study)
    told = study.result("pace")
    if told is not None and not {pair.first, pair.second} <= set(told):
        told = None
    blocks = [
        Block(kind="tiles", items=tiles(study, pair, told)),
        Block(kind="cards", layout="halves", items=(live(study, pair), engineers_time(study, pair, told))),
    ]
    blocks += timeline(study, pair, told)
    return Content(answer=answer(study, pair), blocks=tuple(blocks))


def timeline(study: Study, pair: Pair, told: dict[str, dict[str, Any]] | None) -> list[Block]:
    """What happened to each of the two in the future that is asked for."""
    future = study.asked.get("happened", "middle")
    future = future if future in FUTURES_SAID else "middle"
    number, happenings = future_of(study.asked), None
    if future != "chosen":
        happenings = None if told is None else {name: told[name]["events"][future] for name in (pair.first, pair.second)}
    found = study.result("chosen") if future == "chosen" else None
    is_refused = False
    if found is not None and found[0] == number:
        happenings = found[1]
        is_refused = happenings is None
    named = f"future {number}" if not number.endswith("%") else f"future that {number} of its futures end below"
    options = [(key, text) for key, (text, _) in FUTURES_SAID.items()]
    blocks = [
        Block(
            kind="choices",
            items=[
                Choice(name="happened", label="Events of", value=future, options=options),
                Choice(
                    name="future",
                    label="Number of the future, or share of futures below it",
                    value=study.asked.get("future") or FIRST_CHOSEN,
                    hint=f"1 to {PACE_SAMPLES}, or 25%",
                    fault=messages.no_future(number, PACE_SAMPLES) if is_refused else (),
                    is_hidden=future != "chosen",
                ),
            ],
        )
    ]
    for name in (pair.first, pair.second):
        lines = [words(text[:1].upper() + text[1:] + ".") for text in (happenings or {}).get(name, ())]
        whose = in_sentence(study.scenario.strategies[name].label)
        if future == "chosen":
            title = f"What happened to {whose} in {named if not number.endswith('%') else 'the ' + named}"
        else:
            title = f"What happened to {whose} in its {FUTURES_SAID[future][1]}"
        nothing = "Nothing to speak of." if happenings is not None else "The two companies are being followed."
        nothing = "There is no such future." if is_refused else nothing
        blocks.append(Block(kind="passages", title=title, items=lines or [words(nothing)]))
    return blocks


def answer(study: Study, pair: Pair) -> Words:
    """How many use cases are live at the end, in one sentence."""
    outcome = pair.outcome
    first, second = (outcome.strategies.index(name) for name in (pair.first, pair.second))
    live = outcome.monthly["live_use_cases"][-1].mean(axis=1)
    label, other = (in_sentence(study.scenario.strategies[name].label) for name in (pair.first, pair.second))
    return words(
        f"After {outcome.months} months {label} has ",
        fact(f"{live[first]:.1f} use cases"),
        f" live on average, {other} ",
        fact(f"{live[second]:.1f}"),
        ".",
    )


def tiles(study: Study, pair: Pair, told: dict[str, dict[str, Any]] | None) -> list[Tile]:
    """First launch, lead time, wait for compute and stalls of the first of the pair, beside the second."""
    if told is None:
        names = ("First service live", "Pilot to production", "Pilots waiting for compute", "Launches frozen by rebuilds")
        return [Tile(label=name, number="\N{HORIZONTAL ELLIPSIS}", note="being followed") for name in names]
    mine, theirs = told[pair.first], told[pair.second]
    whose = study.scenario.strategies[pair.first].label
    other = in_sentence(study.scenario.strategies[pair.second].label)
    return [
        Tile(
            label=f"{whose}: first service live",
            before="month" if mine["first_live_month"] else "",
            number=str(mine["first_live_month"] or "not within"),
            after="" if mine["first_live_month"] else f"{study.outcome.months} months",
            note=f"typical; {other} {'month ' + str(theirs['first_live_month']) if theirs['first_live_month'] else 'never'}",
        ),
        Tile(
            label=f"{whose}: pilot to production",
            number=f"{mine['lead_months']:.1f}",
            after="months",
            note=f"at the end of the plan; {other} {theirs['lead_months']:.1f}",
        ),
        Tile(
            label=f"{whose}: pilots waiting for compute",
            number=f"{100 * mine['wait_ratio']:.0f}",
            after="% longer",
            note=f"than without waiting; {other} {100 * theirs['wait_ratio']:.0f}",
        ),
        Tile(
            label=f"{whose}: launches frozen by rebuilds",
            number=f"{mine['stall_months']:.1f}",
            after="months",
            note=f"mean; {other} {theirs['stall_months']:.1f}",
        ),
    ]


def live(study: Study, pair: Pair) -> Card:
    """Use cases live by month."""
    scenario, outcome = study.scenario, pair.outcome
    mean = {
        name: outcome.monthly["live_use_cases"][:, outcome.strategies.index(name)].mean(axis=1)
        for name in (pair.first, pair.second)
    }
    labels = {name: scenario.strategies[name].label for name in mean}
    early, late = (
        mean[pair.first][outcome.months // 3] - mean[pair.second][outcome.months // 3],
        mean[pair.first][-1] - mean[pair.second][-1],
    )
    first, second = labels[pair.first], in_sentence(labels[pair.second])
    if abs(late) < 0.05 and abs(early) < 0.05:
        title = f"{first} and {second} move at the same pace"
    elif early < 0.0 < late:
        title = f"{first} starts later and ends ahead"
    elif late < 0.0 < early:
        title = f"{first} starts sooner and ends behind"
    elif late >= 0.0:
        title = f"{first} has more use cases live"
    else:
        title = f"{first} has fewer use cases live"
    spoken = f"{title}. Live after {outcome.months} months: " + ", ".join(f"{labels[name]} {mean[name][-1]:.1f}" for name in mean)
    return Card(
        chart="live",
        title=title,
        shows="Use cases live, mean over the futures",
        spoken=spoken + ".",
        data=live_rows(scenario, pair),
        signals={"high": live_top(scenario, pair), "last": outcome.months},
        table=live_table(scenario, pair),
    )


def engineers_time(study: Study, pair: Pair, told: dict[str, dict[str, Any]] | None) -> Card:
    """Where engineers' time goes."""
    scenario = study.scenario
    shows = "Share of all delivery engineers' months, mean over the futures; hired platform engineers come on top"
    if told is None:
        return Card(
            chart="engineers_time",
            title="Where engineers' time goes",
            shows=shows,
            spoken="",
            empty="Both companies are followed month by month, the same futures for either.",
            work=WORK[0].title,
        )
    names = (pair.first, pair.second)
    mine, theirs = (told[name]["time_ratio"]["delivery_fte"] for name in names)
    than = "more" if mine >= theirs else "less"
    title = f"{scenario.strategies[pair.first].label} spends {than} of its time on pilots and roll-outs"
    rows = time_rows(scenario, told, names)
    spoken = f"{title}: {mine:.0%} against {theirs:.0%}."
    return Card(
        chart="engineers_time",
        title=title,
        shows=shows,
        spoken=spoken,
        data=rows,
        signals={"high": max(bar["value"] for bar in rows["bars"])},
        table=time_table(scenario, told, names),
        is_stale=not study.found["pace"].is_fresh,
    )
