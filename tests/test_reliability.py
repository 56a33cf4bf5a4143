"""Reliability against published values, closed forms, brute force, and what must always hold."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault
from groundwork.formulas import reliability as rel
from groundwork.formulas.training import job_mean_time_between_failures_hours, young_checkpoint_interval_hours

PUBLISHED = Path(__file__).parent / "published" / "reliability_cases.csv"
CASES = list(csv.DictReader(PUBLISHED.read_text(encoding="utf-8").splitlines()))
EXACT = settings(derandomize=True, deadline=None, max_examples=60, database=None)


def table(units: list[list[float]]) -> rel.CapacityStates:
    return rel.capacity_states([size for size, _ in units], [lost for _, lost in units])


def by_hour(units_by_hour: list[list[list[float]]], load: list[float], measure: Callable[..., Any]) -> float:
    return float(sum(measure(table(units), one) for units, one in zip(units_by_hour, load, strict=True)))


def yearly_load(given: dict[str, Any], model: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Hourly loads and daily peaks of the IEEE reliability test system's 52 weeks, each from a Monday."""
    weeks, days = np.array(model["weeks_pct"]) / 100.0, np.array(model["days_pct_mon_sun"]) / 100.0
    peaks = given["peak"] * weeks[:, None] * days[None, :]
    if "hours_pct" not in model:
        return np.empty(0), peaks.ravel()
    shapes = [np.array(rows) / 100.0 for rows in model["hours_pct"].values()]  # winter, summer, other; each weekday, weekend
    hours = []
    for week in range(1, 53):
        season = 0 if week <= 8 or week >= 44 else 1 if 18 <= week <= 30 else 2
        hours += [peaks[week - 1, day] * shapes[season][0 if day < 5 else 1] for day in range(7)]
    return np.concatenate(hours), peaks.ravel()


def reference_system(given: dict[str, Any], quantity: str) -> float:
    states = table([[size, lost] for number, size, lost in given["units_n_mw_for"] for _ in range(number)])
    model = given["lm"] if "lm" in given else given["load_model"]
    hours, days = yearly_load(given, model)
    if quantity == "EUE" or quantity.startswith("EUE"):
        return float(rel.expected_unserved(states, hours).sum())
    load = days if quantity == "LOLE_d_per_year" else hours
    return float(rel.loss_of_load_probability(states, load).sum())


def fleet_of(given: dict[str, Any]) -> rel.Fleet:
    cause = {
        name: rel.Failure(cause=name, mean_up_hours=up, mean_down_hours=down) for name, (up, down) in given["mttf_mttr_h"].items()
    }
    regions = tuple(
        rel.Place(
            name=f"region {number}",
            failures=(cause["region"],),
            inside=tuple(
                rel.Place(name=f"zone {number}.{place}", failures=(cause["zone"],), replicas_count=count)
                for place, count in enumerate(zones)
            ),
        )
        for number, zones in enumerate(given["regions"])
    )
    top = rel.Place(name="everywhere", failures=(cause["vendor"], cause["deploy"]), inside=regions)
    return rel.Fleet(everywhere=top, replica=cause["replica"], needed_count=given["k"])


