"""Sentences for notebooks and the start page: the question, the answer, why, what could reverse it, whose word it is.

Every number in them comes from the scenario or from its outcome. A sentence knows no widget: a notebook shows it, a test reads
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from groundwork.analysis.comparison import wins
from groundwork.analysis.sensitivity import swings
from groundwork.catalogue.evidence_records import evidence
from groundwork.draws import unit_points
from groundwork.errors import Fault, InputFault
from groundwork.profiles import available, load
from groundwork.quantities import Array, Fixed, Mark, Quantity, percentile
from groundwork.results import TIE_USD, money, signed_money, verdict
from groundwork.results.particulars import CALLED, difference_by_category, yearly_value_usd
from groundwork.results.verdicts import acting, compared, in_sentence, labels_of
from groundwork.results.words import listed, quantity_words
from groundwork.scenario import Belief, Constraint, Scenario, beliefs, dimensions
from groundwork.strategy.simulation import Outcome, drawn
from groundwork.study import outcome_of

SOURCED: tuple[Mark, ...] = ("published", "derived")  # marks that lead to a figure somebody published
LARGEST_SAMPLES = 1_048_576
NEXT = " \N{MIDDLE DOT} "


class Told(str):
    """A passage that a notebook shows as text."""

    def _repr_markdown_(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Lead:
    """How far one acting strategy leads another: names, the median lead, the share of futures in which it is the better one."""

    first: str
    second: str
    lead_usd: Array

    @property
    def middle_usd(self) -> float:
        return float(np.median(self.lead_usd))

    @property
    def better_ratio(self) -> float:
        """Ties count half."""
        return float(self.better.mean())

    @property
    def better(self) -> Array:
        """[sample], 1 where the first is better, 0 where the second is, a half where they tie."""
        better: Array = np.where(np.abs(self.lead_usd) <= TIE_USD, 0.5, (self.lead_usd > 0.0).astype(float))
        return better


def lead_of(outcome: Outcome, first: str, second: str) -> Lead:
    """How far one strategy leads another, future by future."""
    mine, other = (outcome.npv_usd[outcome.strategies.index(name)] for name in (first, second))
    return Lead(first, second, mine - other)


def lead_if_done(outcome: Outcome) -> Lead | None:
    """The pair that the workbook compares, where at least two strategies do something."""
    if len(acting(outcome)) < 2:
        return None
    pair = compared(outcome)
    return lead_of(outcome, pair.first, pair.second)


@dataclass(frozen=True, slots=True)
class Story:
    """One profile as it stands, told in passages. `parts_usd` splits the lead over the channels where that was worked out."""

    scenario: Scenario[Quantity]
    outcome: Outcome
    parts_usd: Mapping[str, float]

    @property
    def question(self) -> Told:
        """What is asked, by whom, and what can be changed."""
        scenario = self.scenario
        on = [item for item in scenario.workloads.values() if item.enabled]
        cases = sum(item.use_cases for item in on)
        names = listed([item.label for item in on])
        plans = listed([f"**{plan.label}** ({in_sentence(plan.sentence).rstrip('.')})" for plan in scenario.strategies.values()])
        return Told(
            f"{scenario.question} {scenario.sentence}\n\n{cases} use cases in {len(on)} kinds of work: {names}. "
            f"The plans compared over {self.outcome.months} months: {plans}."
        )

    @property
    def answer(self) -> Told:
        """Who is best, and who is best if something is done."""
        scenario, outcome = self.scenario, self.outcome
        said = str(verdict(outcome, labels_of(scenario))["sentence"])
        lead = lead_if_done(outcome)
        if lead is None:
            return Told(said)
        names = acting(outcome)
        ratio = wins(outcome.npv_usd[[outcome.strategies.index(name) for name in names]], TIE_USD).best_ratio
        best = scenario.strategies[lead.first].label
        ahead = f"beats {in_sentence(scenario.strategies[lead.second].label)} in {_hundred(lead.better_ratio)}"
        return Told(
            f"{said}\n\nTold from {outcome.samples:,} futures. Given that something is done, **{best}** is the best plan in "
            f"{_hundred(float(ratio.max()))} of 100 "
            f"futures and {ahead}, typically by {money(lead.middle_usd, scenario.currency)}."
        )

    @property
    def why(self) -> Told:
        """What the lead is made of, where the value comes from, which rules bind."""
        scenario, outcome = self.scenario, self.outcome
        lead = lead_if_done(outcome)
        passages = []
        if lead is not None:
            first, second = (scenario.strategies[name].label for name in (lead.first, lead.second))
            most = sorted(difference_by_category(outcome, lead.first, lead.second).items(), key=lambda part: -abs(part[1]))[:3]
            made = listed([f"{CALLED.get(name, name)} {signed_money(amount)}" for name, amount in most])
            passages.append(f"On average {first} differs from {in_sentence(second)} most in {made} ({scenario.currency}).")
        if self.parts_usd and lead is not None:
            passages.append(f"Split over the channels: {reason(scenario, self.parts_usd)}.")
        worth = sorted(_value_at_full_reach(self), key=lambda item: -item[1])
        total = sum(amount for _, amount in worth)
        label, largest = worth[0]
        passages.append(
            f"At full reach *{in_sentence(label)}* is worth most, {money(largest, scenario.currency)} a year: "
            f"{_hundred(largest / total)} % of all."
        )
        if scenario.constraints:
            passages.append(f"{len(scenario.constraints)} rules of the sector bind the design, among them {_rules(scenario)}.")
        return Told("\n\n".join(passages))

    @property
    def reversal(self) -> Told:
        """The beliefs that move the lead most, and whether either end turns it."""
        lead = lead_if_done(self.outcome)
        if lead is None:
            return Told("There is one plan only; nothing can be reversed.")
        rows = []
        for belief, low_ratio, high_ratio in _moves(self, lead)[:5]:
            name = belief.name
            low, high = (quantity_words(name, percentile(belief.value, level)) for level in (0.1, 0.9))
            turns = "**turns it**" if (low_ratio - 0.5) * (high_ratio - 0.5) < 0.0 else "does not turn it"
            rows.append(
                f"* {_named(self.scenario, belief)}: ahead in {_hundred(low_ratio)} of 100 futures at {low}, "
                f"in {_hundred(high_ratio)} at {high}; alone it {turns}."
            )
        best, second = (self.scenario.strategies[name].label for name in (lead.first, lead.second))
        return Told(f"What decides most whether {in_sentence(best)} is ahead of {in_sentence(second)}:\n\n" + "\n".join(rows))

    @property
    def assumptions(self) -> Told:
        """How many numbers there are, whose word they are, and the sources of those that move the answer most."""
        every = list(beliefs(self.scenario))
        marks = Counter(belief.value.mark for belief in every)
        sourced = sum(marks[mark] for mark in SOURCED)
        titles = _titles(self.scenario)
        lead = lead_if_done(self.outcome)
        lines = []
        for belief, _, _ in _moves(self, lead)[:5] if lead else []:
            value = belief.value
            title, year = titles[value.source]
            lines.append(f"* {_named(self.scenario, belief)}: {value.mark}, grade {value.grade}. {title}, {value.date or year}.")
        kinds = listed([f"{count} {mark}" for mark, count in marks.most_common()])
        return Told(
            f"{len(every)} numbers, of which {sourced} were published or derived from what was published ({kinds}). "
            "*Says who?* above lists them all. Those that move the answer most:\n\n" + "\n".join(lines)
        )

    @property
    def rules(self) -> Told:
        """The sector's rules, as questions to the reader."""
        return Told("\n".join(f"* {_rule(rule)} - {rule.rule}; {rule.status}." for rule in self.scenario.constraints))

    @property
    def sectors(self) -> Told:
        """The way to the other industries."""
        others = [f"[{name.replace('_', ' ').capitalize()}]({name}.ipynb)" for name in available() if name != self.scenario.name]
        return Told(f"[All sectors](index.ipynb){NEXT}{NEXT.join(others)}")


