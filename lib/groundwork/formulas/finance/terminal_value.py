"""What is left at the end of the horizon: three stated assumptions, never an afterthought.

References
----------
.. [1] R. A. Brealey, S. C. Myers, F. Allen (2020), Principles of Corporate Finance, 13th ed., ch. 2 and 5.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def terminal_value_of_run_margin_usd(margin_usd_per_month: ArrayLike, further_months: ArrayLike) -> Array:
    """Terminal value as so many further months of the last monthly margin, never below zero.

    What a user would get wrong: this is an assumption, not a result, and it can change the verdict: show it. A loss is cut off
    because a service that loses money can be closed; platform run cost that goes on must be subtracted by the caller.

    Parameters
    ----------
    margin_usd_per_month
        Run margin at the end of the horizon, any shape, USD.
    further_months
        Months beyond the horizon that count, 0 or more; undiscounted.
    """
    refuse([finite("margin_usd_per_month", margin_usd_per_month), at_least("further_months", further_months, 0.0)])
    return np.maximum(0.0, np.asarray(margin_usd_per_month, dtype=np.float64)) * np.asarray(further_months, dtype=np.float64)


def terminal_value_of_perpetuity_usd(
    cash_usd_per_period: ArrayLike, rate_ratio_per_period: ArrayLike, growth_ratio_per_period: ArrayLike
) -> Array:
    """Worth at the horizon of cash that goes on for ever, first paid one period later: cash (1 + g) / (i - g).

    Parameters
    ----------
    cash_usd_per_period
        The last period's cash, any shape, USD.
    rate_ratio_per_period, growth_ratio_per_period
        Per period; the rate must exceed the growth.

    References
    ----------
    [1]_ ch. 2, growing perpetuity.
    """
    rate = np.asarray(rate_ratio_per_period, dtype=np.float64)
    growth = np.asarray(growth_ratio_per_period, dtype=np.float64)
    refuse(
        [
            finite("cash_usd_per_period", cash_usd_per_period),
            holds("growth_ratio_per_period", bool(np.all(rate > growth)), "must be below rate_ratio_per_period"),
        ]
    )
    return np.asarray(np.asarray(cash_usd_per_period, dtype=np.float64) * (1.0 + growth) / (rate - growth))


def terminal_value_of_remaining_life_usd(
    purchase_usd: ArrayLike, residual_ratio: ArrayLike, life_months: ArrayLike, age_months: ArrayLike
) -> Array:
    """What an owned machine is worth at the end of the horizon, on a straight line from its price to its residual value.

    Without it a purchase shortly before the end is charged in full against nothing, and every plan stops buying there.

    Parameters
    ----------
    purchase_usd
        Price paid, any shape, USD.
    residual_ratio
        Share of the price left at the end of life, 0 to 1.
    life_months, age_months
        Useful life, and age at the end of the horizon; past its life it is worth the residual.
    """
    refuse(
        [
            at_least("purchase_usd", purchase_usd, 0.0),
            between("residual_ratio", residual_ratio, 0.0, 1.0),
            above("life_months", life_months, 0.0),
            at_least("age_months", age_months, 0.0),
        ]
    )
    used = np.minimum(1.0, np.asarray(age_months, dtype=np.float64) / np.asarray(life_months, dtype=np.float64))
    residual = np.asarray(residual_ratio, dtype=np.float64)
    return np.asarray(np.asarray(purchase_usd, dtype=np.float64) * (1.0 - used * (1.0 - residual)))
