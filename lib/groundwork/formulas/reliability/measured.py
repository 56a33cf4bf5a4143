"""What a record of failures says about a part, about many of them, and how surely.

References
----------
.. [1] K. S. Trivedi (2002), Probability and statistics with reliability, queuing, and computer science applications, 2nd ed.,
       example 10.27 (confidence interval of a steady-state availability).
.. [2] A. Kokolis and others (2025), Revisiting reliability in large-scale machine learning research clusters, HPCA,
       arXiv 2410.21680 (failures per 1,000 node-days).
.. [3] R. Billinton, R. N. Allan (1992), Reliability evaluation of engineering systems, 2nd ed., example 11.2.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]


def availability_interval(outages_count: int, up_hours: float, down_hours: float, confidence_ratio: float) -> tuple[float, float]:
    """Two-sided confidence interval of an availability seen over so many complete cycles of up and down.

    What a user would get wrong: ten outages say little; the interval of an unavailability then spans a factor of six.

    Parameters
    ----------
    outages_count
        Complete cycles n, 1 or more.
    up_hours, down_hours
        Totals over the cycles, above 0. Both times are taken as exponential.
    confidence_ratio
        For example 0.95; between 0 and 1.

    References
    ----------
    [1]_: (up / down) x (true down / up) follows an F distribution with 2n and 2n degrees of freedom.
    """
    from scipy.special import fdtri

    refuse(
        [
            at_least("outages_count", outages_count, 1),
            above("up_hours", up_hours, 0.0),
            above("down_hours", down_hours, 0.0),
            between("confidence_ratio", confidence_ratio, 1e-9, 1.0 - 1e-9),
        ]
    )
    factor = float(fdtri(2.0 * outages_count, 2.0 * outages_count, 0.5 + confidence_ratio / 2.0))
    odds = down_hours / up_hours
    return 1.0 / (1.0 + odds * factor), 1.0 / (1.0 + odds / factor)


def mean_time_between_interruptions_hours(interruptions_count: ArrayLike, observed_hours: ArrayLike) -> Array:
    """Mean time between interruptions of a job that any part interrupts.

    References
    ----------
    [2]_ section 3.
    """
    refuse([above("interruptions_count", interruptions_count, 0.0), above("observed_hours", observed_hours, 0.0)])
    return np.asarray(np.asarray(observed_hours, dtype=np.float64) / np.asarray(interruptions_count, dtype=np.float64))


def rescaled_interruption_hours(mean_hours: ArrayLike, parts_count: ArrayLike, other_parts_count: ArrayLike) -> Array:
    """The same parts' mean time between interruptions in a job of another size: it falls as one over the number of parts.

    What a user would get wrong: parts that fail together (a rack, a switch) make the large job better than this.

    References
    ----------
    [2]_ section 3, the projection.
    """
    refuse(
        [
            above("mean_hours", mean_hours, 0.0),
            above("parts_count", parts_count, 0.0),
            above("other_parts_count", other_parts_count, 0.0),
        ]
    )
    scale = np.asarray(parts_count, dtype=np.float64) / np.asarray(other_parts_count, dtype=np.float64)
    return np.asarray(np.asarray(mean_hours, dtype=np.float64) * scale)


def parallel_mean_outage_hours(mean_down_hours: ArrayLike) -> Array:
    """Mean length of an outage of parts that must all be down at once, parts along the first axis: 1 / sum of 1 / r.

    What a user would get wrong: it is shorter than any one repair, because the first repair ends it.

    References
    ----------
    [3]_: 20 h and 25 h make 11.11 h.
    """
    refuse([above("mean_down_hours", mean_down_hours, 0.0)])
    return np.asarray(1.0 / (1.0 / np.asarray(mean_down_hours, dtype=np.float64)).sum(axis=0))
