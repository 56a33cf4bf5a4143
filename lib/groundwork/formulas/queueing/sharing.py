"""One resource shared by all jobs present: processor sharing, with a speed that depends on how many there are.

An accelerator that batches requests gets faster in total with every request that joins, and slower for each of them. That is
load-dependent processor sharing, not c servers.

References
----------
.. [1] L. Kleinrock (1976), Queueing Systems, vol. 2, section 4.4 (processor sharing).
.. [2] J. W. Cohen (1979), The multiple phase service network with generalized processor sharing, Acta Informatica 12, 245-284.
.. [3] B. Sengupta, D. L. Jagerman (1985), A conditional response time of the M/M/1 processor-sharing queue, AT&T Tech. J. 64(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def processor_sharing_sojourn_seconds(offered_load_erlang: ArrayLike, own_service_seconds: ArrayLike) -> Array:
    """Mean time in a shared server for a job that alone would take x (M/G/1-PS): x / (1 - A), whatever the job sizes.

    What a user would get wrong: there is no queue to see. At 90 % load every job, short or long, takes ten times as long.

    Parameters
    ----------
    offered_load_erlang
        A = utilisation, 0 or more; infinite from 1 on.
    own_service_seconds
        x, 0 or more, seconds: one job's own, or the mean over jobs for the mean sojourn.

    References
    ----------
    [1]_ eq. 4.17.
    """
    load = np.asarray(offered_load_erlang, dtype=np.float64)
    service = np.asarray(own_service_seconds, dtype=np.float64)
    refuse([at_least("offered_load_erlang", load, 0.0), at_least("own_service_seconds", service, 0.0)])
    sojourn = service / np.where(load < 1.0, 1.0 - load, np.nan)
    return np.where(np.isnan(sojourn), np.inf, sojourn)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedResource:
    """Steady state of one shared resource with room for K jobs.

    `jobs_probability` is [K + 1, ...] (first axis: jobs present); the other fields have the arrival rate's shape. The sojourn
    is over the jobs let in.
    """

    jobs_probability: Array
    lost_ratio: Array
    mean_jobs_count: Array
    throughput_jobs_per_second: Array
    mean_sojourn_seconds: Array


def shared_resource(arrivals_per_second: ArrayLike, rates_jobs_per_second: ArrayLike) -> SharedResource:
    """Jobs present, loss, throughput and mean sojourn when n jobs together are served at a rate r(n), exact.

    Birth-death balance: p(n) = p(0) product of lambda / r(j), j = 1..n, summed in logarithms. Holds for any distribution of job
    sizes as long as all jobs present share the rate evenly. Sojourn by Little's law.

    What a user would get wrong: taking r(K) as "the capacity". It is reached only with K jobs present, each of them slow.

    Parameters
    ----------
    arrivals_per_second
        lambda, any shape, above 0.
    rates_jobs_per_second
        [K, ...]: jobs finished per second with 1..K present, above 0; trailing axes broadcast against the arrivals. Repeat
        the last rate to let jobs join beyond the best batch.

    References
    ----------
    [2]_ theorem 1 (generalised processor sharing is insensitive).
    """
    arrivals = np.asarray(arrivals_per_second, dtype=np.float64)
    rates = np.asarray(rates_jobs_per_second, dtype=np.float64)
    refuse(
        [
            above("arrivals_per_second", arrivals, 0.0),
            above("rates_jobs_per_second", rates, 0.0),
            holds("rates_jobs_per_second", rates.ndim >= 1 and rates.shape[0] >= 1, "must have a rate on the first axis"),
        ]
    )
    rates = rates.reshape(rates.shape + (1,) * max(arrivals.ndim + 1 - rates.ndim, 0))
    steps = np.cumsum(np.log(arrivals) - np.log(rates), axis=0)
    weights = np.concatenate([np.zeros((1, *steps.shape[1:])), steps])
    weights = np.exp(weights - weights.max(axis=0))
    probability = weights / weights.sum(axis=0)
    jobs = np.tensordot(np.arange(probability.shape[0], dtype=np.float64), probability, axes=1)
    throughput = arrivals * (1.0 - probability[-1])
    return SharedResource(
        jobs_probability=probability,
        lost_ratio=probability[-1],
        mean_jobs_count=np.asarray(jobs),
        throughput_jobs_per_second=np.asarray(throughput),
        mean_sojourn_seconds=np.asarray(jobs / throughput),
    )


def shared_sojourn_exceeds_probability(
    arrivals_per_second: float, rates_jobs_per_second: ArrayLike, sojourn_seconds: ArrayLike
) -> Array:
    """Probability that a job let in stays longer than t, exact for exponential job sizes.

    A marked job meets n others with the probability that an arrival sees; then others come, others leave, or it leaves itself:
    n -> n + 1 at lambda, n -> n - 1 at n r(n+1) / (n+1), out at r(n+1) / (n+1). The chain is reversible up to the exit, so a
    symmetric tridiagonal matrix gives P(T > t) as a sum of exponentials.

    What a user would get wrong: the mean sojourn does not depend on the size distribution, but the tail does: with sizes of
    coefficient of variation above 1 the share above a far t is larger than this, with constant sizes smaller.

    Parameters
    ----------
    arrivals_per_second
        lambda, above 0.
    rates_jobs_per_second
        [K], as in `shared_resource`.
    sojourn_seconds
        t, any shape, 0 or more, seconds.

    References
    ----------
    [3]_ for the marked job in M/M/1; the finite load-dependent case is the same argument.
    """
    speeds, weights = _sojourn_exponentials(arrivals_per_second, rates_jobs_per_second)
    times = np.asarray(sojourn_seconds, dtype=np.float64)
    refuse([at_least("sojourn_seconds", times, 0.0)])
    return np.asarray(np.exp(-np.multiply.outer(times, speeds)) @ weights)


def shared_sojourn_quantile_seconds(
    arrivals_per_second: float, rates_jobs_per_second: ArrayLike, quantile_ratio: ArrayLike
) -> Array:
    """Time that the share q of the jobs let in does not exceed, exact for exponential sizes (see the function above).

    Parameters
    ----------
    arrivals_per_second, rates_jobs_per_second
        As in `shared_sojourn_exceeds_probability`.
    quantile_ratio
        q, any shape, 0 or more and below 1.

    References
    ----------
    [3]_.
    """
    level = np.asarray(quantile_ratio, dtype=np.float64)
    refuse([between("quantile_ratio", level, 0.0, 1.0 - 1e-12)])
    speeds, weights = _sojourn_exponentials(arrivals_per_second, rates_jobs_per_second)
    low, high = np.zeros(level.shape), np.full(level.shape, 40.0 / float(speeds.min()))
    for _ in range(80):
        middle = 0.5 * (low + high)
        beyond = np.exp(-np.multiply.outer(middle, speeds)) @ weights > 1.0 - level
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.asarray(high)


def _sojourn_exponentials(arrivals_per_second: float, rates_jobs_per_second: ArrayLike) -> tuple[Array, Array]:
    """Speeds and weights with P(T > t) = sum weight exp(-speed t)."""
    from scipy.linalg import eigh_tridiagonal

    rates = np.asarray(rates_jobs_per_second, dtype=np.float64)
    refuse([holds("rates_jobs_per_second", rates.ndim == 1, "must be one list of rates, [K]")])
    seen = shared_resource(arrivals_per_second, rates).jobs_probability[:-1]
    seen = seen / seen.sum()
    present = np.arange(1, rates.size + 1, dtype=np.float64)
    out = rates / present
    leave = (present - 1.0) * out
    arrive = np.where(present < rates.size, arrivals_per_second, 0.0)
    speeds, vectors = eigh_tridiagonal(arrive + leave + out, -np.sqrt(arrive[:-1] * leave[1:]))
    # The reversible measure is seen(n) (n + 1) lambda / r(n + 1), up to a constant; both factors are square roots of it.
    left, right = np.sqrt(seen * out), np.sqrt(seen / out)
    return np.asarray(speeds), np.asarray((left @ vectors) * (vectors.T @ right))
