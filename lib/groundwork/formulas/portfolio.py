"""Many workloads on whole nodes: copies packed hour by hour, batch work in the hours that services leave free, spares on top.

References
----------
.. [1] E. G. Coffman, M. R. Garey, D. S. Johnson (1987), Bin packing with divisible item sizes, Journal of Complexity 3(4),
       406-428 (first fit decreasing leaves no bin too many when every size divides the next larger one and the bin).
.. [2] D. S. Johnson, A. Demers, J. D. Ullman, M. R. Garey, R. L. Graham (1974), Worst-case performance bounds for simple
       one-dimensional packing algorithms, SIAM J. Comput. 3(4), 299-325 (first and best fit decreasing, 11/9).
.. [3] D. Gale (1957), A theorem on flows in networks, Pacific J. Math. 7(2), 1073-1082 (demands can be met when every set of them
       can; windows that hang together make an interval).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import at_least, between, holds, refuse
from groundwork.formulas.queueing import servers_with_spares_count

Array: TypeAlias = NDArray[np.float64]

_SLACK = 1e-9  # do not buy a node for the rounding of a sum
_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Whole nodes for a portfolio over one day.

    `services_by_hour_count` [hour] are nodes that the services alone take, `separate_count` what all would need with nodes of
    their own, batch work at an even pace. `used_ratio` is the share of the held accelerator-hours that works, spares included.
    """

    nodes_count: int
    spare_nodes_count: int
    services_by_hour_count: Array
    separate_count: int
    used_ratio: float


def packed_nodes_count(copies_count: ArrayLike, copy_accelerators_count: ArrayLike, node_accelerators_count: int) -> Array:
    """Whole nodes that hold these copies, each copy inside one node or on whole nodes of its own, [...].

    Copies that need more than a node take whole nodes; what is left of their last node holds others. Where sizes divide each
    other and the node (1, 2, 4, 8 on 8) no room is lost: the accelerators over the node's, rounded up. Otherwise the largest goes
    first, where it fits most tightly: at most 11/9 of the fewest nodes and four more.

    What a user would get wrong: three copies of 5 accelerators do not fit on two nodes of 8, though 15 is less than 16.

    Parameters
    ----------
    copies_count
        [workload, ...], whole, 0 or more.
    copy_accelerators_count
        [workload], whole, 1 or more.
    node_accelerators_count
        Accelerators of one node, 1 or more.

    References
    ----------
    [1]_ theorem 1; [2]_ for sizes that do not divide.
    """
    copies, sizes = np.asarray(copies_count, dtype=np.float64), np.asarray(copy_accelerators_count, dtype=np.float64)
    _refuse(copies, sizes, node_accelerators_count)
    node, shape = int(node_accelerators_count), copies.shape[1:]
    columns = copies.reshape(len(sizes), int(np.prod(shape))).T.astype(int)
    packed = [_best_fit(column, sizes.astype(int), node) for column in columns]
    return np.array(packed, dtype=np.float64).reshape(shape)


