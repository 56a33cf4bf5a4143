"""Published cost cases, closed forms and properties of the cost rooms."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault
from groundwork.formulas import cost

PUBLISHED = Path(__file__).parent / "published"


def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = rows("cost_cases.csv")
ERRORS = {row["case_id"]: row for row in rows("cost_errors.csv")}


def egress_tiers(provider: str) -> tuple[list[float], list[float]]:
    tiers = [row for row in rows("egress_tiers.csv") if row["provider"] == provider]
    return [float(row["tier_from_gb"]) for row in tiers], [float(row["usd"]) for row in tiers]


# --- one small function per kind of published case: from the case's own names to ours ------------------------------------------


def cloud_exit_result(case: dict[str, Any]) -> dict[str, float]:
    months = cost.cloud_exit_payback_months(case["capex"], case["cloud_before"], case["cloud_after"])
    saving = cost.cloud_exit_saving_usd_per_year(case["cloud_before"], case["cloud_after"])
    return {"payback_months": float(months), "saving_year_musd": float(saving) / 1e6}


def five_year_tco(case: dict[str, Any]) -> dict[str, float]:
    parts = cost.ownership_tco(
        capex_usd=case["gpus"] * case["usd_per_gpu"],
        years=case["years"],
        power_kw=case["gpus"] * case["tdp_w"] / 1000,
        load_ratio=cost.power_load_ratio(case["util"], 0.0),
        pue_ratio=case["pue"],
        power_usd_per_kwh=case["usd_kwh"],
        colocation_usd_per_month=0.0,
        staff_usd_per_year=0.0,
        maintenance_ratio_per_year=0.0,
    )
    million = {"capex_musd": parts.capital_usd, "power_musd": parts.power_usd, "total_musd": parts.total_usd}
    return {name: float(value) / 1e6 for name, value in million.items()}


def rent_annual(case: dict[str, Any]) -> dict[str, float]:
    return {"usd_year": float(cost.rent_usd(case["usd_h"], case["hours"]))}


def colocation(case: dict[str, Any]) -> dict[str, float]:
    low, high = cost.colocation_usd_per_month(case["kw"], case["usd_kw_month"], case["space"], case["bandwidth"], case["hands"])
    return {"low_month": float(low), "high_month": float(high)}


def unit_economics(case: dict[str, Any]) -> dict[str, float]:
    return {"usd_per_1m": float(cost.usd_per_million_tokens(case["bill_usd"], case["tokens"]))}


def egress_error_trap(case: dict[str, Any]) -> dict[str, float]:
    return {"usd_tiered": float(cost.tiered_cost_usd(case["gb"], *egress_tiers(case["provider"])))}


def own_cumulative(case: dict[str, Any]) -> dict[str, float]:
    cumulative = cost.own_cumulative_usd(
        case["capex"], case["opex_h"], 8760.0, case["staff"] + case["net_storage"], case["maint"]
    )
    assert cumulative.shape == (case["years"],)
    return {"year1": cumulative[0], "year2_on": cumulative[1] - cumulative[0], "cum5": cumulative[-1]}


def own_vs_rent(case: dict[str, Any]) -> dict[str, float]:
    return {"break_even_hours": float(cost.break_even_hours(case["capex"], case["rent_usd_h"], case["own_usd_h"]))}


def own_vs_rent_utilisation(case: dict[str, Any]) -> dict[str, float]:
    years = cost.break_even_years(case["capex"], case["rent_usd_h"], case["own_usd_h"], case["hours_per_day"])
    return {"break_even_years": float(years)}


def tax_depreciation(case: dict[str, Any]) -> dict[str, float]:
    by_year = cost.tax_depreciation_usd(case["capex"], np.array(case["table_pct"]) / 100)
    return {"by_year": by_year}


def commitment(case: dict[str, Any]) -> dict[str, float]:
    return {"break_even_util": float(cost.commitment_break_even_utilisation_ratio(case["committed"], case["od"]))}


def token_bill(case: dict[str, Any]) -> dict[str, float]:
    names = ("in", "cached", "out", "usd_in", "usd_cached", "usd_out")
    return {"usd": float(cost.token_bill_usd(*(case[name] for name in names)))}


KINDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "cloud_exit_result": cloud_exit_result,
    "5_year_tco": five_year_tco,
    "rent_annual": rent_annual,
    "colocation": colocation,
    "unit_economics": unit_economics,
    "egress_error_trap": egress_error_trap,
    "own_cumulative": own_cumulative,
    "own_vs_rent": own_vs_rent,
    "own_vs_rent_utilisation": own_vs_rent_utilisation,
    "tax_depreciation": tax_depreciation,
    "commitment": commitment,
    "token_bill": token_bill,
}


@pytest.mark.parametrize("case", CASES, ids=[case["case_id"] for case in CASES])
def test_published_case(case: dict[str, str]) -> None:
    ours = KINDS[case["kind"]](json.loads(case["inputs_json"]))
    expected = {name: value for name, value in json.loads(case["expected_json"]).items() if not name.startswith("published")}
    assert set(expected) == set(ours)
    for name, value in expected.items():
        assert ours[name] == pytest.approx(value, rel=float(case["tolerance_rel"])), name


def test_all_published_cases_are_here() -> None:
    assert len(CASES) == 15
    assert {case["kind"] for case in CASES} == set(KINDS)


# --- published errors are detected ---------------------------------------------------------------------------------------------


def test_flat_egress_rate_is_detected() -> None:
    case = next(case for case in CASES if case["kind"] == "egress_error_trap")
    gb = json.loads(case["inputs_json"])["gb"]
    tiers = egress_tiers("AWS")
    published = json.loads(case["expected_json"])["published_flat"]
    right = float(cost.tiered_cost_usd(gb, *tiers))
    assert cost.published_error(published, right, cost.tiered_cost_mistakes_usd(gb, *tiers)) == "flat_first_tier_rate"


def test_short_prompt_rate_for_a_long_prompt_is_detected() -> None:
    # The second error: the figure the source calls right prices a prompt of 262,960 tokens below the 200,000 threshold.
    error = ERRORS["gemini_long_prompt_recomputed"]
    thresholds = (0.0, 200_000.0)
    rate_in = float(cost.whole_volume_rate(262_960, thresholds, (1.25, 2.50)))
    rate_out = float(cost.whole_volume_rate(262_960, thresholds, (10.0, 15.0)))
    right = float(cost.token_bill_usd(262_960, 257_955, 1_744, rate_in, 0.625, rate_out))
    short = float(cost.token_bill_usd(262_960, 257_955, 1_744, 1.25, 0.625, 10.0))
    assert right == pytest.approx(float(error["right"]), rel=1e-5)
    assert cost.published_error(float(error["published"]), right, {error["error"]: short}) == error["error"]


def test_cached_tokens_charged_twice_are_detected() -> None:
    error = ERRORS["gemini_long_prompt_billed"]
    bill = (262_960, 257_955, 1_744, 2.50, 0.3125, 15.0)
    right = float(cost.token_bill_usd(*bill))
    assert right == pytest.approx(float(error["right"]), rel=1e-4)
    assert cost.published_error(float(error["published"]), right, cost.token_bill_mistakes_usd(*bill)) == error["error"]


def test_a_purchase_repeated_every_year_is_recognised() -> None:
    # If the guide's 8,000 USD of network and storage are bought once, its five-year figure holds them four times too often.
    once = float(cost.own_cumulative_usd(258_000, 0.87, 8760, 50_000, [3000, 5000, 5000, 5000, 5000])[-1])
    assert cost.published_error(601_105, once, cost.repeated_purchase_usd(once, 8_000, 5)) == "purchase_repeated_every_year"


def test_a_right_figure_has_no_error_and_a_strange_one_is_unexplained() -> None:
    mistakes = cost.break_even_mistakes_hours(833_806, 98.32, 0.87)
    right = float(cost.break_even_hours(833_806, 98.32, 0.87))
    assert cost.published_error(8556, right, mistakes) is None
    assert cost.published_error(833_806 / 98.32, right, mistakes) == "running_cost_left_out"
    assert cost.published_error(20_000, right, mistakes) == "unexplained"


# --- closed forms --------------------------------------------------------------------------------------------------------------

OWNED = {
    "capex_usd": 400_000.0,
    "residual_ratio": 0.1,
    "life_years": 5.0,
    "cost_of_capital_ratio": 0.1,
    "power_kw": 10.2,
    "load_ratio": 0.7,
    "pue_ratio": 1.5,
    "power_usd_per_kwh": 0.1,
    "colocation_usd_per_month": 2_000.0,
    "staff_usd_per_year": 50_000.0,
    "maintenance_ratio_per_year": 0.05,
}


def test_capital_recovery_is_worth_the_capital_less_the_residual() -> None:
    # sum of the charges at i, plus the residual at the end, is the price: 100,000 at 8 % over 4 years with 20,000 left
    charge = float(cost.capital_recovery_usd_per_year(100_000, 0.2, 4, 0.08))
    worth = sum(charge / 1.08**year for year in range(1, 5)) + 20_000 / 1.08**4
    assert worth == pytest.approx(100_000, rel=1e-12)
    assert float(cost.capital_recovery_usd_per_year(100_000, 0.2, 4, 0.0)) == pytest.approx(20_000)


def test_owned_year_adds_up_by_hand() -> None:
    year = cost.owned_usd_per_year(**OWNED)
    assert float(year.power_usd) == pytest.approx(10.2 * 0.7 * 1.5 * 8760 * 0.1)
    assert float(year.total_usd) == pytest.approx(float(year.capital_usd + year.power_usd) + 24_000 + 50_000 + 20_000)
    assert float(cost.owned_usd_per_gpu_hour(year, 8, 1.0)) == pytest.approx(float(year.total_usd) / (8 * 8760))


def test_a_busy_hour_at_five_percent_costs_twenty_times_the_full_one() -> None:
    year = cost.owned_usd_per_year(**OWNED)
    assert cost.owned_usd_per_gpu_hour(year, 8, 0.05) == pytest.approx(20 * cost.owned_usd_per_gpu_hour(year, 8, 1.0))


def test_break_even_utilisation_makes_both_equal() -> None:
    share = float(cost.break_even_utilisation_ratio(150_000, 1.0, 24.0))
    assert 150_000 + share * 8760 * 1.0 == pytest.approx(share * 8760 * 24.0)


def test_owning_that_runs_dearer_never_breaks_even() -> None:
    assert float(cost.break_even_hours(1.0, 1.0, 2.0)) == inf
    assert float(cost.cloud_exit_payback_months(1.0, 1.0, 2.0)) == inf
    assert float(cost.spot_effective_usd_per_hour(1.0, 0.5, 2.0)) == inf


def test_gross_up_and_spot_and_tiers() -> None:
    assert float(cost.all_in_capex_usd(34_000, 0.32)) == pytest.approx(50_000)
    assert float(cost.spot_effective_usd_per_hour(1.0, 0.1, 2.0)) == pytest.approx(1.25)
    assert cost.tiered_cost_usd([0, 5, 10, 15], [0, 10], [2.0, 1.0]).tolist() == [0, 10, 20, 25]
    assert cost.whole_volume_rate([0, 10, 10.5], [0, 10], [2.0, 1.0]).tolist() == [2, 2, 1]


def test_unit_costs() -> None:
    assert float(cost.usd_per_thousand_inferences(50, 1e6)) == pytest.approx(0.05)
    assert float(cost.usd_per_decision(50, 1e6, 4)) == pytest.approx(2e-4)
    assert float(cost.usd_per_accepted_outcome(1.0, 0.5, 3.0)) == pytest.approx(5.0)
    # 8 GPUs at 2 USD, 10,000 tokens/s at 25 %: 16 USD for 9 million tokens
    assert float(cost.self_hosted_usd_per_million_tokens(2.0, 8, 10_000, 0.25)) == pytest.approx(16 / 9)


def test_api_break_even_is_at_equal_quality() -> None:
    outcomes = float(cost.api_break_even_outcomes_per_month(10_000, 0.01, 0.8, 0.10, 0.95, 0.5))
    own = cost.usd_per_accepted_outcome(0.01, 0.8, 0.5)
    api = cost.usd_per_accepted_outcome(0.10, 0.95, 0.5)
    assert own > api  # the cheaper attempt is the dearer outcome
    assert outcomes == inf
    assert float(cost.api_break_even_outcomes_per_month(900, 0.01, 0.9, 0.10, 0.9, 0.5)) == pytest.approx(9_000)


def test_spread_and_carbon() -> None:
    spread = cost.unit_cost_spread(np.linspace(1, 2, 101))
    assert (float(spread.p10_usd), float(spread.p50_usd), float(spread.p90_usd)) == pytest.approx((1.1, 1.5, 1.9))
    assert bool(spread.stable_within(2.0))
    assert not bool(spread.stable_within(1.5))
    # 10 kW x 0.5 x 1.2 x 100 h at 400 g = 240 kg; 1,000 kg over 10,000 h adds 10
    assert float(cost.carbon_kg(10, 0.5, 1.2, 100, 400, 1000, 10_000)) == pytest.approx(250)
    assert float(cost.carbon_usd(250, 80)) == pytest.approx(20)


# --- warnings ------------------------------------------------------------------------------------------------------------------


def test_every_warning_fires_on_its_own_and_all_together() -> None:
    triggers: dict[str, dict[str, Any]] = {
        "list_and_street_mixed": {"price_bases": ("list", "street")},
        "break_even_at_full_utilisation": {"break_even_utilisation_ratio": 1.0},
        "price_older_than_90_days": {"price_dates": (date(2026, 1, 1),), "today": date(2026, 4, 2)},
        "api_price_at_unequal_quality": {"own_accepted_ratio": 0.8, "api_accepted_ratio": 0.9},
        "end_of_horizon_purchase_without_terminal_value": {
            "purchase_months": (0, 30),
            "life_months": 36,
            "horizon_months": 36,
        },
    }
    for code, arguments in triggers.items():
        assert [warning.code for warning in cost.price_warnings(**arguments)] == [code]
    everything = {name: value for arguments in triggers.values() for name, value in arguments.items()}
    assert [warning.code for warning in cost.price_warnings(**everything)] == list(triggers)


def test_no_warning_without_a_reason() -> None:
    assert cost.price_warnings() == ()
    quiet = cost.price_warnings(
        price_bases=("street", "negotiated"),
        break_even_utilisation_ratio=0.4,
        price_dates=(date(2026, 1, 1),),
        today=date(2026, 4, 1),
        own_accepted_ratio=0.9,
        api_accepted_ratio=0.905,
        purchase_months=(30,),
        life_months=36,
        horizon_months=36,
        terminal_value_usd=1.0,
    )
    assert quiet == ()


# --- refusals and properties ---------------------------------------------------------------------------------------------------


def test_bad_inputs_name_field_and_range_all_at_once() -> None:
    with pytest.raises(InputFault) as refusal:
        cost.token_bill_usd(10, 11, -1, 1, 1, 1)
    assert [fault.path for fault in refusal.value.faults] == ["cached_tokens", "output_tokens"]
    with pytest.raises(InputFault, match="utilisation_ratio: must be finite and above 0; came 0"):
        cost.owned_usd_per_gpu_hour(cost.owned_usd_per_year(**OWNED), 8, 0.0)
    with pytest.raises(InputFault, match=r"pue_ratio: must be finite and at least 1; came 0\.9"):
        cost.energy_kwh(1, 1, 0.9, 1)
    with pytest.raises(InputFault, match="schedule_ratio: must sum to 1"):
        cost.tax_depreciation_usd(1, [0.5, 0.4])
    with pytest.raises(InputFault, match="tier_from: must start at 0 and rise"):
        cost.tiered_cost_usd(1, [1, 2], [1, 1])
    with pytest.raises(InputFault, match="capex_usd"):
        cost.break_even_hours([1.0, float("nan")], 2, 1)


RATES = st.lists(st.floats(0, 10), min_size=1, max_size=4)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(rates=RATES, amount=st.floats(0, 1e4), more=st.floats(0, 1e4))
def test_tiers_are_monotone_and_one_tier_is_flat(rates: list[float], amount: float, more: float) -> None:
    start = [100.0 * tier for tier in range(len(rates))]
    smaller, larger = cost.tiered_cost_usd([amount, amount + more], start, rates)
    assert larger >= smaller - 1e-9 * abs(smaller)
    assert float(cost.tiered_cost_usd(amount, [0.0], rates[:1])) == pytest.approx(amount * rates[0])


@settings(derandomize=True, max_examples=60, deadline=None)
@given(tokens=st.integers(1, 10**6), share=st.floats(0, 1), fresh=st.floats(0, 20), cached=st.floats(0, 20), out=st.floats(0, 90))
def test_token_bill_is_between_all_fresh_and_all_cached(
    tokens: int, share: float, fresh: float, cached: float, out: float
) -> None:
    bill = float(cost.token_bill_usd(tokens, share * tokens, 10, fresh, cached, out))
    ends = [float(cost.token_bill_usd(tokens, part, 10, fresh, cached, out)) for part in (0, tokens)]
    assert min(ends) - 1e-12 <= bill <= max(ends) + 1e-12


@settings(derandomize=True, max_examples=40, deadline=None)
@given(utilisation=st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6))
def test_more_use_never_makes_the_busy_hour_dearer_and_vector_is_scalar(utilisation: list[float]) -> None:
    year = cost.owned_usd_per_year(**OWNED)
    ordered = np.sort(utilisation)
    together = cost.owned_usd_per_gpu_hour(year, 8, ordered)
    assert np.all(np.diff(together) <= 0)
    assert together.tolist() == [float(cost.owned_usd_per_gpu_hour(year, 8, share)) for share in ordered]
