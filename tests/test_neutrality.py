"""Fairness, enforced: infrastructure acts only through its named channels, and nothing in the code knows a strategy's name."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from groundwork import profiles
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.simulation import simulate
from invented import invented, points, strategy, sure
from symmetric import EVEN, advantage_usd, best_points, best_ratios, owner_and_renter, owner_with_use, used_ratio, win_ratio

CHANNELS = [entry.name for entry in dataclasses.fields(invented().channels)]


def silenced(scenario: Scenario[Quantity], names: list[str]) -> Scenario[Quantity]:
    for name in names:
        scenario = replaced(scenario, f"channels.{name}.enabled", False)
    return scenario


def test_without_channels_infrastructure_first_differs_by_its_spend_to_the_cent() -> None:
    scenario = silenced(invented(), CHANNELS)
    outcome = simulate(scenario, points(scenario), ["infrastructure_first", "model_first"])
    difference = outcome.npv_usd[0] - outcome.npv_usd[1]
    spend = outcome.cost_usd["platform"][0]
    assert spend.min() > 100_000
    assert outcome.cost_usd["platform"][1].max() == 0.0
    np.testing.assert_allclose(difference, -spend, rtol=0, atol=0.005)


@pytest.mark.parametrize("channel", [name for name in CHANNELS if name != "sequencing"])
def test_each_channel_moves_the_result_and_off_means_off_for_all(channel: str) -> None:
    """With one channel on, its own belief moves some strategy; with it off, that belief moves nothing at all."""
    scenario = silenced(invented(), [name for name in CHANNELS if name != channel])
    record = getattr(scenario.channels, channel)
    field = next(entry.name for entry in dataclasses.fields(record) if entry.name not in {"enabled", "without_ratio"})
    changed = {
        "wall": 40.0,
        "procurement": 0.2,
        "failover": 0.05,
        "utilisation": 0.9,
        "lead_time": 9.0,
        "api_price_decline": 20.0,
    }.get(channel, 0.95)
    path = f"channels.{channel}.{field}"
    names = ["infrastructure_first", "model_first", "api_first"]
    # lock-in acts on the fall of API prices, so it needs that channel beside it
    base = replaced(scenario, "channels.api_price_decline.enabled", True) if channel == "lock_in" else scenario
    if channel == "wall":
        base, changed = replaced(base, "channels.wall.load_accelerators", sure(0.3)), 1e4
    if channel in {"early_dip"}:
        base = replaced(base, "platform.failure_ratio", sure(0.0))
    if channel == "procurement":
        base = replaced(base, "platform.failure_ratio", sure(0.0))
    on = simulate(base, points(base), names).npv_usd
    moved = simulate(replaced(base, path, sure(changed)), points(base), names).npv_usd
    assert np.abs(on - moved).max() > 1.0
    off = replaced(base, f"channels.{channel}.enabled", False)
    np.testing.assert_array_equal(
        simulate(off, points(off), names).npv_usd, simulate(replaced(off, path, sure(changed)), points(off), names).npv_usd
    )


def test_waiting_for_the_platform_is_the_only_thing_that_sequencing_switches() -> None:
    """Off, use cases start at once for everybody: the same to the last digit as a lever that says nought months."""
    scenario = invented()
    names = ["infrastructure_first", "model_first", "api_first", "staged"]
    levers = {name: dataclasses.replace(lever, use_cases_wait_months=0.0) for name, lever in scenario.strategies.items()}
    off = replaced(scenario, "channels.sequencing.enabled", False)
    on, silent, at_once = (
        simulate(each, points(each), names, record=("finished_pilots",))
        for each in (scenario, off, replaced(scenario, "strategies", levers))
    )
    np.testing.assert_array_equal(silent.npv_usd, at_once.npv_usd)
    np.testing.assert_array_equal(silent.npv_usd[1:], on.npv_usd[1:], "nobody else waits for a platform")
    assert (silent.monthly["finished_pilots"][8, 0] > on.monthly["finished_pilots"][8, 0]).mean() > 0.5
    longer = replaced(
        off,
        "strategies",
        {**off.strategies, "infrastructure_first": strategy(platform_start_month=0, use_cases_wait_months=20.0)},
    )
    np.testing.assert_array_equal(simulate(longer, points(longer), names).npv_usd, silent.npv_usd)


def test_mirror_exchanging_levers_exchanges_results_exactly() -> None:
    scenario = invented()
    names = ["model_first", "infrastructure_first"]
    swapped = {
        **scenario.strategies,
        "model_first": scenario.strategies["infrastructure_first"],
        "infrastructure_first": scenario.strategies["model_first"],
    }
    there = simulate(scenario, points(scenario), names)
    back = simulate(replaced(scenario, "strategies", swapped), points(scenario), names)
    np.testing.assert_array_equal(there.npv_usd, back.npv_usd[::-1])
    for name in there.monthly:
        np.testing.assert_array_equal(there.monthly[name], back.monthly[name][:, ::-1])


def test_over_six_months_infrastructure_first_loses() -> None:
    scenario = replaced(replaced(invented(), "months", 6), "organisation.terminal_months", sure(0.0))
    outcome = simulate(scenario, points(scenario, 1024), ["infrastructure_first", "model_first"])
    assert (outcome.npv_usd[0] < outcome.npv_usd[1]).mean() > 0.99


def test_where_nothing_can_be_bought_api_first_is_model_first() -> None:
    scenario = invented()
    for name in scenario.workloads:
        scenario = replaced(scenario, f"workloads.{name}.buyable", False)
    outcome = simulate(scenario, points(scenario), ["model_first", "api_first"])
    np.testing.assert_array_equal(outcome.npv_usd[0], outcome.npv_usd[1])


def test_waiting_costs_and_earns_nothing() -> None:
    scenario = invented()
    outcome = simulate(scenario, points(scenario), ["wait"])
    assert np.abs(outcome.npv_usd).max() == 0.0


def test_a_strategy_added_beside_others_changes_none_of_them() -> None:
    scenario = invented()
    more = replaced(scenario, "strategies", {**scenario.strategies, "own": strategy(platform_start_month=6, zones_count=1)})
    alone = simulate(scenario, points(scenario), ["staged"])
    beside = simulate(more, points(more), ["own", "staged"])
    np.testing.assert_allclose(alone.npv_usd[0], beside.npv_usd[1], rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("channel", [name for name in EVEN if name != "wall"])
def test_a_channel_alone_with_even_effects_favours_nobody(channel: str) -> None:
    difference = advantage_usd(invented(), channel, 4096, 11)
    assert (np.abs(difference) > 0.005).mean() > 0.02, "the channel does something"
    assert win_ratio(difference) == pytest.approx(0.5, abs=0.02)


@pytest.mark.slow
def test_the_wall_is_one_sided_only_where_it_is_met() -> None:
    """Who has built before pays less for a rebuild, whatever a design lifts: by nature, so its figure is published instead."""
    far = replaced(invented(), "channels.wall.load_accelerators", sure(1e6))
    near = replaced(invented(), "channels.wall.load_accelerators", sure(0.5))
    assert win_ratio(advantage_usd(far, "wall", 1024, 11)) == 0.5
    assert win_ratio(advantage_usd(near, "wall", 1024, 11)) > 0.55


@pytest.mark.slow
def test_each_built_in_strategy_is_best_somewhere_in_the_plausible_space() -> None:
    """The point is found among 200 draws of the retail beliefs at 64 futures and confirmed at 1,024 futures of a fresh seed."""
    scenario = profiles.load("retail")
    names = tuple(scenario.strategies)
    for name, point in best_points(scenario, 200, 64, 5).items():
        ratios = best_ratios(point, names, 1024, 99)
        assert max(ratios, key=ratios.__getitem__) == name, ratios


def test_owned_capacity_at_five_percent_use_loses_to_renting() -> None:
    scenario = owner_with_use(0.05)
    assert used_ratio(scenario) == pytest.approx(0.05, abs=0.005)
    outcome = simulate(scenario, points(scenario, 1024), ("owner", "renter"), record=())
    differ = outcome.npv_usd[0] != outcome.npv_usd[1]
    assert (outcome.npv_usd[0] < outcome.npv_usd[1])[differ].mean() > 0.99


def test_owned_capacity_that_is_busy_wins_where_renting_is_dear() -> None:
    """The other way round, so that the test above could fail."""
    scenario = replaced(owner_and_renter(0.5), "market.on_demand_usd_per_accelerator_hour", sure(7.0))
    outcome = simulate(scenario, points(scenario, 1024), ("owner", "renter"), record=())
    differ = outcome.npv_usd[0] != outcome.npv_usd[1]
    assert (outcome.npv_usd[0] > outcome.npv_usd[1])[differ].mean() > 0.7
