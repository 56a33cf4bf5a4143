"""What the usual mistakes give: the wrong figure, so that a published one can be recognised by `published_error`.

Each function names a mistake that was found in print and computes it on purpose; none of them belongs into a plan.

References
----------
.. [1] github.com/BerriAI/litellm/issues/14849 (2025-09-24), cached tokens charged twice;
   github.com/pydantic/logfire/issues/1316, left out.
.. [2] The flat egress rate: 50 TB at the first tier's price, in a published cost guide of 2026.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundwork.formulas.cost.tariffs import tiered_cost_usd, token_bill_usd
from groundwork.formulas.input_ranges import above, at_least, refuse


def token_bill_mistakes_usd(
    input_tokens: float,
    cached_tokens: float,
    output_tokens: float,
    input_usd_per_million: float,
    cached_usd_per_million: float,
    output_usd_per_million: float,
) -> dict[str, float]:
    """Wrong bills for the same requests: cached tokens charged twice, left out, at full price, output left out.

    Parameters
    ----------
    input_tokens, cached_tokens, output_tokens, input_usd_per_million, cached_usd_per_million, output_usd_per_million
        As in `token_bill_usd`.

    References
    ----------
    [1]_.
    """
    right = float(
        token_bill_usd(
            input_tokens,
            cached_tokens,
            output_tokens,
            input_usd_per_million,
            cached_usd_per_million,
            output_usd_per_million,
        )
    )
    cached_at_full = cached_tokens * input_usd_per_million / 1e6
    cached_at_its_own = cached_tokens * cached_usd_per_million / 1e6
    return {
        "cached_tokens_charged_twice": right + cached_at_full,
        "cached_tokens_left_out": right - cached_at_its_own,
        "cached_tokens_at_full_price": right - cached_at_its_own + cached_at_full,
        "output_tokens_left_out": right - output_tokens * output_usd_per_million / 1e6,
    }


def tiered_cost_mistakes_usd(amount: float, tier_from: Sequence[float], tier_usd_per_unit: Sequence[float]) -> dict[str, float]:
    """Wrong bills under the same tariff: all at the first rate, all at the rate of the tier reached.

    Parameters
    ----------
    amount, tier_from, tier_usd_per_unit
        As in `tiered_cost_usd`.

    References
    ----------
    [2]_.
    """
    tiered_cost_usd(amount, tier_from, tier_usd_per_unit)  # for its checks of the tariff
    reached = max(int(np.searchsorted(np.asarray(tier_from, np.float64), amount, side="left")) - 1, 0)
    return {
        "flat_first_tier_rate": amount * tier_usd_per_unit[0],
        "flat_reached_tier_rate": amount * tier_usd_per_unit[reached],
    }


def break_even_mistakes_hours(capex_usd: float, rent_usd_per_hour: float, own_usd_per_hour: float) -> dict[str, float]:
    """Wrong break-evens of the same machine: capital over the rent alone, and over rent plus running cost.

    Parameters
    ----------
    capex_usd, rent_usd_per_hour, own_usd_per_hour
        As in `break_even_hours`; rent above 0.
    """
    refuse(
        [
            at_least("capex_usd", capex_usd, 0.0),
            above("rent_usd_per_hour", rent_usd_per_hour, 0.0),
            at_least("own_usd_per_hour", own_usd_per_hour, 0.0),
        ]
    )
    return {
        "running_cost_left_out": capex_usd / rent_usd_per_hour,
        "running_cost_added": capex_usd / (rent_usd_per_hour + own_usd_per_hour),
    }


def repeated_purchase_usd(right_cumulative_usd: float, purchase_usd: float, years: int) -> dict[str, float]:
    """Cumulative cost when something bought once is charged in every year.

    Parameters
    ----------
    right_cumulative_usd
        With the purchase counted once, USD.
    purchase_usd
        Its price, 0 or more.
    years
        1 or more.
    """
    refuse([at_least("purchase_usd", purchase_usd, 0.0), at_least("years", years, 1)])
    return {"purchase_repeated_every_year": right_cumulative_usd + (years - 1) * purchase_usd}