def answer(case: dict[str, str]) -> float:
    """What the library says to a published case: chosen by the inputs it gives, never by its name."""
    given, quantity = json.loads(case["inputs_json"]), case["quantity"]
    keys = set(given)
    if "burn_rate" in keys:
        return float(rel.budget_spent_ratio(given["burn_rate"], given["window_h"], given["period_h"]))
    if "share_for_deps" in keys:
        return float(rel.dependency_availability_ratio(given["error_budget"], given["share_for_deps"], given["deps"]))
    if "period_days" in keys:
        return float(rel.budget_hours(given["slo"], given["period_days"] * 24.0)) * 60.0
    if "units" in keys:
        return float(rel.loss_of_load_probability(table(given["units"]), given["load"]))
    if "units_by_hour" in keys:
        measure = rel.expected_unserved if quantity == "EUE" else rel.loss_of_load_probability
        return by_hour(given["units_by_hour"], given["load"], measure)
    if "units_n_mw_for" in keys:
        return reference_system(given, quantity)
    if "beta" in keys:
        return float(rel.common_cause_failure_on_demand_ratio(given["lambda_du_per_y"], given["ti_y"], given["beta"]))
    if "crews" in keys:
        known = rel.repairable(given["n"], given["k"], given["lambda"], given["mu"], given["crews"])
        return known.mean_up_hours if quantity == "MTTF_h" else known.unavailability_ratio
    if "hours_per_year" in keys:
        return float(rel.budget_hours(given["availability"], given["hours_per_year"]))
    if "switch_rate_per_h" in keys:
        rates = (given["lambda_per_h"], given["mu_per_h"], given["coverage"])
        return float(rel.duplex_unavailability_ratio(*rates, given["switch_rate_per_h"], given["uncovered_recovery_rate_per_h"]))
    if "mttf_mttr_h" in keys:
        return rel.fleet_reliability(fleet_of(given)).outages_per_year
    if "interruptions" in keys:
        return float(rel.mean_time_between_interruptions_hours(given["interruptions"], given["days"] * 24.0))
    if "normalise_to" in keys:
        return float(rel.rescaled_interruption_hours(given["mtti_h"], given["components"], given["normalise_to"]))
    if "rate_per_1000_node_days" in keys:
        nodes = given["gpus"] / given["gpus_per_node"]
        return float(job_mean_time_between_failures_hours(given["rate_per_1000_node_days"] / 1000.0, nodes))
    if "checkpoint_s" in keys:
        interval = float(young_checkpoint_interval_hours(given["checkpoint_s"] / 3600.0, given["mtbf_s"] / 3600.0)) * 3600.0
        return given["checkpoint_s"] / interval + interval / (2.0 * given["mtbf_s"])
    if "regions" in keys:
        first, second = (table([region["unit"]]) for region in given["regions"])
        link = rel.capacity_states([given["link"]["capacity"]], [given["link"]["outage"]])
        loads = [region["load"] for region in given["regions"]]
        return rel.shared_shortage(first, second, loads[0], loads[1], link).short_probability
    if "p" in keys:
        return float(rel.k_of_n_availability_ratio(given["n"], given["k"], given["p"]))
    if "series" in keys:
        return float(rel.series_availability_ratio(given["series"]))
    if "parallel" in keys and quantity == "mean_outage_h":
        return float(rel.parallel_mean_outage_hours([part["r_h"] for part in given["parallel"]]))
    if "parallel" in keys:
        return float(rel.parallel_availability_ratio(given["parallel"]))
    if "mtbf_h" in keys:
        return float(rel.availability_ratio(given["mtbf_h"], given["mttr_h"]))
    if "outage_dist" in keys:
        rates = (given["outages_per_h"], given["mean_outage_h"])
        return float(rel.slo_miss_probability(*rates, given["window_h"], given["slo"]))
    if given.get("type") == "hot":
        return float(rel.hot_standby_reliability_ratio(given["n"], given["lambda_t"], 1.0))
    if "conf" in keys:
        low, high = rel.availability_interval(given["n"], given["up_h"], given["down_h"], given["conf"])
        return low if quantity == "availability_lower" else high
    raise AssertionError(f"no formula for {case['case_id']}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case_id"])
def test_published_case(case: dict[str, str]) -> None:
    assert abs(answer(case) - float(case["expected"])) <= float(case["tolerance_abs"])


def test_there_are_as_many_cases_as_were_carried_over() -> None:
    assert len(CASES) == 36


def brute_force(fleet: rel.Fleet) -> tuple[float, float, dict[str, float]]:
    """Unavailability, outages an hour and by cause by listing every state of every part: for small fleets only."""
    parts: list[tuple[rel.Failure, set[str]]] = []
    leaves: list[str] = []

    def walk(place: rel.Place, above: tuple[str, ...]) -> None:
        path = (*above, place.name)
        for failure in place.failures:
            parts.append((failure, {place.name}))
        for number in range(place.replicas_count):
            name = f"{place.name}#{number}"
            leaves.append("|".join((*path, name)))
            parts.append((fleet.replica, {name}))
        for inner in place.inside:
            walk(inner, path)

    walk(fleet.everywhere, ())
    parts += [(crossing.failure, set(crossing.places)) for crossing in fleet.crossing]
    down: dict[tuple[bool, ...], bool] = {}
    chance: dict[tuple[bool, ...], float] = {}
    for state in product((False, True), repeat=len(parts)):
        dead = set().union(*(hit for (_, hit), on in zip(parts, state, strict=True) if on))
        working = sum(1 for leaf in leaves if not dead & set(leaf.split("|")))
        down[state] = working < fleet.needed_count
        chance[state] = math.prod(
            failure.unavailability_ratio if on else 1.0 - failure.unavailability_ratio
            for (failure, _), on in zip(parts, state, strict=True)
        )
    unavailability = sum(chance[state] for state in down if down[state])
    begun: dict[str, float] = {}
    for number, (failure, _) in enumerate(parts):
        for state in down:
            if not state[number]:
                other = (*state[:number], True, *state[number + 1 :])
                if down[other] and not down[state]:
                    begun[failure.cause] = begun.get(failure.cause, 0.0) + chance[state] / failure.mean_up_hours
    return unavailability, sum(begun.values()), begun


