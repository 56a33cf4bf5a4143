"""How many servers it takes: the smallest number that keeps a promise.

Every promise here gets easier with each server more, so that the smallest number is well defined and found by halving.

References
----------
.. [1] R. B. Cooper (1981), Introduction to Queueing Theory, 2nd ed., section 3.4.
.. [2] W. Whitt (1992), Understanding the efficiency of multi-server service systems, Management Science 38(5), 708-723.
.. [3] R. E. Barlow, F. Proschan (1975), Statistical Theory of Reliability and Life Testing, section 2.1 (k of n).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse
from groundwork.formulas.queueing.general import variability_ratio

Array: TypeAlias = NDArray[np.float64]


def servers_for_wait_count(
    offered_load_erlang: ArrayLike,
    mean_service_seconds: ArrayLike,
    wait_limit_seconds: ArrayLike,
    late_ratio: ArrayLike,
    arrival_scv_ratio: ArrayLike,
    service_scv_ratio: ArrayLike,
) -> Array:
    """Fewest servers with which at most the given share of arrivals waits longer than the limit (G/G/c by two moments).

    Smallest c above A with C(c, A) exp(-(c - A) t / (S v)) <= late, v = (ca2 + cs2) / 2: exact for M/M/c.

    What a user would get wrong: the limit is on the wait. For a limit on the answer take the service time off it first. And
    load / servers is no target: 80 % busy is idle for a thousand servers and hopeless for two.

    Parameters
    ----------
    offered_load_erlang
        A, any shape, 0 or more.
    mean_service_seconds
        S, above 0, seconds.
    wait_limit_seconds
        t, 0 or more, seconds; 0 limits the share that waits at all.
    late_ratio
        Strictly between 0 and 1 (0.01 for a 99th percentile).
    arrival_scv_ratio, service_scv_ratio
        0 or more and not both 0; 1 and 1 for M/M/c.

    References
    ----------
    [1]_ eq. 3.4.10; [2]_ eq. 3.2 for the scaling by v.
    """
    variability = variability_ratio(arrival_scv_ratio, service_scv_ratio)
    refuse(
        [
            at_least("offered_load_erlang", offered_load_erlang, 0.0),
            above("mean_service_seconds", mean_service_seconds, 0.0),
            at_least("wait_limit_seconds", wait_limit_seconds, 0.0),
            between("late_ratio", late_ratio, 1e-15, 1.0 - 1e-15),
            above("arrival_scv_ratio + service_scv_ratio", variability, 0.0),
        ]
    )
    patience = np.asarray(wait_limit_seconds, dtype=np.float64) / (
        np.asarray(mean_service_seconds, dtype=np.float64) * variability
    )
    load, patience, late = np.broadcast_arrays(
        np.asarray(offered_load_erlang, dtype=np.float64), patience, np.asarray(late_ratio, dtype=np.float64)
    )
    return _fewest(load, lambda servers: late_probability(servers, load, patience) <= late)


def servers_for_mean_wait_count(
    offered_load_erlang: ArrayLike,
    mean_service_seconds: ArrayLike,
    mean_wait_limit_seconds: ArrayLike,
    arrival_scv_ratio: ArrayLike,
    service_scv_ratio: ArrayLike,
) -> Array:
    """Fewest servers whose mean wait (Allen-Cunneen) is within the limit.

    Parameters
    ----------
    offered_load_erlang, mean_service_seconds, arrival_scv_ratio, service_scv_ratio
        As in `servers_for_wait_count`.
    mean_wait_limit_seconds
        Above 0, seconds.

    References
    ----------
    [1]_ eq. 3.4.11; [2]_.
    """
    variability = variability_ratio(arrival_scv_ratio, service_scv_ratio)
    refuse(
        [
            at_least("offered_load_erlang", offered_load_erlang, 0.0),
            above("mean_service_seconds", mean_service_seconds, 0.0),
            above("mean_wait_limit_seconds", mean_wait_limit_seconds, 0.0),
        ]
    )
    load, allowed, service = np.broadcast_arrays(
        np.asarray(offered_load_erlang, dtype=np.float64),
        np.asarray(mean_wait_limit_seconds, dtype=np.float64),
        np.asarray(mean_service_seconds, dtype=np.float64) * variability,
    )
    return _fewest(load, lambda servers: _delay_probability(servers, load) * service <= allowed * (servers - load))


def servers_for_blocking_count(offered_load_erlang: ArrayLike, lost_ratio: ArrayLike) -> Array:
    """Fewest servers that turn away at most the given share when nobody can wait (Erlang B).

    Parameters
    ----------
    offered_load_erlang
        A, any shape, 0 or more.
    lost_ratio
        Strictly between 0 and 1; the load may exceed the servers when much may be lost.

    References
    ----------
    [1]_ section 3.3. A = 8.1 at 1 %: 15 servers.
    """
    load, limit = np.broadcast_arrays(np.asarray(offered_load_erlang, dtype=np.float64), np.asarray(lost_ratio, dtype=np.float64))
    refuse([at_least("offered_load_erlang", load, 0.0), between("lost_ratio", limit, 1e-15, 1.0 - 1e-15)])
    servers, lost = np.zeros(load.shape), np.where(load > 0.0, 1.0, 0.0)
    number = 0
    while (open_still := lost > limit).any():
        number += 1
        lost = np.where(open_still, load * lost / (number + load * lost), lost)
        servers = np.where(open_still, float(number), servers)
    return servers


def servers_with_spares_count(needed_count: ArrayLike, server_availability_ratio: ArrayLike, target_ratio: ArrayLike) -> Array:
    """Fewest servers to own so that the needed ones are up with the target probability: smallest n, P(Bin(n, a) >= k) >= target.

    What a user would get wrong: dividing by the availability covers the average, that is half of the time. And servers that
    fail together (a zone, a bad change) are not covered by this at all.

    Parameters
    ----------
    needed_count
        k, whole, 0 or more, any shape.
    server_availability_ratio
        a, above 0 and at most 1; servers fail independently.
    target_ratio
        Strictly between 0 and 1 (0.999).

    References
    ----------
    [3]_ k of n.
    """
    from scipy.special import betainc

    from groundwork.formulas.queueing.erlang import whole

    needed, available, target = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (needed_count, server_availability_ratio, target_ratio))
    )
    refuse(
        [
            whole("needed_count", needed, 0),
            between("server_availability_ratio", available, 1e-9, 1.0),
            between("target_ratio", target, 1e-15, 1.0 - 1e-15),
        ]
    )
    first = np.maximum(needed, 1.0)

    def kept(servers: Array) -> NDArray[np.bool_]:
        # P(at least k of n up) is the regularised incomplete beta function I_a(k, n - k + 1).
        return np.asarray(betainc(first, servers - first + 1.0, available) >= target)

    return np.where(needed > 0.0, _halved(first - 1.0, first, kept), 0.0)


def _fewest(load: Array, kept: Callable[[Array], NDArray[np.bool_]]) -> Array:
    """Smallest whole number above the load that keeps the promise; 0 servers for no load."""
    return np.where(load > 0.0, _halved(np.floor(load), np.floor(load) + 1.0, kept), 0.0)


def _halved(low: Array, high: Array, kept: Callable[[Array], NDArray[np.bool_]]) -> Array:
    """Smallest whole number above `low` for which `kept` holds, given that it stays true once true."""
    step = np.ones(high.shape)
    while not (good := kept(high)).all():
        low, high = np.where(good, low, high), np.where(good, high, high + step)
        step = 2.0 * step
    while ((high - low) > 1.0).any():
        open_still = high - low > 1.0
        middle = np.where(open_still, np.floor(0.5 * (low + high)), high)
        good = kept(middle)
        low, high = np.where(open_still & ~good, middle, low), np.where(good, middle, high)
    return high


def late_probability(servers_count: Array, offered_load_erlang: Array, patience_ratio: Array) -> Array:
    """Share that waits longer than the limit, servers above the load; patience is the limit over service time x variability."""
    waits = _delay_probability(servers_count, offered_load_erlang)
    return np.asarray(waits * np.exp(-(servers_count - offered_load_erlang) * patience_ratio))


def _delay_probability(servers: Array, load: Array) -> Array:
    """Erlang C in closed form for servers above the load: no recursion, so that a million servers cost what ten do.

    Erlang B is Poisson's probability of c over that of at most c; the latter is an incomplete gamma function.
    """
    from scipy.special import gammaincc, gammaln, xlogy

    blocked = np.exp(xlogy(servers, load) - load - gammaln(servers + 1.0)) / gammaincc(servers + 1.0, load)
    return np.asarray(servers * blocked / (servers - load * (1.0 - blocked)))