def portfolio(
    copies_by_hour_count: ArrayLike,
    copy_accelerators_count: ArrayLike,
    node_accelerators_count: int,
    *,
    batch_accelerator_hours: ArrayLike = (),
    batch_start_hours: ArrayLike = (),
    batch_deadline_hours: ArrayLike = (),
    node_availability_ratio: float = 1.0,
    availability_ratio: float = 0.999,
) -> Portfolio:
    """Fewest whole nodes that hold all services in every hour and finish a day's batch work in time beside them.

    Services share the nodes of each hour, so the pool must hold the largest hour of the sum and not the sum of the largest hours.
    Batch work can be interrupted and takes single accelerators: within every interval of hours the work that must start and end
    inside it has to fit into what the services leave free there.

    What a user would get wrong: batch work is free only as long as its window has quiet hours; a deadline at the services' peak
    buys nodes. And spares stand on top of the shared pool once, not once a workload.

    Parameters
    ----------
    copies_by_hour_count
        [workload, hour], 24 hours of a day that repeats, whole, 0 or more.
    copy_accelerators_count
        [workload].
    node_accelerators_count
        Accelerators of one node.
    batch_accelerator_hours, batch_start_hours, batch_deadline_hours
        [batch]: work a day, the whole hour from which it may run (0 to 23) and the whole hours after which it must be done (1 to
        24); a window may reach over midnight.
    node_availability_ratio, availability_ratio
        Chance that a node is up, independently, and that enough of them are.

    Raises
    ------
    InputFault
        Every input out of range at once.

    References
    ----------
    [1]_; [3]_ for the work in windows.
    """
    copies, sizes = np.asarray(copies_by_hour_count, dtype=np.float64), np.asarray(copy_accelerators_count, dtype=np.float64)
    work, start, length = (
        np.asarray(one, dtype=np.float64) for one in (batch_accelerator_hours, batch_start_hours, batch_deadline_hours)
    )
    refuse(
        [
            holds("copies_by_hour_count", copies.ndim == 2 and copies.shape[-1] == _HOURS, f"must be [workload, {_HOURS} hours]"),
            holds("batch_accelerator_hours", work.shape == start.shape == length.shape, "must have a start and a deadline each"),
            at_least("batch_accelerator_hours", work, 0.0),
            between("batch_start_hours", start, 0.0, _HOURS - 1.0),
            between("batch_deadline_hours", length, 1.0, float(_HOURS)),
            holds("batch_start_hours", bool(np.all(start == np.floor(start))), "must be whole hours"),
            holds("batch_deadline_hours", bool(np.all(length == np.floor(length))), "must be whole hours"),
        ]
    )
    services = packed_nodes_count(copies, sizes, node_accelerators_count)
    taken = sizes @ copies
    nodes = int(services.max())
    for first, hours, inside in _intervals(work, start, length):
        window = np.arange(first, first + hours) % _HOURS
        total = (inside + taken[window].sum()) / (hours * node_accelerators_count)
        nodes = max(nodes, int(np.ceil(total - _SLACK)))
    alone = packed_nodes_count(np.diag(copies.max(axis=1)), sizes, node_accelerators_count).sum()
    own_batch = np.ceil(work / np.maximum(length, 1.0) / node_accelerators_count - _SLACK).sum()
    held = int(servers_with_spares_count(float(nodes), node_availability_ratio, availability_ratio))
    capacity = held * node_accelerators_count * _HOURS
    return Portfolio(
        nodes_count=held,
        spare_nodes_count=held - nodes,
        services_by_hour_count=services,
        separate_count=int(alone + own_batch),
        used_ratio=float((taken.sum() + work.sum()) / capacity) if capacity else 0.0,
    )


def _intervals(work: Array, start: Array, length: Array) -> list[tuple[int, int, float]]:
    """Every interval of whole hours that some window starts and some window ends, and the work that lies inside it.

    The day repeats, so windows of yesterday and tomorrow count; intervals of more than a day add nothing to the day itself.
    """
    found = []
    for first in sorted({int(one) for one in start}):
        begins = (start - first) % _HOURS
        for hours in sorted({int(begin + long) for begin, long in zip(begins, length, strict=True) if begin + long <= _HOURS}):
            found.append((first, hours, float(work[begins + length <= hours].sum())))
    if work.size:
        found.append((0, _HOURS, float(work.sum())))
    return found


def _best_fit(copies: NDArray[np.int64], sizes: NDArray[np.int64], node: int) -> int:
    """Nodes for one column of copies; `rooms` counts open nodes by the accelerators free in them."""
    some = np.unique(sizes[copies > 0])
    nested = np.append(some[some < node], node)
    if np.all(nested[1:] % nested[:-1] == 0) and np.all(some[some >= node] % node == 0):
        return -int(-(sizes @ copies) // node)
    rooms, nodes = [0] * (node + 1), 0
    rests = sizes % node
    for place in np.argsort(-rests, kind="stable"):
        nodes += int(copies[place]) * int(sizes[place] // node)
        rest = int(rests[place])
        for _ in range(int(copies[place]) if rest else 0):
            free = next((room for room in range(rest, node) if rooms[room]), 0)
            rooms[free or node] -= 1 if free else 0
            nodes += 0 if free else 1
            rooms[(free or node) - rest] += 1
    return nodes


def _refuse(copies: Array, sizes: Array, node: int) -> None:
    faults: list[Fault | None] = [
        holds("copies_count", copies.ndim >= 1 and len(copies) == len(sizes), "must have one row for each size"),
        at_least("copies_count", copies, 0.0),
        holds("copies_count", bool(np.all(copies == np.floor(copies))), "must be whole numbers"),
        at_least("copy_accelerators_count", sizes, 1.0),
        holds("copy_accelerators_count", bool(np.all(sizes == np.floor(sizes))), "must be whole numbers"),
        at_least("node_accelerators_count", node, 1.0),
    ]
    refuse(faults)
