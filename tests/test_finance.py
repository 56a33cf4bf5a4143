"""Method answers from the literature, closed forms and properties of the finance rooms."""

from __future__ import annotations

import csv
from math import e, inf, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault
from groundwork.formulas import finance

METHODS = Path(__file__).parent / "published" / "cost_methods.csv"


def printed(method: str) -> str:
    """The expected text of a method test, so that the file and this test cannot drift apart."""
    with METHODS.open(encoding="utf-8", newline="") as file:
        return next(row["expected"] for row in csv.DictReader(file) if row["method"] == method)


def test_net_present_value_and_internal_rate() -> None:
    assert printed("NPV/IRR check") == "NPV(10 %) 4.132; IRR 13.066 %"
    assert float(finance.net_present_value_usd([-100, 60, 60], 0.10)) == pytest.approx(4.132, abs=5e-4)
    found = finance.internal_rates([-100, 60, 60])
    assert found.count == "one"
    assert found.rates_ratio_per_period[0] == pytest.approx(0.13066, abs=5e-6)
    assert found.said == "13.07 %"


def test_payback() -> None:
    assert printed("payback simple/discounted") == "2.5 years; discounted 3.02 years"
    cash = [-100] + [40] * 5
    assert float(finance.payback_periods(cash)) == pytest.approx(2.5)
    assert float(finance.discounted_payback_periods(cash, 0.10)) == pytest.approx(3.02, abs=0.005)


def test_annuity() -> None:
    assert printed("annuity") == "1998103 per month"
    assert float(finance.annuity_usd(66_668_100, 0.05 / 12, 36)) == pytest.approx(1_998_103, rel=1e-4)


@pytest.mark.parametrize(
    ("level", "value", "conditional"),
    [(0.90, 0.067847, 0.096975), (0.95, 0.090199, 0.115908), (0.99, 0.132128, 0.152977)],
)
def test_tail_of_a_normal_portfolio(level: float, value: float, conditional: float) -> None:
    assert f"{value:.6f}" in printed("CVaR normal portfolio")
    assert f"{conditional:.6f}" in printed("CVaR normal portfolio")
    sd = sqrt(0.00378529)
    assert float(finance.normal_value_at_risk(-0.011, sd, level)) == pytest.approx(value, abs=1e-5)
    assert float(finance.normal_conditional_value_at_risk(-0.011, sd, level)) == pytest.approx(conditional, abs=1e-5)


def test_standard_normal_tail() -> None:
    assert float(finance.normal_conditional_value_at_risk(0, 1, 0.95)) == pytest.approx(2.06271, abs=5e-6)


@pytest.mark.parametrize(
    ("method", "rate", "payout", "sigma", "beta", "ratio"),
    [("real option trigger A", 0.04, 0.04, 0.2, 2.0, 2.0), ("real option trigger B", 0.05, 0.05, 0.3, 1.6667, 2.5)],
)
def test_real_option_trigger(method: str, rate: float, payout: float, sigma: float, beta: float, ratio: float) -> None:
    assert f"{beta:g}" in printed(method)
    assert f"V*={ratio:g}" in printed(method)
    assert float(finance.investment_trigger_exponent(rate, payout, sigma)) == pytest.approx(beta, abs=5e-5)
    assert float(finance.investment_trigger_ratio(rate, payout, sigma)) == pytest.approx(ratio, abs=1e-12)


def test_ski_rental_bounds() -> None:
    assert "never worse than 2x" in printed("ski rental deterministic")
    assert "1.582" in printed("ski rental randomised")
    assert float(finance.ski_rental_deterministic_bound(0.0)) == 2.0
    assert float(finance.ski_rental_randomised_bound(0.0)) == pytest.approx(1.582, abs=5e-4)
    assert float(finance.ski_rental_randomised_bound(0.4)) == pytest.approx(e / (e - 0.6))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(buy=st.floats(1, 1e4), rent=st.floats(0.1, 100), need=st.floats(0, 1e5))
def test_buying_when_rent_paid_equals_the_price_is_never_worse_than_twice(buy: float, rent: float, need: float) -> None:
    switch = finance.ski_rental_switch_periods(buy, rent)
    paid = float(finance.ski_rental_cost_usd(need, buy, rent, switch))
    assert paid <= 2.0 * min(buy, rent * need) * (1 + 1e-12) + 1e-12


def test_none_and_several_internal_rates_are_said() -> None:
    none = finance.internal_rates([100, 20, 5])
    assert none.count == "none"
    assert none.rates_ratio_per_period == ()
    assert "no rate" in none.said
    assert finance.internal_rates([100, -300, 250]).count == "none"  # changes sign twice and still has no root
    several = finance.internal_rates([-1.6, 10, -10])
    assert several.count == "several"
    assert several.rates_ratio_per_period == pytest.approx((0.25, 4.0))
    assert "use NPV" in several.said
    touching = finance.internal_rates([-1, 2.4, -1.44])  # -(1 - 1.2 v)^2: touches zero at 20 % and crosses nowhere
    assert touching.count == "one"
    assert touching.rates_ratio_per_period == pytest.approx((0.2,), abs=1e-6)


