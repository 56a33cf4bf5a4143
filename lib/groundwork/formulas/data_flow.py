"""Data: what is stored where and for how long, whether the pipeline keeps up, and what leaves for money.

Gigabytes are 1e9 bytes, as clouds bill them; a pipeline's gigabits are an eighth of that.

References
----------
.. [1] J. D. C. Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9(3), 383-387.
.. [2] D. V. Lindley (1952), The theory of queues with a single server, Proc. Camb. Phil. Soc. 48(2), 277-289.
.. [3] L. Kleinrock (1976), Queueing Systems, vol. 2, section 2.7 (fluid approximation of a rush hour).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.cost.tariffs import tiered_cost_usd
from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]

DAYS_PER_MONTH = 365.0 / 12.0


def ingest_gb_per_month(units_per_day: ArrayLike, gb_per_unit: ArrayLike) -> Array:
    """Gigabytes that come in during a month of 30.42 days: units x gigabytes each.

    Parameters
    ----------
    units_per_day
        0 or more, any shape ([month, ..., sample]).
    gb_per_unit
        0 or more.
    """
    refuse([at_least("units_per_day", units_per_day, 0.0), at_least("gb_per_unit", gb_per_unit, 0.0)])
    return np.asarray(np.asarray(units_per_day, dtype=np.float64) * np.asarray(gb_per_unit, dtype=np.float64) * DAYS_PER_MONTH)


def tier_volume_gb(
    ingest_gb: ArrayLike, age_from_months: ArrayLike, age_to_months: ArrayLike, replication_count: ArrayLike
) -> Array:
    """Volume in each storage tier at the end of each month: what came in between two ages ago, times its copies.

    Data enters evenly within a month, moves to the next tier at an age and is deleted at the last one. With I(t) all that ever
    came in by t: V(t) = copies x (I(t - from) - I(t - to)). A tier's volume is its inflow times the time spent there (Little).

    What a user would get wrong: volume goes on growing for a whole retention time after demand has stopped growing; and a copy
    in a second region is a second bill. Data from before the plan: put its months in front and cut them off the result.

    Parameters
    ----------
    ingest_gb
        [month, ...], gigabytes in each month, 0 or more.
    age_from_months, age_to_months
        [tier, ...], months, 0 or more, may be fractions and may be infinite at the end; the rest broadcasts against [...].
    replication_count
        [tier, ...], copies kept, 0 or more (1.5 for erasure coding).

    Returns
    -------
    [tier, month, ...], gigabytes.

    References
    ----------
    [1]_.
    """
    ingest = np.asarray(ingest_gb, dtype=np.float64)
    start, end, copies = (np.asarray(value, dtype=np.float64) for value in (age_from_months, age_to_months, replication_count))
    refuse(
        [
            at_least("ingest_gb", ingest, 0.0),
            holds("ingest_gb", ingest.ndim >= 1, "must have the months on its first axis"),
            between("age_from_months", start, 0.0, np.inf),
            holds("age_from_months", start.ndim >= 1, "must have the tiers on its first axis"),
            holds("age_to_months", bool(np.all(end >= start)), "must not be below age_from_months"),
            at_least("replication_count", copies, 0.0),
        ]
    )
    total = np.concatenate([np.zeros((1, *ingest.shape[1:])), np.cumsum(ingest, axis=0)])
    tiers = []
    for tier in range(start.shape[0]):
        kept = _came_in_before(total, start[tier]) - _came_in_before(total, end[tier])
        tiers.append(kept * (copies[tier] if copies.ndim else copies))
    return np.stack(tiers)


def throughput_gbit_per_second(gb_per_month: ArrayLike, peak_to_mean_ratio: ArrayLike) -> Array:
    """Gigabits per second that must be moved at the peak for a monthly volume to keep up.

    What a user would get wrong: bytes are billed, bits are wired: a factor of 8. And a month's mean hides the busy hour.

    Parameters
    ----------
    gb_per_month
        Gigabytes read or written in a month, 0 or more, any shape.
    peak_to_mean_ratio
        Busiest bin over the mean, 1 or more.
    """
    refuse([at_least("gb_per_month", gb_per_month, 0.0), at_least("peak_to_mean_ratio", peak_to_mean_ratio, 1.0)])
    mean = np.asarray(gb_per_month, dtype=np.float64) * 8.0 / (DAYS_PER_MONTH * 86_400.0)
    return np.asarray(mean * np.asarray(peak_to_mean_ratio, dtype=np.float64))


def freshness_lag_hours(ingest_gb_per_hour: ArrayLike, capacity_gb_per_hour: ArrayLike) -> Array:
    """Age of the newest processed data in each hour of a repeating day, at the hour's end: backlog / capacity.

    What comes in above the capacity waits and is worked off later (a fluid in a bath tub). Where the day's mean exceeds the
    capacity the lag grows without end: infinite, and `backlog_gb` gives it month by month.

    What a user would get wrong: a pipeline that is large enough on average is hours behind every evening.

    Parameters
    ----------
    ingest_gb_per_hour
        [hour, ...], 0 or more; the day repeats.
    capacity_gb_per_hour
        [...], above 0.

    References
    ----------
    [2]_; [3]_.
    """
    ingest, capacity = np.asarray(ingest_gb_per_hour, dtype=np.float64), np.asarray(capacity_gb_per_hour, dtype=np.float64)
    refuse(
        [
            at_least("ingest_gb_per_hour", ingest, 0.0),
            holds("ingest_gb_per_hour", ingest.ndim >= 1, "must have the hours on its first axis"),
            above("capacity_gb_per_hour", capacity, 0.0),
        ]
    )
    # From empty, the backlog at the end of the first day is that of every day's start: a second day is the repeating one.
    first_day = backlog_gb(ingest, capacity)
    again = backlog_gb(np.concatenate([ingest, ingest]), capacity)[first_day.shape[0] :]
    # A hair of slack: capacity equal to the mean keeps up.
    keeps_up = ingest.mean(axis=0) <= capacity * (1.0 + 1e-12)
    return np.where(keeps_up, again / capacity, np.inf)


def backlog_gb(ingest_gb: ArrayLike, capacity_gb: ArrayLike) -> Array:
    """Gigabytes not yet processed at the end of each period: B = max(0, B before + ingest - capacity), from none.

    Parameters
    ----------
    ingest_gb
        [period, ...], gigabytes in each period (hour, month), 0 or more.
    capacity_gb
        [...] or [period, ...]: gigabytes that can be processed in a period, 0 or more.

    References
    ----------
    [2]_.
    """
    ingest, capacity = np.asarray(ingest_gb, dtype=np.float64), np.asarray(capacity_gb, dtype=np.float64)
    refuse([at_least("ingest_gb", ingest, 0.0), at_least("capacity_gb", capacity, 0.0)])
    excess = ingest - capacity
    # Reflected walk: the walk less its lowest point so far, with 0 among the points.
    walk = np.cumsum(excess, axis=0)
    lowest = np.minimum(np.minimum.accumulate(walk, axis=0), 0.0)
    return np.asarray(walk - lowest)


def egress_usd(gb_per_month: ArrayLike, tier_from_gb: ArrayLike, tier_usd_per_gb: ArrayLike) -> Array:
    """Bill for the gigabytes that leave in one month, tier by tier.

    What a user would get wrong: 50 TB on a list of 0.09 to 10 TB and 0.085 above cost 4,300 USD, not 4,500; and the tiers begin
    anew each month and for each account.

    Parameters
    ----------
    gb_per_month
        0 or more, any shape.
    tier_from_gb
        [tier], rising from 0.
    tier_usd_per_gb
        [tier], 0 or more; 0 for a free allowance.
    """
    return tiered_cost_usd(gb_per_month, tier_from_gb, tier_usd_per_gb)


def crossing_gb(gb_per_month: ArrayLike, crossing_ratio: ArrayLike) -> Array:
    """Gigabytes that cross each kind of border (zone, region, cloud, edge link): volume x share.

    What a user would get wrong: a byte may cross more than one border and is billed at each; the shares need not add to one.

    Parameters
    ----------
    gb_per_month
        Moved in a month, [...], 0 or more.
    crossing_ratio
        [border, ...], 0 to 1 each.

    Returns
    -------
    [border, ...], gigabytes.
    """
    refuse([at_least("gb_per_month", gb_per_month, 0.0), between("crossing_ratio", crossing_ratio, 0.0, 1.0)])
    return np.asarray(np.asarray(gb_per_month, dtype=np.float64) * np.asarray(crossing_ratio, dtype=np.float64))


def transfer_hours(volume_gb: ArrayLike, link_gbit_per_second: ArrayLike, link_use_ratio: ArrayLike) -> Array:
    """Hours to move a volume over a link: volume x 8 / (link x use).

    What a user would get wrong: a petabyte over 10 Gbit/s is 9 days at full speed and two weeks at a usual 70 %: moving out is a
    project.

    Parameters
    ----------
    volume_gb
        0 or more, any shape.
    link_gbit_per_second
        Above 0.
    link_use_ratio
        Share of the link that the transfer gets, above 0 and at most 1.
    """
    refuse(
        [
            at_least("volume_gb", volume_gb, 0.0),
            above("link_gbit_per_second", link_gbit_per_second, 0.0),
            between("link_use_ratio", link_use_ratio, 1e-9, 1.0),
        ]
    )
    speed = np.asarray(link_gbit_per_second, dtype=np.float64) * np.asarray(link_use_ratio, dtype=np.float64)
    return np.asarray(np.asarray(volume_gb, dtype=np.float64) * 8.0 / speed / 3600.0)


def _came_in_before(total: Array, age: Array) -> Array:
    """[month, ...]: what had come in by an age before each month's end; between months' ends in proportion."""
    months = total.shape[0] - 1
    shape = np.broadcast_shapes(total.shape[1:], age.shape)
    spread = np.broadcast_to(total, (total.shape[0], *shape))
    when = np.arange(1, months + 1, dtype=np.float64).reshape((months,) + (1,) * len(shape))
    point = np.maximum(when - np.broadcast_to(age, shape), 0.0)
    below = np.minimum(np.floor(point), float(months - 1)).astype(np.int64)
    before = np.take_along_axis(spread, below, axis=0)
    after = np.take_along_axis(spread, below + 1, axis=0)
    return np.asarray(before + (after - before) * (point - below))
