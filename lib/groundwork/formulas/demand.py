"""Demand by month and hour: adoption, growth, season, daily profile, peaks, and what a given capacity leaves unserved.

References
----------
.. [1] F. M. Bass (1969), A new product growth for model consumer durables, Management Science 15(5), 215-227.
.. [2] J. C. Fisher, R. H. Pry (1971), A simple substitution model of technological change, Tech. Forecasting 3, 75-88.
.. [3] R. Billinton, R. N. Allan (1996), Reliability Evaluation of Power Systems, 2nd ed., section 2.3 (load duration).
.. [4] B. C. Arnold (2015), Pareto Distributions, 2nd ed., section 4.2 (Lorenz curve).
.. [5] P. Embrechts, C. Klueppelberg, T. Mikosch (1997), Modelling Extremal Events, section 3.5 (quantile of the largest).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]

_SECONDS_PER_DAY = 86_400.0


def logistic_adoption_ratio(months: ArrayLike, midpoint_months: ArrayLike, speed_per_month: ArrayLike) -> Array:
    """Share adopted after some months on an S-curve that starts at 0: (L(t) - L(0)) / (1 - L(0)), L = 1 / (1 + exp(-s (t - m))).

    What a user would get wrong: the plain logistic has adopters before the start. Without the correction a midpoint of 6 months
    at a speed of 0.4 begins with 8 % on day one.

    Parameters
    ----------
    months
        t since go-live, any shape; before go-live (negative) the share is 0.
    midpoint_months
        m, month at which the uncorrected curve is at one half, 0 or more.
    speed_per_month
        s, above 0. From a tenth to nine tenths takes 4.39 / s months.

    References
    ----------
    [2]_.
    """
    time, middle, speed = (np.asarray(value, dtype=np.float64) for value in (months, midpoint_months, speed_per_month))
    refuse([finite("months", time), at_least("midpoint_months", middle, 0.0), above("speed_per_month", speed, 0.0)])
    after = np.maximum(time, 0.0)
    # (L(t) - L(0)) / (1 - L(0)) without the difference of near-equal numbers: (1 - e^(-st)) / (1 + e^(-s(t - m))).
    return np.asarray(-np.expm1(-speed * after) / (1.0 + np.exp(np.minimum(speed * (middle - after), 700.0))))


def bass_adoption_ratio(months: ArrayLike, innovation_per_month: ArrayLike, imitation_per_month: ArrayLike) -> Array:
    """Share adopted when people adopt by themselves (p) and from each other (q): (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t).

    What a user would get wrong: published p and q are mostly per year. Per month they are a twelfth.

    Parameters
    ----------
    months
        t since go-live, any shape; before go-live (negative) the share is 0.
    innovation_per_month
        p, above 0.
    imitation_per_month
        q, 0 or more.

    References
    ----------
    [1]_ eq. 9.
    """
    time, alone, copied = (np.asarray(value, dtype=np.float64) for value in (months, innovation_per_month, imitation_per_month))
    refuse([finite("months", time), above("innovation_per_month", alone, 0.0), at_least("imitation_per_month", copied, 0.0)])
    decay = (alone + copied) * np.maximum(time, 0.0)
    return np.asarray(-np.expm1(-decay) / (1.0 + copied / alone * np.exp(-decay)))


def growth_factor(months: ArrayLike, growth_ratio_per_year: ArrayLike) -> Array:
    """Demand relative to the start after steady growth: (1 + g)^(t / 12).

    Parameters
    ----------
    months
        t, any shape.
    growth_ratio_per_year
        g, above -1: 0.3 is 30 % a year.
    """
    refuse([finite("months", months), above("growth_ratio_per_year", growth_ratio_per_year, -1.0)])
    rate = np.asarray(growth_ratio_per_year, dtype=np.float64)
    return np.asarray(np.exp(np.log1p(rate) * np.asarray(months, dtype=np.float64) / 12.0))


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


def season_factor(months: ArrayLike, season_weights: ArrayLike, first_calendar_month: int) -> Array:
    """Seasonal factor of each month of the plan, mean 1 over a year.

    Parameters
    ----------
    months
        Whole months since the start of the plan, any shape.
    season_weights
        [12], January first, 0 or more.
    first_calendar_month
        Calendar month of month 0, 1 to 12.
    """
    place = np.asarray(months, dtype=np.float64)
    weights = np.asarray(season_weights, dtype=np.float64)
    refuse(
        [
            finite("months", place),
            holds("months", bool(np.all(place == np.floor(place))), "must be whole"),
            holds("season_weights", weights.shape == (12,), "must be 12 factors, January first"),
            between("first_calendar_month", first_calendar_month, 1, 12),
        ]
    )
    return np.asarray(normalised_profile(weights)[(place.astype(np.int64) + first_calendar_month - 1) % 12])


def units_per_day(
    start_units_per_day: ArrayLike,
    saturation_units_per_day: ArrayLike,
    adoption_ratio: ArrayLike,
    growth: ArrayLike,
    season: ArrayLike,
) -> Array:
    """Units per day: (start + (saturation - start) x adoption) x growth x season.

    Parameters
    ----------
    start_units_per_day, saturation_units_per_day
        At go-live and when all have adopted, at today's level; 0 or more, shapes that broadcast.
    adoption_ratio
        0 to 1, from a curve above.
    growth, season
        Factors, 0 or more.
    """
    start, full = np.asarray(start_units_per_day, dtype=np.float64), np.asarray(saturation_units_per_day, dtype=np.float64)
    refuse(
        [
            at_least("start_units_per_day", start, 0.0),
            at_least("saturation_units_per_day", full, 0.0),
            between("adoption_ratio", adoption_ratio, 0.0, 1.0),
            at_least("growth", growth, 0.0),
            at_least("season", season, 0.0),
        ]
    )
    level = start + (full - start) * np.asarray(adoption_ratio, dtype=np.float64)
    return np.asarray(level * np.asarray(growth, dtype=np.float64) * np.asarray(season, dtype=np.float64))


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
    [5]_ section 3.5.
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
    [3]_ fig. 2.6.
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
    [3]_ section 2.3: energy above the line of capacity.
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


def largest_client_share_ratio(clients_count: ArrayLike, top_tenth_share_ratio: ArrayLike) -> Array:
    """Share of the load that the largest client brings, from what the top tenth of clients bring together.

    Pareto clients: the top share u of them bring u^h, h = log10(1 / top tenth's share). The largest is u = 1 / clients.

    What a user would get wrong: demand is lumpy long after there are many clients. With 200 clients of whom the top tenth brings
    79 %, one client is 58 % of the load.

    Parameters
    ----------
    clients_count
        1 or more, any shape.
    top_tenth_share_ratio
        0.1 (all alike) to 1. Measured in language model services: 0.39 to 0.79.

    References
    ----------
    [4]_ eq. 4.2.17.
    """
    refuse([at_least("clients_count", clients_count, 1.0), between("top_tenth_share_ratio", top_tenth_share_ratio, 0.1, 1.0)])
    exponent = -np.log10(np.asarray(top_tenth_share_ratio, dtype=np.float64))
    return np.asarray(np.asarray(clients_count, dtype=np.float64) ** -exponent)


def lumpy_demand_ratio(client_share_ratio: ArrayLike, clients_gained_count: ArrayLike) -> Array:
    """Demand over its plan after large clients of a given share have come or gone: 1 + gained x share.

    Parameters
    ----------
    client_share_ratio
        Share of today's load of one such client, 0 to 1, any shape.
    clients_gained_count
        Whole; negative when lost. More may not go than there are.
    """
    share, gained = np.asarray(client_share_ratio, dtype=np.float64), np.asarray(clients_gained_count, dtype=np.float64)
    level = 1.0 + share * gained
    refuse(
        [
            between("client_share_ratio", share, 0.0, 1.0),
            finite("clients_gained_count", gained),
            holds("clients_gained_count", bool(np.all(level >= -1e-12)), "must not take more than all of the load away"),
        ]
    )
    return np.asarray(np.maximum(level, 0.0))
