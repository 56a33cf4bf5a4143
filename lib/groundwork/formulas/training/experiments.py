"""A cluster that many experiments share: heavy-tailed run times, several accelerators at once, waits as quantiles.

Runs on shared clusters have a mean of 10 to 32 times their median (Philly 21, Acme Seren 12, Helios 32). Two moments fail there:
with a squared coefficient of variation of 400 Allen-Cunneen says 4 to 50 times the mean wait that a simulation shows. So runs are
split in two: the long ones, which hold half of the work, keep their places for so long that the short ones see a smaller cluster
that hardly changes; how many long ones are there is Poisson.

References
----------
.. [1] V. Gupta, M. Harchol-Balter, J. G. Dai, B. Zwart (2010), On the inapproximability of M/G/K: why two moments of job size
       distribution are not enough, Queueing Systems 64, 5-48.
.. [2] P. J. Courtois (1977), Decomposability: Queueing and Computer System Applications, ch. 1 (near-complete decomposability).
.. [3] Q. Hu and others (2024), Characterization of large language model development in the datacenter, NSDI (cluster summaries).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]

_SLOTS_AT_ONCE = 32  # cluster sizes tried in one go


def gang_slots_count(accelerators_count: ArrayLike, gang_accelerators_count: ArrayLike) -> Array:
    """Experiments that can run at once when each needs all of its accelerators together: whole gangs only.

    What a user would get wrong: 100 accelerators hold 12 jobs of 8, and 4 stand idle.

    Parameters
    ----------
    accelerators_count
        0 or more.
    gang_accelerators_count
        Accelerators that one experiment needs at once, above 0 (a mean may be a fraction).

    References
    ----------
    [3]_: mean gangs of 1.9 (Philly) to 26.8 (Kalos).
    """
    gang = np.asarray(gang_accelerators_count, dtype=np.float64)
    refuse([at_least("accelerators_count", accelerators_count, 0.0), above("gang_accelerators_count", gang, 0.0)])
    whole = np.asarray(accelerators_count, dtype=np.float64) / gang
    # A hair of slack, so that 0.3 / 0.1 holds three.
    return np.asarray(np.floor(whole * (1.0 + 1e-12)))


def experiment_wait_exceeds_probability(
    experiments_per_hour: ArrayLike,
    mean_run_hours: ArrayLike,
    run_mean_to_median_ratio: ArrayLike,
    slots_count: ArrayLike,
    wait_hours: ArrayLike,
) -> Array:
    """Probability that an experiment waits longer than t for its accelerators: an approximation, with its error below.

    Run times lognormal with the given mean / median r: sigma^2 = 2 ln r. Long runs: above median x exp(sigma^2), half of the
    work, a share Phi(-sigma) of the runs, N of them present ~ Poisson(A / 2). With n long ones the short ones meet c - n servers:
    Allen-Cunneen where that is stable; otherwise the wait is exponential with the time until enough long runs have ended,
    T_long (n - n*) / n, n* = c - A / 2.

    Against simulations of 1.8 million runs each (r = 10 and 20, 8 to 128 slots, 60 to 95 % busy): the chance to wait within
    0.15; the 95th percentile within a factor of 2, but 2.7 times too high for 128 slots at 95 % and r = 20, and 4 times too low
    for 8 slots at 80 %: there one long run decides, and no formula with few numbers knows it. First come, first served.

    What a user would get wrong: the mean wait is not what people meet. Most of them wait not at all, a few for many run times.

    Parameters
    ----------
    experiments_per_hour
        Arrivals, above 0, any shape.
    mean_run_hours
        Above 0, hours.
    run_mean_to_median_ratio
        r, above 1 (10 to 32 on shared clusters).
    slots_count
        c, whole gangs that fit, 1 or more; see `gang_slots_count`. Memory is the inputs' size x the largest c.
    wait_hours
        t, 0 or more, hours.

    References
    ----------
    [1]_ why the second moment misleads; [2]_ the split by time scale.
    """
    arrivals, run, ratio, slots, wait = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (experiments_per_hour, mean_run_hours, run_mean_to_median_ratio, slots_count, wait_hours)
        )
    )
    refuse(
        [
            above("experiments_per_hour", arrivals, 0.0),
            above("mean_run_hours", run, 0.0),
            above("run_mean_to_median_ratio", ratio, 1.0),
            at_least("slots_count", slots, 1.0),
            holds("slots_count", bool(np.all(slots == np.floor(slots))), "must be whole numbers"),
            at_least("wait_hours", wait, 0.0),
        ]
    )
    load = arrivals * run
    weights, speeds = _late_exponentials(load, ratio, slots)
    late = np.sum(weights * np.exp(-speeds * (wait / run)[..., None]), axis=-1)
    return np.where(load < slots, late, 1.0)


def experiment_wait_quantile_hours(
    experiments_per_hour: ArrayLike,
    mean_run_hours: ArrayLike,
    run_mean_to_median_ratio: ArrayLike,
    slots_count: ArrayLike,
    quantile_ratio: ArrayLike,
) -> Array:
    """Wait that the share q of the experiments does not exceed: `experiment_wait_exceeds_probability` turned round.

    Parameters
    ----------
    experiments_per_hour, mean_run_hours, run_mean_to_median_ratio, slots_count
        As there; infinite where the load reaches the slots.
    quantile_ratio
        q, 0 or more and below 1.

    References
    ----------
    As there.
    """
    arrivals, run, ratio, slots, level = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (experiments_per_hour, mean_run_hours, run_mean_to_median_ratio, slots_count, quantile_ratio)
        )
    )
    refuse([between("quantile_ratio", level, 0.0, 1.0 - 1e-9)])
    # At no wait the other function checks the rest of the input.
    at_once = experiment_wait_exceeds_probability(arrivals, run, ratio, slots, 0.0) <= 1.0 - level
    weights, speeds = _late_exponentials(arrivals * run, ratio, slots)
    low, high = np.full(level.shape, np.log(1e-9)), np.full(level.shape, np.log(1e9))
    for _ in range(50):
        middle = 0.5 * (low + high)
        beyond = np.sum(weights * np.exp(-speeds * np.exp(middle)[..., None]), axis=-1) > 1.0 - level
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.where(at_once, 0.0, np.where(arrivals * run < slots, np.exp(high) * run, np.inf))


def experiment_slots_count(
    experiments_per_hour: float,
    mean_run_hours: float,
    run_mean_to_median_ratio: float,
    wait_limit_hours: float,
    late_ratio: float,
) -> int:
    """Fewest slots with which at most the given share of the experiments waits longer than the limit.

    What a user would get wrong: these slots look idle most of the time. A cluster that is full has experiments waiting for days.

    Parameters
    ----------
    experiments_per_hour, mean_run_hours, run_mean_to_median_ratio
        As in `experiment_wait_exceeds_probability`, single numbers.
    wait_limit_hours
        0 or more, hours.
    late_ratio
        Strictly between 0 and 1 (0.05).

    References
    ----------
    As there.
    """
    refuse([between("late_ratio", late_ratio, 1e-9, 1.0 - 1e-9)])
    first = int(np.floor(experiments_per_hour * mean_run_hours)) + 1
    while True:
        slots = np.arange(first, first + _SLOTS_AT_ONCE, dtype=np.float64)
        late = experiment_wait_exceeds_probability(
            experiments_per_hour, mean_run_hours, run_mean_to_median_ratio, slots, wait_limit_hours
        )
        kept = np.flatnonzero(late <= late_ratio)
        if kept.size:
            return first + int(kept[0])
        first += _SLOTS_AT_ONCE


def _late_exponentials(load: Array, ratio: Array, slots: Array) -> tuple[Array, Array]:
    """Weights and speeds with P(wait > t) = sum weight exp(-speed t), in mean runs; long runs present on a last axis."""
    from scipy.special import gammaln, ndtr

    from groundwork.formulas.queueing.erlang import erlang_c_probability
    from groundwork.formulas.queueing.general import variability_ratio

    sigma = np.sqrt(2.0 * np.log(ratio))
    long_share = ndtr(-sigma)
    long_run, short_run = 0.5 / long_share, 0.5 / (1.0 - long_share)
    # Second moment below the cut: Phi(-sigma) of r^2.
    short_scv = long_share * ratio**2 / (1.0 - long_share) / short_run**2 - 1.0
    half, places = (0.5 * load)[..., None], slots[..., None]
    present = np.arange(int(slots.max(initial=1.0)) + 1, dtype=np.float64)
    chance = np.where(present <= places, np.exp(present * np.log(half) - half - gammaln(present + 1.0)), 0.0)
    chance = chance / chance.sum(axis=-1, keepdims=True)
    free = np.maximum(places - present, 1.0)
    stable = places - present > half
    calm_speed = (free - half) / (short_run * variability_ratio(1.0, np.maximum(short_scv, 0.0)))[..., None]
    # Half a place at least: at the border the relief is a whole run's ending, not none.
    over = np.maximum(present - (places - half), 0.5) / np.maximum(present, 1.0)
    weights = chance * np.where(stable, erlang_c_probability(half, free), 1.0)
    return np.asarray(weights), np.where(stable, calm_speed, 1.0 / (long_run[..., None] * over))
