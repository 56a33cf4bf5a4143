"""Hours down: what rates and lengths say, in one service, whoever runs it."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.choices import chosen
from groundwork.strategy.future import dice, most_use_cases
from groundwork.strategy.incidents import Service
from groundwork.strategy.loops import incidents
from groundwork.strategy.simulation import drawn, simulate
from invented import invented, points, strategy, sure


def quiet() -> Scenario[Quantity]:
    """Nothing fails but changes: 6 a month, 20 % of them bad, half of the users lose 30 % of the service for 4 hours."""
    scenario = invented()
    for path, value in (
        ("operations.zone_outages_per_year", 0.0),
        ("operations.replica_mttr_hours", 1e-9),
        ("operations.deploys_per_month", 6.0),
        ("operations.change_failure_ratio", 0.2),
        ("operations.exposed_ratio", 0.5),
        ("operations.severity_ratio", 0.3),
        ("operations.restore_hours", 4.0),
    ):
        scenario = replaced(scenario, path, sure(value))
    return scenario


def test_bad_changes_take_deploys_by_failures_by_users_by_severity_by_hours() -> None:
    """6 x 0.2 x 0.5 x 0.3 x 4 h = 0.72 h a month; the mean of 36 x 4,096 months is within four standard errors of it.

    A compound Poisson sum of exponential lengths of mean m has variance 2 m^2 per event: here 1.2 events of 0.6 h.
    """
    scenario = quiet()
    places = points(scenario, 4096)
    beliefs = drawn(scenario, places)
    thrown = dice(36, most_use_cases(beliefs, 36), places)
    hours = Service.of(beliefs, chosen(beliefs, ("model_first",)), thrown).luck.bad_change_hours
    error = np.sqrt(1.2 * 2.0 * 0.6**2 / hours.size)
    assert hours.mean() == pytest.approx(0.72, abs=4.0 * error)
    assert (hours == 0.0).mean() == pytest.approx(np.exp(-1.2), abs=0.005)


def test_more_services_are_not_each_down_for_longer() -> None:
    scenario = quiet()
    many = scenario
    for name, item in scenario.workloads.items():
        many = replaced(many, f"workloads.{name}.use_cases", 4 * item.use_cases)
    few_hours, many_hours = (
        simulate(each, points(each), ("model_first",), record=("downtime_hours",)).monthly["downtime_hours"]
        for each in (scenario, many)
    )
    both = (few_hours > 0.0) & (many_hours > 0.0)
    np.testing.assert_array_equal(few_hours[both], many_hours[both])


def down_hours(scenario: Scenario[Quantity], **levers: object) -> np.ndarray:
    own = replaced(scenario, "strategies", {"own": strategy(**levers)})
    return simulate(own, points(own, 1024), ("own",), record=("downtime_hours",)).monthly["downtime_hours"]


def failing_nodes() -> Scenario[Quantity]:
    scenario = replaced(quiet(), "operations.change_failure_ratio", sure(0.0))
    return replaced(replaced(scenario, "operations.replica_mttf_hours", sure(500.0)), "operations.replica_mttr_hours", sure(10.0))


@pytest.mark.parametrize("servers", [1.0, 3.0, 40.0])
def test_servers_that_fail_take_as_many_hours_however_many_they_are(servers: float) -> None:
    """A month of 730 h, 5,000 h between failures of one, 6 h down: 0.876 h. More servers fail more often and take less each."""
    samples = 20_000
    none, one = np.zeros(samples), np.ones((1, samples))
    hours = np.zeros((1, samples))
    incidents.down.function(  # as it is written, before it is compiled
        most_hours=730.0,
        node=(np.arange(samples) + 0.5) / samples,
        failures=np.full(samples, 730.0 / 5_000.0),
        repair_hours=np.full(samples, 6.0),
        held=servers * one,
        live=one,
        change_restore=one,
        dip=np.zeros((1, samples), dtype=bool),
        one_zone=np.ones((1, 1), dtype=bool),
        **dict.fromkeys(("uncovered", "replicas_hours", "crowded_hours"), 0.0 * one),
        **dict.fromkeys(("spare_count", "spare_factorial"), np.zeros((1, 1))),
        **dict.fromkeys(("bad_change_hours", "outages", "outage_hours", "failover", "failing", "switch_hours"), none),
        **dict.fromkeys(("manual_hours", "down_ratio", "dip_stability_ratio"), none),
        hours=hours,
    )
    assert hours.mean() == pytest.approx(0.876, rel=0.002)


def test_a_spare_server_takes_over_and_is_paid_for() -> None:
    scenario = failing_nodes()
    for zones in (1, 2):
        bare, spared, safe = (down_hours(scenario, zones_count=zones, spare_servers_count=count).mean() for count in (0, 1, 2))
        assert bare > 5.0 * spared > 25.0 * safe > 0.0
    levers = {"bare": strategy(zones_count=1), "spared": strategy(zones_count=1, spare_servers_count=1)}
    both = replaced(replaced(scenario, "strategies", levers), "stopping.loss_months", sure(0.0))  # whatever it costs
    monthly = simulate(both, points(both), tuple(levers), record=("needed_accelerators", "live_use_cases")).monthly
    needed, live = monthly["needed_accelerators"], monthly["live_use_cases"]
    alike = live[:, 1] == live[:, 0]  # people who mend less may retire a service a month sooner
    assert alike.mean() > 0.9
    assert (needed[:, 1] >= needed[:, 0])[alike].all()
    assert (needed[:, 1] > needed[:, 0]).any()


def test_zones_that_are_left_serve_only_what_they_can() -> None:
    """With the switch certain and quick, an outage of one of two zones still costs what half of the capacity cannot serve."""
    scenario = replaced(quiet(), "operations.change_failure_ratio", sure(0.0))
    for path, value in (
        ("operations.zone_outages_per_year", 6.0),
        ("operations.switch_minutes", 0.0),
        ("channels.failover.without_ratio", 0.999),
        ("channels.failover.with_ratio", 0.999),
    ):
        scenario = replaced(scenario, path, sure(value))
    one, two, four = (down_hours(scenario, zones_count=count).mean() for count in (1, 2, 4))
    assert one > 2.0 * two > 2.0 * four > 0.0


def test_owned_machines_come_by_the_whole_server() -> None:
    scenario = replaced(invented(), "market.owned_server_accelerators", sure(8.0))
    own = replaced(scenario, "strategies", {"own": strategy(owned_ratio=0.8)})
    owned = simulate(own, points(own), ("own",), record=("owned_accelerators",)).monthly["owned_accelerators"]
    assert owned.max() > 0.0
    np.testing.assert_allclose(owned % 8.0, 0.0, atol=1e-9)
