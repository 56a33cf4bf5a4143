"""What is particular about one organisation: the numbers behind its verdict that another sector does not share, in words.

Everything is typical (a median over the futures) unless a mean is said: a few extreme futures rule the means of money.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.draws import unit_points
from groundwork.quantities import Array, Quantity
from groundwork.results.verdicts import TIE_USD, acting, in_sentence
from groundwork.results.words import Words, fact, money, quantity_figure, words
from groundwork.scenario import Scenario, dimensions
from groundwork.strategy.outcome import COSTS, Outcome
from groundwork.strategy.simulation import drawn
from groundwork.workloads import Workload

DAYS_PER_YEAR = 365.0
CALLED = {"platform": "the platform", "rebuild": "rebuilds", "api": "what is bought", "waste": "what is wasted"}
HOURS_PER_MONTH = 730.0
LEAST_RATIO = 0.05  # of what the larger side costs: smaller parts are not named


def particulars(scenario: Scenario[Quantity], outcome: Outcome) -> list[Words]:
    """The passages: what the work is worth against the team, what can be bought, how near the wall is, what a promise asks.

    The first two strategies of a scenario are those that its question is about; the last passage sets one against the other.
    """
    beliefs = drawn(scenario, unit_points(dimensions(scenario), outcome.samples, outcome.seed))
    work = [item for item in beliefs.workloads.values() if item.enabled]
    told = [_worth(beliefs, work, scenario.currency), _buying(beliefs, work)]
    pair = [name for name in list(scenario.strategies)[:2] if name in acting(outcome)]
    if pair:
        row = outcome.strategies.index(pair[0])
        told += [_load(beliefs, outcome, row), _promise(beliefs, outcome, row, scenario.currency)]
    if len(pair) == 2:
        told.append(_order(scenario, outcome, pair[1], pair[0]))
    return told


def yearly_value_usd(item: Workload[Array]) -> Array:
    """What a workload brings in a year at today's demand, all its use cases live and taken up, [sample]."""
    return np.asarray(DAYS_PER_YEAR * item.units_per_day * item.value_usd_per_unit)


def difference_by_category(outcome: Outcome, first: str, second: str) -> dict[str, float]:
    """Mean lead of one strategy over another by what earns and what costs, USD of present value; the parts add up to the lead."""
    one, other = (outcome.strategies.index(name) for name in (first, second))
    costs = {
        name.replace("_", " "): float((values[other] - values[one]).mean())
        for name, values in ((name, outcome.cost_usd[name]) for name in COSTS)
    }
    lead = float((outcome.npv_usd[one] - outcome.npv_usd[other]).mean())
    return {"value served": lead - sum(costs.values())} | costs


def _worth(beliefs: Scenario[Array], work: list[Workload[Array]], currency: str) -> Words:
    each = np.stack([yearly_value_usd(item) for item in work])
    total = each.sum(axis=0)
    most = int(np.argmax(np.median(each, axis=1)))
    team = float(np.median(beliefs.organisation.engineers_fte * beliefs.organisation.wage_usd_per_month) * 12.0)
    cases = sum(item.use_cases for item in work)
    whole = money(float(np.median(total)), currency)
    share = round(100 * float(np.median(each[most] / np.maximum(total, 1e-300))))
    said = words(f"All {cases} use cases live and taken up bring " if cases > 1 else "The use case, live and taken up, brings ")
    said += words(fact(whole), " a year at today\N{RIGHT SINGLE QUOTATION MARK}s demand")
    if len(work) > 1:
        said += words(f", {share} % of it from ", fact(in_sentence(work[most].label)))
    ratio = float(np.median(beliefs.delivery.graduation_ratio))
    return (
        *said,
        *words(
            f". One pilot in {quantity_figure(round(1.0 / ratio, 1))} graduates; the team costs ",
            fact(money(team, currency)),
            ".",
        ),
    )


