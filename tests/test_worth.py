"""Nobody serves at a loss for long, whatever their strategy: decided on what was seen, and taken back when it pays again."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.quantities import Array, Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.events import SERIES, events, said
from groundwork.strategy.outcome import BY_WORKLOAD, MONTHLY, ON_REQUEST
from groundwork.strategy.simulation import Outcome, simulate
from invented import about, invented, points, strategy, sure

KEPT = (*MONTHLY, *ON_REQUEST, *BY_WORKLOAD)
NOTICE = 3


def buying(price_factor: Quantity, factor_per_year: Quantity) -> Scenario[Quantity]:
    """Everything is bought, at a price so many times the value of a unit, falling so fast."""
    scenario = replaced(replaced(invented(), "data.stale_ratio_per_day", sure(0.0)), "channels.api_markup.factor", sure(1.0))
    scenario = replaced(scenario, "channels.bought_quality.ratio", sure(1.0))
    scenario = replaced(scenario, "channels.lock_in.kept_ratio", sure(0.0))
    scenario = replaced(scenario, "channels.api_price_decline.factor_per_year", factor_per_year)
    for name in scenario.workloads:
        scenario = replaced(scenario, f"workloads.{name}.buyable", True)
        scenario = replaced(scenario, f"workloads.{name}.value_usd_per_unit", sure(0.01))
        priced = about(*(0.01 * price_factor.at(np.array([level]))[0] for level in (0.0, 0.5, 1.0)))
        scenario = replaced(scenario, f"workloads.{name}.api_usd_per_unit", priced)
    return replaced(scenario, "strategies", {"buyer": strategy(buys=("*",))})


def renting(value_usd: float, owned_ratio: float = 0.0, commit_ratio: float = 0.0) -> Scenario[Quantity]:
    """Nothing is bought; a unit earns next to nothing, so that rented accelerators cost more. Moving its data is free."""
    scenario = replaced(invented(), "demand.growth_ratio_per_year", sure(0.0))
    for name in scenario.workloads:
        scenario = replaced(scenario, f"workloads.{name}.buyable", False)
        scenario = replaced(scenario, f"workloads.{name}.gb_per_unit", sure(0.0))
        scenario = replaced(scenario, f"workloads.{name}.value_usd_per_unit", sure(value_usd))
    lever = strategy(owned_ratio=owned_ratio, commit_ratio=commit_ratio)
    return replaced(scenario, "strategies", {"owner": lever})


def run(scenario: Scenario[Quantity], samples: int = 128) -> Outcome:
    return simulate(scenario, points(scenario, samples), tuple(scenario.strategies), record=KEPT)


def concluded(outcome: Outcome) -> Array:
    """The rule in slow motion: from the costs and values seen, month by month, what is stopped in the months after."""
    loses, live = outcome.monthly["unit_cost_usd"] > outcome.monthly["unit_value_usd"], outcome.monthly["unit_value_usd"] > 0.0
    stopped = np.zeros(loses.shape)
    for place in np.ndindex(loses.shape[1:]):
        is_stopped, contrary = False, 0
        for month in range(outcome.months):
            stopped[(month, *place)] = is_stopped
            speaks_against = live[(month, *place)] and loses[(month, *place)] != is_stopped
            contrary = contrary + 1 if speaks_against else 0
            if contrary == NOTICE:
                is_stopped, contrary = not is_stopped, 0
    return stopped


@pytest.mark.parametrize(
    "scenario",
    [buying(about(0.3, 1.2, 3.0), about(1.0, 2.0, 5.0)), renting(1e-6, commit_ratio=0.5), renting(3e-5, owned_ratio=0.5)],
    ids=["bought", "rented", "owned"],
)
def test_what_is_stopped_follows_from_what_was_seen_in_months_before(scenario: Scenario[Quantity]) -> None:
    outcome = run(scenario, 64)
    stopped = outcome.monthly["serving_stopped"]
    assert 0.0 < stopped.mean() < 1.0
    np.testing.assert_array_equal(stopped, concluded(outcome))


def test_bought_work_that_loses_stops_and_value_and_cost_stop_with_it() -> None:
    outcome = run(buying(sure(2.0), sure(1.0)))
    month, live = outcome.monthly, outcome.monthly["live_use_cases"][:, 0] > 0.0
    stopped = month["serving_stopped"][:, :, 0].all(axis=1)
    assert stopped[-1].mean() > 0.3
    for name in ("api_usd", "value_usd", "served_units", "unserved_ratio", "asked_units"):
        assert np.abs(month[name][:, 0][stopped]).max() == 0.0, name
    assert (month["declined_units"][:, 0][stopped & live] > 0.0).all()
    paid = month["api_usd"][:, 0] > 0.0
    assert paid.sum(axis=0).max() <= NOTICE * len(outcome.workloads)


def test_nobody_stops_while_a_unit_earns_more_than_it_costs() -> None:
    outcome = run(buying(sure(0.5), sure(1.0)))
    assert not outcome.monthly["serving_stopped"].any()
    assert outcome.monthly["declined_units"].max() == 0.0


def test_switched_off_the_rule_changes_nothing_and_saves_nothing() -> None:
    scenario = buying(sure(3.0), sure(1.0))
    off = run(replaced(scenario, "stopping.loss_months", sure(0.0)))
    assert not off.monthly["serving_stopped"].any()
    on = run(scenario)
    assert (on.npv_usd >= off.npv_usd - 1e-6).all()
    assert (on.npv_usd > off.npv_usd).any()


def test_serving_begins_again_when_the_price_has_fallen_and_never_turns_each_month() -> None:
    outcome = run(buying(sure(1.6), sure(3.0)))
    stopped = outcome.monthly["serving_stopped"][:, :, 0]
    turns = np.diff(stopped, axis=0)
    assert (turns.min(), turns.max()) == (-1.0, 1.0)
    again = np.flatnonzero((turns < 0.0).any(axis=(1, 2)))[0] + 1
    assert outcome.monthly["served_units"][again:, 0].max() > 0.0
    for cell in np.moveaxis(stopped, 0, -1).reshape(-1, outcome.months):
        assert np.diff(np.flatnonzero(np.diff(cell))).min(initial=NOTICE) >= NOTICE


def test_own_work_that_loses_falls_to_what_is_owned_and_rents_nothing() -> None:
    outcome = run(renting(1e-9, owned_ratio=0.5))
    month = outcome.monthly
    stopped = month["serving_stopped"][:, :, 0].all(axis=1)
    owned = month["owned_accelerators"][:, 0]
    assert (stopped & (owned > 0.0)).any()
    np.testing.assert_allclose(month["on_demand_accelerators"][:, 0][stopped], 0.0, atol=1e-9)
    assert (month["needed_accelerators"][:, 0] <= owned + 1e-9)[stopped].all()
    carried = stopped & (owned > 0.0) & (month["live_use_cases"][:, 0] > 0.0)
    assert (month["served_units"][:, 0][carried] > 0.0).mean() > 0.9, "what is paid anyway goes on serving"
    nothing = run(renting(1e-9)).monthly
    stopped = nothing["serving_stopped"][:, :, 0].all(axis=1)
    assert nothing["accelerators"][:, 0][stopped].max() == 0.0


def test_users_turned_away_by_choice_leave_as_those_turned_away_by_accident() -> None:
    """Nobody leaves where nobody leaves over unserved load; where all do, nobody is left to ask a month later."""
    scenario = buying(sure(2.0), sure(1.0))
    loyal, gone = (run(replaced(scenario, "operations.unserved_churn_ratio", sure(ratio))).monthly for ratio in (0.0, 1.0))
    before = loyal["serving_stopped"][-2, :, 0].all(axis=0)  # every workload was stopped a month before the last
    live = loyal["live_use_cases"][-1, 0] > 0.0
    assert (loyal["declined_units"][-1, 0][before & live] > 0.0).all()
    assert gone["declined_units"][-1, 0][gone["serving_stopped"][-2, :, 0].all(axis=0)].max() == 0.0


def test_the_stop_is_told_with_what_was_seen() -> None:
    scenario = buying(sure(1.6), sure(3.0))
    outcome = simulate(scenario, points(scenario, 64), ("buyer",), record=SERIES)
    told = [event for sample in range(64) for event in events(outcome, 0, sample) if event.workload]
    assert {event.code for event in told} == {"serving_stopped", "serving_resumed"}
    for event in told:
        loses = event.numbers["cost_usd"] > event.numbers["value_usd"]
        assert loses == (event.code == "serving_stopped")
    first = next(event for event in told if event.code == "serving_stopped")
    assert said(first).startswith(f"month {first.month}: stopped serving {first.workload}: a unit cost 0.0")
