"""Architectures, exact: against the month loop, against the exact fleet, and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.catalogue.outage_records import cloud_outages, place_outages
from groundwork.formulas import reliability as rel
from groundwork.profiles import load
from groundwork.quantities import Array, Quantity
from groundwork.results import standing as told
from groundwork.results.words import plain
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.architectures import MONTH_HOURS, Architecture, interruptions, stand_each, unserved_ratio
from groundwork.strategy.simulation import drawn, simulate
from groundwork.strategy.standing import MANY, standing
from groundwork.study.holding import stands
from groundwork.study.runs import held, outcome_of, points_of

RETAIL = load("retail")
BELIEFS = drawn(RETAIL, points_of(RETAIL, 64, 11))
ONE = Architecture(vendors_count=1, regions_count=1, zones_count=1, spare_servers_count=0, held_ratio=1.0)
EXACT = settings(derandomize=True, deadline=None, max_examples=25, database=None)


def hours(beliefs: Scenario[Array], architecture: Architecture, name: str, servers: int = 6) -> Array:
    """Hours a year that one cause takes, [sample]."""
    same = [one for one in interruptions(beliefs, architecture, servers) if one.name == name]
    return np.asarray(8760.0 * sum(one.outages_per_hour * one.mean_hours for one in same))


def without_platform(zones: int, buffer: float) -> Scenario[Quantity]:
    """Model-first alone, whose servers never fail: what the month loop and the formula both speak of."""
    plan = replace(RETAIL.strategies["model_first"], zones_count=zones, buffer_ratio=buffer)
    calm = held(replace(RETAIL, strategies={"model_first": plan}), "operations.replica_mttf_hours", 10_000_000.0)
    return held(calm, "operations.severity_ratio", 0.3)


@pytest.mark.parametrize(("zones", "outage_hours"), [(1, 8.0), (2, 0.01), (3, 0.01)])
def test_the_month_loop_is_down_as_long_as_the_formula_says(zones: int, outage_hours: float) -> None:
    """Within three standard errors, over months in which a service is live.

    Of several zones the switch alone is compared: the loop knows one outage rate for all of them and no room above the need, so
    what the zones left cannot serve is not the same thing in both.
    """
    scenario = held(without_platform(zones, 0.1), "operations.zone_outage_hours", outage_hours)
    points = points_of(scenario, 1_024, 5)
    outcome = simulate(scenario, points, ("model_first",))
    live = outcome.monthly["live_use_cases"][:, 0] >= 1.0
    months = live.sum(axis=0)
    some = months > 0
    down = outcome.monthly["downtime_hours"][:, 0]
    played = (down * live).sum(axis=0)[some] / months[some]
    beliefs = drawn(scenario, points)
    architecture = replace(ONE, zones_count=zones, held_ratio=2.0)
    yearly = [hours(beliefs, architecture, name, 2) for name in ("bad_changes", "zones")]
    apart = played - (sum(yearly) / 12.0)[some]
    assert some.sum() > 500
    assert abs(apart.mean()) < 3.0 * apart.std() / np.sqrt(some.sum())


def test_the_month_loop_misses_the_promise_as_often_as_the_formula_says() -> None:
    scenario = without_platform(1, 0.1)
    points = points_of(scenario, 1_024, 5)
    outcome = simulate(scenario, points, ("model_first",))
    live = outcome.monthly["live_use_cases"][:, 0] >= 1.0
    some = live.any(axis=0)
    beliefs = drawn(scenario, points)
    allowed = (1.0 - np.asarray(beliefs.operations.slo_ratio)) * MONTH_HOURS
    missed = ((outcome.monthly["downtime_hours"][:, 0] > allowed) & live).sum(axis=0)[some] / live.sum(axis=0)[some]
    causes = [one for one in interruptions(beliefs, ONE, 2) if one.name in {"bad_changes", "zones"}]
    rates, means = (np.stack([getattr(one, name) for one in causes]) for name in ("outages_per_hour", "mean_hours"))
    apart = missed - rel.longer_down_probability(allowed, rates, means, MONTH_HOURS)[some]
    assert abs(apart.mean()) < 3.0 * apart.std() / np.sqrt(some.sum())


def test_zones_that_switch_at_once_lose_what_the_exact_fleet_loses() -> None:
    """A day without a peak and servers that never fail: what is not served is what the fleet's states cannot serve."""
    flat = {name: replace(item, hour_profile=tuple([1.0] * 24)) for name, item in BELIEFS.workloads.items()}
    beliefs = replace(BELIEFS, workloads=flat)
    for path, value in (
        ("switch_minutes", 0.0),
        ("manual_hours", 0.0),
        ("zone_outages_per_year", 1.0),
        ("zone_outage_hours", 8.0),
    ):
        beliefs = replaced(beliefs, f"operations.{path}", np.array([value]))
    assert unserved_ratio(beliefs, 0.75) == pytest.approx(0.25)
    for zones, held_ratio in ((2, 1.0), (3, 1.0), (3, 1.5), (4, 1.0)):
        servers = int(12 * held_ratio)
        zone = rel.Failure(cause="zone", mean_up_hours=8752.0, mean_down_hours=8.0)
        places = tuple(rel.Place(name=f"{n}", failures=(zone,), replicas_count=servers // zones) for n in range(zones))
        fleet = rel.Fleet(
            everywhere=rel.Place(name="all", inside=places),
            replica=rel.Failure(cause="server", mean_up_hours=1e12, mean_down_hours=1.0),
            needed_count=12,
        )
        lost = 1.0 - float(rel.served_ratio(rel.fleet_reliability(fleet), 1.0, 12.0))
        found = hours(beliefs, replace(ONE, zones_count=zones, held_ratio=held_ratio), "zones", 12)
        assert float(np.mean(found)) == pytest.approx(8760.0 * lost, rel=3e-3)


@EXACT
@given(zones=st.integers(1, 4), regions=st.integers(1, 3), vendors=st.integers(1, 2), servers=st.integers(1, 40))
def test_places_bound_nothing_but_themselves(zones: int, regions: int, vendors: int, servers: int) -> None:
    """What changes take is the same everywhere; a region more that can carry all is never down longer; spares never hurt."""
    here = Architecture(
        vendors_count=vendors, regions_count=regions, zones_count=zones, spare_servers_count=0, held_ratio=2.0 * zones
    )
    total = {name: hours(BELIEFS, here, name, servers) for name in told.CAUSES}
    np.testing.assert_allclose(total["bad_changes"], hours(BELIEFS, ONE, "bad_changes"))
    more = hours(BELIEFS, replace(here, regions_count=regions + 1), "regions", servers)
    assert (more <= total["regions"] + 1e-9).all()
    spare = hours(BELIEFS, replace(here, spare_servers_count=1), "servers", servers)
    assert (spare <= total["servers"] + 1e-9).all()
    zone = hours(BELIEFS, replace(here, zones_count=zones + 1), "zones", servers)
    assert (zone <= total["zones"] + 1e-9).all()


@pytest.mark.parametrize("path", ["restore_hours", "replica_mttr_hours", "zone_outage_hours", "zone_outages_per_year"])
def test_slower_repair_and_more_outages_are_never_down_less(path: str) -> None:
    worse = replaced(BELIEFS, f"operations.{path}", 2.0 * np.asarray(getattr(BELIEFS.operations, path)))
    two = replace(ONE, zones_count=2)
    (better,), (then,) = stand_each(BELIEFS, [two], 6), stand_each(worse, [two], 6)
    assert then.hours_per_month > better.hours_per_month
    assert then.bad_hours >= better.bad_hours
    assert then.missed_ratio >= better.missed_ratio


def test_a_month_lies_where_its_chances_say_and_shared_causes_are_the_floor() -> None:
    here, floor = stand_each(BELIEFS, [replace(ONE, zones_count=2), MANY], 6)
    assert 0.0 <= here.typical_hours <= here.bad_hours <= MONTH_HOURS
    assert sum(here.hours_per_year.values()) == pytest.approx(12.0 * here.hours_per_month)
    assert floor.hours_per_month < here.hours_per_month
    assert floor.hours_per_month >= here.hours_per_year["bad_changes"] / 12.0


def test_lengths_and_rates_of_places_are_those_of_the_outages_listed() -> None:
    for scope in ("region", "vendor"):
        lengths = [0.5 * (one.low_hours + one.high_hours) for one in cloud_outages() if one.scope == scope]
        assert place_outages(scope).mean_hours == pytest.approx(np.mean(lengths), abs=0.05)
    years = 8.64  # from the first outage of the list to the last
    vendors = [one.provider for one in cloud_outages() if one.scope == "vendor"]
    assert place_outages("vendor").outages_per_year == pytest.approx(len(vendors) / 3.0 / years, abs=5e-4)
    worst = [one for one in cloud_outages() if one.place == "us-east-1"]
    assert place_outages("region").high_outages_per_year == pytest.approx(len(worst) / years, abs=5e-3)


@pytest.mark.parametrize("profile", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_steps_are_told_with_their_price_and_the_titles_hold(profile: str) -> None:
    scenario = load(profile)
    outcome = outcome_of(scenario, 256, scenario.seed)
    found = stands(scenario, outcome, "model_first", scenario.seed)
    assert found is not None
    step = found.next_step
    assert step is None or step.spared_hours_per_month > 0.0
    for said in (told.step_title(found), told.cause_title(found)):
        assert len(said) <= 64
    table = told.step_table(found, scenario.currency)
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    assert len(table["rows"]) == 1 + len(found.steps)
    assert "minute" in plain(told.next_words(found, scenario.currency)) or step is None
    assert told.shared_ratio(found.here) == pytest.approx(
        sum(found.here.hours_per_year[name] for name in told.SHARED) / sum(found.here.hours_per_year.values())
    )


def test_a_plan_without_servers_has_no_place_to_compare() -> None:
    outcome = outcome_of(RETAIL, 64, 3)
    assert standing(BELIEFS, outcome, "wait") is None


def test_a_step_that_spares_too_little_is_no_step() -> None:
    """Where nothing but changes takes a service down, no place helps, and the page says so."""
    scenario = RETAIL
    for name, value in (("zone_outages_per_year", 0.0), ("replica_mttf_hours", 10_000_000.0), ("restore_hours", 200.0)):
        scenario = held(scenario, f"operations.{name}", value)
    found = stands(scenario, outcome_of(scenario, 64, 3), "model_first", 3)
    assert found is not None
    assert found.next_step is None
    assert found.here.hours_per_year["servers"] < 0.01
    assert told.step_title(found).startswith("No further place helps")
    assert "shared" in plain(told.next_words(found, "USD"))
