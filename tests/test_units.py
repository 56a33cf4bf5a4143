"""Units: every name ends in one that exists, and every closed formula gives the physics that the names of its numbers promise.

A case hands a formula quantities in *other* units than it takes (minutes where it takes hours, dollars a day where it takes
dollars a month); they are converted by what `units.py` says of the parameter's name, and the result is read by what it says of
the result's name. What is expected is worked out by pint, which knows no factor of ours: one wrong by 1,000 or 3,600 fails.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from groundwork import profiles, units
from groundwork.catalogue.tables import table_rows
from groundwork.formulas import classic, cost, data_flow, demand, edge, queueing, training
from groundwork.formulas.reliability import error_budget, redundancy
from groundwork.scenario import beliefs
from physics import Q, called, of, same

LIBRARY = Path(__file__).parents[1] / "lib" / "groundwork"


# --- every name ------------------------------------------------------------------------------------------------------------

# Numbers without a unit of their own: of mathematics, of chance (weights and moments of a chain too), in the caller's unit, or a
# series by part of a day or year.
PLAIN = {
    *("uniforms", "shock_uniforms", "jump_uniforms", "common_uniforms", "own_uniforms", "weights", "values", "value"),
    *("low", "high", "mean", "sd", "amount", "tier_from", "demand", "reserved", "growth", "season", "load", "load_by_hour"),
    *("hour_profile", "season_weights", "first_load", "second_load", "inferences", "availability_ratios"),
    *("units_each_day", "capacity", "maintenance_usd_by_year", "minimum_nodes"),
    *("objective", "bounds", "lower", "upper", "point", "marginals", "first_cost", "first_rows", "first_bounds", "second_cost"),
    *("technology", "recourse", "requirement", "first_stage", "recourse_problem", "expected_value", "wait_and_see"),
    *("expected_value_plan_cost", "start", "loss_turn", "matrix", "prior_spreads"),
    *("observed_logs", "noise_logs", "full", "seen", "mean_waiting"),
    *("mean_in_service", "prefill_share", "variance", "below", "over", "walk", "walk_square", "arrivals", "arrivals_square"),
}


def numeric_names(path: Path) -> set[str]:
    """Names of what is a number or an array of numbers: parameters of public functions, fields of public records."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            every = [*node.args.args, *node.args.kwonlyargs]
            found |= {each.arg for each in every if _is_numeric(each.annotation)}
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found |= {
                each.target.id
                for each in node.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and _is_numeric(each.annotation)
            }
    return found


