"""When and at which rate a plan pays itself back: internal rates of return and payback.

Cash is an array whose **first axis is time**: element 0 falls now, element k at the end of period k; any further axes
(strategy, sample) are carried along. Inflows are positive. Nothing here knows taxes or accounting: cash is cash.

References
----------
.. [1] R. A. Brealey, S. C. Myers, F. Allen (2020), Principles of Corporate Finance, 13th ed., ch. 2 and 5.
.. [2] C. J. Norstrom (1972), A sufficient condition for a unique nonnegative internal rate of return, JFQA 7(3), 1835-1839.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.finance.cash_flow import discount_factors, net_present_value_usd, series
from groundwork.formulas.input_ranges import holds, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalRates:
    """Every internal rate of return of one cash series; `said` is the sentence to show instead of a wrong number."""

    count: Literal["none", "one", "several"]
    rates_ratio_per_period: tuple[float, ...]

    @property
    def said(self) -> str:
        if self.count == "none":
            return "no rate makes this cash worth nothing: there is no internal rate of return"
        words = ", ".join(f"{100 * rate:.4g} %" for rate in self.rates_ratio_per_period)
        return words if self.count == "one" else f"{len(self.rates_ratio_per_period)} internal rates ({words}): use NPV"


def internal_rates(cash_usd: ArrayLike) -> InternalRates:
    """All internal rates of return between -99.9 % and 100,000 % per period: none, one or several, and it says which.

    Roots of f(g) = sum cash_k exp(-k g), g = ln(1 + i). With one change of sign in the cash there is exactly one root
    (Descartes); otherwise f is scanned between its own turning points, so that two roots in one grid cell and a root that only
    touches zero are found too.

    What a user would get wrong: a solver that returns "the" rate picks one root by its starting point; with an investment in
    the middle of the plan (a rebuild) a higher rate may be the worse project. Rank by NPV.

    Parameters
    ----------
    cash_usd
        [period], USD.

    References
    ----------
    [1]_ ch. 5, pitfalls of the rate of return; [2]_ on uniqueness. -100, 60, 60 has 13.066 %; -1.6, 10, -10 has 25 % and 400 %.
    """
    cash = series("cash_usd", cash_usd)
    refuse([holds("cash_usd", cash.ndim == 1, "must be one series, [period]: use `internal_rate_by_sample` for many")])
    period = np.arange(cash.size, dtype=np.float64)

    def worth(log_rate: Array) -> Array:
        return np.asarray(np.exp(-np.multiply.outer(log_rate, period)) @ cash)

    def slope(log_rate: Array) -> Array:
        return np.asarray(np.exp(-np.multiply.outer(log_rate, period)) @ (-period * cash))

    if not np.any(cash > 0) or not np.any(cash < 0):
        return InternalRates(count="none", rates_ratio_per_period=())
    nodes = np.linspace(np.log(1e-3), np.log(1001.0), 1401)
    slopes = slope(nodes)
    turns = np.flatnonzero(slopes[:-1] * slopes[1:] < 0)
    nodes = np.sort(np.concatenate([nodes, _bisected(slope, nodes[turns], nodes[turns + 1])]))
    values = worth(nodes)
    scale = np.exp(-np.multiply.outer(nodes, period)) @ np.abs(cash)
    touching = np.abs(values) <= 1e-12 * scale
    values = np.where(touching, 0.0, values)
    crossing = np.flatnonzero(values[:-1] * values[1:] < 0)
    roots = np.concatenate([nodes[touching], _bisected(worth, nodes[crossing], nodes[crossing + 1])])
    roots = np.sort(roots)
    distinct = roots[np.concatenate([[True], np.diff(roots) > 1e-7])] if roots.size else roots
    rates = tuple(float(rate) for rate in np.expm1(distinct))
    return InternalRates(count="none" if not rates else "one" if len(rates) == 1 else "several", rates_ratio_per_period=rates)


def internal_rate_by_sample(cash_usd: ArrayLike) -> Array:
    """Internal rate per period of many cash series at once, [...]; not-a-number wherever it is not certainly unique.

    Unique by Norstrom: the cumulative cash starts negative, changes sign exactly once and ends positive; then exactly one
    positive rate exists and bisection finds it.

    What a user would get wrong: averaging rates over samples; the samples without a rate drop out and the mean flatters.

    Parameters
    ----------
    cash_usd
        [period, ...], USD.

    References
    ----------
    [2]_.
    """
    cash = series("cash_usd", cash_usd)
    cumulative = np.cumsum(cash, axis=0)
    negative = cumulative < 0
    unique = negative[0] & (cumulative[-1] > 0) & (np.sum(negative[1:] != negative[:-1], axis=0) == 1)
    low, high = np.zeros(cash.shape[1:]), np.full(cash.shape[1:], np.log(1001.0))
    for _ in range(60):
        middle = 0.5 * (low + high)
        worth_more = net_present_value_usd(cash, np.expm1(middle)) > 0
        low, high = np.where(worth_more, middle, low), np.where(worth_more, high, middle)
    return np.where(unique, np.expm1(0.5 * (low + high)), np.nan)


def payback_periods(cash_usd: ArrayLike) -> Array:
    """Periods until the cash first pays itself back, linear inside the period; infinite when it never does.

    With C the cumulative cash and k the first period at which C_k >= 0 after being negative: k - C_k / (C_k - C_{k-1}).
    0 when C is never negative.

    What a user would get wrong: payback ignores what comes after, and a later rebuild may put the plan under water again; see
    `lasting_payback_periods`.

    Parameters
    ----------
    cash_usd
        [period, ...], USD.

    Returns
    -------
    ndarray
        [...], periods (months for monthly cash).

    References
    ----------
    [1]_ ch. 5: -100 and 40 a year pays back in 2.5 years.
    """
    return payback_from_cumulative(np.cumsum(series("cash_usd", cash_usd), axis=0))


def payback_from_cumulative(cumulative_usd: ArrayLike) -> Array:
    """`payback_periods` of a series that is already cumulative, [period, ...] (for example [month, strategy, sample])."""
    cumulative = series("cumulative_usd", cumulative_usd)
    negative = cumulative < 0
    recovered = ~negative & (np.cumsum(negative, axis=0) > 0)
    first = np.argmax(recovered, axis=0)
    return np.where(negative.any(axis=0), np.where(recovered.any(axis=0), _crossing(cumulative, first), np.inf), 0.0)


def lasting_payback_periods(cash_usd: ArrayLike) -> Array:
    """Periods after which the cumulative cash never falls below zero again; infinite when it ends below zero.

    The last crossing instead of the first: equal to `payback_periods` when the cumulative crosses zero once.

    Parameters
    ----------
    cash_usd
        [period, ...], USD.
    """
    cumulative = np.cumsum(series("cash_usd", cash_usd), axis=0)
    negative = cumulative < 0
    last = cumulative.shape[0] - 1 - np.argmax(negative[::-1], axis=0)
    following = np.minimum(last + 1, cumulative.shape[0] - 1)
    return np.where(negative.any(axis=0), np.where(negative[-1], np.inf, _crossing(cumulative, following)), 0.0)


def discounted_payback_periods(cash_usd: ArrayLike, rate_ratio_per_period: ArrayLike) -> Array:
    """Payback of the discounted cash: `payback_periods` of cash_k (1 + i)^-k.

    What a user would get wrong: interpolating with undiscounted cash in the last period.

    Parameters
    ----------
    cash_usd
        [period, ...], USD.
    rate_ratio_per_period
        Per period, scalar or broadcastable to the trailing axes.

    References
    ----------
    [1]_ ch. 5: -100 and 40 a year at 10 % takes 3.02 years.
    """
    cash = series("cash_usd", cash_usd)
    factors = discount_factors(rate_ratio_per_period, cash.shape[0])
    if factors.ndim == 1:
        factors = factors.reshape((-1,) + (1,) * (cash.ndim - 1))
    return payback_periods(cash * factors)


def _crossing(cumulative: Array, period: NDArray[np.intp]) -> Array:
    """Where the straight line from period - 1 to period meets zero."""
    before = np.take_along_axis(cumulative, np.maximum(period - 1, 0)[None], axis=0)[0]
    after = np.take_along_axis(cumulative, period[None], axis=0)[0]
    step = after - before
    return np.asarray(period - after / np.where(step > 0, step, 1.0))


def _bisected(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Roots of a vectorised function that changes sign between `low` and `high`, all at once."""
    if low.size == 0:
        return low
    rising = function(low) < 0
    for _ in range(60):
        middle = 0.5 * (low + high)
        left = (function(middle) < 0) == rising
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return np.asarray(0.5 * (low + high))
