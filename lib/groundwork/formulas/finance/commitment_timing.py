"""When to stop renting or waiting: ski rental and the trigger of a real option.

References
----------
.. [1] A. Karlin, M. Manasse, L. Rudolph, D. Sleator (1988), Competitive snoopy caching, Algorithmica 3, 79-119.
.. [2] W. Wang, B. Li, B. Liang (2013), To reserve or not to reserve, arXiv:1305.5608.
.. [3] A. K. Dixit, R. S. Pindyck (1994), Investment under Uncertainty, Princeton, ch. 5.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]


def ski_rental_switch_periods(buy_usd: ArrayLike, rent_usd_per_period: ArrayLike) -> Array:
    """Periods of renting after which to buy when nobody knows how long the need lasts: buy / rent.

    The rent paid then equals the price, so the sum never exceeds twice what foresight would have paid.

    Parameters
    ----------
    buy_usd, rent_usd_per_period
        Any shape, USD, above 0.

    References
    ----------
    [1]_.
    """
    refuse([above("buy_usd", buy_usd, 0.0), above("rent_usd_per_period", rent_usd_per_period, 0.0)])
    return np.asarray(np.asarray(buy_usd, dtype=np.float64) / np.asarray(rent_usd_per_period, dtype=np.float64))


def ski_rental_cost_usd(
    need_periods: ArrayLike, buy_usd: ArrayLike, rent_usd_per_period: ArrayLike, switch_periods: ArrayLike
) -> Array:
    """What renting until `switch_periods` and then buying costs when the need lasts `need_periods`.

    rent min(need, switch) + buy where need reaches the switch. The optimum in hindsight is min(rent need, buy).

    Parameters
    ----------
    need_periods, switch_periods
        Periods, any shape, 0 or more.
    buy_usd, rent_usd_per_period
        USD, above 0.

    References
    ----------
    [1]_.
    """
    refuse(
        [
            at_least("need_periods", need_periods, 0.0),
            at_least("switch_periods", switch_periods, 0.0),
            above("buy_usd", buy_usd, 0.0),
            above("rent_usd_per_period", rent_usd_per_period, 0.0),
        ]
    )
    need, switch = np.asarray(need_periods, dtype=np.float64), np.asarray(switch_periods, dtype=np.float64)
    rent = np.asarray(rent_usd_per_period, dtype=np.float64) * np.minimum(need, switch)
    return np.asarray(rent + np.where(need >= switch, np.asarray(buy_usd, dtype=np.float64), 0.0))


def ski_rental_deterministic_bound(discount_ratio: ArrayLike) -> Array:
    """Worst cost over the optimum in hindsight of the best deterministic rule: 2 - alpha.

    Parameters
    ----------
    discount_ratio
        alpha, what a reserved period still costs as a share of the rented one, 0 (bought outright) to 1.

    References
    ----------
    [1]_ for alpha = 0; [2]_ theorem 1.
    """
    refuse([between("discount_ratio", discount_ratio, 0.0, 1.0)])
    return np.asarray(2.0 - np.asarray(discount_ratio, dtype=np.float64))


def ski_rental_randomised_bound(discount_ratio: ArrayLike) -> Array:
    """Worst expected cost over the optimum in hindsight of the best randomised rule: e / (e - 1 + alpha); 1.582 at 0.

    Parameters
    ----------
    discount_ratio
        As in `ski_rental_deterministic_bound`.

    References
    ----------
    [2]_ theorem 2.
    """
    refuse([between("discount_ratio", discount_ratio, 0.0, 1.0)])
    return np.asarray(np.e / (np.e - 1.0 + np.asarray(discount_ratio, dtype=np.float64)))


def investment_trigger_exponent(rate_ratio: ArrayLike, payout_ratio: ArrayLike, volatility_ratio: ArrayLike) -> Array:
    """beta_1 > 1, the positive root of sigma^2 b (b - 1) / 2 + (r - delta) b - r = 0.

    Parameters
    ----------
    rate_ratio
        r, discount rate per year, above 0.
    payout_ratio
        delta, what waiting forgoes per year as a share of the project's value, above 0.
    volatility_ratio
        sigma of the project's value per square root of a year, above 0.

    References
    ----------
    [3]_ eq. 5.14 ff.: r = delta = 0.04, sigma 0.2 gives 2.
    """
    refuse(
        [
            above("rate_ratio", rate_ratio, 0.0),
            above("payout_ratio", payout_ratio, 0.0),
            above("volatility_ratio", volatility_ratio, 0.0),
        ]
    )
    rate, payout = np.asarray(rate_ratio, dtype=np.float64), np.asarray(payout_ratio, dtype=np.float64)
    variance = np.asarray(volatility_ratio, dtype=np.float64) ** 2
    centre = 0.5 - (rate - payout) / variance
    return np.asarray(centre + np.sqrt(centre**2 + 2.0 * rate / variance))


def investment_trigger_ratio(rate_ratio: ArrayLike, payout_ratio: ArrayLike, volatility_ratio: ArrayLike) -> Array:
    """V*/I: how far the value of a project must exceed its cost before it is right to stop waiting, beta / (beta - 1).

    What a user would get wrong: NPV > 0 means V/I > 1, which is too early whenever the step cannot be undone and the value
    moves. With nothing lost by waiting (delta near 0) the trigger goes to infinity.

    Parameters
    ----------
    rate_ratio, payout_ratio, volatility_ratio
        As in `investment_trigger_exponent`.

    References
    ----------
    [3]_ ch. 5: 2 for (0.04, 0.04, 0.2), 2.5 for (0.05, 0.05, 0.3).
    """
    exponent = investment_trigger_exponent(rate_ratio, payout_ratio, volatility_ratio)
    return np.asarray(exponent / (exponent - 1.0))