def _is_numeric(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in {"ArrayLike", "Array", "float", "Array | None", "float | None"}


FORMULAS = sorted((LIBRARY / "formulas").rglob("*.py"))


@pytest.mark.parametrize("path", FORMULAS, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_every_number_of_a_formula_ends_in_its_unit(path: Path) -> None:
    for name in numeric_names(path) - PLAIN:
        assert of(name).magnitude > 0, name


def test_no_name_is_called_plain_for_nothing() -> None:
    used = set().union(*(numeric_names(path) for path in FORMULAS))
    assert PLAIN - used == set()


def test_every_belief_ends_in_its_unit() -> None:
    names = {belief.name for name in profiles.available() for belief in beliefs(profiles.load(name))}
    assert len(names) > 100
    for name in names:
        assert of(name).magnitude > 0, name


# Columns of tables that hold plain numbers, or numbers whose unit another column of the row tells.
UNTOLD = {
    *("value", "value_total", "low", "central", "high", "date", "year", "second", "requests", "quotes", "n_reports", "bins", "n"),
    *("n_groups", "n_provider_quarters", "systems", "vcpu", "p25", "p50", "p75", "p90", "p95", "p99", "median", "mean", "max"),
    *("cv", "base", "share", "bin_from", "bin_to", "layers", "hidden", "q_heads", "kv_heads", "head_dim", "window_layers"),
    *("full_cache_layers", "mla_elems_per_layer_token", "kv_bytes_per_token_16bit_all_layers", "input_len", "output_len"),
    *("interarrival_cv", "mean_per_bin", "max_per_bin", "peak_to_mean", "p99_to_mean", "p95_to_mean", "index_of_dispersion"),
    *(
        "lag1_autocorr",
        "mfu",
        "implied_mfu",
        "measured",
        "predicted",
        "p10",
        "without_model",
        "without_accelerator",
        "gpu_hours_published",
        "flops_6nd",
        "usd_total",
    ),
}
TABLES = sorted(path.name for path in (LIBRARY / "catalogue").glob("*.csv"))


def numeric_columns(table: str) -> set[str]:
    rows = table_rows(table)
    filled = {name: [row[name] for row in rows if row[name]] for name in rows[0]}
    return {name for name, cells in filled.items() if cells and all(map(_reads_as_number, cells))}


def _reads_as_number(cell: object) -> bool:
    try:
        return isinstance(cell, str) and math.isfinite(float(cell))
    except ValueError:
        return False


@pytest.mark.parametrize("table", TABLES)
def test_every_number_of_a_table_ends_in_its_unit(table: str) -> None:
    for name in numeric_columns(table) - UNTOLD:
        assert of(name).magnitude > 0, name


@pytest.mark.parametrize("name", [*units.WORDS, *(f"x_per_{over}" for over in units.OVER)])
def test_every_unit_of_the_list_is_one(name: str) -> None:
    assert of(name).magnitude > 0
    assert of(f"some_{name}") == of(name)


@pytest.mark.parametrize(
    "word", [word for word, (page, _, _) in units.WORDS.items() if page in {"h", "s", "ms", "min", "GB", "kW"}]
)
def test_what_a_page_writes_is_the_unit(word: str) -> None:
    page, scale, _ = units.WORDS[word]
    same(of(word) / scale, Q(1, page))


def test_a_share_is_shown_in_hundredths() -> None:
    for word, (page, scale, _) in units.WORDS.items():
        assert (page == "%") == (scale == 100.0 or word == "percent"), word
        if page == "%":
            assert (of(word) * scale).to("").magnitude == {100.0: 100.0, 1.0: 0.01}[scale], word


@pytest.mark.parametrize(
    ("name", "page", "meant"),
    [
        ("gb_per_unit", "GB", "gigabyte"),
        ("streams_per_site", "a site", "1"),
        ("units_per_replica", "a replica", "1"),
        ("gb_per_month", "GB a month", "gigabyte / month"),
        ("usd_per_million_tokens", "USD a million tokens", "USD / 1e6"),
        ("storage_usd_per_gb_month", "USD per GB and month", "USD / gigabyte / month"),
        ("accelerator_seconds_per_unit", "s", "second"),
        ("uplink_mbit_per_second", "Mbit/s", "1e6 * bit / second"),
        ("bandwidth_gb_per_second", "GB a second", "8e9 * bit / second"),
        ("deploys_per_month", "a month", "1 / month"),
        ("failures_per_node_day", "a node and day", "1 / day"),
        ("growth_ratio_per_year", "% a year", "1 / year"),
        ("memory_gib", "GiB", "2 ** 33 * bit"),
        ("parameters_b", "bn", "1e9"),
        ("energy_kwh", "kWh", "3.6e6 * joule"),
    ],
)
def test_names_are_read_as_they_are_meant(name: str, page: str, meant: str) -> None:
    assert units.unit_of(name) == page
    same(of(name), Q(meant))


@pytest.mark.parametrize("name", ["unit", "x", "usd_per_banana", "some_per", "months_per_", "", "expected"])
def test_a_name_without_a_unit_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        units.expression_of(name)


# --- closed formulas --------------------------------------------------------------------------------------------------------

POWERED: dict[str, Any] = {"power_kw": Q(5_600, "watt"), "load_ratio": Q(0.6), "pue_ratio": Q(1.25)}
POWER = Q(5_600, "watt") * 0.6 * 1.25
TIME, RATE = Q(3, "week"), Q(2_000, "1 / minute")

CLOSED: list[tuple[Callable[..., Any], dict[str, Any], Any]] = [
    # energy and carbon
    (cost.energy_kwh, POWERED | {"hours": TIME}, POWER * TIME),
    (
        cost.carbon_kg,
        POWERED
        | {
            "hours": TIME,
            "grid_g_per_kwh": Q(0.1, "kilogram / megajoule"),
            "embodied_kg": Q(2, "tonne"),
            "life_hours": Q(4, "year"),
        },
        POWER * TIME * Q(0.1, "kilogram / megajoule") + Q(2, "tonne") * TIME / Q(4, "year"),
    ),
    (cost.carbon_usd, {"carbon_in_kg": Q(7, "tonne"), "usd_per_tonne": Q(0.08, "USD / kilogram")}, Q(560, "USD")),
    # own, rent, commit
    (cost.rent_usd, {"usd_per_hour": Q(50, "USD / day"), "hours": TIME}, Q(50, "USD / day") * TIME),
    (
        cost.break_even_hours,
        {"capex_usd": Q(8e5, "USD"), "rent_usd_per_hour": Q(2_400, "USD / day"), "own_usd_per_hour": Q(20, "USD / day")},
        Q(8e5, "USD") / Q(2_380, "USD / day"),
    ),
    (
        cost.break_even_years,
        {
            "capex_usd": Q(8e5, "USD"),
            "rent_usd_per_hour": Q(2_400, "USD / day"),
            "own_usd_per_hour": Q(20, "USD / day"),
            "use_hours_per_day": Q(0.5),
        },
        Q(8e5, "USD") / Q(2_380, "USD / day") / 0.5,
    ),
    (
        cost.break_even_utilisation_ratio,
        {
            "own_fixed_usd_per_year": Q(3e4, "USD / month"),
            "own_running_usd_per_hour": Q(24, "USD / day"),
            "rent_usd_per_hour": Q(2_400, "USD / day"),
        },
        Q(3e4, "USD / month") / Q(2_376, "USD / day"),
    ),
    (
        cost.cloud_exit_payback_months,
        {
            "capex_usd": Q(8e5, "USD"),
            "cloud_before_usd_per_year": Q(90, "USD / hour"),
            "cloud_after_usd_per_year": Q(20, "USD / hour"),
        },
        Q(8e5, "USD") / Q(70, "USD / hour"),
    ),
    (
        cost.spot_effective_usd_per_hour,
        {
            "spot_usd_per_hour": Q(30, "USD / day"),
            "interruptions_per_hour": Q(12, "1 / month"),
            "lost_hours_per_interruption": Q(40, "minute"),
        },
        Q(30, "USD / day") / (1 - Q(12, "1 / month") * Q(40, "minute")),
    ),
    # tokens
    (
        cost.token_bill_usd,
        {
            "input_tokens": Q(5e6),
            "cached_tokens": Q(2e6),
            "output_tokens": Q(1e6),
            "input_usd_per_million": Q(3e-6, "USD"),
            "cached_usd_per_million": Q(1e-6, "USD"),
            "output_usd_per_million": Q(15e-6, "USD"),
        },
        Q(3e6 * 3e-6 + 2e6 * 1e-6 + 1e6 * 15e-6, "USD"),
    ),
    (cost.usd_per_million_tokens, {"cost_usd": Q(12, "USD"), "tokens": Q(4e6)}, Q(12, "USD") / 4e6),
    (
        cost.self_hosted_usd_per_million_tokens,
        {
            "usd_per_gpu_hour": Q(60, "USD / day"),
            "gpu_count": Q(8),
            "tokens_per_second": Q(9e5, "1 / minute"),
            "utilisation_ratio": Q(0.4),
        },
        Q(60, "USD / day") * 8 / (Q(9e5, "1 / minute") * 0.4),
    ),
    (
        cost.api_break_even_outcomes_per_month,
        {
            "own_fixed_usd_per_month": Q(200, "USD / day"),
            "own_usd_per_attempt": Q(0.01, "USD"),
            "own_accepted_ratio": Q(1.0),
            "api_usd_per_attempt": Q(0.05, "USD"),
            "api_accepted_ratio": Q(1.0),
            "rejection_usd": Q(0.0, "USD"),
        },
        Q(200, "USD / day") / Q(0.04, "USD"),
    ),
    # data
    (
        data_flow.ingest_gb_per_month,
        {"units_per_day": Q(30, "1 / minute"), "gb_per_unit": Q(12, "megabit")},
        Q(30, "1 / minute") * Q(12, "megabit"),
    ),
    (
        data_flow.throughput_gbit_per_second,
        {"gb_per_month": Q(7, "terabyte / day"), "peak_to_mean_ratio": Q(2.5)},
        Q(7, "terabyte / day") * 2.5,
    ),
    (
        data_flow.transfer_hours,
        {"volume_gb": Q(3, "petabit"), "link_gbit_per_second": Q(90, "gigabyte / minute"), "link_use_ratio": Q(0.7)},
        Q(3, "petabit") / (Q(90, "gigabyte / minute") * 0.7),
    ),
    (
        data_flow.crossing_gb,
        {"gb_per_month": Q(9, "gigabyte / day"), "crossing_ratio": Q(0.5)},
        Q(4.5, "gigabyte / day") * Q("month"),
    ),
    # edge
    (
        edge.uplink_needed_mbit_per_second,
        {"streams_count": Q(12), "stream_units_per_second": Q(1_500, "1 / minute"), "uplink_kbit_per_unit": Q(3, "kilobyte")},
        12 * Q(1_500, "1 / minute") * Q(3, "kilobyte"),
    ),
    (
        edge.autonomy_hours,
        {"buffer_gb": Q(4, "terabit"), "needed_mbit_per_second": Q(60, "megabyte / minute")},
        Q(4, "terabit") / Q(60, "megabyte / minute"),
    ),
    (
        edge.buffer_needed_gb,
        {"autonomy_needed_hours": Q(2, "day"), "needed_mbit_per_second": Q(60, "megabyte / minute")},
        Q(2, "day") * Q(60, "megabyte / minute"),
    ),
    (
        edge.catch_up_hours,
        {
            "outage_hours": Q(90, "minute"),
            "needed_mbit_per_second": Q(60, "megabyte / minute"),
            "uplink_mbit_per_second": Q(1.2, "megabyte / second"),
        },
        Q(90, "minute") * Q(1, "megabyte / second") / Q(0.2, "megabyte / second"),
    ),
    # training
    (training.training_flops, {"parameters_b": Q(7e9), "tokens_b": Q(2e12)}, Q(6 * 7e9 * 2e12)),
    (
        training.training_accelerator_hours,
        {"work_flops": Q(1e23), "peak_tflops": Q(6e16, "1 / minute"), "mfu_ratio": Q(0.4), "goodput_ratio": Q(0.9)},
        1e23 / (Q(6e16, "1 / minute") * 0.4 * 0.9),
    ),
    (
        training.job_mean_time_between_failures_hours,
        {"failures_per_node_day": Q(2.4, "1 / year"), "nodes_count": Q(128)},
        1 / (Q(2.4, "1 / year") * 128),
    ),
    (
        training.young_checkpoint_interval_hours,
        {"checkpoint_hours": Q(3, "minute"), "mean_time_between_failures_hours": Q(2, "day")},
        (2 * Q(3, "minute") * Q(2, "day")) ** 0.5,
    ),
    # demand, rates, reliability
    (
        demand.growth_factor,
        {"months": Q(3, "year"), "growth_ratio_per_year": Q(0.3, "1 / year")},
        Q(1.3**3),
    ),
    (
        classic.served_rate_units_per_second,
        {"measured_units_per_second": RATE, "server_over_offline_ratio": Q(0.8), "derate_ratio": Q(0.5)},
        RATE * 0.4,
    ),
    (
        redundancy.availability_ratio,
        {"mean_up_hours": Q(1, "year"), "mean_down_hours": Q(30, "minute")},
        Q(1, "year") / (Q(1, "year") + Q(30, "minute")),
    ),
    (error_budget.budget_hours, {"slo_ratio": Q(0.999), "window_hours": Q(30, "day")}, Q(30, "day") * (1 - 0.999)),
    (
        queueing.pollaczek_khinchine_wait_seconds,
        {"offered_load_erlang": Q(0.5), "mean_service_seconds": Q(3, "minute"), "service_scv_ratio": Q(1.0)},
        Q(3, "minute"),
    ),
]


@pytest.mark.parametrize(("function", "given", "expected"), CLOSED, ids=[case[0].__name__ for case in CLOSED])
def test_a_closed_formula_gives_the_physics(function: Callable[..., Any], given: dict[str, Any], expected: Any) -> None:
    same(called(function, **given), expected)
