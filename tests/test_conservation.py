"""What is put in comes out somewhere, in every sample and month: people, use cases, units, orders, cash."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.outcome import COSTS, ON_REQUEST
from groundwork.strategy.simulation import MONTHLY, Outcome, simulate
from invented import invented, points, strategy, sure


def under_pressure() -> Scenario[Quantity]:
    """Growth into a wall and a shortage, with owned machines, two vendors and a platform that takes people from delivery."""
    scenario = replaced(invented(), "channels.wall.load_accelerators", sure(0.3))
    scenario = replaced(scenario, "market.tight_ratio_per_month", sure(0.3))
    scenario = replaced(scenario, "market.owned_life_months", sure(14.0))
    mixed = strategy(platform_start_month=3, diverted_ratio=0.7, owned_ratio=0.4, vendors_count=2, zones_count=1, buys=("*",))
    return replaced(scenario, "strategies", {**scenario.strategies, "mixed": mixed})


@pytest.fixture(scope="module", params=[invented, under_pressure])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    scenario = request.param()
    return simulate(scenario, points(scenario), tuple(scenario.strategies), record=(*MONTHLY, *ON_REQUEST))


def test_engineer_months_spent_are_those_available(outcome: Outcome) -> None:
    month = outcome.monthly
    spent = sum(month[name] for name in ("delivery_fte", "toil_fte", "rebuild_fte", "platform_fte", "idle_fte"))
    np.testing.assert_allclose(spent, month["staff_fte"], rtol=0, atol=1e-9)
    assert min(month[name].min() for name in ("delivery_fte", "toil_fte", "rebuild_fte", "platform_fte", "idle_fte")) >= -1e-9


def test_use_cases_planned_are_in_one_stage_each(outcome: Outcome) -> None:
    assert np.abs(outcome.balances["use_cases"]).max() == 0.0
    month = outcome.monthly
    assert (month["live_use_cases"] <= month["graduated_pilots"]).all()
    assert (month["graduated_pilots"] <= month["finished_pilots"]).all()


def test_units_demanded_are_served_late_declined_or_lost(outcome: Outcome) -> None:
    """All the demand there could be is served, turned away by accident or by choice, or not, or no longer, reached."""
    month = outcome.monthly
    lost = month["unserved_ratio"] * month["asked_units"]
    whole = month["served_units"] + lost + month["late_units"] + month["declined_units"]
    playing = [row for row, name in enumerate(outcome.strategies) if name != "wait"]
    # the demand there could be is the world's and the same for every strategy
    np.testing.assert_allclose(whole[:, playing], np.broadcast_to(whole[:, playing[:1]], whole[:, playing].shape), rtol=1e-9)
    np.testing.assert_allclose(whole[0, 0], month["late_units"][0, 0], rtol=1e-12)
    assert min(month["served_units"].min(), lost.min(), month["late_units"].min(), month["declined_units"].min()) >= -1e-6


def test_orders_have_arrived_or_are_under_way(outcome: Outcome) -> None:
    month = outcome.monthly
    left = month["ordered_accelerators"] - month["arrived_accelerators"] - month["coming_accelerators"]
    np.testing.assert_allclose(left, 0.0, atol=1e-9)
    assert month["committed_accelerators"].min() >= -1e-9
    assert month["owned_accelerators"].min() >= -1e-9


def test_cash_at_the_end_is_what_came_in_less_each_bill(outcome: Outcome) -> None:
    month = outcome.monthly
    bills = sum(month[f"{name}_usd"] for name in COSTS)
    opening = np.zeros_like(outcome.npv_usd)
    for now in range(outcome.months):
        closing = opening + month["cash_usd"][now]
        np.testing.assert_allclose(closing, opening + month["value_usd"][now] - bills[now], rtol=1e-9, atol=0.01)
        opening = closing
    np.testing.assert_allclose(bills, month["spend_usd"], rtol=1e-12, atol=1e-6)


def test_owned_machines_are_sold_at_the_end_of_their_life() -> None:
    scenario = under_pressure()
    outcome = simulate(scenario, points(scenario), ("mixed",), record=("owned_accelerators", "owned_capacity_usd"))
    assert (np.diff(outcome.monthly["owned_accelerators"], axis=0) < -1e-9).any()
    assert outcome.monthly["owned_capacity_usd"].min() < 0.0