def small_fleet(crossing: tuple[rel.CrossingFailure, ...] = ()) -> rel.Fleet:
    zone = rel.Failure(cause="zone", mean_up_hours=300.0, mean_down_hours=8.0)
    return rel.Fleet(
        everywhere=rel.Place(
            name="all",
            failures=(rel.bad_changes(20.0, 0.2, 0.5, 3.0),),
            inside=(
                rel.Place(name="a", failures=(zone,), replicas_count=2),
                rel.Place(name="b", failures=(zone,), replicas_count=2),
                rel.Place(name="c", failures=(zone,), replicas_count=1),
            ),
        ),
        replica=rel.Failure(cause="replica", mean_up_hours=100.0, mean_down_hours=6.0),
        needed_count=3,
        crossing=crossing,
    )


@pytest.mark.parametrize("crossed", [(), (("a", "c"),), (("a", "b"), ("b", "c"))])
def test_a_fleet_is_what_listing_every_state_gives(crossed: tuple[tuple[str, ...], ...]) -> None:
    crossing = tuple(
        rel.CrossingFailure(
            failure=rel.Failure(cause=f"roll-out {number}", mean_up_hours=200.0, mean_down_hours=2.0 + number), places=places
        )
        for number, places in enumerate(crossed)
    )
    fleet = small_fleet(crossing)
    known = rel.fleet_reliability(fleet)
    unavailability, outages, begun = brute_force(fleet)
    assert known.unavailability_ratio == pytest.approx(unavailability, rel=1e-11)
    assert known.outages_per_year == pytest.approx(outages * 8760.0, rel=1e-11)
    assert {part.cause: part.outages_per_year / 8760.0 for part in known.causes} == pytest.approx(begun, rel=1e-10)
    assert known.mean_outage_hours == pytest.approx(unavailability / outages, rel=1e-11)
    assert known.working_probability.sum() == pytest.approx(1.0, abs=1e-12)


def test_the_cause_that_no_replica_helps_against_stays() -> None:
    """With replicas and zones without end the outages left are those of the cause that takes everything."""
    fleet = small_fleet()
    many = rel.Fleet(
        everywhere=rel.Place(
            name="all",
            failures=fleet.everywhere.failures,
            inside=tuple(rel.Place(name=f"zone {number}", replicas_count=20) for number in range(6)),
        ),
        replica=fleet.replica,
        needed_count=3,
    )
    change = fleet.everywhere.failures[0]
    assert rel.fleet_reliability(many).unavailability_ratio == pytest.approx(change.unavailability_ratio, rel=1e-9)


def test_one_crew_is_slower_than_many() -> None:
    few = rel.repairable(8, 6, 0.01, 0.2, 1)
    many = rel.repairable(8, 6, 0.01, 0.2, 8)
    assert few.unavailability_ratio > many.unavailability_ratio
    binomial = 1.0 - float(rel.k_of_n_availability_ratio(8, 6, float(rel.availability_ratio(100.0, 5.0))))
    assert many.unavailability_ratio == pytest.approx(binomial, rel=1e-10)


def test_outages_too_rare_for_a_double_have_a_length() -> None:
    rare = rel.repairable(30, 1, 1e-15, 2.0, 30)
    assert rare.unavailability_ratio == 0.0
    assert rare.mean_outage_hours == pytest.approx(1.0 / (30 * 2.0))


@EXACT
@given(
    n=st.integers(1, 12),
    k=st.integers(1, 12),
    p=st.floats(0.01, 0.99),
)
def test_more_parts_help_and_higher_needs_hurt(n: int, k: int, p: float) -> None:
    here = float(rel.k_of_n_availability_ratio(n, k, p))
    assert float(rel.k_of_n_availability_ratio(n + 1, k, p)) >= here - 1e-12
    assert float(rel.k_of_n_availability_ratio(n, k + 1, p)) <= here + 1e-12
    listed = sum(math.comb(n, up) * p**up * (1 - p) ** (n - up) for up in range(k, n + 1))
    assert here == pytest.approx(listed, abs=1e-12)


