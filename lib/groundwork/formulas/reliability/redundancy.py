"""Parts in series, in parallel, k of n: with repair by few or many crews, with a spare, with a share of failures in common.

Symbols: A = availability, U = 1 - A; lambda = failures per hour of one running part; mu = 1 / mean repair time.

References
----------
.. [1] R. Billinton, R. N. Allan (1992), Reliability evaluation of engineering systems, 2nd ed., chapters 4 (networks), 8
       (Markov processes) and 11 (frequency and duration).
.. [2] B. Epstein, J. Hosford (1960), Reliability of some two unit redundant systems, Proc. 6th Symp. Reliability and Quality
       Control.
.. [3] IEC 61508-6 (2010), annex B: average probability of failure on demand, common causes by the beta factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def availability_ratio(mean_up_hours: ArrayLike, mean_down_hours: ArrayLike) -> Array:
    """Share of time that a part which fails and is repaired is up: MTTF / (MTTF + MTTR).

    What a user would get wrong: `mean_up_hours` is the time between the end of a repair and the next failure.

    Parameters
    ----------
    mean_up_hours
        Above 0, any shape.
    mean_down_hours
        0 or more.

    References
    ----------
    [1]_ eq. 9.4.
    """
    refuse([above("mean_up_hours", mean_up_hours, 0.0), at_least("mean_down_hours", mean_down_hours, 0.0)])
    up, down = np.asarray(mean_up_hours, dtype=np.float64), np.asarray(mean_down_hours, dtype=np.float64)
    return np.asarray(up / (up + down))


def series_availability_ratio(availability_ratios: ArrayLike) -> Array:
    """Availability of a chain that needs every part, parts along the first axis: the product.

    What a user would get wrong: this is also how service-level agreements are multiplied, and it holds only when the parts fail
    independently. Parts that share a zone, a deployment or a vendor do not.

    Parameters
    ----------
    availability_ratios
        [part, ...], each 0 to 1.

    References
    ----------
    [1]_ eq. 4.1.
    """
    refuse([between("availability_ratios", availability_ratios, 0.0, 1.0)])
    return np.asarray(np.prod(np.asarray(availability_ratios, dtype=np.float64), axis=0))


def parallel_availability_ratio(availability_ratios: ArrayLike) -> Array:
    """Availability where any one part will do, parts along the first axis: one less the product of the unavailabilities.

    What a user would get wrong: two vendors' 99.9 % make 99.9999 % only when the switch always works and nothing is shared.

    Parameters
    ----------
    availability_ratios
        [part, ...], each 0 to 1.

    References
    ----------
    [1]_ eq. 4.4.
    """
    refuse([between("availability_ratios", availability_ratios, 0.0, 1.0)])
    return np.asarray(1.0 - np.prod(1.0 - np.asarray(availability_ratios, dtype=np.float64), axis=0))


def k_of_n_availability_ratio(parts_count: ArrayLike, needed_count: ArrayLike, part_availability_ratio: ArrayLike) -> Array:
    """Probability that at least k of n independent, equal parts are up.

    What a user would get wrong: more replicas help only against failures that strike one replica at a time.

    Parameters
    ----------
    parts_count, needed_count
        n and k, whole, 0 <= k; k above n is never met.
    part_availability_ratio
        0 to 1; all broadcast against one another.

    References
    ----------
    [1]_ section 3.3 (binomial distribution), summed as a regularised incomplete beta function.
    """
    from scipy.special import betainc

    number, needed = np.asarray(parts_count, dtype=np.float64), np.asarray(needed_count, dtype=np.float64)
    refuse(
        [
            at_least("parts_count", number, 0.0),
            at_least("needed_count", needed, 0.0),
            holds("parts_count", bool(np.all(number == np.floor(number))), "must be whole numbers"),
            holds("needed_count", bool(np.all(needed == np.floor(needed))), "must be whole numbers"),
            between("part_availability_ratio", part_availability_ratio, 0.0, 1.0),
        ]
    )
    met = (needed >= 1.0) & (needed <= number)
    works = np.asarray(part_availability_ratio, dtype=np.float64)
    enough = betainc(np.where(met, needed, 1.0), np.where(met, number - needed + 1.0, 1.0), works)
    return np.asarray(np.where(needed <= 0.0, 1.0, np.where(needed > number, 0.0, enough)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairable:
    """k of n parts that fail while up and are repaired by a number of crews.

    `unavailability_ratio`, `outages_per_hour` and `mean_outage_hours` are long-run figures; `mean_up_hours` is the mean time from
    all parts new to the first outage; `working_probability` [0..n] that so many parts are up.
    """

    unavailability_ratio: float
    outages_per_hour: float
    mean_outage_hours: float
    mean_up_hours: float
    working_probability: Array


def repairable(
    parts_count: int, needed_count: int, failures_per_hour: float, repairs_per_hour: float, crews_count: int
) -> Repairable:
    """A birth-death chain over the number of parts that are down; parts go on failing while the system is down.

    What a user would get wrong: with one crew repairs queue, and availability is worse than the binomial formula says.

    Parameters
    ----------
    parts_count, needed_count, crews_count
        n, k (1 to n) and crews (at least 1), whole.
    failures_per_hour, repairs_per_hour
        lambda of one part (above 0) and mu of one crew (above 0).

    References
    ----------
    [1]_ sections 8.5 and 11.4; [2]_ for the mean time to failure of two units and one crew, (3 lambda + mu) / (2 lambda^2).
    """
    refuse(
        [
            at_least("parts_count", parts_count, 1),
            between("needed_count", needed_count, 1, parts_count),
            at_least("crews_count", crews_count, 1),
            above("failures_per_hour", failures_per_hour, 0.0),
            above("repairs_per_hour", repairs_per_hour, 0.0),
        ]
    )
    down = np.arange(parts_count + 1)
    fails = (parts_count - down) * failures_per_hour
    mends = np.minimum(down, crews_count) * repairs_per_hour
    # in logarithms: the weights span more than a double's range in large fleets
    steps = np.concatenate([[0.0], np.cumsum(np.log(fails[:-1]) - np.log(mends[1:]))])
    weights = np.exp(steps - steps.max())
    state = weights / weights.sum()
    allowed = parts_count - needed_count
    unavailability = float(state[allowed + 1 :].sum())
    outages = float(state[allowed] * fails[allowed])
    # first passage from each state to one more down: m(j) = 1/fails(j) + mends(j)/fails(j) m(j-1)
    passage, total = 0.0, 0.0
    for j in range(allowed + 1):
        passage = (1.0 + float(mends[j]) * passage) / float(fails[j])
        total += passage
    return Repairable(
        unavailability_ratio=unavailability,
        outages_per_hour=outages,
        # so rare that the weights vanish: the outage is then over with the first repair
        mean_outage_hours=unavailability / outages if outages > 0.0 else 1.0 / float(mends[allowed + 1]),
        mean_up_hours=total,
        working_probability=state[::-1],
    )


def hot_standby_reliability_ratio(parts_count: ArrayLike, failures_per_hour: ArrayLike, mission_hours: ArrayLike) -> Array:
    """Probability that one of n running parts survives a mission without repair: 1 - (1 - exp(-lambda t))^n.

    Parameters
    ----------
    parts_count
        n, 1 or more.
    failures_per_hour, mission_hours
        lambda and t, 0 or more; all broadcast.

    References
    ----------
    [1]_ section 7.4.
    """
    refuse(
        [
            at_least("parts_count", parts_count, 1.0),
            at_least("failures_per_hour", failures_per_hour, 0.0),
            at_least("mission_hours", mission_hours, 0.0),
        ]
    )
    dead = -np.expm1(-np.asarray(failures_per_hour, dtype=np.float64) * np.asarray(mission_hours, dtype=np.float64))
    return np.asarray(1.0 - dead ** np.asarray(parts_count, dtype=np.float64))


def cold_standby_reliability_ratio(
    parts_count: ArrayLike, failures_per_hour: ArrayLike, mission_hours: ArrayLike, switch_works_ratio: ArrayLike = 1.0
) -> Array:
    """Probability that one running part with n - 1 spares that do not age survives a mission without repair.

    exp(-lambda t) sum over j < n of (p lambda t)^j / j!; a spare takes over with probability p; a switch that fails
    is the end.

    What a user would get wrong: a spare that is switched off and never tested has an unknown p; the gain over hot standby goes
    with it.

    Parameters
    ----------
    parts_count
        n, whole, 1 or more (a scalar).
    failures_per_hour, mission_hours
        lambda and t, 0 or more; broadcast.
    switch_works_ratio
        p, 0 to 1.

    References
    ----------
    [1]_ sections 7.5 (perfect switch) and 7.5.4 (imperfect switch).
    """
    refuse(
        [
            at_least("parts_count", parts_count, 1.0),
            at_least("failures_per_hour", failures_per_hour, 0.0),
            at_least("mission_hours", mission_hours, 0.0),
            between("switch_works_ratio", switch_works_ratio, 0.0, 1.0),
        ]
    )
    expected = np.asarray(failures_per_hour, dtype=np.float64) * np.asarray(mission_hours, dtype=np.float64)
    term = np.exp(-expected)
    total = term.copy()
    for number in range(1, int(np.asarray(parts_count))):
        term = term * expected * np.asarray(switch_works_ratio, dtype=np.float64) / number
        total = total + term
    return np.asarray(total)


def common_cause_failure_on_demand_ratio(
    undetected_failures_per_year: ArrayLike, test_interval_years: ArrayLike, common_cause_ratio: ArrayLike
) -> Array:
    """Average probability that one of two spare parts does not answer a demand, a share beta of failures striking both.

    (1 - beta) (lambda T)^2 / 3 + beta lambda T / 2, to leading order in lambda T.

    What a user would get wrong: beta of 5 % already makes the common cause four fifths of the total: look there first.

    Parameters
    ----------
    undetected_failures_per_year, test_interval_years
        lambda and T, 0 or more.
    common_cause_ratio
        beta, 0 to 1.

    References
    ----------
    [3]_ B.3.2.2.2, without repair times.
    """
    refuse(
        [
            at_least("undetected_failures_per_year", undetected_failures_per_year, 0.0),
            at_least("test_interval_years", test_interval_years, 0.0),
            between("common_cause_ratio", common_cause_ratio, 0.0, 1.0),
        ]
    )
    found = np.asarray(undetected_failures_per_year, dtype=np.float64) * np.asarray(test_interval_years, dtype=np.float64)
    beta = np.asarray(common_cause_ratio, dtype=np.float64)
    return np.asarray((1.0 - beta) * found**2 / 3.0 + beta * found / 2.0)
