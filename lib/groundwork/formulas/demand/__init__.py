"""Demand by month and hour: adoption, growth, season, daily profile, peaks, clients, and what a capacity leaves unserved."""

from groundwork.formulas.demand.clients import (
    largest_client_share_ratio,
    lumpy_demand_ratio,
)
from groundwork.formulas.demand.hours import (
    capacity_for_unserved_ratio,
    expected_peak_to_mean_ratio,
    load_duration,
    normalised_profile,
    peak_units_per_second,
    unserved_ratio,
)
from groundwork.formulas.demand.months import (
    bass_adoption_ratio,
    growth_factor,
    logistic_adoption_ratio,
    season_factor,
    units_per_day,
)

__all__ = [
    "bass_adoption_ratio",
    "capacity_for_unserved_ratio",
    "expected_peak_to_mean_ratio",
    "growth_factor",
    "largest_client_share_ratio",
    "load_duration",
    "logistic_adoption_ratio",
    "lumpy_demand_ratio",
    "normalised_profile",
    "peak_units_per_second",
    "season_factor",
    "units_per_day",
    "unserved_ratio",
]