def test_internal_rate_by_sample_matches_the_single_series_and_refuses_doubt() -> None:
    cash = np.array([[-100, -100, -1.6], [60, 10, 10], [60, 20, -10]], dtype=float)
    rates = finance.internal_rate_by_sample(cash)
    assert rates[0] == pytest.approx(0.13066, abs=5e-6)
    assert np.isnan(rates[1:]).all()


def test_payback_by_sample_first_lasting_never() -> None:
    # once, twice under water, never, never in debt
    cash = np.array([[-10, -10, -10, 5], [15, 15, 1, 1], [0, -10, 1, 1], [0, 10, 1, 1]], dtype=float)
    assert finance.payback_periods(cash) == pytest.approx([10 / 15, 10 / 15, inf, 0])
    assert finance.lasting_payback_periods(cash) == pytest.approx([10 / 15, 2.5, inf, 0])
    cumulative = np.cumsum(cash, axis=0).reshape(4, 2, 2)
    assert finance.payback_from_cumulative(cumulative).shape == (2, 2)
    assert finance.payback_from_cumulative(cumulative).ravel().tolist() == finance.payback_periods(cash).tolist()


def test_discounting_forms_agree() -> None:
    assert float(finance.monthly_rate_ratio(0.1)) == pytest.approx(1.1 ** (1 / 12) - 1, rel=1e-14)
    assert finance.discount_factors(0.25, 3).tolist() == [1.0, 0.8, 0.64]
    cash = np.arange(12.0).reshape(3, 2, 2)
    rates = np.array([0.1, 0.2])
    by_sample = finance.net_present_value_usd(cash, rates)
    for column, rate in enumerate(rates):
        assert by_sample[:, column] == pytest.approx(finance.net_present_value_usd(cash[:, :, column], rate))


def test_terminal_values_and_return() -> None:
    assert finance.terminal_value_of_run_margin_usd([-5.0, 10.0], 12).tolist() == [0.0, 120.0]
    assert float(finance.terminal_value_of_perpetuity_usd(100, 0.10, 0.02)) == pytest.approx(1275)
    left = finance.terminal_value_of_remaining_life_usd(1000, 0.2, 48, [0, 24, 48, 60])
    assert left == pytest.approx([1000, 600, 200, 200])
    assert float(finance.return_on_investment_ratio(130, 100)) == pytest.approx(0.3)
    assert float(finance.capital_recovery_ratio(0.0, 5)) == pytest.approx(0.2)


def test_empirical_tail_counts_the_boundary_sample_by_its_fraction() -> None:
    # worst 2.5 of 10: 10 + 9 + half of 8, over 2.5
    losses = np.arange(1.0, 11.0)
    assert float(finance.conditional_value_at_risk(losses, 0.75)) == pytest.approx((10 + 9 + 4) / 2.5)
    assert float(finance.conditional_value_at_risk(losses, 0.0)) == pytest.approx(5.5)
    assert float(finance.conditional_value_at_risk(losses, 0.99)) == pytest.approx(10)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(losses=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), level=st.floats(0, 0.99))
def test_empirical_tail_is_the_minimum_of_its_program(losses: list[float], level: float) -> None:
    loss = np.array(losses)
    # the minimum over a lies at one of the losses: the objective is convex and piecewise linear
    values = [a + np.maximum(0, loss - a).mean() / (1 - level) for a in loss]
    assert float(finance.conditional_value_at_risk(loss, level)) == pytest.approx(min(values), rel=1e-9, abs=1e-9)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(outlay=st.floats(1, 1e3), inflow=st.lists(st.floats(0.1, 500), min_size=1, max_size=48), rate=st.floats(0.0, 0.5))
def test_npv_falls_with_the_rate_and_vanishes_at_the_internal_one(outlay: float, inflow: list[float], rate: float) -> None:
    cash = np.array([-outlay, *inflow])
    assert finance.net_present_value_usd(cash, rate + 0.01) <= finance.net_present_value_usd(cash, rate) + 1e-9
    found = finance.internal_rates(cash)
    assert found.count in ("one", "none")
    for internal in found.rates_ratio_per_period:
        scale = float(np.abs(cash) @ (1 + internal) ** -np.arange(cash.size, dtype=float))
        assert abs(float(finance.net_present_value_usd(cash, internal))) <= 1e-9 * scale


def test_bad_inputs_are_refused_by_name() -> None:
    with pytest.raises(InputFault, match="cash_usd: must be finite; came nan at \\[1\\]"):
        finance.net_present_value_usd([1.0, float("nan")], 0.1)
    with pytest.raises(InputFault, match="cash_usd: must hold at least one period"):
        finance.payback_periods([])
    with pytest.raises(InputFault, match="growth_ratio_per_period: must be below rate_ratio_per_period"):
        finance.terminal_value_of_perpetuity_usd(1, 0.02, 0.02)
    with pytest.raises(InputFault, match="level_ratio"):
        finance.normal_value_at_risk(0, 1, 1.0)
    with pytest.raises(InputFault) as refusal:
        finance.investment_trigger_ratio(0, 0, 0.1)
    assert [fault.path for fault in refusal.value.faults] == ["rate_ratio", "payout_ratio"]
