"""What is kept between runs gives the same digits as working it out again, and lets go of what nobody holds any more."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from groundwork.draws import Points
from groundwork.scenario import beliefs, replaced
from groundwork.strategy.remembered import drawn, remembered
from groundwork.strategy.simulation import simulate
from invented import about, invented, points

NAMES = ("model_first", "infrastructure_first", "api_first")


def again(places: Points) -> Points:
    """The same points as an object that nothing is remembered of."""
    return Points(seed=places.seed, names=places.names, matrix=places.matrix)


def test_a_belief_that_moves_changes_what_a_fresh_run_would() -> None:
    scenario, places = invented(), points(invented(), 64)
    for path in ("demand.growth_ratio_per_year", "market.price_volatility_ratio", "delivery.graduation_ratio"):
        simulate(scenario, places, NAMES)
        moved = replaced(scenario, path, about(0.1, 0.2, 0.4))
        kept, fresh = simulate(moved, places, NAMES), simulate(moved, again(places), NAMES)
        np.testing.assert_array_equal(kept.npv_usd, fresh.npv_usd)
        np.testing.assert_array_equal(simulate(scenario, places, NAMES).npv_usd, simulate(scenario, again(places), NAMES).npv_usd)


def test_only_the_record_that_changed_is_drawn_again() -> None:
    scenario, places = invented(), points(invented(), 64)
    first = drawn(scenario, places)
    moved = drawn(replaced(scenario, "market.price_volatility_ratio", about(0.1, 0.2, 0.4)), places)
    assert moved.delivery is first.delivery
    assert all(moved.workloads[name] is item for name, item in first.workloads.items())
    assert moved.market is not first.market
    assert not np.array_equal(moved.market.price_volatility_ratio, first.market.price_volatility_ratio)


def test_drawn_beliefs_cannot_be_written_to() -> None:
    scenario = invented()
    assert not any(belief.value.flags.writeable for belief in beliefs(drawn(scenario, points(scenario, 32))))


def test_nothing_outlives_its_points() -> None:
    scenario, places = invented(), again(points(invented(), 32))
    drawn(scenario, places)
    left = weakref.ref(places)
    del places
    gc.collect()
    assert left() is None


def test_results_are_kept_for_the_very_same_records_and_for_so_many() -> None:
    asked: list[list[int]] = []

    @remembered(2)
    def total(record: list[int]) -> int:
        asked.append(record)
        return sum(record)

    one, equal, other = [1], [1], [2]
    assert [total(one), total(one), total(equal), total(other), total(one)] == [1, 1, 1, 2, 1]
    assert [each is one for each in asked] == [True, False, False, True]
