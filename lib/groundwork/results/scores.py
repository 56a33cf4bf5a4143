"""Never one score alone: what each of four rules of choice would take, and how surely, as picture, table and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from groundwork.analysis.comparison import given_that_we_do_it
from groundwork.analysis.rules import RuleName, Score, scores
from groundwork.results.verdicts import TIE_USD, acting, in_sentence
from groundwork.results.words import Words, fact, ink, listed, money, shape, token, words
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

Rows = list[dict[str, Any]]

HEADS: dict[RuleName, tuple[str, str]] = {
    "most_often": ("Most often", "of 100"),
    "mean": ("On average", "mean"),
    "regret": ("Regret", "at worst"),
    "tail": ("Bad luck", "1 in 20"),
}
"""Two lines over the column of a rule."""

SAID: dict[RuleName, str] = {
    "most_often": "best in most futures",
    "mean": "worth most on average",
    "regret": "least to regret at worst",
    "tail": "safest in the worst 1 of 20 futures",
}
CHOSEN, CLOSE = 0.24, 0.0


def rules_of(outcome: Outcome) -> tuple[Score, ...]:
    """The four rules over all strategies of an outcome."""
    return scores(outcome.npv_usd, TIE_USD)


def rule_rows(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Score]) -> dict[str, Rows]:
    """Data sets `cells` (a plan under a rule), `labels`, `heads` (rules); a filled cell is chosen, a framed one close to it."""
    cells: Rows = []
    for column, score in enumerate(found):
        for row, name in enumerate(names):
            is_chosen, is_close = row in score.chosen, row in score.close
            cells.append(
                {
                    "column": column,
                    "row": row,
                    "text": figured(score, row),
                    "colour": shape(scenario, name),
                    "ink": ink(scenario, name) if is_chosen else "var(--gw-ink2)",
                    "fill": CHOSEN if is_chosen else CLOSE,
                    "frame": 1.0 if is_chosen or is_close else 0.0,
                    "weight": 600 if is_chosen else 400,
                }
            )
    labels = [
        {"row": row, "label": scenario.strategies[name].short, "ink": ink(scenario, name)} for row, name in enumerate(names)
    ]
    heads = [
        {"column": column, "over": HEADS[score.rule][0], "under": HEADS[score.rule][1]} for column, score in enumerate(found)
    ]
    return {"cells": cells, "labels": labels, "heads": heads}


def figured(score: Score, row: int) -> str:
    """A score as it stands in a cell: futures of 100, or an amount; the rules' amounts lie too far apart for one unit."""
    value = float(score.value[row])
    return f"{round(100 * value)}" if score.rule == "most_often" else money(value + 0.0, "").strip()


def rule_table(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Score]) -> dict[str, Any]:
    """Every score with the standard error of its distance to the chosen; the chosen and those close to it are said."""
    rows = []
    for score in found:
        for row, name in enumerate(names):
            error = float(score.error[row])
            shown = f"{100 * error:.1f}" if score.rule == "most_often" else money(error, "").strip()
            said = "chosen" if row in score.chosen else "not told apart from it" if row in score.close else ""
            rows.append([SAID[score.rule].capitalize(), scenario.strategies[name].label, figured(score, row), shown, said])
    return {"columns": ["Rule", "Plan", f"Score (of 100, else {scenario.currency})", "Error", "By this rule"], "rows": rows}


def rule_title(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Score]) -> str:
    """Whether one plan is the choice of all rules."""
    agreed = agreed_on(found)
    if agreed:
        return f"{scenario.strategies[names[agreed[0]]].label} is the choice of every rule"
    taken = Counter(score.chosen[0] for score in found)
    most = max(taken.values())
    first = [in_sentence(scenario.strategies[names[place]].label) for place, count in taken.items() if count == most]
    if most == 1:
        return f"{len(found)} rules choose {len(found)} plans: no score decides alone"
    who = f"{listed(first)} are" if len(first) > 1 else f"{first[0]} is"
    said = f"{who} the choice of {most} of {len(found)} rules{' each' * (len(first) > 1)}"
    return said[:1].upper() + said[1:]


def agreed_on(found: Sequence[Score]) -> tuple[int, ...]:
    """Places that every rule takes."""
    return tuple(place for place in found[0].chosen if all(place in score.chosen for score in found))


def rule_words(scenario: Scenario[Any], names: Sequence[str], found: Sequence[Score]) -> Words:
    """What each rule takes and its score there, in one sentence; what is not told apart is said."""
    agreed = agreed_on(found)
    named = [(scenario.strategies[name].label, token(scenario, name)) for name in names]
    if agreed:
        said = words(named[agreed[0]], " is the choice of every rule: ")
    else:
        said = words(fact("No plan is the choice of every rule"), ": ")
    parts: list[Words] = []
    for score in found:
        first = score.chosen[0]
        worth = float(score.value[first]) + 0.0
        amount = f"{round(100 * worth)} of 100" if score.rule == "most_often" else money(worth, scenario.currency)
        if score.rule == "regret":
            amount = f"{amount} behind at most"
        who = [(in_sentence(label), look) for label, look in (named[place] for place in score.chosen)]
        closer = [in_sentence(scenario.strategies[names[place]].label) for place in score.close]
        beside = f", not told apart from {listed(closer)}" if closer else ""
        chosen = words(
            f"{SAID[score.rule]} is ", *(span for place, one in enumerate(who) for span in ([" and "] * bool(place) + [one]))
        )
        parts.append(words(SAID[score.rule], f" ({amount}{beside})") if agreed else (*chosen, *words(f" ({amount}{beside})")))
    for place, part in enumerate(parts):
        said += (*(words("; ") if place else ()), *part)
    return (*said, (".", ""))


def doing_words(scenario: Scenario[Any], outcome: Outcome) -> Words | None:
    """The same rules over the plans that do something, where doing nothing is among the plans; nothing elsewhere."""
    doing = acting(outcome)
    idle = [name for name in outcome.strategies if name not in doing]
    if not idle or len(doing) < 2:
        return None
    names, values = given_that_we_do_it(outcome.strategies, outcome.npv_usd, idle)
    found = scores(values, TIE_USD)
    said = words("Once it is decided that something is done, ")
    takers: dict[int, list[str]] = {}
    for score in found:
        takers.setdefault(score.chosen[0], []).append(SAID[score.rule])
    for step, (place, rules) in enumerate(takers.items()):
        label = in_sentence(scenario.strategies[names[place]].label)
        said += words("; " if step else "", (label, token(scenario, names[place])), f" is {listed(rules)}")
    return (*said, (".", ""))
