"""How much to reserve for one uncertain demand: the closed form, for answers while a slider moves.

Reserve Q at price r for each unit, buy what is missing at price p. The expected cost r Q + p E[(D - Q)+] is lowest at the
quantile 1 - r/p of demand, which is the discount itself: with 40 % off, reserve what is needed 60 % of the time.

References
----------
.. [1] K. J. Arrow, T. Harris, J. Marschak (1951), Optimal inventory policy, Econometrica 19(3), 250-272.
.. [2] E. L. Porteus (2002), Foundations of Stochastic Inventory Theory, Stanford, ch. 1.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def newsvendor_uniform(low: ArrayLike, high: ArrayLike, discount_ratio: ArrayLike) -> Array:
    """What to reserve when demand is uniform: low + discount (high - low).

    Parameters
    ----------
    low, high
        Ends of demand, any unit and shape, low not above high.
    discount_ratio
        1 - reserved / on-demand price, 0 to 1.

    References
    ----------
    [1]_, [2]_: U(0, 100) with 0.6 against 1.0 is 40.
    """
    bottom, top = np.asarray(low, np.float64), np.asarray(high, np.float64)
    refuse(
        [
            finite("low", bottom),
            finite("high", top),
            holds("low", bool(np.all(bottom <= top)), "must not be above high"),
            between("discount_ratio", discount_ratio, 0.0, 1.0),
        ]
    )
    return np.asarray(bottom + np.asarray(discount_ratio, np.float64) * (top - bottom))


def newsvendor_uniform_cost_usd(
    reserved: ArrayLike, low: ArrayLike, high: ArrayLike, reserved_usd: ArrayLike, on_demand_usd: ArrayLike
) -> Array:
    """Expected cost when demand is uniform: r Q + p (high - Q)^2 / (2 (high - low)) for Q between the ends.

    Parameters
    ----------
    reserved
        Q, between low and high.
    low, high
        Ends of demand, low below high.
    reserved_usd, on_demand_usd
        Price of a unit, 0 or more.

    References
    ----------
    [2]_: U(0, 100), Q = 40, 0.6 against 1.0 costs 42; all on demand 50.
    """
    quantity, bottom, top = (np.asarray(value, np.float64) for value in (reserved, low, high))
    refuse(
        [
            holds("low", bool(np.all(bottom < top)), "must be below high"),
            holds("reserved", bool(np.all((quantity >= bottom) & (quantity <= top))), "must lie between low and high"),
            at_least("reserved_usd", reserved_usd, 0.0),
            at_least("on_demand_usd", on_demand_usd, 0.0),
        ]
    )
    missing = (top - quantity) ** 2 / (2.0 * (top - bottom))
    return np.asarray(np.asarray(reserved_usd, np.float64) * quantity + np.asarray(on_demand_usd, np.float64) * missing)


def newsvendor_normal(mean: ArrayLike, sd: ArrayLike, discount_ratio: ArrayLike) -> Array:
    """What to reserve when demand is normal: mean + sd Phi^-1(discount).

    What a user would get wrong: below a discount of one half this is **less** than the mean, the more so the less is known.

    Parameters
    ----------
    mean, sd
        Of demand, any unit and shape; sd 0 or more.
    discount_ratio
        Strictly between 0 and 1.

    References
    ----------
    [2]_: N(100, 30) at 0.40 is 92.40.
    """
    refuse(
        [
            finite("mean", mean),
            at_least("sd", sd, 0.0),
            above("discount_ratio", discount_ratio, 0.0),
            holds("discount_ratio", bool(np.all(np.asarray(discount_ratio) < 1.0)), "must be below 1"),
        ]
    )
    from scipy.special import ndtri  # 0.1 s: only for those who assume a normal

    quantile = ndtri(np.asarray(discount_ratio, np.float64))
    return np.asarray(np.asarray(mean, np.float64) + np.asarray(sd, np.float64) * quantile)


def newsvendor_from_samples(demand: ArrayLike, discount_ratio: float) -> Array:
    """What to reserve for sampled demand, [..., sample] -> [...]: the smallest sample with at least that share at or below it.

    Parameters
    ----------
    demand
        [..., sample], any unit.
    discount_ratio
        1 - reserved / on-demand price, 0 to 1; at 0 nothing is reserved.

    References
    ----------
    [1]_.
    """
    samples = np.asarray(demand, np.float64)
    refuse([at_least("demand", samples, 0.0), between("discount_ratio", discount_ratio, 0.0, 1.0)])
    place = int(np.ceil(discount_ratio * samples.shape[-1] - 1e-9)) - 1
    return np.zeros(samples.shape[:-1]) if place < 0 else np.asarray(np.sort(samples, axis=-1)[..., place])


def newsvendor_sample_cost_usd(
    reserved: ArrayLike, demand: ArrayLike, reserved_usd: ArrayLike, on_demand_usd: ArrayLike
) -> Array:
    """Mean cost r Q + p (D - Q)+ over sampled demand, [..., sample] -> [...].

    Parameters
    ----------
    reserved
        Q, [...], 0 or more.
    demand
        [..., sample], 0 or more.
    reserved_usd, on_demand_usd
        Price of a unit, [...], 0 or more.
    """
    refuse(
        [
            at_least("reserved", reserved, 0.0),
            at_least("demand", demand, 0.0),
            at_least("reserved_usd", reserved_usd, 0.0),
            at_least("on_demand_usd", on_demand_usd, 0.0),
        ]
    )
    quantity = np.asarray(reserved, np.float64)
    missing = np.maximum(0.0, np.asarray(demand, np.float64) - quantity[..., None]).mean(axis=-1)
    return np.asarray(np.asarray(reserved_usd, np.float64) * quantity + np.asarray(on_demand_usd, np.float64) * missing)
