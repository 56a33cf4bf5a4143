"""Work that must be done by a date: batches, frames, clips. How large a farm, and how likely it is late all the same.

References
----------
.. [1] R. L. Graham (1969), Bounds on multiprocessing timing anomalies, SIAM J. Appl. Math. 17(2), 416-429.
.. [2] L. F. Fenton (1960), The sum of log-normal probability distributions, IRE Trans. Comm. Systems 8(1), 57-67.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]

_SLACK = 1e-12  # do not lose or buy a whole one for the rounding of a division


def accelerators_for_deadline_count(
    work_accelerator_hours: ArrayLike, deadline_hours: ArrayLike, usable_ratio: ArrayLike
) -> Array:
    """Whole accelerators that finish finely divided work in time: ceil(work / (deadline x usable)).

    Parameters
    ----------
    work_accelerator_hours
        0 or more, any shape.
    deadline_hours
        Hours until it must be done, above 0.
    usable_ratio
        Share of those hours in which an accelerator works on it, above 0 and at most 1.

    References
    ----------
    [1]_: exact when units are small against the deadline, else `farm_accelerators_count`.
    """
    refuse(
        [
            at_least("work_accelerator_hours", work_accelerator_hours, 0.0),
            above("deadline_hours", deadline_hours, 0.0),
            between("usable_ratio", usable_ratio, 1e-9, 1.0),
        ]
    )
    usable = np.asarray(deadline_hours, dtype=np.float64) * np.asarray(usable_ratio, dtype=np.float64)
    return np.asarray(np.ceil(np.asarray(work_accelerator_hours, dtype=np.float64) / usable * (1.0 - _SLACK)))


def farm_accelerators_count(
    units_count: ArrayLike, accelerator_minutes_per_unit: ArrayLike, deadline_hours: ArrayLike, usable_ratio: ArrayLike
) -> Array:
    """Whole accelerators that finish whole units in time: each makes floor(time / minutes) of them.

    What a user would get wrong: a unit of 50 minutes in a night of 8 hours gives 9 units an accelerator, not 9.6. And a unit
    longer than the deadline is never in time, however large the farm: the answer is infinite.

    Parameters
    ----------
    units_count
        Whole, 0 or more, any shape.
    accelerator_minutes_per_unit
        Above 0, minutes; a unit is not split over accelerators.
    deadline_hours, usable_ratio
        As in `accelerators_for_deadline_count`.

    References
    ----------
    [1]_ for equal units, where greedy is best.
    """
    refuse(
        [
            at_least("units_count", units_count, 0.0),
            above("accelerator_minutes_per_unit", accelerator_minutes_per_unit, 0.0),
            above("deadline_hours", deadline_hours, 0.0),
            between("usable_ratio", usable_ratio, 1e-9, 1.0),
        ]
    )
    minutes = 60.0 * np.asarray(deadline_hours, dtype=np.float64) * np.asarray(usable_ratio, dtype=np.float64)
    each = np.floor(minutes / np.asarray(accelerator_minutes_per_unit, dtype=np.float64) * (1.0 + _SLACK))
    units = np.asarray(units_count, dtype=np.float64)
    needed = np.ceil(units / np.where(each > 0.0, each, 1.0))
    return np.where(units > 0.0, np.where(each > 0.0, needed, np.inf), 0.0)


def miss_probability(
    accelerators_count: ArrayLike,
    units_count: ArrayLike,
    accelerator_minutes_per_unit: ArrayLike,
    deadline_hours: ArrayLike,
    usable_ratio: ArrayLike,
    unit_cv_ratio: ArrayLike,
    common_cv_ratio: ArrayLike,
) -> Array:
    """Probability that the work turns out larger than the farm can do by the date.

    Total work = units x minutes x a lognormal factor of mean 1 and (1 + cv^2) = (1 + cv_unit^2 / units) (1 + cv_common^2):
    the differences between units average out, the common ones (heavier scenes, another round of corrections) do not.

    What a user would get wrong: a farm that just fits the plan is late about every second time.

    Parameters
    ----------
    accelerators_count
        0 or more, any shape.
    units_count
        Above 0.
    accelerator_minutes_per_unit
        Mean, above 0, minutes.
    deadline_hours, usable_ratio
        As in `accelerators_for_deadline_count`.
    unit_cv_ratio
        Coefficient of variation between units, 0 or more.
    common_cv_ratio
        Coefficient of variation of the whole order against its plan, 0 or more. With both 0 the answer is 0 or 1.

    References
    ----------
    [2]_ matching of the first two moments.
    """
    from scipy.special import ndtr

    refuse([at_least("accelerators_count", accelerators_count, 0.0)])
    plan, sigma, usable = _work(
        units_count, accelerator_minutes_per_unit, deadline_hours, usable_ratio, unit_cv_ratio, common_cv_ratio
    )
    can_do = np.asarray(accelerators_count, dtype=np.float64) * usable
    can_do, plan, sigma = np.broadcast_arrays(can_do, plan, sigma)
    room = np.log(np.where(can_do > 0.0, can_do, 1.0) / plan) + 0.5 * sigma**2
    spread = np.where(sigma > 0.0, sigma, 1.0)
    risk = np.where(sigma > 0.0, ndtr(-room / spread), np.where(room < -_SLACK, 1.0, 0.0))
    return np.where(can_do > 0.0, risk, 1.0)


def farm_accelerators_at_risk_count(
    miss_limit_ratio: ArrayLike,
    units_count: ArrayLike,
    accelerator_minutes_per_unit: ArrayLike,
    deadline_hours: ArrayLike,
    usable_ratio: ArrayLike,
    unit_cv_ratio: ArrayLike,
    common_cv_ratio: ArrayLike,
) -> Array:
    """Fewest accelerators that are late with at most the given probability: `miss_probability` turned round.

    Parameters
    ----------
    miss_limit_ratio
        Strictly between 0 and 1 (0.05).
    units_count, accelerator_minutes_per_unit, deadline_hours, usable_ratio, unit_cv_ratio, common_cv_ratio
        As there.

    References
    ----------
    [2]_.
    """
    from scipy.special import ndtri

    refuse([between("miss_limit_ratio", miss_limit_ratio, 1e-12, 1.0 - 1e-12)])
    plan, sigma, usable = _work(
        units_count, accelerator_minutes_per_unit, deadline_hours, usable_ratio, unit_cv_ratio, common_cv_ratio
    )
    covered = ndtri(1.0 - np.asarray(miss_limit_ratio, dtype=np.float64))
    work = plan * np.exp(sigma * covered - 0.5 * sigma**2)
    return np.asarray(np.ceil(work / usable * (1.0 - _SLACK)))


def _work(
    units_count: ArrayLike,
    accelerator_minutes_per_unit: ArrayLike,
    deadline_hours: ArrayLike,
    usable_ratio: ArrayLike,
    unit_cv_ratio: ArrayLike,
    common_cv_ratio: ArrayLike,
) -> tuple[Array, Array, Array]:
    """Planned minutes, sigma of their logarithm, and the minutes one accelerator has."""
    refuse(
        [
            above("units_count", units_count, 0.0),
            above("accelerator_minutes_per_unit", accelerator_minutes_per_unit, 0.0),
            above("deadline_hours", deadline_hours, 0.0),
            between("usable_ratio", usable_ratio, 1e-9, 1.0),
            at_least("unit_cv_ratio", unit_cv_ratio, 0.0),
            at_least("common_cv_ratio", common_cv_ratio, 0.0),
        ]
    )
    units = np.asarray(units_count, dtype=np.float64)
    apart = np.log1p(np.asarray(unit_cv_ratio, dtype=np.float64) ** 2 / units)
    sigma = np.sqrt(apart + np.log1p(np.asarray(common_cv_ratio, dtype=np.float64) ** 2))
    usable = 60.0 * np.asarray(deadline_hours, dtype=np.float64) * np.asarray(usable_ratio, dtype=np.float64)
    return units * np.asarray(accelerator_minutes_per_unit, dtype=np.float64), np.asarray(sigma), np.asarray(usable)
