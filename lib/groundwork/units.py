"""The only list of units: the suffix of a name, what a page writes behind the number, and its scale there."""

from __future__ import annotations

# Longest suffix first: the first that fits is the unit.
UNITS: tuple[tuple[str, str, float], ...] = (
    ("_usd_per_accelerator_hour", "USD an hour", 1.0),
    ("_usd_per_gb_month", "USD per GB and month", 1.0),
    ("_usd_per_month", "USD a month", 1.0),
    ("_usd_per_hour", "USD an hour", 1.0),
    ("_usd_per_unit", "USD", 1.0),
    ("_usd_per_gb", "USD per GB", 1.0),
    ("_usd_per_kwh", "USD per kWh", 1.0),
    ("_usd_per_accelerator", "USD", 1.0),
    ("_units_per_second", "a second", 1.0),
    ("_mbit_per_second", "Mbit/s", 1.0),
    ("_kbit_per_unit", "kbit", 1.0),
    ("_seconds_per_unit", "s", 1.0),
    ("_minutes_per_unit", "min", 1.0),
    ("_ratio_per_month", "% a month", 100.0),
    ("_ratio_per_year", "% a year", 100.0),
    ("_ratio_per_hour", "% an hour", 100.0),
    ("_ratio_per_day", "% a day", 100.0),
    ("_factor_per_year", "× a year", 1.0),
    ("_outages_per_year", "a year", 1.0),
    ("_engineer_months", "engineer-months", 1.0),
    ("_gb_per_day", "GB a day", 1.0),
    ("_per_month", "a month", 1.0),
    ("_per_day", "a day", 1.0),
    ("_per_site", "a site", 1.0),
    ("_per_unit", "GB", 1.0),
    ("_accelerators", "accelerators", 1.0),
    ("_tokens", "tokens", 1.0),
    ("_tflops", "TFLOPS", 1.0),
    ("_divisor", "×", 1.0),
    ("_minutes", "min", 1.0),
    ("_factor", "×", 1.0),
    ("_spread", "logits", 1.0),
    ("_pilots", "pilots", 1.0),
    ("_months", "months", 1.0),
    ("_hours", "h", 1.0),
    ("_ratio", "%", 100.0),
    ("_count", "", 1.0),
    ("_power", "", 1.0),
    ("_fte", "people", 1.0),
    ("_kw", "kW", 1.0),
    ("_ms", "ms", 1.0),
    ("_b", "bn", 1.0),
)


def unit_of(name: str) -> str:
    """The unit that a page writes behind a number of this name; `KeyError` for a name without one."""
    return _row(name)[1]


def scale_of(name: str) -> float:
    """What a number of this name is multiplied by on a page: 100 for shares."""
    return _row(name)[2]


def _row(name: str) -> tuple[str, str, float]:
    for row in UNITS:
        if f"_{name}".endswith(row[0]):
            return row
    raise KeyError(name)
