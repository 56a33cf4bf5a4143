"""Demand within a day: its profile, its peaks, and what a given capacity leaves unserved.

References
----------
.. [1] R. Billinton, R. N. Allan (1996), Reliability Evaluation of Power Systems, 2nd ed., section 2.3 (load duration).
.. [2] P. Embrechts, C. Klueppelberg, T. Mikosch (1997), Modelling Extremal Events, section 3.5 (quantile of the largest).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]

_SECONDS_PER_DAY = 86_400.0


def normalised_profile(weights: ArrayLike) -> Array:
    """A profile (24 hours, 12 months) scaled to a mean of 1 over its first axis.

    Parameters
    ----------
    weights
        [part, ...], 0 or more, not all 0.
    """
    shares = np.asarray(weights, dtype=np.float64)
    refuse([at_least("weights", shares, 0.0), holds("weights", shares.ndim >= 1 and shares.size > 0, "must have parts")])
    mean = shares.mean(axis=0)
    refuse([above("weights", mean, 0.0)])
    return np.asarray(shares / mean)


def peak_units_per_second(units_each_day: ArrayLike, hour_profile: ArrayLike, peak_to_mean_ratio: ArrayLike) -> Array:
    """Rate in the busiest bin of the busiest hour: units / 86,400 x largest hour factor x peak over mean within the hour.

    What a user would get wrong: a peak without its bin says nothing. The same stream has 2.9 at 1 s and 1.5 at 60 s; a limit of
    seconds needs the first, a limit of minutes the second.

    Parameters
    ----------
    units_each_day
        0 or more, any shape.
    hour_profile
        [24], any scale; normalised here.
    peak_to_mean_ratio
        Busiest bin over the mean of its hour, 1 or more.
    """
    refuse([at_least("units_each_day", units_each_day, 0.0), at_least("peak_to_mean_ratio", peak_to_mean_ratio, 1.0)])
    busiest = float(normalised_profile(hour_profile).max())
    rate = np.asarray(units_each_day, dtype=np.float64) / _SECONDS_PER_DAY
    return np.asarray(rate * busiest * np.asarray(peak_to_mean_ratio, dtype=np.float64))


def expected_peak_to_mean_ratio(
    units_per_second: ArrayLike, bin_seconds: ArrayLike, dispersion_ratio: ArrayLike, bins_count: ArrayLike
) -> Array:
    """Peak over mean to expect in a given bin: 1 + z sqrt(I / (rate x bin)), z the normal quantile of 1 - 1 / bins.

    Within 8 % of the chat trace at 1, 10 and 60 s and within 15 % of the others at 60 s and below; a trace with a daily cycle
    needs the cycle taken out first.

    Parameters
    ----------
    units_per_second
        Mean rate, above 0, any shape.
    bin_seconds
        Above 0, seconds.
    dispersion_ratio
        I, variance over mean of the counts in such a bin, 0 or more (1 for random arrivals).
    bins_count
        Number of bins of which the largest is meant, 2 or more.

    References
    ----------
    [2]_ section 3.5.
    """
    from scipy.special import ndtri

    refuse(
        [
            above("units_per_second", units_per_second, 0.0),
            above("bin_seconds", bin_seconds, 0.0),
            at_least("dispersion_ratio", dispersion_ratio, 0.0),
            at_least("bins_count", bins_count, 2.0),
        ]
    )
    mean = np.asarray(units_per_second, dtype=np.float64) * np.asarray(bin_seconds, dtype=np.float64)
    far = ndtri(1.0 - 1.0 / np.asarray(bins_count, dtype=np.float64))
    return np.asarray(1.0 + far * np.sqrt(np.asarray(dispersion_ratio, dtype=np.float64) / mean))


def load_duration(hour_profile: ArrayLike) -> tuple[Array, Array]:
    """The whole curve of unserved work against capacity, as its corners: between them it is straight.

    Corner capacities are 0 and the sorted hour factors; unserved(k) = mean over hours of max(factor - k, 0).

    Parameters
    ----------
    hour_profile
        [part], any scale.

    Returns
    -------
    Capacity over the day's mean load, [corner], rising, and the share of the day's work above it, [corner], from 1 to 0.

    References
    ----------
    [1]_ fig. 2.6.
    """
    profile = normalised_profile(hour_profile)
    refuse([holds("hour_profile", profile.ndim == 1, "must be one profile")])
    corners = np.unique(np.concatenate([[0.0], profile]))
    unserved = np.maximum(profile[:, None] - corners[None, :], 0.0).mean(axis=0)
    return corners, unserved


def unserved_ratio(capacity_over_mean_ratio: ArrayLike, hour_profile: ArrayLike) -> Array:
    """Share of a day's work that arrives above the capacity and is turned away, exact for a profile of steady hours.

    What a user would get wrong: capacity equal to the mean is not "100 %". With an office day it turns more than a third away.

    Parameters
    ----------
    capacity_over_mean_ratio
        Capacity over the day's mean load, 0 or more, any shape ([..., sample]).
    hour_profile
        [part], any scale.

    References
    ----------
    [1]_ section 2.3: energy above the line of capacity.
    """
    capacity = np.asarray(capacity_over_mean_ratio, dtype=np.float64)
    refuse([at_least("capacity_over_mean_ratio", capacity, 0.0)])
    corners, unserved = load_duration(hour_profile)
    return np.asarray(np.interp(capacity, corners, unserved))


def capacity_for_unserved_ratio(unserved_limit_ratio: ArrayLike, hour_profile: ArrayLike) -> Array:
    """Least capacity, over the day's mean load, that turns away at most the given share: `unserved_ratio` turned round.

    Parameters
    ----------
    unserved_limit_ratio
        0 to 1, any shape; 0 asks for the busiest hour.
    hour_profile
        [part], any scale.
    """
    refuse([between("unserved_limit_ratio", unserved_limit_ratio, 0.0, 1.0)])
    corners, unserved = load_duration(hour_profile)
    return np.asarray(np.interp(np.asarray(unserved_limit_ratio, dtype=np.float64), unserved[::-1], corners[::-1]))
