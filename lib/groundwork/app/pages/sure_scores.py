"""Never one score alone on "How sure?": what each rule of choice takes, and who is better whatever the luck."""

from __future__ import annotations

from typing import Any

from groundwork.app.content import Card
from groundwork.results import luck as sorted_futures
from groundwork.results import scores
from groundwork.results.verdicts import Pair
from groundwork.results.words import Words, plain
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome


def rules(scenario: Scenario[Any], outcome: Outcome) -> Card:
    """Every plan under every rule."""
    names, found = outcome.strategies, scores.rules_of(outcome)
    title = scores.rule_title(scenario, names, found)
    return Card(
        chart="rules_of_choice",
        title=title,
        shows=f"Amounts in {scenario.currency}; filled: what the rule takes; framed only: not told apart from it",
        spoken=f"{title}. {plain(scores.rule_words(scenario, names, found))}",
        data=scores.rule_rows(scenario, names, found),
        signals={"columns": len(found), "rows": len(names)},
        table=scores.rule_table(scenario, names, found),
    )


def luck(scenario: Scenario[Any], outcome: Outcome, pair: Pair) -> Card:
    """Every plan's futures from the worst to the best."""
    found, drawn = sorted_futures.dominated(outcome), sorted_futures.luck(scenario, outcome, pair)
    title = sorted_futures.luck_title(scenario, outcome.strategies, found)
    low, high = drawn.domain
    return Card(
        chart="luck",
        title=title,
        shows=f"Value with what comes after, {drawn.unit}, each plan's futures from its worst; above: better at that luck",
        spoken=f"{title}. {plain(sorted_futures.luck_words(scenario, outcome.strategies, found))}",
        data=drawn.rows,
        signals={"low": low, "high": high},
        table=sorted_futures.luck_table(scenario, found),
    )


def said(scenario: Scenario[Any], outcome: Outcome) -> list[Words]:
    """The rules, the same once something is done, and dominance, in a sentence each."""
    lines = [
        scores.rule_words(scenario, outcome.strategies, scores.rules_of(outcome)),
        scores.doing_words(scenario, outcome),
        sorted_futures.luck_words(scenario, outcome.strategies, sorted_futures.dominated(outcome)),
    ]
    return [line for line in lines if line is not None]
