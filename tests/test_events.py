"""Each trap of either order of work shows as an event in some run, and nothing is said that did not happen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from groundwork import presets, profiles
from groundwork.draws import unit_points
from groundwork.scenario import dimensions, replaced
from groundwork.strategy.events import SAID, SERIES, Event, events, median_sample, said, sample_at
from groundwork.strategy.simulation import Outcome, simulate
from invented import invented, points, sure

MODEL_FIRST = {
    "pilot_succeeds",
    "demand_grows",
    "shortage_slows",
    "pipeline_behind",
    "latency_breaks",
    "bill_over_plan",
    "wall_reached",
}
INFRASTRUCTURE_FIRST = {"platform_late", "platform_unused", "capacity_stranded", "market_missed"}


@pytest.fixture(scope="module")
def growing() -> Outcome:
    """The retail profile with twice the planned demand from its second year on."""
    scenario = replaced(profiles.load("retail"), "demand.shock_factor", sure(2.0))
    names = ("model_first", "infrastructure_first")
    return simulate(scenario, unit_points(dimensions(scenario), 512, 3), names, record=SERIES)


def codes(outcome: Outcome, row: int) -> set[str]:
    return {event.code for sample in range(outcome.samples) for event in events(outcome, row, sample)}


def test_model_first_under_growth_meets_each_of_its_traps(growing: Outcome) -> None:
    assert codes(growing, 0) >= MODEL_FIRST


def test_infrastructure_first_meets_each_of_its_traps(growing: Outcome) -> None:
    assert codes(growing, 1) >= INFRASTRUCTURE_FIRST


def test_one_future_of_model_first_holds_most_of_the_story(growing: Outcome) -> None:
    most = max(len({event.code for event in events(growing, 0, sample)} & MODEL_FIRST) for sample in range(growing.samples))
    assert most >= 5


def test_a_rebuild_lasts_as_long_as_launches_stand_still(growing: Outcome) -> None:
    for sample in range(64):
        rebuilds = [event for event in events(growing, 0, sample) if event.code == "wall_reached"]
        assert sum(event.numbers["months"] for event in rebuilds) == growing.monthly["stalled"][:, 0, sample].sum()
        assert len(rebuilds) <= growing.rebuilds[0, sample]


def test_the_median_future_is_in_the_middle(growing: Outcome) -> None:
    value = growing.npv_usd[0]
    assert abs((value < value[median_sample(growing, 0)]).mean() - 0.5) < 0.01


def test_nothing_happens_to_who_waits() -> None:
    scenario = invented()
    outcome = simulate(scenario, points(scenario), ("wait",), record=SERIES)
    assert events(outcome, 0, 0) == ()


def test_events_come_in_order_and_in_words(growing: Outcome) -> None:
    assert said(Event(11, "wall_reached", {"months": 5.0})) == "month 11: wall reached, rebuild 5 months"
    for sample in range(64):
        found = events(growing, 0, sample)
        assert [event.month for event in found] == sorted(event.month for event in found)
        assert all(1 <= event.month <= growing.months and said(event) for event in found)
    assert set(SAID) >= MODEL_FIRST | INFRASTRUCTURE_FIRST
    assert all(dataclasses.is_dataclass(event) for event in events(growing, 1, int(np.argmin(growing.npv_usd[1]))))


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_each_trap_of_both_companies_shows_in_the_scale_up_of_every_industry(profile: str) -> None:
    """As the presets have it, with nothing turned up: in 1,024 futures each trap of either order happens in some."""
    scenario = presets.with_presets(profiles.load(profile), ["scale_up"])
    names = ("model_first", "infrastructure_first")
    outcome = simulate(scenario, unit_points(dimensions(scenario), 1024, scenario.seed), names, record=SERIES)
    assert codes(outcome, 0) >= MODEL_FIRST
    assert codes(outcome, 1) >= INFRASTRUCTURE_FIRST


def test_a_chosen_future_stands_where_its_level_says(growing: Outcome) -> None:
    value = growing.npv_usd[1]
    for level in (0.1, 0.9):
        assert (value < value[sample_at(growing, 1, level)]).mean() == pytest.approx(level, abs=0.005)
