"""The chain month by month: what is put in comes out somewhere, and pressure shows where it should."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.errors import InputFault
from groundwork.scenario import replaced
from groundwork.strategy import simulation
from groundwork.strategy.simulation import simulate
from invented import about, invented, points, strategy, sure

NAMES = ("model_first", "infrastructure_first", "staged", "api_first", "wait")


def test_nothing_is_lost_in_any_sample_or_month() -> None:
    scenario = invented()
    outcome = simulate(scenario, points(scenario), NAMES)
    assert np.abs(outcome.balances["orders"]).max() < 1e-9
    assert np.abs(outcome.balances["use_cases"]).max() == 0.0


def test_present_value_is_the_sum_of_discounted_cash_and_terminal_terms() -> None:
    scenario = invented()
    outcome = simulate(scenario, points(scenario), NAMES)
    factor = 1.1 ** (-np.arange(1, outcome.months + 1) / 12.0)
    cash = (outcome.monthly["cash_usd"] * factor[:, None, None]).sum(axis=0)
    value = (outcome.monthly["value_usd"] * factor[:, None, None]).sum(axis=0)
    costs = sum(outcome.cost_usd.values())
    np.testing.assert_allclose(outcome.npv_path_usd[-1], cash, rtol=1e-9, atol=0.01)
    np.testing.assert_allclose(outcome.npv_usd, value - costs + outcome.terminal_usd, rtol=1e-9, atol=0.01)


def test_use_cases_are_whole_and_never_more_than_planned() -> None:
    scenario = invented()
    live = simulate(scenario, points(scenario), NAMES).monthly["live_use_cases"]
    np.testing.assert_array_equal(live, np.rint(live))
    assert live.max() <= sum(item.use_cases for item in scenario.workloads.values())


def test_growth_into_the_wall_stalls_model_first_and_costs_a_rebuild() -> None:
    scenario = replaced(invented(), "channels.wall.load_accelerators", sure(0.2))
    scenario = replaced(scenario, "delivery.graduation_ratio", sure(0.9))
    outcome = simulate(scenario, points(scenario), ["model_first"])
    assert (outcome.rebuilds[0] > 0).mean() > 0.5
    assert outcome.cost_usd["rebuild"][0].mean() > 10_000
    assert outcome.monthly["stalled"].sum() > 0


def test_a_shortage_delays_capacity_and_turns_load_away() -> None:
    scenario = invented()
    scarce = replaced(replaced(scenario, "market.tight_ratio_per_month", sure(1.0)), "market.shortage_ratio_per_month", sure(1.0))
    scarce = replaced(scarce, "market.ease_ratio_per_month", sure(0.0))
    calm = replaced(scenario, "market.tight_ratio_per_month", sure(0.0))
    turned_away = [simulate(each, points(each), ["model_first"]).monthly["unserved_ratio"].mean() for each in (scarce, calm)]
    assert turned_away[0] > turned_away[1] + 0.005


def test_a_platform_nobody_uses_costs_and_brings_little() -> None:
    scenario = replaced(invented(), "platform.failure_ratio", sure(1.0))
    outcome = simulate(scenario, points(scenario), ["infrastructure_first", "model_first"])
    assert outcome.monthly["maturity"][-1, 0].max() <= 0.1 + 1e-12
    assert (outcome.npv_usd[0] < outcome.npv_usd[1]).mean() > 0.9


def test_more_samples_begin_with_the_same_futures() -> None:
    scenario = invented()
    few = simulate(scenario, points(scenario, 128), NAMES)
    many = simulate(scenario, points(scenario, 256), NAMES)
    np.testing.assert_array_equal(few.npv_usd, many.npv_usd[:, :128])
    for name, series in few.monthly.items():
        np.testing.assert_array_equal(series, many.monthly[name][:, :, :128])


@pytest.mark.parametrize("cells", [15 * 32, 15 * 64, 15 * 128])
def test_blocks_of_samples_change_no_digit(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = invented()
    whole = simulate(scenario, points(scenario), NAMES)
    monkeypatch.setattr(simulation, "BLOCK_CELLS", cells)
    assert simulation.block_samples(5, 3) < 256
    parts = simulate(scenario, points(scenario), NAMES)
    np.testing.assert_array_equal(whole.npv_path_usd, parts.npv_path_usd)
    np.testing.assert_array_equal(whole.npv_usd, parts.npv_usd)
    for name, series in whole.monthly.items():
        np.testing.assert_array_equal(series, parts.monthly[name])


def test_series_that_nobody_asks_for_are_not_kept() -> None:
    scenario = invented()
    outcome = simulate(scenario, points(scenario), NAMES, record=("cash_usd",))
    assert set(outcome.monthly) == {"cash_usd"}
    np.testing.assert_array_equal(outcome.npv_usd, simulate(scenario, points(scenario), NAMES).npv_usd)
    with pytest.raises(InputFault, match="sideways"):
        simulate(scenario, points(scenario), NAMES, record=("sideways",))


def test_strategies_with_the_same_levers_have_the_same_future() -> None:
    """They are played once; the places of the result are those asked for."""
    scenario = invented()
    more = replaced(scenario, "strategies", {**scenario.strategies, "twin": strategy(platform_start_month=12)})
    outcome = simulate(more, points(more), ("wait", "staged", "model_first", "twin"))
    alone = simulate(more, points(more), ("model_first",))
    np.testing.assert_array_equal(outcome.npv_usd[1], outcome.npv_usd[3])
    np.testing.assert_array_equal(outcome.npv_usd[2], alone.npv_usd[0])
    assert np.abs(outcome.npv_usd[0]).max() == 0.0


def test_learning_stops_what_does_not_work() -> None:
    scenario = replaced(invented(), "delivery.graduation_ratio", about(0.02, 0.1, 0.5))
    stopping = replaced(scenario, "stopping.below_ratio", sure(0.2))
    never = replaced(scenario, "stopping.below_ratio", sure(0.0))
    spent = [simulate(each, points(each), ["model_first"]).cost_usd["engineers"].mean() for each in (stopping, never)]
    assert spent[0] < spent[1]


def test_an_unknown_strategy_is_refused_by_name() -> None:
    scenario = invented()
    with pytest.raises(InputFault, match="sideways"):
        simulate(scenario, points(scenario), ["sideways"])
