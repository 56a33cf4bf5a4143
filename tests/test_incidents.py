"""Hours down: what rates and lengths say, in one service, whoever runs it."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.choices import chosen
from groundwork.strategy.future import dice, most_use_cases
from groundwork.strategy.incidents import Service
from groundwork.strategy.simulation import drawn, simulate
from invented import invented, points, sure


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
    beliefs = drawn(scenario, points(scenario, 4096))
    thrown = dice(36, most_use_cases(beliefs, 36), 4096, 7)
    hours = Service.of(beliefs, chosen(beliefs, ("model_first",)), thrown).bad_change_hours
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
