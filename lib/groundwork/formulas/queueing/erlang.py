"""Servers in parallel, random arrivals, exponential service: who is turned away, who waits, and for how long.

Symbols: A = offered load = arrival rate x mean service time, in erlang (servers kept busy); c = servers; mu = 1 / mean service
time; K = places in all, being served or waiting.

References
----------
.. [1] R. B. Cooper (1981), Introduction to Queueing Theory, 2nd ed., sections 3.3 (Erlang B) and 3.4 (Erlang C).
.. [2] W. Whitt (2002), IEOR 6707: The Erlang B and C formulas: problems and solutions, Columbia University.
.. [3] J. D. C. Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9(3), 383-387.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiniteQueue:
    """A queue with room for K in all: the share turned away, and what those who are let in meet.

    Every field has the broadcast shape of the inputs; `mean_wait_seconds` is over the jobs that are let in.
    """

    lost_ratio: Array
    mean_jobs_count: Array
    mean_queue_count: Array
    mean_wait_seconds: Array
    utilisation_ratio: Array


def whole(field: str, value: ArrayLike, low: int) -> Fault | None:
    """A fault unless every element is a whole number of at least `low`: half a server serves nobody."""
    numbers = np.asarray(value, dtype=np.float64)
    fault = at_least(field, numbers, low)
    return fault or holds(field, bool(np.all(numbers == np.floor(numbers))), "must be whole numbers")


def erlang_b_probability(offered_load_erlang: ArrayLike, servers_count: ArrayLike) -> Array:
    """Probability that an arrival finds all servers busy and is lost (M/G/c/c, Erlang B).

    B(0) = 1;  B(n) = A B(n-1) / (n + A B(n-1)). The recursion never overflows; A^c / c! does beyond 170 servers.

    What a user would get wrong: lost work is gone. Where people wait or retry, this understates the load: use Erlang C.

    Parameters
    ----------
    offered_load_erlang
        Any shape, 0 or more. Only the mean service time matters, not its distribution.
    servers_count
        Whole, 0 or more; broadcast against the load.

    References
    ----------
    [1]_ eq. 3.3.1; [2]_ eq. 3. A = 8.108 on 15 servers loses 1 %.
    """
    return finite_queue(offered_load_erlang, servers_count, servers_count, 1.0).lost_ratio


def finite_queue(
    offered_load_erlang: ArrayLike, servers_count: ArrayLike, places_count: ArrayLike, mean_service_seconds: ArrayLike
) -> FiniteQueue:
    """Servers with a waiting room of limited size (M/M/c/K): loss, wait and utilisation.

    With one place more the full state takes the share p(n) = A p(n-1) / (min(n, c) + A p(n-1)) and all other states shrink
    by 1 - p(n): the same recursion as Erlang B, which is the case K = c. Wait by Little's law over those let in.

    What a user would get wrong: a short waiting room makes waits look good by turning people away: read loss and wait together.

    Parameters
    ----------
    offered_load_erlang
        Any shape, 0 or more; may exceed the servers, a finite queue is always stable.
    servers_count
        Whole, 0 or more.
    places_count
        Whole, not below `servers_count`: places in service and waiting together.
    mean_service_seconds
        Above 0, seconds.

    References
    ----------
    [1]_ section 3.4, exercise on limited waiting positions; [3]_.
    """
    load, servers, places, service = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (offered_load_erlang, servers_count, places_count, mean_service_seconds)
        )
    )
    refuse(
        [
            at_least("offered_load_erlang", load, 0.0),
            whole("servers_count", servers, 0),
            whole("places_count", places, 0),
            holds("places_count", bool(np.all(places >= servers)), "must not be below servers_count"),
            above("mean_service_seconds", service, 0.0),
        ]
    )
    lost, jobs, queued = np.ones(load.shape), np.zeros(load.shape), np.zeros(load.shape)
    for place in range(1, int(places.max(initial=0.0)) + 1):
        grown = load * lost / (np.minimum(place, servers) + load * lost + (servers == 0))
        grown = np.where(servers == 0, 1.0, grown)
        here = place <= places
        jobs = np.where(here, jobs * (1.0 - grown) + place * grown, jobs)
        queued = np.where(here, queued * (1.0 - grown) + np.maximum(place - servers, 0.0) * grown, queued)
        lost = np.where(here, grown, lost)
    served = load * (1.0 - lost)
    return FiniteQueue(
        lost_ratio=lost,
        mean_jobs_count=jobs,
        mean_queue_count=queued,
        mean_wait_seconds=np.divide(queued * service, served, out=np.zeros(load.shape), where=served > 0.0),
        utilisation_ratio=np.divide(served, servers, out=np.zeros(load.shape), where=servers > 0.0),
    )


def erlang_c_probability(offered_load_erlang: ArrayLike, servers_count: ArrayLike) -> Array:
    """Probability that an arrival has to wait (M/M/c, Erlang C); 1 where the load reaches the servers.

    C = c B / (c - A (1 - B)), B from `erlang_b_probability`.

    What a user would get wrong: utilisation is not the chance to wait. At 95 % busy, 0.95 of the arrivals wait on one server,
    0.51 on a hundred.

    Parameters
    ----------
    offered_load_erlang
        Any shape, 0 or more.
    servers_count
        Whole, 1 or more; broadcast against the load.

    References
    ----------
    [1]_ eq. 3.4.4; [2]_ eq. 6. A = 10 on 14 servers: 0.1741319336.
    """
    load, servers = _load_and_servers(offered_load_erlang, servers_count)
    blocked = erlang_b_probability(load, servers)
    stable = load < servers
    spare = np.where(stable, servers - load * (1.0 - blocked), 1.0)
    return np.where(stable, servers * blocked / spare, 1.0)


def mean_wait_seconds(offered_load_erlang: ArrayLike, servers_count: ArrayLike, mean_service_seconds: ArrayLike) -> Array:
    """Mean time before service starts (M/M/c): C S / (c - A); infinite where the load reaches the servers.

    Parameters
    ----------
    offered_load_erlang, servers_count
        As in `erlang_c_probability`.
    mean_service_seconds
        S, above 0, seconds.

    References
    ----------
    [1]_ eq. 3.4.11.
    """
    load, servers = _load_and_servers(offered_load_erlang, servers_count)
    refuse([above("mean_service_seconds", mean_service_seconds, 0.0)])
    spare = np.where(load < servers, servers - load, np.nan)
    wait = erlang_c_probability(load, servers) * np.asarray(mean_service_seconds, dtype=np.float64) / spare
    return np.where(np.isnan(wait), np.inf, wait)


def wait_exceeds_probability(
    offered_load_erlang: ArrayLike, servers_count: ArrayLike, mean_service_seconds: ArrayLike, wait_seconds: ArrayLike
) -> Array:
    """Probability that the wait is longer than t (M/M/c): P(W > t) = C exp(-(c - A) t / S).

    Parameters
    ----------
    offered_load_erlang, servers_count, mean_service_seconds
        As in `mean_wait_seconds`.
    wait_seconds
        t, 0 or more, seconds. The service itself is not in it.

    References
    ----------
    [1]_ eq. 3.4.10. A = 10, c = 14, S = 3 min, t = 0.33 min: 1 - 0.888.
    """
    load, servers = _load_and_servers(offered_load_erlang, servers_count)
    refuse([above("mean_service_seconds", mean_service_seconds, 0.0), at_least("wait_seconds", wait_seconds, 0.0)])
    spare = np.maximum(servers - load, 0.0)
    waited = np.asarray(wait_seconds, dtype=np.float64) / np.asarray(mean_service_seconds, dtype=np.float64)
    return np.asarray(erlang_c_probability(load, servers) * np.exp(-spare * waited))


def wait_quantile_seconds(
    offered_load_erlang: ArrayLike, servers_count: ArrayLike, mean_service_seconds: ArrayLike, quantile_ratio: ArrayLike
) -> Array:
    """Wait that the share q of the arrivals does not exceed (M/M/c): S ln(C / (1 - q)) / (c - A), or 0 when C <= 1 - q.

    What a user would get wrong: the median wait of a good system is exactly 0; only the tail shows that it fills up.

    Parameters
    ----------
    offered_load_erlang, servers_count, mean_service_seconds
        As in `mean_wait_seconds`; infinite where the load reaches the servers.
    quantile_ratio
        q, 0 or more and below 1 (0.99).

    References
    ----------
    [1]_ eq. 3.4.10, solved for t.
    """
    load, servers = _load_and_servers(offered_load_erlang, servers_count)
    level = np.asarray(quantile_ratio, dtype=np.float64)
    refuse([above("mean_service_seconds", mean_service_seconds, 0.0), between("quantile_ratio", level, 0.0, 1.0 - 1e-15)])
    over = np.maximum(erlang_c_probability(load, servers) / (1.0 - level), 1.0)
    spare = np.where(load < servers, servers - load, np.nan)
    wait = np.asarray(mean_service_seconds, dtype=np.float64) * np.log(over) / spare
    return np.where(np.isnan(wait), np.inf, wait)


def empty_system_probability(offered_load_erlang: ArrayLike, servers_count: ArrayLike) -> Array:
    """Probability that nobody is there (M/M/c): p0 = (1 - B(1)) ... (1 - B(c)) / (1 + A B(c) / (c - A)).

    Each server added takes the share B(n) from all states with fewer jobs; the queue behind the last one takes its own share.

    Parameters
    ----------
    offered_load_erlang, servers_count
        As in `erlang_c_probability`; 0 where the load reaches the servers.

    References
    ----------
    [1]_ eq. 3.4.3. A = 0.8, c = 1: 0.2.
    """
    load, servers = _load_and_servers(offered_load_erlang, servers_count)
    empty, blocked = np.ones(load.shape), np.ones(load.shape)
    for server in range(1, int(servers.max(initial=0.0)) + 1):
        here = server <= servers
        grown = load * blocked / (server + load * blocked)
        empty = np.where(here, empty * (1.0 - grown), empty)
        blocked = np.where(here, grown, blocked)
    stable = load < servers
    spare = np.where(stable, servers - load, 1.0)
    return np.where(stable, empty / (1.0 + blocked * load / spare), 0.0)


def offered_load_at_blocking_erlang(blocked_ratio: ArrayLike, servers_count: ArrayLike) -> Array:
    """Largest load of which c servers lose at most the given share: Erlang B turned round, by bisection to 1e-12.

    Parameters
    ----------
    blocked_ratio
        Strictly between 0 and 1.
    servers_count
        Whole, 1 or more; broadcast.

    References
    ----------
    [1]_ section 3.3. 15 servers at 1 %: 8.108 erlang; 10 servers at 1 %: 4.461.
    """
    limit, servers = np.broadcast_arrays(np.asarray(blocked_ratio, dtype=np.float64), np.asarray(servers_count, dtype=np.float64))
    refuse([between("blocked_ratio", limit, 1e-15, 1.0 - 1e-15), whole("servers_count", servers, 1)])
    # Carried traffic A (1 - B) never exceeds c, so B(c / (1 - limit)) >= limit: the upper end brackets the root.
    low, high = np.zeros(limit.shape), servers / (1.0 - limit)
    for _ in range(60):
        middle = 0.5 * (low + high)
        kept = erlang_b_probability(middle, servers) <= limit
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    return low


def _load_and_servers(offered_load_erlang: ArrayLike, servers_count: ArrayLike) -> tuple[Array, Array]:
    """Both as floats of one shape, refused when negative or not whole."""
    load, servers = np.broadcast_arrays(
        np.asarray(offered_load_erlang, dtype=np.float64), np.asarray(servers_count, dtype=np.float64)
    )
    refuse([at_least("offered_load_erlang", load, 0.0), whole("servers_count", servers, 1)])
    return load, servers
