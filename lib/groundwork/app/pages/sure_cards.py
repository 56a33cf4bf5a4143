"""The pictures of "How sure?": every title states what was found, every description what is drawn, in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundwork.analysis.information import PartialInformation
from groundwork.analysis.search import Judged, WinnerMap
from groundwork.app.content import LONGEST_TITLE, Card, spoken
from groundwork.quantities import Quantity
from groundwork.results import acting_together as acting
from groundwork.results import finding_out as information
from groundwork.results import front as plans_compared
from groundwork.results import turning
from groundwork.results import winner_map as mapped
from groundwork.results.acting_together import Shares
from groundwork.results.assumptions import LEAST_BINS_SAMPLES, belief_label
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import money, quantity_words, signed_money
from groundwork.scenario import Belief, Scenario
from groundwork.strategy.simulation import Outcome

LOOKING = "Looking for what would change the answer"  # the work that break-evens wait for
MORE_FUTURES = f"Told from {LEAST_BINS_SAMPLES:,} futures on: release the slider."


def winner_map(
    scenario: Scenario[Quantity],
    strategies: tuple[str, ...],
    found: WinnerMap,
    across: Belief[Quantity],
    up: Belief[Quantity],
    judged: Judged,
    is_played: bool,
) -> Card:
    """Who wins over two beliefs."""
    title = mapped.map_title(scenario, strategies, found, across, up, judged)
    measure = "Best in most futures" if judged == "futures" else "Largest mean value"
    how = "" if is_played else "; first sketch, the exact map is being played"
    here = f"{belief_label(scenario, across)} {quantity_words(across.name, mapped.middle(across))}"
    there = f"{in_sentence(belief_label(scenario, up))} {quantity_words(up.name, mapped.middle(up))}"
    return Card(
        chart="winner_map",
        title=title,
        shows=f"{measure}; fuller colour: wins in over 40, 55, 75 of 100; arms: p10 to p90 today{how}",
        spoken=f"{title}. Today: {here}, {there}.",
        data=mapped.map_rows(scenario, strategies, found, across, up, judged),
        signals={"columns": len(found.across), "rows": len(found.up)},
        table=mapped.map_table(scenario, strategies, found, across, up, judged),
    )


def no_map() -> Card:
    """In the place of a map where there is nothing to map."""
    empty = "A map needs two uncertain beliefs; here fewer are."
    return Card(chart="winner_map", title="Who wins over two beliefs", shows="Best strategy", spoken="", empty=empty)


def tornado(scenario: Scenario[Quantity], pair: Pair, found: Sequence[turning.Moved] | None) -> Card:
    """The mean lead as one belief moves."""
    first, second = (scenario.strategies[name].label for name in (pair.first, pair.second))
    lead = f"{first} over {in_sentence(second)}"
    if not found:
        empty = MORE_FUTURES if found is None else "No belief alone moves the mean lead by more than its own error."
        title = "What moves the lead" if found is None else "No single belief moves the lead surely"
        return Card(chart="tornado", title=title, shows=f"Mean lead of {lead}", spoken="", empty=empty)
    scale = turning.tornado_scale(found)
    unit = f"{scenario.currency} {scale.word}".strip()
    low, high = turning.tornado_domain(found, pair)
    title = f"{belief_label(scenario, found[0].belief)} moves the lead most"
    mean = float(pair.lead_usd.mean())
    ends_usd = [usd for one in found for usd in (one.low_usd, one.high_usd)]
    beyond = (
        ""
        if min(ends_usd) <= mean <= max(ends_usd)
        else ". Rare extremes beyond p10 to p90 make today\N{RIGHT SINGLE QUOTATION MARK}s mean"
    )
    ends = " to ".join(scale.signed(usd) for usd in (found[0].low_usd, found[0].high_usd))
    return Card(
        chart="tornado",
        title=title,
        shows=f"Mean lead of {in_sentence(lead)}, {unit}; each belief at its p10 and p90{beyond}",
        spoken=f"{title}: {ends}, {unit}. Today {scale.signed(float(pair.lead_usd.mean()))}.",
        data=turning.tornado_rows(scenario, found, pair),
        signals={"low": low, "high": high, "rows": turning.row_count(found)},
        table=turning.tornado_table(scenario, found),
    )


def finding_out(scenario: Scenario[Quantity], found: PartialInformation | None, samples: int) -> Card:
    """What to find out before deciding."""
    title = "What to find out before deciding"
    if found is None or not information.places_shown(scenario, found):
        empty = MORE_FUTURES if found is None else "Nothing is uncertain here."
        return Card(chart="finding_out", title=title, shows="Worth of knowing", spoken="", empty=empty)
    unit = f"{scenario.currency} {information.finding_out_scale(scenario, found).word}".strip()
    title = information.finding_out_title(scenario, found)
    places = information.places_shown(scenario, found)
    worth = money(float(found.value_usd[places[0]]), scenario.currency) if found.order() else "not told from nothing"
    return Card(
        chart="finding_out",
        title=title,
        shows=f"Worth of knowing one belief before deciding, {unit}; line: 19 of 20 times; {samples:,} futures",
        spoken=f"{title}: {worth}.",
        data=information.finding_out_rows(scenario, found),
        signals={"high": information.finding_out_end(scenario, found), "rows": turning.row_count(places)},
        table=information.finding_out_table(scenario, found),
    )


def break_evens(scenario: Scenario[Quantity], pair: Pair, found: Sequence[turning.Flip] | None) -> Card:
    """Where one belief alone turns the mean lead, and how far that is from today."""
    shows = "Break-even, in standard deviations (sd) from today; colour: who is ahead beyond it"
    if found is None:
        waiting = "One belief after another is moved alone, in the same futures, until the mean lead turns."
        title = "Where one belief turns the lead"
        return Card(chart="break_evens", title=title, shows=shows, spoken="", empty=waiting, work=LOOKING)
    if not found:
        lead = signed_money(float(pair.lead_usd.mean()))
        none = f"Between its p10 and p90 no belief alone surely turns the mean lead of {lead}."
        title = "No single belief surely turns the mean lead"
        return Card(chart="break_evens", title=title, shows=shows, spoken="", empty=none)
    nearest = found[0]
    value = quantity_words(nearest.belief.name, nearest.threshold)
    said = f"{belief_label(scenario, nearest.belief)} turns it at {value}"
    title = said if len(said) <= LONGEST_TITLE else f"One belief turns it at {value}"
    which = "" if title == said else f": {belief_label(scenario, nearest.belief)}"
    low, high = turning.flip_domain(found)
    today = quantity_words(nearest.belief.name, nearest.today)
    return Card(
        chart="break_evens",
        title=title,
        shows=shows,
        spoken=f"{title}{which}; today {today}, {abs(nearest.deviations):.1f} standard deviations away.",
        data=turning.flip_rows(scenario, found, pair),
        signals={"low": low, "high": high, "rows": turning.row_count(found)},
        table=turning.flip_table(scenario, found, pair.first),
    )


def front(scenario: Scenario[Any], outcome: Outcome) -> Card:
    """Plans on cost, downtime and time to value."""
    found = plans_compared.plans(outcome)
    if not plans_compared.live(found):
        empty = "No plan has a live use case in most futures."
        return Card(chart="front", title="Plans compared", shows="Cost, downtime, time to value", spoken="", empty=empty)
    unit = f"{scenario.currency} {plans_compared.front_scale(found).word}".strip()
    title = plans_compared.front_title(scenario, found)
    rows = plans_compared.front_rows(scenario, found)
    apart = [scenario.strategies[plan.strategy].label for plan in found if plan not in plans_compared.live(found)]
    never = f". {', '.join(apart)}: never live" if apart else ""
    return Card(
        chart="front",
        title=title,
        shows=f"Mean cost, {unit}; hours down in a bad month, 1 in 20; month of the first live use case{never}",
        spoken=f"{title}: {', '.join(row['text'] for row in rows['names'])}{never}.",
        data=rows,
        signals=plans_compared.front_domain(found),
        table=plans_compared.front_table(scenario, found),
    )


def together(scenario: Scenario[Any], pair: Pair, found: Shares | None) -> Card:
    """What moves the lead alone, and what only together with something else."""
    first, second = (in_sentence(scenario.strategies[name].label) for name in (pair.first, pair.second))
    shows = f"Share of the spread of {first} over {second}, in ranks; full: alone, pale: with all it acts together with"
    if found is None:
        empty = "Runs of its own: switch it on above."
        return Card(chart="together", title="What acts alone, what only together", shows=shows, spoken="", empty=empty)
    title = acting.together_title(scenario, found)
    rows = acting.together_rows(scenario, found)
    return Card(
        chart="together",
        title=title,
        shows=shows,
        spoken=spoken(title, rows["bars"], "text"),
        data=rows,
        signals={"high": acting.together_end(scenario, found), "rows": len(rows["bars"])},
        table=acting.together_table(scenario, found),
    )
