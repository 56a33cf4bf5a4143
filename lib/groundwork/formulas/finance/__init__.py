"""Money over time: present value, rates of return, payback, risk in the tail, and when to stop waiting."""

from groundwork.formulas.finance.cash_flow import (
    annuity_usd,
    capital_recovery_ratio,
    discount_factors,
    monthly_rate_ratio,
    net_present_value_usd,
    return_on_investment_ratio,
    series,
)
from groundwork.formulas.finance.commitment_timing import (
    investment_trigger_exponent,
    investment_trigger_ratio,
    ski_rental_cost_usd,
    ski_rental_deterministic_bound,
    ski_rental_randomised_bound,
    ski_rental_switch_periods,
)
from groundwork.formulas.finance.recovery import (
    InternalRates,
    discounted_payback_periods,
    internal_rate_by_sample,
    internal_rates,
    lasting_payback_periods,
    payback_from_cumulative,
    payback_periods,
)
from groundwork.formulas.finance.tail_risk import (
    conditional_value_at_risk,
    normal_conditional_value_at_risk,
    normal_value_at_risk,
)
from groundwork.formulas.finance.terminal_value import (
    terminal_value_of_perpetuity_usd,
    terminal_value_of_remaining_life_usd,
    terminal_value_of_run_margin_usd,
)

__all__ = [
    "InternalRates",
    "annuity_usd",
    "capital_recovery_ratio",
    "conditional_value_at_risk",
    "discount_factors",
    "discounted_payback_periods",
    "internal_rate_by_sample",
    "internal_rates",
    "investment_trigger_exponent",
    "investment_trigger_ratio",
    "lasting_payback_periods",
    "monthly_rate_ratio",
    "net_present_value_usd",
    "normal_conditional_value_at_risk",
    "normal_value_at_risk",
    "payback_from_cumulative",
    "payback_periods",
    "return_on_investment_ratio",
    "series",
    "ski_rental_cost_usd",
    "ski_rental_deterministic_bound",
    "ski_rental_randomised_bound",
    "ski_rental_switch_periods",
    "terminal_value_of_perpetuity_usd",
    "terminal_value_of_remaining_life_usd",
    "terminal_value_of_run_margin_usd",
]
