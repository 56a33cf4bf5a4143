"""What a switch to a spare costs when it works, and when it does not.

References
----------
.. [1] K. S. Trivedi, A. Bobbio (2017), Reliability and availability engineering, section 9.3 (imperfect coverage).
.. [2] W. G. Bouricius, W. C. Carter, P. R. Schneider (1969), Reliability modeling techniques for self-repairing computer systems,
       Proc. 24th ACM National Conference (coverage).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]


def failover_downtime_hours(
    failovers_count: ArrayLike, coverage_ratio: ArrayLike, switch_hours: ArrayLike, manual_hours: ArrayLike
) -> Array:
    """Hours lost to a number of failovers: each takes the switch's time, or a person's where the switch does not work.

    What a user would get wrong: coverage decides. At a switch of one minute and an hour by hand, 95 % instead of 100 % makes four
    times the downtime.

    Parameters
    ----------
    failovers_count
        In any period, 0 or more.
    coverage_ratio
        c, share of failovers in which the switch works, 0 to 1.
    switch_hours, manual_hours
        0 or more.

    References
    ----------
    [2]_ for coverage; expectation of a two-way split.
    """
    refuse(
        [
            at_least("failovers_count", failovers_count, 0.0),
            between("coverage_ratio", coverage_ratio, 0.0, 1.0),
            at_least("switch_hours", switch_hours, 0.0),
            at_least("manual_hours", manual_hours, 0.0),
        ]
    )
    works = np.asarray(coverage_ratio, dtype=np.float64)
    each = works * np.asarray(switch_hours, dtype=np.float64) + (1.0 - works) * np.asarray(manual_hours, dtype=np.float64)
    return np.asarray(np.asarray(failovers_count, dtype=np.float64) * each)


def duplex_unavailability_ratio(
    failures_per_hour: ArrayLike,
    repairs_per_hour: ArrayLike,
    coverage_ratio: ArrayLike,
    switches_per_hour: ArrayLike,
    recoveries_per_hour: ArrayLike,
) -> Array:
    """An active part and a hot standby with a switch that takes time and may fail: share of time without service.

    States: both up; switching; uncovered (by hand); one up; none up. An active part's failure leads to the switch with
    probability c, else to the uncovered state; either ends with one part up. Balance equations: with both = 1,
    switching = c lambda / sigma, uncovered = (1 - c) lambda / rho, one = 2 lambda / mu, none = 2 lambda^2 / mu^2.

    What a user would get wrong: the switch's time and its failures usually cost more than both parts failing together.

    Parameters
    ----------
    failures_per_hour, repairs_per_hour
        lambda of each part and mu of the one crew, above 0.
    coverage_ratio
        c, 0 to 1.
    switches_per_hour, recoveries_per_hour
        sigma and rho, one over the mean time of a switch and of a recovery by hand; above 0. All broadcast.

    References
    ----------
    [1]_ section 9.3.3.
    """
    refuse(
        [
            above("failures_per_hour", failures_per_hour, 0.0),
            above("repairs_per_hour", repairs_per_hour, 0.0),
            between("coverage_ratio", coverage_ratio, 0.0, 1.0),
            above("switches_per_hour", switches_per_hour, 0.0),
            above("recoveries_per_hour", recoveries_per_hour, 0.0),
        ]
    )
    fails, mends = np.asarray(failures_per_hour, dtype=np.float64), np.asarray(repairs_per_hour, dtype=np.float64)
    works = np.asarray(coverage_ratio, dtype=np.float64)
    switching = works * fails / np.asarray(switches_per_hour, dtype=np.float64)
    uncovered = (1.0 - works) * fails / np.asarray(recoveries_per_hour, dtype=np.float64)
    one = 2.0 * fails / mends
    none = one * fails / mends
    return np.asarray((switching + uncovered + none) / (1.0 + switching + uncovered + one + none))
