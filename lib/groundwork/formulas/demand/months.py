"""Demand by month: who has adopted, how it grows, its season.

References
----------
.. [1] F. M. Bass (1969), A new product growth for model consumer durables, Management Science 15(5), 215-227.
.. [2] J. C. Fisher, R. H. Pry (1971), A simple substitution model of technological change, Tech. Forecasting 3, 75-88.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.demand.hours import normalised_profile
from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


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
