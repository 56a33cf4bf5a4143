"""What the reader's beliefs did and what their levers did: both baselines drawn between before and now."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.changes import split_change
from groundwork.app.content import Card
from groundwork.quantities import Array
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario
from groundwork.study.changes import changes_of, scenario_of
from groundwork.study.jobs import Report
from groundwork.study.runs import outcome_of
from groundwork.study.work import Asked, Work

SAMPLES = 1_024
STAGES = (
    ("before", "Before your changes", ()),
    ("belief", "Your beliefs alone", ("belief",)),
    ("lever", "Your levers alone", ("lever",)),
    ("now", "Both, as it stands", ("belief", "lever")),
)


def _baselines(asked: Asked, report: Report) -> dict[str, Any]:
    """The lead in each of the four cases, [sample]; nothing where only one kind was changed."""
    kinds = {change.path: "belief" if change.kind == "belief" else "lever" for change in changes_of(asked.base, asked.values)}
    if len(set(kinds.values())) < 2:
        return {}
    leads = {}
    for step, (name, _, kept) in enumerate(STAGES):
        report(step / len(STAGES))
        scenario = scenario_of(asked.base, {path: value for path, value in asked.values.items() if kinds[path] in kept})
        leads[name] = Pair(outcome_of(scenario, SAMPLES, asked.seed), *asked.pair).lead_usd
    return {"pair": asked.pair, "leads": leads}


WORK = Work("baselines", "Playing your beliefs and your levers apart", _baselines)


def cards(scenario: Scenario[Any], pair: Pair, found: dict[str, Any] | None) -> list[Card]:
    """The picture, or nothing where one kind of change alone says it all."""
    return [card(scenario, pair, found)] if found else []


def card(scenario: Scenario[Any], pair: Pair, found: dict[str, Any]) -> Card:
    """Before, either kind of change alone, both: median lead with eight of ten futures."""
    first, second = (in_sentence(scenario.strategies[name].label) for name in (pair.first, pair.second))
    title = "What you believe against what you choose"
    if found["pair"] != (pair.first, pair.second):
        empty = "What each kind of change did is being played for the two that are compared now."
        return Card(chart="rules", title=title, shows=f"Lead of {first} over {second}", spoken="", empty=empty)
    leads: dict[str, Array] = found["leads"]
    middles = {name: float(np.median(lead)) for name, lead in leads.items()}
    parts = split_change(middles["before"], middles["belief"], middles["lever"], middles["now"])
    ends = {name: np.quantile(lead, [0.1, 0.9]).tolist() for name, lead in leads.items()}
    scale = money_scale(max(abs(usd) for pair_of_ends in ends.values() for usd in pair_of_ends))
    belief, lever = scale.signed(float(parts.belief)), scale.signed(float(parts.lever))
    unit = f"{scenario.currency} {scale.word}".strip()
    rows, table = [], []
    for row, (name, label, _) in enumerate(STAGES):
        ahead = pair.first if middles[name] >= 0.0 else pair.second
        low, high = (usd / scale.divisor for usd in ends[name])
        rows.append(
            {
                "row": row,
                "label": label,
                "value": middles[name] / scale.divisor,
                "low": low,
                "high": high,
                "said": scale.signed(middles[name]),
                "weight": 600 if name == "now" else 400,
                "colour": shape(scenario, ahead),
                "ink": ink(scenario, ahead),
            }
        )
        table.append([label, scale.signed(ends[name][0]), scale.signed(middles[name]), scale.signed(ends[name][1])])
    low, high = rounded_domain(min(row["low"] for row in rows), max(row["high"] for row in rows))
    title = f"Your beliefs moved the lead by {belief}, your levers by {lever}"
    return Card(
        chart="rules",
        title=title,
        shows=f"Typical lead of {first} over {second}, {unit}; line: 8 of 10 futures",
        spoken=f"{title} {unit}: " + ", ".join(f"{row['label']} {row['said']}" for row in rows) + ".",
        data={"rules": rows},
        signals={"low": low, "high": high},
        table={"columns": [f"Lead, {unit}", "p10", "Median", "p90"], "rows": table},
    )
