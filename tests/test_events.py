"""Each trap of either order of work shows as an event in some run, and nothing is said that did not happen."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from groundwork import presets, profiles
from groundwork.draws import unit_points
from groundwork.errors import InputFault
from groundwork.quantities import Array
from groundwork.results.pace import FUTURES, happened
from groundwork.scenario import dimensions, replaced
from groundwork.strategy.events import SAID, SERIES, Event, events, future_at, median_sample, said, sample_at
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
    """The retail profile with four times the planned demand from its second year on."""
    scenario = replaced(profiles.load("retail"), "demand.shock_factor", sure(4.0))
    names = ("model_first", "infrastructure_first")
    return simulate(scenario, unit_points(dimensions(scenario), 512, 3), names, record=SERIES)


@pytest.fixture(scope="module")
def stories(growing: Outcome) -> list[list[tuple[Event, ...]]]:
    """[row][sample]: what happened."""
    return [[events(growing, row, sample) for sample in range(growing.samples)] for row in range(2)]


def codes(outcome: Outcome, row: int) -> set[str]:
    return {event.code for sample in range(outcome.samples) for event in events(outcome, row, sample)}


def test_model_first_under_growth_meets_each_of_its_traps(stories: list[list[tuple[Event, ...]]]) -> None:
    assert {event.code for story in stories[0] for event in story} >= MODEL_FIRST


def test_infrastructure_first_meets_each_of_its_traps(stories: list[list[tuple[Event, ...]]]) -> None:
    assert {event.code for story in stories[1] for event in story} >= INFRASTRUCTURE_FIRST


def test_one_future_of_model_first_holds_most_of_the_story(stories: list[list[tuple[Event, ...]]]) -> None:
    assert max(len({event.code for event in story} & MODEL_FIRST) for story in stories[0]) >= 5


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


@pytest.fixture(scope="module")
def media() -> Outcome:
    """The media profile as it stands, with a buyer of no more than its levers say and one who commits to more than the need."""
    scenario = profiles.load("media")
    bold = dataclasses.replace(scenario.strategies["infrastructure_first"], commit_ratio=1.4)
    scenario = replaced(scenario, "strategies", {**scenario.strategies, "bold": bold})
    names = ("model_first", "infrastructure_first", "bold")
    return simulate(scenario, unit_points(dimensions(scenario), 512, scenario.seed), names, record=SERIES)


@pytest.fixture(scope="module")
def told(media: Outcome) -> list[list[tuple[int, Event]]]:
    """By row: every event of every future with the number of the future."""
    return [
        [(sample, event) for sample in range(media.samples) for event in events(media, row, sample)]
        for row in range(len(media.strategies))
    ]


PROOFS = {
    "pilot_succeeds": lambda one, at: one("graduated_pilots")[at] > 0.0 and one("graduated_pilots")[:at].sum() == 0.0,
    "demand_grows": lambda one, at: asked_for(one)[at] > 1.4 * asked_for(one)[at - 12],
    "shortage_slows": lambda one, at: one("accelerators")[at] < one("needed_accelerators")[at],
    "pipeline_behind": lambda one, at: one("data_lag_days")[at] >= 1.0,
    "latency_breaks": lambda one, at: one("unserved_ratio")[at] >= 0.05,
    "bill_over_plan": lambda one, at: one("spend_usd")[at] > 0.0,
    "wall_reached": lambda one, at: one("stalled")[at] == 1.0 and one("rebuild_usd")[at] > 0.0,
    "serving_stopped": lambda one, at: one("declined_units")[at] > 0.0,
    "platform_late": lambda one, at: one("platform_building")[at] == 1.0,
    "platform_unused": lambda one, at: one("platform_complete_ratio")[at] >= 1.0 and one("maturity")[at] < 0.2,
    "capacity_stranded": lambda one, at: fixed(one)[at] > 1.25 * one("needed_accelerators")[at],
    "market_missed": lambda one, at: one("reach_left_ratio")[at] <= 0.8,
}
"""By trap: what the recorded months must show in the month of which the event speaks."""


def asked_for(one: Any) -> Array:
    return np.asarray(
        one("served_units") + one("late_units") + one("declined_units") + one("unserved_ratio") * one("asked_units")
    )


def fixed(one: Any) -> Array:
    return np.asarray(one("committed_accelerators") + one("owned_accelerators"))


@pytest.mark.parametrize(
    ("row", "trap"),
    [*((0, trap) for trap in sorted({*MODEL_FIRST, "serving_stopped"})), *((1, trap) for trap in sorted(INFRASTRUCTURE_FIRST))],
)
def test_each_trap_happens_in_media_as_it_stands_and_the_months_show_it(
    media: Outcome, told: list[list[tuple[int, Event]]], row: int, trap: str
) -> None:
    met = [(sample, event) for sample, event in told[row] if event.code == trap]
    assert met
    for sample, event in met[:8]:
        assert PROOFS[trap](lambda name, at=sample: media.monthly[name][:, row, at], event.month - 1), said(event)


def test_who_commits_to_more_than_the_need_strands_capacity_far_more_often(told: list[list[tuple[int, Event]]]) -> None:
    """Stranding is rare because commitments cover part of the need, not because the event is hard to meet."""
    count = [len({sample for sample, event in told[row] if event.code == "capacity_stranded"}) for row in (1, 2)]
    assert count[1] > 3 * count[0] > 0


def test_a_future_is_chosen_by_its_number_or_by_the_share_below_it(growing: Outcome) -> None:
    value = growing.npv_usd[1]
    assert future_at(growing, 1, "1") == 0
    assert future_at(growing, 1, " 512 ") == 511
    assert future_at(growing, 1, "50%") == median_sample(growing, 1)
    assert value[future_at(growing, 1, "0%")] == value.min()
    assert value[future_at(growing, 1, "100%")] == value.max()
    assert happened(growing, "17")["model_first"] == [said(event) for event in events(growing, 0, 16)]
    for name, level in FUTURES.items():
        assert happened(growing, name) == happened(growing, f"{100 * level:.0f}%")


@pytest.mark.parametrize("typed", ["0", "513", "1.5", "-3", "101%", "-1%", "%", "", "nan", "inf", "median", "1e9"])
def test_a_future_that_is_not_there_is_refused_in_one_line(growing: Outcome, typed: str) -> None:
    with pytest.raises(InputFault, match=r"a number from 1 to 512, or a share of futures such as 25%") as caught:
        future_at(growing, 0, typed)
    assert len(caught.value.faults) == 1
