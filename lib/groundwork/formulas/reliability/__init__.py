"""Reliability, exact: replicas in shared places, capacity states, error budgets, failover, what records say, what to do next."""

from groundwork.formulas.reliability.bad_month import longer_down_probability
from groundwork.formulas.reliability.capacity_states import (
    CapacityStates,
    SharedShortage,
    capacity_states,
    expected_unserved,
    loss_of_load_probability,
    shared_shortage,
)
from groundwork.formulas.reliability.error_budget import (
    Downtime,
    budget_hours,
    budget_spent_ratio,
    dependency_availability_ratio,
    slo_miss_probability,
    window_downtime,
)
from groundwork.formulas.reliability.failover import duplex_unavailability_ratio, failover_downtime_hours
from groundwork.formulas.reliability.fleet import CausePart, FleetReliability, fleet_reliability, fleet_unavailability_ratio
from groundwork.formulas.reliability.measured import (
    availability_interval,
    mean_time_between_interruptions_hours,
    parallel_mean_outage_hours,
    rescaled_interruption_hours,
)
from groundwork.formulas.reliability.places import CrossingFailure, Failure, Fleet, Place, places_in, replicas_in
from groundwork.formulas.reliability.redundancy import (
    Repairable,
    availability_ratio,
    cold_standby_reliability_ratio,
    common_cause_failure_on_demand_ratio,
    hot_standby_reliability_ratio,
    k_of_n_availability_ratio,
    parallel_availability_ratio,
    repairable,
    series_availability_ratio,
)
from groundwork.formulas.reliability.steps import Cliff, Design, Ladder, Rung, bad_changes, cliffs, ladder, served_ratio

__all__ = [
    "CapacityStates",
    "CausePart",
    "Cliff",
    "CrossingFailure",
    "Design",
    "Downtime",
    "Failure",
    "Fleet",
    "FleetReliability",
    "Ladder",
    "Place",
    "Repairable",
    "Rung",
    "SharedShortage",
    "availability_interval",
    "availability_ratio",
    "bad_changes",
    "budget_hours",
    "budget_spent_ratio",
    "capacity_states",
    "cliffs",
    "cold_standby_reliability_ratio",
    "common_cause_failure_on_demand_ratio",
    "dependency_availability_ratio",
    "duplex_unavailability_ratio",
    "expected_unserved",
    "failover_downtime_hours",
    "fleet_reliability",
    "fleet_unavailability_ratio",
    "hot_standby_reliability_ratio",
    "k_of_n_availability_ratio",
    "ladder",
    "longer_down_probability",
    "loss_of_load_probability",
    "mean_time_between_interruptions_hours",
    "parallel_availability_ratio",
    "parallel_mean_outage_hours",
    "places_in",
    "repairable",
    "replicas_in",
    "rescaled_interruption_hours",
    "series_availability_ratio",
    "served_ratio",
    "shared_shortage",
    "slo_miss_probability",
    "window_downtime",
]
