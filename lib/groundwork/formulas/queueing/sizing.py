"""How many servers it takes: the smallest number that keeps a promise, and a table of it for the month loop.

Every promise here gets easier with each server more, so that the smallest number is well defined and found by halving.

References
----------
.. [1] R. B. Cooper (1981), Introduction to Queueing Theory, 2nd ed., section 3.4.
.. [2] W. Whitt (1992), Understanding the efficiency of multi-server service systems, Management Science 38(5), 708-723.
.. [3] R. E. Barlow, F. Proschan (1975), Statistical Theory of Reliability and Life Testing, section 2.1 (k of n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse
from groundwork.formulas.queueing.general import variability_ratio

Array: TypeAlias = NDArray[np.float64]

_EXACT_SERVERS = 512  # up to here a table holds every number of servers
_GRID_STEP_RATIO = 1.005  # beyond, its numbers of servers grow by this: at most half a percent more than needed


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
    return _fewest(load, lambda servers: _late_probability(servers, load, patience) <= late)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServersTable:
    """Largest offered load that each number of servers carries within one promise, for several patience values.

    `servers_count` is [row], `patience_ratio` is [column], `largest_load_erlang` is [column, row]. Patience is wait limit /
    (mean service time x (ca2 + cs2) / 2).
    """

    servers_count: Array
    patience_ratio: Array
    largest_load_erlang: Array

    def servers(self, offered_load_erlang: ArrayLike, patience_ratio: ArrayLike) -> Array:
        """Fewest servers for a load, never fewer than the direct formula gives.

        The load is looked up among the largest loads, so that on a patience of the table the answer is the direct one up to 512
        servers and at most 0.5 % above it (rounded up) beyond. A patience between two columns is read as the lower one.

        Parameters
        ----------
        offered_load_erlang
            Any shape, 0 or more, at most the table's largest load.
        patience_ratio
            Broadcast against the load, not below the lowest column.
        """
        load, patience = np.broadcast_arrays(
            np.asarray(offered_load_erlang, dtype=np.float64), np.asarray(patience_ratio, dtype=np.float64)
        )
        column = np.searchsorted(self.patience_ratio, patience, side="right") - 1
        refuse(
            [
                between("offered_load_erlang", load, 0.0, float(self.largest_load_erlang[:, -1].min())),
                holds(
                    "patience_ratio",
                    bool(np.all(column >= 0)),
                    f"must be at least {self.patience_ratio[0]:g}",
                ),
            ]
        )
        # One search for all columns: each is lifted above the one before it.
        lift = 2.0 * float(self.largest_load_erlang[:, -1].max()) + 1.0
        rows = self.servers_count.size
        flat = (self.largest_load_erlang + lift * np.arange(self.patience_ratio.size)[:, None]).ravel()
        row = np.minimum(np.searchsorted(flat, load + lift * column, side="left") - rows * column, rows - 1)
        # Lifting rounds in the last digits; a look at both neighbours puts right what it may have moved.
        row = row - ((row > 0) & (self.largest_load_erlang[column, np.maximum(row - 1, 0)] >= load))
        row = row + (self.largest_load_erlang[column, row] < load)
        return np.where(load > 0.0, self.servers_count[row], 0.0)


def servers_table(largest_load_erlang: float, patience_ratio: ArrayLike, late_ratio: float) -> ServersTable:
    """Work the sizing rule out once for all loads up to a largest one: `servers_for_wait_count` turned round.

    For each number of servers the largest load within the promise, by halving to 1e-10 of it, the safe end kept. About 0.2 s
    for ten columns up to 10,000 erlang.

    Parameters
    ----------
    largest_load_erlang
        Above 0; the table reaches it in every column.
    patience_ratio
        [column], rising, 0 or more: wait limit / (mean service time x (ca2 + cs2) / 2).
    late_ratio
        Strictly between 0 and 1: the share that may wait longer.

    References
    ----------
    [1]_ eq. 3.4.10.
    """
    patience = np.atleast_1d(np.asarray(patience_ratio, dtype=np.float64))
    refuse(
        [
            above("largest_load_erlang", largest_load_erlang, 0.0),
            at_least("patience_ratio", patience, 0.0),
            holds("patience_ratio", patience.ndim == 1 and bool(np.all(np.diff(patience) > 0.0)), "must be one rising list"),
            between("late_ratio", late_ratio, 1e-15, 1.0 - 1e-15),
        ]
    )
    most = float(servers_for_wait_count(largest_load_erlang, 1.0, patience[0], late_ratio, 1.0, 1.0))
    steps = max(int(np.ceil(np.log(max(most / _EXACT_SERVERS, 1.0)) / np.log(_GRID_STEP_RATIO))) + 1, 1)
    beyond = np.floor(_EXACT_SERVERS * _GRID_STEP_RATIO ** np.arange(1, steps + 1))
    servers = np.unique(np.concatenate([np.arange(1.0, min(most, _EXACT_SERVERS) + 1.0), beyond[beyond < most], [most]]))
    low = np.zeros((patience.size, servers.size))
    high = np.broadcast_to(servers, low.shape)
    for _ in range(34):
        middle = 0.5 * (low + high)
        kept = _late_probability(np.broadcast_to(servers, low.shape), middle, patience[:, None]) <= late_ratio
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    # The last row holds the largest load by construction; halving stops a hair below it.
    low[:, -1] = np.maximum(low[:, -1], largest_load_erlang)
    return ServersTable(servers_count=servers, patience_ratio=patience, largest_load_erlang=low)


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


def _late_probability(servers: Array, load: Array, patience: Array) -> Array:
    """Share that waits longer than the limit, servers above the load."""
    return np.asarray(_delay_probability(servers, load) * np.exp(-(servers - load) * patience))


def _delay_probability(servers: Array, load: Array) -> Array:
    """Erlang C in closed form for servers above the load: no recursion, so that a million servers cost what ten do.

    Erlang B is Poisson's probability of c over that of at most c; the latter is an incomplete gamma function.
    """
    from scipy.special import gammaincc, gammaln, xlogy

    blocked = np.exp(xlogy(servers, load) - load - gammaln(servers + 1.0)) / gammaincc(servers + 1.0, load)
    return np.asarray(servers * blocked / (servers - load * (1.0 - blocked)))