@EXACT
@given(
    sizes=st.lists(st.floats(0.5, 50.0), min_size=1, max_size=7),
    lost=st.floats(0.0, 0.5),
    load=st.floats(0.0, 120.0),
)
def test_capacity_is_conserved_and_shortage_grows_with_load(sizes: list[float], lost: float, load: float) -> None:
    states = rel.capacity_states(sizes, [lost] * len(sizes))
    assert states.probability.sum() == pytest.approx(1.0)
    assert states.capacity @ states.probability == pytest.approx(sum(sizes) * (1.0 - lost))
    assert float(rel.expected_unserved(states, load)) == pytest.approx(
        float(np.maximum(0.0, load - states.capacity) @ states.probability), abs=1e-9
    )
    assert rel.expected_unserved(states, load + 1.0) >= rel.expected_unserved(states, load) - 1e-12
    assert 0.0 <= float(rel.loss_of_load_probability(states, load)) <= 1.0 + 1e-12


def test_the_sum_of_outages_by_series_and_by_transform_agree() -> None:
    """One cause: the transform on a fine grid against the closed sum; two equal causes are one of twice the rate."""
    rate, mean, window = 2.0 / 730.0, 1.5, 730.0
    closed = float(rel.slo_miss_probability(rate, mean, window, 0.995))
    grid = rel.window_downtime([rate], [mean], window, 0.005, 60.0)
    assert grid.miss_probability(0.995, window) == pytest.approx(closed, abs=2e-3)
    assert grid.mean_hours() == pytest.approx(rate * window * mean, rel=1e-4)
    halves = rel.window_downtime([rate / 2, rate / 2], [mean, mean], window, 0.005, 60.0)
    np.testing.assert_allclose(halves.probability, grid.probability, atol=1e-12)


def test_the_tail_mean_is_beyond_the_quantile_and_whole_at_level_nought() -> None:
    grid = rel.window_downtime([0.001, 0.0001], [1.0, 12.0], 730.0, 0.02, 200.0)
    assert grid.tail_mean_hours(0.0) == pytest.approx(grid.mean_hours(), rel=1e-9)
    assert grid.tail_mean_hours(0.95) >= grid.quantile_hours(0.95)
    assert grid.tail_mean_hours(0.99) >= grid.tail_mean_hours(0.95)


@EXACT
@given(
    rate=st.floats(0.0, 0.02),
    mean=st.floats(0.05, 20.0),
    slo=st.floats(0.9, 0.9999),
)
def test_a_stricter_promise_is_missed_more(rate: float, mean: float, slo: float) -> None:
    missed = float(rel.slo_miss_probability(rate, mean, 730.0, slo))
    assert 0.0 <= missed <= 1.0 - math.exp(-rate * 730.0) + 1e-12
    assert float(rel.slo_miss_probability(rate, mean, 730.0, slo + 0.5 * (1 - slo))) >= missed - 1e-12
    assert float(rel.slo_miss_probability(rate * 1.5, mean, 730.0, slo)) >= missed - 1e-12


def test_coverage_decides() -> None:
    """At a switch of two minutes and an hour by hand, 95 % instead of 100 % makes 2.45 times the downtime."""
    perfect = float(rel.failover_downtime_hours(10.0, 1.0, 2.0 / 60.0, 1.0))
    imperfect = float(rel.failover_downtime_hours(10.0, 0.95, 2.0 / 60.0, 1.0))
    assert imperfect / perfect == pytest.approx(0.95 + 0.05 * 30.0)
    assert float(rel.duplex_unavailability_ratio(5e-4, 0.25, 0.95, 60.0, 1.0)) > float(
        rel.duplex_unavailability_ratio(5e-4, 0.25, 1.0, 60.0, 1.0)
    )


def test_a_cold_spare_outlives_a_hot_one_when_the_switch_works() -> None:
    hot = float(rel.hot_standby_reliability_ratio(2, 0.1, 1.0))
    assert float(rel.cold_standby_reliability_ratio(2, 0.1, 1.0)) == pytest.approx(math.exp(-0.1) * 1.1)
    assert float(rel.cold_standby_reliability_ratio(2, 0.1, 1.0)) > hot
    assert float(rel.cold_standby_reliability_ratio(2, 0.1, 1.0, 0.0)) == pytest.approx(math.exp(-0.1))


