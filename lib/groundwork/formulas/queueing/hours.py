"""Load that changes by the hour of the day: when the hour itself may be taken as steady, and when not.

References
----------
.. [1] L. V. Green, P. J. Kolesar (1991), The pointwise stationary approximation for queues with nonstationary arrivals,
       Management Science 37(1), 84-97.
.. [2] O. B. Jennings, A. Mandelbaum, W. A. Massey, W. Whitt (1996), Server staffing to meet time-varying demand, Management
       Science 42(10), 1383-1394.
.. [3] S. G. Eick, W. A. Massey, W. Whitt (1993), The physics of the M_t/G/infinity queue, Oper. Res. 41(4), 731-742.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def pointwise_offered_load_erlang(arrivals_per_second: ArrayLike, mean_service_seconds: ArrayLike) -> Array:
    """Offered load of each hour as if it lasted for ever (PSA): arrivals x mean service time.

    Right for requests of seconds. For jobs of an hour and more it is too high at the peak and too low after it.

    Parameters
    ----------
    arrivals_per_second
        [hour, ...], 0 or more.
    mean_service_seconds
        [...], above 0, seconds.

    References
    ----------
    [1]_ eq. 5.
    """
    arrivals, service = _checked(arrivals_per_second, mean_service_seconds)
    return np.asarray(arrivals * service)


def modified_offered_load_erlang(arrivals_per_second: ArrayLike, mean_service_seconds: ArrayLike) -> Array:
    """Mean number in service in each hour of a day that repeats, if nobody had to wait (MOL): feed this to the sizing rule.

    m' = lambda(t) - m / S with the arrival rate constant in each of the day's equal parts: exact, periodic, averaged over the
    part. Work done by jobs that started earlier is carried over, so the day's mean is exactly that of arrivals x S, and short
    jobs give the pointwise load.

    What a user would get wrong: with jobs of several hours the servers are needed after the peak of arrivals, and fewer of them.

    Parameters
    ----------
    arrivals_per_second
        [part, ...]: equal parts of one day (24: hours), 0 or more.
    mean_service_seconds
        [...], above 0, seconds; exponential service.

    References
    ----------
    [2]_ section 4; [3]_ eq. 2 for the infinite-server load.
    """
    arrivals, service = _checked(arrivals_per_second, mean_service_seconds)
    part_seconds = 86_400.0 / arrivals.shape[0]
    kept = np.exp(-part_seconds / service)
    steady = arrivals * service
    gained = np.zeros(np.broadcast_shapes(steady.shape[1:], kept.shape))
    for level in steady:
        gained = gained * kept + level * (1.0 - kept)
    # What one day leaves behind, repeated for ever: the day must start where it ends.
    start = gained / -np.expm1(-86_400.0 / service)
    share = -np.expm1(-part_seconds / service) * service / part_seconds
    means = []
    for level in steady:
        means.append(level + (start - level) * share)
        start = start * kept + level * (1.0 - kept)
    return np.asarray(means)


def _checked(arrivals_per_second: ArrayLike, mean_service_seconds: ArrayLike) -> tuple[Array, Array]:
    """Both as floats, refused together."""
    arrivals = np.asarray(arrivals_per_second, dtype=np.float64)
    service = np.asarray(mean_service_seconds, dtype=np.float64)
    refuse(
        [
            at_least("arrivals_per_second", arrivals, 0.0),
            holds("arrivals_per_second", arrivals.ndim >= 1 and arrivals.shape[0] >= 1, "must have the hours on its first axis"),
            above("mean_service_seconds", service, 0.0),
        ]
    )
    return arrivals, service
