"""What capacity will cost: a market that swings and jumps, list prices that stand still and then step, tokens that get cheaper.

One "decline per year" is the wrong model of GPU prices. Quotes of the H100 went from 7-12 USD an hour (first half of 2023) to
2.9 (early 2024), to 1.7 under contract (October 2025) and back to 2.95 (May 2026), while list prices stood still for years and
were then cut by 44 % in a day. So: a **market price** reverts to a drifting level, is lifted by scarcity that all sources
share, and jumps both ways; a **list price** is a step function; a **token price** at constant quality falls geometrically.

Nothing here draws a number: uniforms come in as [month, sample], so that every strategy meets the same market.

Calibration (numbers in the catalogue's `gpu_price_process.csv`, written by `groundwork.catalogue.fit_price_process`):

* half-life: from the 2023 peak the H100 was back within one residual standard deviation of its level after 10.5 months at most,
  10.5 ln 2 / ln(peak / residual), both in logs; at most, because nobody quoted in between;
* volatility: the residual standard deviation of the H100 neocloud fit is taken as stationary, sigma = sd sqrt(1 - phi^2);
* drift: the pooled neocloud fit, with its bootstrap interval;
* jumps: changes of a provider's quote beyond two residual standard deviations, per month watched;
* list steps: all changes beyond 1 % of hyperscaler on-demand quotes, per month watched.

References
----------
.. [1] E. S. Schwartz (1997), The stochastic behavior of commodity prices, J. Finance 52(3), 923-973 (mean-reverting log price).
.. [2] A. Cartea, M. G. Figueroa (2005), Pricing in electricity markets, Appl. Math. Finance 12(4), 313-335 (with jumps).
.. [3] J. D. Hamilton (1989), A new approach to the economic analysis of nonstationary time series, Econometrica 57(2), 357-384.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]
States: TypeAlias = NDArray[np.int64]


def market_states(uniforms: ArrayLike, transition_ratio: ArrayLike, first_state: int) -> States:
    """Path of the market, [month, sample]: 0 normal, 1 tight, 2 shortage (or as many states as the matrix has).

    A Markov chain by inversion: the next state is the first whose cumulative probability exceeds the uniform, so a higher
    uniform never means an easier market.

    What a user would get wrong: letting a strategy read this path. A planner sees last month's state, never next month's.

    Parameters
    ----------
    uniforms
        [month, sample], inside (0, 1); row t decides month t + 1, so month 0 is `first_state` and the last row is not used.
    transition_ratio
        [state, next state], rows sum to 1.
    first_state
        State of month 0.

    References
    ----------
    [3]_.
    """
    chance, matrix = _unit("uniforms", uniforms), np.asarray(transition_ratio, np.float64)
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1]
    refuse(
        [
            holds("transition_ratio", square, "must be square"),
            between("transition_ratio", matrix, 0.0, 1.0),
            holds("transition_ratio", bool(np.allclose(matrix.sum(axis=-1), 1.0, atol=1e-9)), "rows must sum to 1"),
            between("first_state", first_state, 0, matrix.shape[0] - 1),
        ]
    )
    # the last threshold is left out: rounding of the sum must not lead beyond the last state
    thresholds = np.cumsum(matrix, axis=1)[:, :-1]
    states = np.empty(chance.shape, dtype=np.int64)
    states[0] = first_state
    for month in range(1, chance.shape[0]):
        states[month] = (chance[month - 1][:, None] >= thresholds[states[month - 1]]).sum(axis=1)
    return states


def by_market_state(states: States, values: ArrayLike) -> Array:
    """What a quantity is in each month and sample, given its value in each state: lead months, availability, price factor.

    Parameters
    ----------
    states
        [month, sample], from `market_states`.
    values
        [state], or [state, sample] where the value is a belief.
    """
    table, path = np.asarray(values, np.float64), np.asarray(states)
    refuse([finite("values", table), between("states", path, 0, table.shape[0] - 1)])
    return np.asarray(table[path] if table.ndim == 1 else np.take_along_axis(table, path, axis=0))


def market_price_usd_per_hour(
    *,
    first_usd_per_hour: ArrayLike,
    level_usd_per_hour: ArrayLike,
    drift_ratio_per_year: ArrayLike,
    half_life_months: ArrayLike,
    stationary_sd_log: ArrayLike,
    scarcity_ratio: ArrayLike,
    up_jump_ratio_per_month: ArrayLike,
    up_jump_log: ArrayLike,
    down_jump_ratio_per_month: ArrayLike,
    down_jump_log: ArrayLike,
    shock_uniforms: ArrayLike,
    jump_uniforms: ArrayLike,
) -> Array:
    """Path of a market price: mean-reverting in logs, with jumps both ways and a scarcity factor shared with other sources.

    With x the log of price over level, phi = 2^(-1/half-life), and level_t = level (1 + drift)^(t/12):

        x_t = phi x_{t-1} + (1 - phi) ln scarcity_t + sd sqrt(1 - phi^2) z_t + jump_t,    price_t = level_t exp(x_t).

    jump_t is + up where the uniform is below the up probability, - down where it is above 1 - the down probability.

    What a user would get wrong: taking the level for the mean. The median path runs along the level; the mean lies higher by
    about half the variance. And a cheap month says little about the next year: only phi^12 of it is left.

    Parameters
    ----------
    first_usd_per_hour
        Price in month 0, [sample] or scalar, above 0: today's quote, kept as it is.
    level_usd_per_hour
        Level in month 0 to which the price reverts, above 0.
    drift_ratio_per_year
        Of the level, above -1 (-0.094 for 9.4 % a year down).
    half_life_months
        Months in which half of a deviation is gone, above 0.
    stationary_sd_log
        Standard deviation of x without jumps and scarcity, 0 or more.
    scarcity_ratio
        [month, sample], price factor of the market's state, above 0 (`by_market_state`); common to all sources.
    up_jump_ratio_per_month, down_jump_ratio_per_month
        Probability of a jump in a month, together at most 1.
    up_jump_log, down_jump_log
        Size in logs, 0 or more.
    shock_uniforms, jump_uniforms
        [month, sample], inside (0, 1); row 0 is not used. Sources that share shocks share the array (or see
        `correlated_uniforms`).

    Returns
    -------
    ndarray
        [month, sample], USD per GPU-hour.

    References
    ----------
    [1]_ eq. 1; [2]_ for the jumps.
    """
    shocks, jumps = _unit("shock_uniforms", shock_uniforms), _unit("jump_uniforms", jump_uniforms)
    up, down = np.asarray(up_jump_ratio_per_month, np.float64), np.asarray(down_jump_ratio_per_month, np.float64)
    scarcity = np.asarray(scarcity_ratio, np.float64)
    refuse(
        [
            above("first_usd_per_hour", first_usd_per_hour, 0.0),
            above("level_usd_per_hour", level_usd_per_hour, 0.0),
            above("drift_ratio_per_year", drift_ratio_per_year, -1.0),
            above("half_life_months", half_life_months, 0.0),
            at_least("stationary_sd_log", stationary_sd_log, 0.0),
            above("scarcity_ratio", scarcity, 0.0),
            between("up_jump_ratio_per_month", up, 0.0, 1.0),
            between("down_jump_ratio_per_month", down, 0.0, 1.0),
            holds("down_jump_ratio_per_month", bool(np.all(up + down <= 1.0)), "must leave the sum of both at most 1"),
            at_least("up_jump_log", up_jump_log, 0.0),
            at_least("down_jump_log", down_jump_log, 0.0),
            holds("jump_uniforms", jumps.shape == shocks.shape, "must have the shape of shock_uniforms"),
            holds("scarcity_ratio", scarcity.shape[:1] == shocks.shape[:1], "must have a row for each month"),
        ]
    )
    from scipy.special import ndtri  # 0.1 s: only for those who need prices

    keep = np.exp2(-1.0 / np.asarray(half_life_months, np.float64))
    noise = np.asarray(stationary_sd_log, np.float64) * np.sqrt(1.0 - keep**2) * ndtri(shocks)
    noise += np.where(jumps < up, up_jump_log, 0.0) - np.where(jumps > 1.0 - down, down_jump_log, 0.0)
    pull = (1.0 - keep) * np.log(scarcity)
    level = np.asarray(level_usd_per_hour, np.float64)
    deviation = np.empty(shocks.shape)
    deviation[0] = np.log(np.asarray(first_usd_per_hour, np.float64) / level)
    for month in range(1, shocks.shape[0]):
        deviation[month] = keep * deviation[month - 1] + pull[month] + noise[month]
    years = (np.arange(shocks.shape[0]) / 12.0)[:, None]
    drift = np.exp(years * np.log1p(np.asarray(drift_ratio_per_year, np.float64)))
    return np.asarray(level * drift * np.exp(deviation))


def correlated_uniforms(common_uniforms: ArrayLike, own_uniforms: ArrayLike, correlation_ratio: float) -> Array:
    """Uniforms of one source that move with those of the market: Phi(r z_common + sqrt(1 - r^2) z_own).

    Parameters
    ----------
    common_uniforms, own_uniforms
        Same shape, inside (0, 1).
    correlation_ratio
        r of the normals behind them, -1 to 1.

    References
    ----------
    Gaussian copula with one factor.
    """
    common, own = _unit("common_uniforms", common_uniforms), _unit("own_uniforms", own_uniforms)
    refuse(
        [
            between("correlation_ratio", correlation_ratio, -1.0, 1.0),
            holds("own_uniforms", own.shape == common.shape, "must have the shape of common_uniforms"),
        ]
    )
    from scipy.special import ndtr, ndtri

    mixed = correlation_ratio * ndtri(common) + np.sqrt(1.0 - correlation_ratio**2) * ndtri(own)
    # 8 standard deviations: further out the uniform would round to 0 or 1
    return np.asarray(ndtr(np.minimum(np.maximum(mixed, -8.0), 8.0)))


def list_price_usd_per_hour(
    first_usd_per_hour: ArrayLike,
    cut_ratio_per_month: ArrayLike,
    cut_log: ArrayLike,
    raise_ratio_per_month: ArrayLike,
    raise_log: ArrayLike,
    uniforms: ArrayLike,
) -> Array:
    """Path of a list price: it stands still, and in some months steps down or up by a fixed factor.

    What a user would get wrong: a smooth decline. In most years nothing happens; the mean of the steps is not what anybody
    sees. Committed prices are fixed at the signature and do not follow.

    Parameters
    ----------
    first_usd_per_hour
        [sample] or scalar, above 0.
    cut_ratio_per_month, raise_ratio_per_month
        Probability of a step in a month, together at most 1.
    cut_log, raise_log
        Size of a step in logs, 0 or more.
    uniforms
        [month, sample], inside (0, 1); a raise below the raise probability, a cut above 1 - the cut probability, so that a
        low uniform means dear money here as in `market_price_usd_per_hour`. Row 0 is not used.

    Returns
    -------
    ndarray
        [month, sample], USD per GPU-hour.
    """
    chance = _unit("uniforms", uniforms)
    cut, lift = np.asarray(cut_ratio_per_month, np.float64), np.asarray(raise_ratio_per_month, np.float64)
    refuse(
        [
            above("first_usd_per_hour", first_usd_per_hour, 0.0),
            between("cut_ratio_per_month", cut, 0.0, 1.0),
            between("raise_ratio_per_month", lift, 0.0, 1.0),
            holds("cut_ratio_per_month", bool(np.all(cut + lift <= 1.0)), "must leave the sum of both at most 1"),
            at_least("cut_log", cut_log, 0.0),
            at_least("raise_log", raise_log, 0.0),
        ]
    )
    steps = np.where(chance < lift, raise_log, 0.0) - np.where(chance > 1.0 - cut, cut_log, 0.0)
    steps[0] = 0.0
    return np.asarray(np.asarray(first_usd_per_hour, np.float64) * np.exp(np.cumsum(steps, axis=0)))


def api_price_usd_per_million_tokens(first_usd_per_million: ArrayLike, decline_factor_per_year: ArrayLike, months: int) -> Array:
    """Price per million tokens **at constant quality**: first x factor^(-t/12), [month, sample].

    What a user would get wrong: applying it to a named model. Its price hardly moves in its life; the decline comes from
    changing to a newer model, and that is work. Whoever stays with the best model of the day pays a steady price.

    Parameters
    ----------
    first_usd_per_million
        In month 0, [sample] or scalar, 0 or more.
    decline_factor_per_year
        How many times cheaper in a year, above 0 (2 halves it; below 1 it gets dearer).
    months
        1 or more.
    """
    refuse(
        [
            at_least("first_usd_per_million", first_usd_per_million, 0.0),
            above("decline_factor_per_year", decline_factor_per_year, 0.0),
            at_least("months", months, 1),
        ]
    )
    decline = np.atleast_1d(np.asarray(decline_factor_per_year, np.float64))
    years = (np.arange(months) / 12.0)[:, None]
    return np.asarray(np.atleast_1d(np.asarray(first_usd_per_million, np.float64)) * decline**-years)


def _unit(field: str, uniforms: ArrayLike) -> Array:
    """Uniforms strictly inside (0, 1) with months first: at the ends the normal quantile is infinite."""
    chance = np.asarray(uniforms, np.float64)
    refuse(
        [
            holds(field, chance.ndim == 2 and chance.size > 0, "must be [month, sample]"),
            above(field, chance, 0.0),
            holds(field, bool(np.all(chance < 1.0)), "must be below 1"),
        ]
    )
    return chance