def story(profile: str, months: int | None = None, samples: int = 4_096, seed: int | None = None) -> Story:
    """The story of a profile.

    Parameters
    ----------
    profile
        Name or path of a profile.
    months
        Horizon, 6 to 60; the profile's when not given.
    samples
        Futures played, 1 to 1,048,576.
    seed
        Names the futures; the profile's when not given.

    Raises
    ------
    InputFault
        With every parameter that cannot be, and what it may be.
    """
    faults = []
    if not isinstance(profile, str):
        faults.append(Fault(path="profile", rule="a name or a path", came=repr(profile)))
    for name, value, low, high in (
        ("months", months, 6, 60),
        ("samples", samples, 1, LARGEST_SAMPLES),
        ("seed", seed, 0, 2**63),
    ):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
            faults.append(Fault(path=name, rule=f"a whole number from {low:,} to {high:,}", came=repr(value)))
    scenario = None
    if isinstance(profile, str):
        try:
            scenario = load(profile)
        except InputFault as fault:
            faults += fault.faults
    if faults or scenario is None:
        raise InputFault(faults)
    scenario = scenario if months is None else replace(scenario, months=months)
    outcome = outcome_of(scenario, samples, scenario.seed if seed is None else seed)
    return Story(scenario, outcome, {})


def reason(scenario: Scenario[Any], parts_usd: Mapping[str, float]) -> str:
    """The two largest parts of a lead, for and against, in the words of the channels."""
    labels = {entry.name: str(entry.metadata["label"]) for entry in fields(scenario.channels)}
    labels["without_channels"] = "What the platform itself costs"
    order = sorted(parts_usd.items(), key=lambda part: -abs(part[1]))[:2]
    said = [f"{in_sentence(labels[name])} ({signed_money(amount)})" for name, amount in order]
    return f"{said[0]} weighs most" + (f", then {said[1]}" if len(said) > 1 else "")