def test_the_ladder_names_the_cheapest_step() -> None:
    base = small_fleet()

    def with_zone(number: int) -> rel.Fleet:
        extra = tuple(rel.Place(name=f"more {place}", replicas_count=2) for place in range(number))
        top = rel.Place(name="all", failures=base.everywhere.failures, inside=(*base.everywhere.inside, *extra))
        return rel.Fleet(everywhere=top, replica=base.replica, needed_count=base.needed_count)

    designs = [
        rel.Design(name="today", fleet=base, usd_per_month=10_000.0),
        rel.Design(name="one zone more", fleet=with_zone(1), usd_per_month=14_000.0),
        rel.Design(name="two zones more", fleet=with_zone(2), usd_per_month=18_000.0),
        rel.Design(name="waste", fleet=base, usd_per_month=30_000.0),
    ]
    now = rel.fleet_reliability(base).downtime_hours_per_year
    found = rel.ladder(designs, "today", now - 1.0)
    assert found.next_step == "one zone more"
    assert [rung.design.name for rung in found.rungs if rung.dominated] == ["waste"]
    assert found.cheapest_that_meets == "one zone more"
    assert rel.ladder(designs, "today", 0.0).cheapest_that_meets is None


def test_the_steepest_cliff_is_the_loss_that_hurts_most() -> None:
    found = rel.cliffs(small_fleet())
    assert found[0].lost in {"a", "b"}
    assert all(cliff.then_hours_per_year >= cliff.now_hours_per_year - 1e-9 for cliff in found)
    assert {cliff.lost for cliff in found} >= {"a", "b", "c", "one replica of a"}


def test_what_is_served_falls_with_load_and_is_whole_when_small() -> None:
    known = rel.fleet_reliability(small_fleet())
    share = rel.served_ratio(known, 10.0, [1e-6, 20.0, 45.0, 60.0])
    assert share[0] == pytest.approx(1.0 - known.working_probability[0])
    assert (np.diff(share) < 0.0).all()


def test_a_bad_fleet_gets_every_fault_at_once() -> None:
    bad = rel.Fleet(
        everywhere=rel.Place(name="a", inside=(rel.Place(name="a", replicas_count=1),), replicas_count=1),
        replica=rel.Failure(cause="replica", mean_up_hours=0.0, mean_down_hours=-1.0),
        needed_count=0,
        crossing=(rel.CrossingFailure(failure=rel.Failure(cause="x", mean_up_hours=1.0, mean_down_hours=1.0), places=("z",)),),
    )
    with pytest.raises(InputFault) as refused:
        rel.fleet_reliability(bad)
    assert len(refused.value.faults) >= 6


@EXACT
@given(
    rate=st.floats(0.0, 0.02),
    mean=st.floats(0.05, 20.0),
    slo=st.floats(0.9, 0.9999),
)
def test_the_tail_by_its_transform_is_the_closed_sum_for_one_cause(rate: float, mean: float, slo: float) -> None:
    allowed = float(rel.budget_hours(slo, 730.0))
    closed = float(rel.slo_miss_probability(rate, mean, 730.0, slo))
    assert float(rel.longer_down_probability(allowed, [rate], [mean], 730.0)) == pytest.approx(closed, abs=1e-5)


def test_several_causes_by_transform_are_those_of_the_grid_and_a_cause_more_is_never_down_less() -> None:
    rates, means = np.array([0.001, 0.0001]), np.array([1.0, 12.0])
    grid = rel.window_downtime(rates, means, 730.0, 0.005, 300.0)
    hours = np.array([0.5, 2.0, 10.0, 30.0])
    listed = [grid.probability[grid.hours > one].sum() for one in hours]
    both = rel.longer_down_probability(hours, rates[:, None], means[:, None], 730.0)
    np.testing.assert_allclose(both, listed, atol=2e-3)
    assert (both >= rel.longer_down_probability(hours, rates[:1, None], means[:1, None], 730.0)).all()
    assert (np.diff(both) < 0.0).all()
    np.testing.assert_array_equal(rel.longer_down_probability(hours, [[0.0]], [[3.0]], 730.0), 0.0)
