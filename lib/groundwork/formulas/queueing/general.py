"""Arrivals and service that are not exponential: one server exactly, many servers by two moments, large systems in the limit.

Symbols: A = offered load (erlang), c = servers, S = mean service time, C = Erlang C, SCV = squared coefficient of variation
(variance over squared mean; 0 constant, 1 exponential), ca2 of the times between arrivals, cs2 of the service times.

References
----------
.. [1] L. Kleinrock (1975), Queueing Systems, vol. 1, section 5.6 (Pollaczek-Khinchine).
.. [2] A. O. Allen (1990), Probability, Statistics and Queueing Theory, 2nd ed., section 5.4 (Allen-Cunneen).
.. [3] S. Halfin, W. Whitt (1981), Heavy-traffic limits for queues with many exponential servers, Oper. Res. 29(3), 567-588.
.. [4] C. D. Crommelin (1932), Delay probability formulae when the holding times are constant, P.O. Elec. Eng. J. 25, 41-50.
.. [5] K. W. Fendick, W. Whitt (1989), Measurements and approximations to describe the offered traffic and predict the average
       workload in a single-server queue, Proc. IEEE 77(1), 171-194 (index of dispersion).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse
from groundwork.formulas.queueing import erlang

Array: TypeAlias = NDArray[np.float64]


def pollaczek_khinchine_wait_seconds(
    offered_load_erlang: ArrayLike, mean_service_seconds: ArrayLike, service_scv_ratio: ArrayLike
) -> Array:
    """Mean wait of one server with any service time (M/G/1), exact: A S (1 + cs2) / (2 (1 - A)).

    What a user would get wrong: with cs2 = 8 (GPU jobs) the wait is 4.5 times that of the exponential formula at the same load.

    Parameters
    ----------
    offered_load_erlang
        A = utilisation, 0 or more; the wait is infinite from 1 on.
    mean_service_seconds
        S, above 0, seconds.
    service_scv_ratio
        cs2, 0 or more.

    References
    ----------
    [1]_ eq. 5.72. A = 0.95, cs2 = 8, S = 1: 85.5.
    """
    load = np.asarray(offered_load_erlang, dtype=np.float64)
    service = np.asarray(mean_service_seconds, dtype=np.float64)
    scv = np.asarray(service_scv_ratio, dtype=np.float64)
    refuse(
        [
            at_least("offered_load_erlang", load, 0.0),
            above("mean_service_seconds", service, 0.0),
            at_least("service_scv_ratio", scv, 0.0),
        ]
    )
    spare = np.where(load < 1.0, 1.0 - load, np.nan)
    wait = load * service * (1.0 + scv) / (2.0 * spare)
    return np.where(np.isnan(wait), np.inf, wait)


def allen_cunneen_mean_wait_seconds(
    offered_load_erlang: ArrayLike,
    servers_count: ArrayLike,
    mean_service_seconds: ArrayLike,
    arrival_scv_ratio: ArrayLike,
    service_scv_ratio: ArrayLike,
) -> Array:
    """Mean wait of c servers with any arrivals and service (G/G/c), by two moments: the M/M/c wait x (ca2 + cs2) / 2.

    Exact for M/M/c and M/G/1. For constant service on 16 servers at 90 % it is 4 % too low: compare with
    `constant_service_mean_wait_seconds`.

    What a user would get wrong: SCVs are squared. A coefficient of variation of 3 is an SCV of 9.

    Parameters
    ----------
    offered_load_erlang, servers_count, mean_service_seconds
        As in `erlang.mean_wait_seconds`.
    arrival_scv_ratio, service_scv_ratio
        ca2 and cs2, 0 or more.

    References
    ----------
    [2]_ eq. 5.4.7. c = 4, A = 3.6, constant service of 1 s: 0.98469158 s (exact 0.99996589).
    """
    variability = variability_ratio(arrival_scv_ratio, service_scv_ratio)
    return np.asarray(erlang.mean_wait_seconds(offered_load_erlang, servers_count, mean_service_seconds) * variability)


def allen_cunneen_wait_exceeds_probability(
    offered_load_erlang: ArrayLike,
    servers_count: ArrayLike,
    mean_service_seconds: ArrayLike,
    wait_seconds: ArrayLike,
    arrival_scv_ratio: ArrayLike,
    service_scv_ratio: ArrayLike,
) -> Array:
    """Probability of a wait above t in G/G/c, by two moments: C exp(-(c - A) t / (S v)), v = (ca2 + cs2) / 2.

    The chance to wait is that of M/M/c and those who wait have an exponential wait, so that the mean is Allen-Cunneen's.
    Exact for M/M/c. Service times with a power tail make the far tail longer than this says.

    Parameters
    ----------
    offered_load_erlang, servers_count, mean_service_seconds, arrival_scv_ratio, service_scv_ratio
        As in `allen_cunneen_mean_wait_seconds`; the SCVs must not both be 0.
    wait_seconds
        t, 0 or more, seconds.

    References
    ----------
    [2]_ section 5.4, the percentile of the wait.
    """
    variability = variability_ratio(arrival_scv_ratio, service_scv_ratio)
    refuse([above("arrival_scv_ratio + service_scv_ratio", variability, 0.0)])
    service = np.asarray(mean_service_seconds, dtype=np.float64) * variability
    return erlang.wait_exceeds_probability(offered_load_erlang, servers_count, service, wait_seconds)


def allen_cunneen_wait_quantile_seconds(
    offered_load_erlang: ArrayLike,
    servers_count: ArrayLike,
    mean_service_seconds: ArrayLike,
    quantile_ratio: ArrayLike,
    arrival_scv_ratio: ArrayLike,
    service_scv_ratio: ArrayLike,
) -> Array:
    """Wait that the share q does not exceed in G/G/c: the M/M/c quantile x (ca2 + cs2) / 2.

    Parameters
    ----------
    offered_load_erlang, servers_count, mean_service_seconds, arrival_scv_ratio, service_scv_ratio
        As in `allen_cunneen_mean_wait_seconds`.
    quantile_ratio
        q, 0 or more and below 1.

    References
    ----------
    [2]_ section 5.4, the percentile of the wait.
    """
    variability = variability_ratio(arrival_scv_ratio, service_scv_ratio)
    wait = erlang.wait_quantile_seconds(offered_load_erlang, servers_count, mean_service_seconds, quantile_ratio)
    # Clockwork (v = 0) on a stable system never waits; 0 x infinity stays infinite where the load reaches the servers.
    return np.where(np.isinf(wait), np.inf, np.where(np.isinf(wait), 0.0, wait) * variability)


def variability_ratio(arrival_scv_ratio: ArrayLike, service_scv_ratio: ArrayLike) -> Array:
    """How much longer waits are than with exponential arrivals and service: (ca2 + cs2) / 2.

    Parameters
    ----------
    arrival_scv_ratio, service_scv_ratio
        0 or more, any shapes that broadcast.

    References
    ----------
    [2]_ eq. 5.4.7.
    """
    refuse([at_least("arrival_scv_ratio", arrival_scv_ratio, 0.0), at_least("service_scv_ratio", service_scv_ratio, 0.0)])
    total = np.asarray(arrival_scv_ratio, dtype=np.float64) + np.asarray(service_scv_ratio, dtype=np.float64)
    return np.asarray(0.5 * total)


def constant_service_mean_wait_seconds(offered_load_erlang: float, servers_count: int, service_seconds: float) -> float:
    """Mean wait of c servers with constant service (M/D/c), exact, to judge the two-moment approximation by.

    Whoever is in service now is gone one service time later, so N(t + S) = max(N(t) - c, 0) + Poisson(A): a Markov chain whose
    mean, less A in service, is the mean queue. Solved directly on enough states that the rest weighs below 1e-14.

    Parameters
    ----------
    offered_load_erlang
        A, 0 or more and below the servers.
    servers_count
        c, whole, 1 or more.
    service_seconds
        S, above 0, seconds; the same for every job.

    References
    ----------
    [4]_. c = 16, A = 14.4, S = 1: 0.19246703.
    """
    from scipy.special import gammaln

    refuse(
        [
            at_least("offered_load_erlang", offered_load_erlang, 0.0),
            erlang.whole("servers_count", servers_count, 1),
            above("service_seconds", service_seconds, 0.0),
            holds("offered_load_erlang", offered_load_erlang < servers_count, "must be below servers_count"),
        ]
    )
    if offered_load_erlang == 0.0:
        return 0.0
    # The queue's tail falls at least like exp(-2 (1 - A/c)) per job, the Poisson part within ten standard deviations.
    spare = 1.0 - offered_load_erlang / servers_count
    tail = int(np.ceil(servers_count + 10.0 * np.sqrt(servers_count + 1.0) + 17.0 / spare)) + 20
    count = np.arange(tail, dtype=np.float64)
    poisson = np.exp(count * np.log(offered_load_erlang) - offered_load_erlang - gammaln(count + 1.0))
    left = np.maximum(np.arange(tail) - servers_count, 0)
    step = count[None, :] - left[:, None]
    moves = np.where(step >= 0, poisson[np.maximum(step, 0).astype(np.int64)], 0.0)
    equations = moves.T - np.eye(tail)
    equations[-1] = 1.0
    jobs = np.linalg.solve(equations, np.eye(tail)[-1])
    return float((jobs @ np.maximum(count - servers_count, 0.0)) * service_seconds / offered_load_erlang)


def halfin_whitt_delay_probability(spare_ratio: ArrayLike) -> Array:
    """Chance to wait in a large system staffed by the square root: alpha = 1 / (1 + beta Phi(beta) / phi(beta)).

    c = A + beta sqrt(A): the chance depends on beta alone as the system grows. This is why one pool beats two.

    Parameters
    ----------
    spare_ratio
        beta = (c - A) / sqrt(A), above 0, any shape.

    References
    ----------
    [3]_ prop. 1. beta = 1: 0.2233612748.
    """
    from scipy.special import ndtr

    beta = np.asarray(spare_ratio, dtype=np.float64)
    refuse([above("spare_ratio", beta, 0.0)])
    density = np.exp(-0.5 * beta**2) / np.sqrt(2.0 * np.pi)
    return np.asarray(density / (density + beta * ndtr(beta)))


def arrival_scv_from_dispersion_ratio(
    dispersion_ratio: ArrayLike, bin_seconds: ArrayLike, time_scale_seconds: ArrayLike
) -> Array:
    """Arrival SCV to put into a queue formula, read from a trace's index of dispersion at the queue's own time scale.

    Index of dispersion = variance / mean of the counts in a bin. Every stream tends to 1 in tiny bins; real ones rise with the
    bin (a chat service: 1.4 at 1 s, 3.9 at 10 s, 16 at 60 s) because the rate itself wanders. What matters is the bin as long
    as the queue remembers: a service time, or the wait limit where that is longer. Linear between bins, from (0, 1).

    What a user would get wrong: the SCV of the times between arrivals (1.2 for the same stream) misses the wandering rate.

    Parameters
    ----------
    dispersion_ratio
        [bin], 0 or more.
    bin_seconds
        [bin], rising, above 0, seconds.
    time_scale_seconds
        Any shape, 0 or more, seconds; beyond the longest bin it is refused, since nothing was measured there.

    References
    ----------
    [5]_ section III.
    """
    dispersion = np.asarray(dispersion_ratio, dtype=np.float64)
    bins = np.asarray(bin_seconds, dtype=np.float64)
    scale = np.asarray(time_scale_seconds, dtype=np.float64)
    refuse(
        [
            at_least("dispersion_ratio", dispersion, 0.0),
            holds("dispersion_ratio", dispersion.ndim == 1 and dispersion.shape == bins.shape, "must be one value per bin"),
            above("bin_seconds", bins, 0.0),
            holds("bin_seconds", bool(np.all(np.diff(bins) > 0.0)), "must rise"),
            finite("time_scale_seconds", scale),
            between("time_scale_seconds", scale, 0.0, float(bins.max(initial=0.0))),
        ]
    )
    return np.asarray(np.interp(scale, np.concatenate([[0.0], bins]), np.concatenate([[1.0], dispersion])))
