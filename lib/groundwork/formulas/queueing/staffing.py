"""Servers as a smooth function of the load: what the month loop uses in place of a search, worked out once.

Symbols: A = offered load in erlang, c = servers, k = patience = wait limit / (mean service time x (ca2 + cs2) / 2).

References
----------
.. [1] W. Whitt (1992), Understanding the efficiency of multi-server service systems, Management Science 38(5), 708-723.
.. [2] S. Halfin, W. Whitt (1981), Heavy-traffic limits for queues with many exponential servers, Oper. Res. 29(3), 567-588.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse
from groundwork.formulas.queueing.sizing import late_probability

Array: TypeAlias = NDArray[np.float64]

_LOADS = np.geomspace(1e-4, 1e7, 34)  # erlang
_PATIENCES = np.geomspace(1e-3, 1e4, 24)
_LOW_OVER_HIGH = 1.0 / 16.0  # the curve is laid through the largest load expected and this share of it


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingCurve:
    """Servers that a load takes: c(A) = A + fixed + root sqrt(A), and at least one; fields of any one shape.

    What a user would get wrong: the part with the root is the price of randomness. It is why ten small services need more
    servers than one large service with the same work.
    """

    fixed_count: Array
    root_count: Array

    def servers(self, offered_load_erlang: ArrayLike) -> Array:
        """Whole servers for a load of 0 or more, broadcast against the fields; none for no load."""
        load = np.asarray(offered_load_erlang, dtype=np.float64)
        wanted = load + self.fixed_count + self.root_count * np.sqrt(load)
        return np.where(load > 0.0, np.maximum(np.ceil(wanted), 1.0), 0.0)


def staffing_curve(largest_load_erlang: ArrayLike, patience_ratio: ArrayLike, late_ratio: float) -> StaffingCurve:
    """The curve through the exact answers at the largest load and at a sixteenth of it.

    Square-root staffing: the spare servers of a system of any size lie near fixed + root sqrt(A). Between a 32nd of the
    largest load and four times it the curve is within one server or 4 % of `servers_for_wait_count`, whichever is more.

    Parameters
    ----------
    largest_load_erlang
        Load to expect at most, above 0, any shape.
    patience_ratio
        Wait limit / (mean service time x (ca2 + cs2) / 2), 0 or more, broadcast against the load. Below 0.001 and above 10,000 as
        there: waits of a thousandth of a service time, or servers that are hardly kept waiting for.
    late_ratio
        Strictly between 0 and 1: the share that may wait longer.

    References
    ----------
    [1]_ eq. 3.2; [2]_ prop. 1.
    """
    largest, patience = np.broadcast_arrays(
        np.asarray(largest_load_erlang, dtype=np.float64), np.asarray(patience_ratio, dtype=np.float64)
    )
    refuse(
        [
            above("largest_load_erlang", largest, 0.0),
            at_least("patience_ratio", patience, 0.0),
            between("late_ratio", late_ratio, 1e-12, 1.0 - 1e-12),
        ]
    )
    top, bottom = np.sqrt(largest), np.sqrt(largest * _LOW_OVER_HIGH)
    spare_top, spare_bottom = _spare(largest, patience, late_ratio), _spare(largest * _LOW_OVER_HIGH, patience, late_ratio)
    root = (spare_top - spare_bottom) / (top - bottom)
    return StaffingCurve(fixed_count=np.asarray(spare_top - root * top), root_count=np.asarray(root))


def _spare(load: Array, patience: Array, late_ratio: float) -> Array:
    """Servers above the load, a real number whose next whole one is the exact answer, read from the table in logarithms."""
    table = _spare_table(late_ratio)
    row, along = _place(_LOADS, load)
    column, across = _place(_PATIENCES, patience)
    low = table[row, column] * (1.0 - across) + table[row, column + 1] * across
    high = table[row + 1, column] * (1.0 - across) + table[row + 1, column + 1] * across
    return np.asarray(np.exp(low * (1.0 - along) + high * along))


def _place(grid: Array, values: Array) -> tuple[NDArray[np.int64], Array]:
    """Cell of a geometric grid and the share of it that a value has passed; the ends hold for all beyond."""
    step = np.log(grid[1] / grid[0])
    place = np.log(np.maximum(values, grid[0]) / grid[0]) / step
    place = np.minimum(place, grid.size - 1.0)
    cell = np.minimum(place.astype(np.int64), grid.size - 2)
    return cell, place - cell


@lru_cache(maxsize=8)
def _spare_table(late_ratio: float) -> Array:
    """Logarithm of the spare servers, [load, patience]: where the late share, a falling function of real c, meets the limit."""
    load, patience = _LOADS[:, None], _PATIENCES[None, :]
    low = np.full((_LOADS.size, _PATIENCES.size), np.log(1e-9))
    high = np.broadcast_to(np.log(20.0 * np.sqrt(load) + 60.0), low.shape)
    for _ in range(22):
        middle = 0.5 * (low + high)
        kept = late_probability(load + np.exp(middle), np.broadcast_to(load, low.shape), patience) <= late_ratio
        low, high = np.where(kept, low, middle), np.where(kept, middle, high)
    return np.asarray(high)
