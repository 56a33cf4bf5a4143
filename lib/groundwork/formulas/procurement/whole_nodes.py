"""From GPUs to whole nodes, with a bound on what rounding costs.

Rounding up is never dearer than the plan in fractions by more than the fixed cost of what was added, because running cost
falls with every GPU. From there single nodes are added, taken away or exchanged while that helps. Convexity saves work: a
neighbour that the touching plane already puts above the present plan cannot be better and is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, holds, refuse
from groundwork.formulas.procurement.merit_order import MeritOrder, Support
from groundwork.formulas.procurement.monthly_cuts import CapacityPlan, objective_usd
from groundwork.formulas.procurement.problem import CapacityProblem

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeNodePlan:
    """A plan in whole nodes, [commitment], its cost, and how far it can be from the best plan in whole nodes.

    `bound_usd` is cost minus the lower bound of the plan in fractions: no plan, whole or not, is cheaper by more.
    `rounding_up_bound_usd` is what rounding up alone could have cost at most, known before anything is evaluated.
    """

    nodes: NDArray[np.int64]
    reserved_gpus: Array
    cost_usd: float
    bound_usd: float
    rounding_up_bound_usd: float


def whole_node_plan(
    problem: CapacityProblem, plan: CapacityPlan, node_gpus: ArrayLike, minimum_nodes: ArrayLike
) -> WholeNodePlan:
    """The plan in whole nodes: the best of rounding down, to nearest and up, improved node by node.

    What a user would get wrong: rounding each commitment by itself. Three commitments of 0.4 nodes are not nothing, and not
    three nodes.

    Parameters
    ----------
    problem, plan
        The question and its answer in fractions (`cheapest_plan`).
    node_gpus
        [commitment] or scalar, GPUs in a node, above 0 (1 where single GPUs are sold).
    minimum_nodes
        [commitment] or scalar, fewest nodes of a commitment that is made at all, 0 or more.
    """
    count = len(problem.commitments.names)
    size = np.broadcast_to(np.asarray(node_gpus, np.float64), (count,))
    fewest = np.broadcast_to(np.asarray(minimum_nodes, np.float64), (count,))
    refuse(
        [
            above("node_gpus", size, 0.0),
            at_least("minimum_nodes", fewest, 0.0),
            holds("minimum_nodes", bool(np.all(fewest == np.floor(fewest))), "must be whole"),
        ]
    )
    merit = MeritOrder(problem)
    rows, bounds = problem.vendor_rows()
    most = np.floor(problem.commitments.limit_gpus / size + 1e-9)

    def allowed(nodes: Array) -> bool:
        whole = bool(np.all((nodes >= 0) & (nodes <= most) & ((nodes == 0) | (nodes >= fewest))))
        return whole and bool(np.all(rows @ (nodes * size) <= bounds * (1 + 1e-9)))

    exact = plan.reserved_gpus / size
    up = np.ceil(exact - 1e-9)
    # committing to nothing is always allowed, so there is a start
    starts = [nodes for nodes in (np.floor(exact + 1e-9), np.rint(exact), up, np.zeros(count)) if allowed(nodes)]
    supports = [merit.support(nodes * size) for nodes in starts]
    costs = [objective_usd(problem, support) for support in supports]
    place = int(np.argmin(costs))
    nodes, support, cost = starts[place], supports[place], costs[place]
    improved = True
    while improved:
        improved = False
        slope = _slope(problem, support) * size
        moves = _moves(nodes, fewest)
        promise = moves @ slope
        for number in np.argsort(promise, kind="stable"):
            if promise[number] >= -1e-9 * max(cost, 1.0):
                break
            candidate = nodes + moves[number]
            if not allowed(candidate):
                continue
            trial = merit.support(candidate * size)
            value = objective_usd(problem, trial)
            if value < cost * (1 - 1e-12):
                nodes, support, cost, improved = candidate, trial, value, True
                break
    added = float(problem.commitments.fixed_usd_per_gpu @ (up * size - np.minimum(plan.reserved_gpus, up * size)))
    return WholeNodePlan(
        nodes=nodes.astype(np.int64),
        reserved_gpus=nodes * size,
        cost_usd=cost,
        bound_usd=cost - plan.lower_bound_usd,
        rounding_up_bound_usd=added,
    )


def _slope(problem: CapacityProblem, support: Support) -> Array:
    weight = problem.tail_weight_ratio
    mean = support.month_slope_usd_per_gpu.sum(axis=0)
    return np.asarray(
        problem.commitments.fixed_usd_per_gpu + (1 - weight) * mean + weight * support.tail_slope_usd_per_gpu, np.float64
    )


def _moves(nodes: Array, fewest: Array) -> Array:
    """One node more or less of one commitment, or one exchanged for another; across the gap below the minimum in one leap."""
    count = nodes.size
    more = np.diag(np.where(nodes == 0, np.maximum(fewest, 1), 1.0))
    less = -np.diag(np.where((nodes > 0) & (nodes <= fewest), nodes, 1.0))
    exchanges = [more[into] + less[out] for into in range(count) for out in range(count) if into != out]
    return np.vstack([more, less, *exchanges])
