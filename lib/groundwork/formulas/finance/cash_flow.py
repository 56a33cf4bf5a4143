"""Money over time: discounting, present value, level payments, return on what was spent.

Cash is an array whose **first axis is time**: element 0 falls now, element k at the end of period k; any further axes
(strategy, sample) are carried along. Inflows are positive. Nothing here knows taxes or accounting: cash is cash.

References
----------
.. [1] R. A. Brealey, S. C. Myers, F. Allen (2020), Principles of Corporate Finance, 13th ed., ch. 2 and 5.
.. [2] J. L. Hennessy, D. A. Patterson (2019), Computer Architecture, 6th ed., ch. 6 (amortised capital of a data centre).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def monthly_rate_ratio(annual_rate_ratio: ArrayLike) -> Array:
    """Discount rate per month that compounds to the annual one, (1 + a)^(1/12) - 1.

    What a user would get wrong: a/12 compounds to more than a. Loan contracts that quote a nominal rate do use a/12: hand
    that to `annuity_usd` directly.

    Parameters
    ----------
    annual_rate_ratio
        Effective annual rate, any shape, above -1 (0.10 for 10 %).
    """
    refuse([above("annual_rate_ratio", annual_rate_ratio, -1.0)])
    return np.asarray(np.expm1(np.log1p(np.asarray(annual_rate_ratio, dtype=np.float64)) / 12.0))


def discount_factors(rate_ratio_per_period: ArrayLike, periods: int) -> Array:
    """Worth today of one USD at the end of periods 0 to `periods` - 1, [period, ...]: (1 + i)^-k."""
    refuse([above("rate_ratio_per_period", rate_ratio_per_period, -1.0), at_least("periods", periods, 1)])
    rate = np.asarray(rate_ratio_per_period, dtype=np.float64)
    period = np.arange(periods, dtype=np.float64).reshape((periods,) + (1,) * rate.ndim)
    return np.asarray((1.0 + rate) ** -period)


def net_present_value_usd(cash_usd: ArrayLike, rate_ratio_per_period: ArrayLike) -> Array:
    """Net present value, sum over k of cash_k (1 + i)^-k, with cash_0 undiscounted.

    What a user would get wrong: spreadsheet NPV() discounts the first payment too, so it is smaller by the factor 1 + i.

    Parameters
    ----------
    cash_usd
        [period, ...], USD.
    rate_ratio_per_period
        Per period of `cash_usd` (a month's rate for monthly cash), scalar or broadcastable to the trailing axes.

    Returns
    -------
    ndarray
        [...], USD.

    References
    ----------
    [1]_ ch. 2: -100, 60, 60 at 10 % is 4.132.
    """
    cash = series("cash_usd", cash_usd)
    rate = np.asarray(rate_ratio_per_period, dtype=np.float64)
    refuse([above("rate_ratio_per_period", rate, -1.0)])
    if rate.ndim == 0:
        return np.asarray(np.tensordot((1.0 + rate) ** -np.arange(cash.shape[0]), cash, axes=1))
    total = np.zeros(np.broadcast_shapes(cash.shape[1:], rate.shape))
    discount = 1.0 / (1.0 + rate)
    for period in range(cash.shape[0] - 1, -1, -1):  # Horner: no [period, ...] array of factors
        total = total * discount + cash[period]
    return total


def capital_recovery_ratio(rate_ratio_per_period: ArrayLike, periods: ArrayLike) -> Array:
    """Level payment per USD of principal, i / (1 - (1 + i)^-n), and 1/n where i is 0.

    Parameters
    ----------
    rate_ratio_per_period
        Interest per period, any shape, 0 or more.
    periods
        Number of payments, any broadcastable shape, above 0.

    References
    ----------
    [2]_: 5 %/12 over 36 months.
    """
    refuse([at_least("rate_ratio_per_period", rate_ratio_per_period, 0.0), above("periods", periods, 0.0)])
    rate, count = np.broadcast_arrays(np.asarray(rate_ratio_per_period, dtype=np.float64), np.asarray(periods, dtype=np.float64))
    # expm1 keeps every digit when the rate is tiny; where it is 0 the limit is 1/n
    growth = -np.expm1(-count * np.log1p(rate))
    return np.asarray(np.where(rate > 0, rate / np.where(growth > 0, growth, 1.0), 1.0 / count))


def annuity_usd(principal_usd: ArrayLike, rate_ratio_per_period: ArrayLike, periods: ArrayLike) -> Array:
    """Level payment at the end of each period that repays the principal: principal times `capital_recovery_ratio`.

    What a user would get wrong: the rate belongs to the payment period; [2]_ uses the nominal 5 %/12 a month.

    Parameters
    ----------
    principal_usd
        USD, any shape.
    rate_ratio_per_period, periods
        As in `capital_recovery_ratio`.

    References
    ----------
    [2]_: 66.6681 million USD at 5 %/12 over 36 months is 1,998,103 USD a month.
    """
    refuse([finite("principal_usd", principal_usd)])
    return np.asarray(principal_usd, dtype=np.float64) * capital_recovery_ratio(rate_ratio_per_period, periods)


def return_on_investment_ratio(benefit_usd: ArrayLike, spend_usd: ArrayLike) -> Array:
    """(benefit - spend) / spend, dimensionless: 0 is break-even.

    What a user would get wrong: it knows no time; over 36 months 0.3 is 9 % a year.

    Parameters
    ----------
    benefit_usd, spend_usd
        Same shape or broadcastable, USD; spend above 0.
    """
    refuse([finite("benefit_usd", benefit_usd), above("spend_usd", spend_usd, 0.0)])
    spend = np.asarray(spend_usd, dtype=np.float64)
    return np.asarray((np.asarray(benefit_usd, dtype=np.float64) - spend) / spend)


def series(field: str, value: ArrayLike) -> Array:
    """A finite array whose first axis is time, or an `InputFault` that names the field."""
    numbers = np.asarray(value, dtype=np.float64)
    refuse([finite(field, numbers), holds(field, numbers.ndim >= 1 and numbers.size > 0, "must hold at least one period")])
    return numbers