def _buying(beliefs: Scenario[Array], work: list[Workload[Array]]) -> Words:
    cases, buyable = sum(item.use_cases for item in work), [item for item in work if item.buyable]
    if not buyable:
        return words("Nothing here can be ", fact("bought"), " as a service.")
    channels = beliefs.channels
    markup = channels.api_markup.factor if channels.api_markup.enabled else 1.0
    quality = channels.bought_quality.ratio if channels.bought_quality.enabled else 1.0
    paid = sum(item.units_per_day * item.api_usd_per_unit * markup for item in buyable)
    brought = sum(yearly_value_usd(item) * quality for item in buyable) / DAYS_PER_YEAR
    dear = float(np.mean(np.greater(paid, brought)))
    can = sum(item.use_cases for item in buyable)
    share = round(100 * float(np.median(paid / np.maximum(brought, 1e-300))))
    return words(
        f"{can} of {cases} use cases can be ",
        fact("bought"),
        f" as a service, for typically {share} % of what they bring at today\N{RIGHT SINGLE QUOTATION MARK}s prices; in "
        f"{round(100 * dear)} of 100 futures they cost more than they bring.",
    )


def _load(beliefs: Scenario[Array], outcome: Outcome, row: int) -> Words:
    wall = beliefs.channels.wall
    ends = float(np.median(outcome.monthly["busy_accelerators"][-1, row]))
    most = float(np.quantile(outcome.monthly["busy_accelerators"][-1, row], 0.9))
    met = round(100 * float((outcome.rebuilds[row] > 0.0).mean()))
    said = words(
        f"After {outcome.months} months the work keeps ",
        fact(f"{_short(ends)} accelerators"),
        f" busy (one future in ten: over {_short(most)})",
    )
    if not wall.enabled:
        return (*said, (".", ""))
    carried = _short(float(np.median(wall.load_accelerators)))
    return (
        *said,
        *words(f"; a first design carries {carried}. A rebuild under load comes in ", fact(f"{met} of 100"), " futures."),
    )


def _promise(beliefs: Scenario[Array], outcome: Outcome, row: int, currency: str) -> Words:
    down = outcome.monthly["downtime_hours"][:, row]
    live = outcome.monthly["live_use_cases"][:, row] > 0.0
    promised = beliefs.operations.slo_ratio
    missed = float((down > (1.0 - promised) * HOURS_PER_MONTH)[live].mean()) if live.any() else 0.0
    hour = float(np.median(beliefs.operations.incident_usd_per_hour))
    said = f"{100.0 * float(np.median(promised)):.6g} %"
    return words(
        f"The promise of {said} is missed in ",
        fact(f"{round(100 * missed)} of 100"),
        f" months with something live; an hour down costs {money(hour, currency)} beside what is not served.",
    )


def _order(scenario: Scenario[Any], outcome: Outcome, first: str, second: str) -> Words:
    """The question itself: the second strategy of the profile against its first, and what the difference is made of."""
    one, other = (outcome.strategies.index(name) for name in (first, second))
    lead = outcome.npv_usd[one] - outcome.npv_usd[other]
    ahead = round(100 * float(np.where(np.abs(lead) <= TIE_USD, 0.5, lead > 0.0).mean()))
    parts = difference_by_category(outcome, first, second)
    least = LEAST_RATIO * max(abs(amount) for amount in parts.values())
    losses = sorted(((amount, name) for name, amount in parts.items() if amount < -least))[:2]
    gains = sorted(((-amount, name) for name, amount in parts.items() if amount > least))[:2]
    labels = [scenario.strategies[name].label for name in (first, second)]
    currency = scenario.currency
    said = words(fact(labels[0]), f" beats {in_sentence(labels[1])} in ", fact(f"{ahead} of 100"), " futures")
    if losses:
        said += words(
            ": on average it loses ",
            _listed([f"{money(-amount, currency)} on {CALLED.get(name, name)}" for amount, name in losses]),
        )
    if gains:
        joint = " and wins " if losses else ": on average it wins "
        said += words(joint, _listed([f"{money(-amount, currency)} on {CALLED.get(name, name)}" for amount, name in gains]))
    return (*said, (".", ""))


def _short(value: float) -> str:
    """Two digits that count."""
    return quantity_figure(float(f"{value:.2g}"))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