def main_reason(scenario: Scenario[Any], parts_usd: Mapping[str, float], errors_usd: Mapping[str, float]) -> str:
    """The largest part that speaks for a lead, in the words of the channels; none when no part stands out of its error."""
    sure = {name: amount for name, amount in parts_usd.items() if amount > 2.0 * errors_usd.get(name, 0.0)}
    if not sure:
        return "no single channel stands out"
    name = max(sure, key=lambda name: sure[name])
    if name == "without_channels":
        return "main reason: the platform's own cost"
    channel = next(entry for entry in fields(scenario.channels) if entry.name == name)
    return f"main reason: {in_sentence(str(channel.metadata['label']))}"


def _hundred(ratio: float) -> int:
    return round(100.0 * ratio)


def _value_at_full_reach(told: Story) -> list[tuple[str, float]]:
    """Mean value of each workload in a year, all use cases live and taken up, at today's level."""
    points = unit_points(dimensions(told.scenario), told.outcome.samples, told.outcome.seed)
    on = [item for item in drawn(told.scenario, points).workloads.values() if item.enabled]
    return [(item.label, float(yearly_value_usd(item).mean())) for item in on]


def _moves(told: Story, lead: Lead) -> list[tuple[Belief[Quantity], float, float]]:
    """Every uncertain belief with the share of futures in which the first leads, at its low and its high end; widest first.

    Shares, because the mean lead is ruled by a few extreme futures and its order changes with the seed.
    """
    points = unit_points(dimensions(told.scenario), told.outcome.samples, told.outcome.seed)
    uncertain = [belief for belief in beliefs(told.scenario) if not isinstance(belief.value, Fixed)]
    columns = np.stack([points.column(belief.path) for belief in uncertain], axis=1)
    ends = swings(columns, lead.better, bins=min(8, max(2, told.outcome.samples // 16)))
    order = np.argsort(-np.abs(ends.swing_usd), kind="stable")
    return [(uncertain[place], float(ends.low_usd[place]), float(ends.high_usd[place])) for place in order]


def _named(scenario: Scenario[Any], belief: Belief[Any]) -> str:
    where = f" ({in_sentence(scenario.workloads[belief.workload].label)})" if belief.workload else ""
    return f"{belief.label}{where}"


def _titles(scenario: Scenario[Any]) -> dict[str, tuple[str, str]]:
    found = {record.name: (record.title, record.year) for record in evidence()}
    return found | {name: (source.title, source.year) for name, source in scenario.sources.items()}


def _rules(scenario: Scenario[Any]) -> str:
    return listed([in_sentence(_rule(rule)) for rule in scenario.constraints[:2]])


def _rule(rule: Constraint) -> str:
    """Restored within 2 hours; Sites: at least 2 sites; Exit plan."""
    if rule.limit is None:
        return rule.label
    joint = "" if rule.label.endswith(("within", "by")) else f": {rule.relation.replace('_', ' ')}"
    return f"{rule.label}{joint} {rule.limit:g} {rule.unit}".rstrip()
