"""The sizing rule worked out once for many loads and promises, for whoever asks it often.

References
----------
.. [1] R. B. Cooper (1981), Introduction to Queueing Theory, 2nd ed., section 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse
from groundwork.formulas.queueing.sizing import late_probability, servers_for_wait_count

Array: TypeAlias = NDArray[np.float64]

_EXACT_SERVERS = 512  # up to here a table holds every number of servers
_GRID_STEP_RATIO = 1.005  # beyond, its numbers of servers grow by this: at most half a percent more than needed


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
        kept = late_probability(np.broadcast_to(servers, low.shape), middle, patience[:, None]) <= late_ratio
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    # The last row holds the largest load by construction; halving stops a hair below it.
    low[:, -1] = np.maximum(low[:, -1], largest_load_erlang)
    return ServersTable(servers_count=servers, patience_ratio=patience, largest_load_erlang=low)
