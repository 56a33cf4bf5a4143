"""What things cost: owned machines, own against rent, bills with tiers, unit economics, and what to be wary of."""

from groundwork.formulas.cost.lifetime import (
    colocation_usd_per_month,
    own_cumulative_usd,
    ownership_tco,
    tax_depreciation_usd,
)
from groundwork.formulas.cost.mistakes import (
    break_even_mistakes_hours,
    repeated_purchase_usd,
    tiered_cost_mistakes_usd,
    token_bill_mistakes_usd,
)
from groundwork.formulas.cost.own_or_rent import (
    break_even_hours,
    break_even_utilisation_ratio,
    break_even_years,
    cloud_exit_payback_months,
    cloud_exit_saving_usd_per_year,
    commitment_break_even_utilisation_ratio,
    rent_usd,
    spot_effective_usd_per_hour,
)
from groundwork.formulas.cost.ownership import (
    OwnershipCost,
    all_in_capex_usd,
    capital_recovery_usd_per_year,
    energy_kwh,
    owned_usd_per_gpu_hour,
    owned_usd_per_year,
    power_load_ratio,
)
from groundwork.formulas.cost.tariffs import (
    tiered_cost_usd,
    token_bill_usd,
    whole_volume_rate,
)
from groundwork.formulas.cost.unit_economics import (
    UnitCostSpread,
    api_break_even_outcomes_per_month,
    carbon_kg,
    carbon_usd,
    self_hosted_usd_per_million_tokens,
    unit_cost_spread,
    usd_per_accepted_outcome,
    usd_per_decision,
    usd_per_million_tokens,
    usd_per_thousand_inferences,
)
from groundwork.formulas.cost.warnings import (
    PriceWarning,
    price_warnings,
    published_error,
)

__all__ = [
    "OwnershipCost",
    "PriceWarning",
    "UnitCostSpread",
    "all_in_capex_usd",
    "api_break_even_outcomes_per_month",
    "break_even_hours",
    "break_even_mistakes_hours",
    "break_even_utilisation_ratio",
    "break_even_years",
    "capital_recovery_usd_per_year",
    "carbon_kg",
    "carbon_usd",
    "cloud_exit_payback_months",
    "cloud_exit_saving_usd_per_year",
    "colocation_usd_per_month",
    "commitment_break_even_utilisation_ratio",
    "energy_kwh",
    "own_cumulative_usd",
    "owned_usd_per_gpu_hour",
    "owned_usd_per_year",
    "ownership_tco",
    "power_load_ratio",
    "price_warnings",
    "published_error",
    "rent_usd",
    "repeated_purchase_usd",
    "self_hosted_usd_per_million_tokens",
    "spot_effective_usd_per_hour",
    "tax_depreciation_usd",
    "tiered_cost_mistakes_usd",
    "tiered_cost_usd",
    "token_bill_mistakes_usd",
    "token_bill_usd",
    "unit_cost_spread",
    "usd_per_accepted_outcome",
    "usd_per_decision",
    "usd_per_million_tokens",
    "usd_per_thousand_inferences",
    "whole_volume_rate",
]
