"""Meeting a month's demand from what is there, cheapest first, for all months and samples at once.

With sources sorted by running price v_1 <= v_2 <= ... <= unserved price, capacity c_i and D the demand, what is left after
source i is R_i = max(0, D - c_1 - ... - c_i), and

    cost = v_1 D + sum over i of (v_{i+1} - v_i) R_i,      marginal price = v_1 + sum over i of (v_{i+1} - v_i) [R_i > 0].

Cost is convex in every capacity, and one unit more of source i saves max(0, marginal price - v_i): the dual of the dispatch
linear program, exact without solving one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.input_ranges import at_least, holds, refuse
from groundwork.formulas.procurement.problem import CapacityProblem

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispatch:
    """Who serves what: GPUs used [commitment or open source, month, sample], GPUs unserved and cost [month, sample]."""

    names: tuple[str, ...]
    used_gpus: Array
    unserved_gpus: Array
    running_usd: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Support:
    """Running cost at one plan and the plane that touches it there: everything a cut needs, USD of today.

    `month_usd` [month] and `month_slope_usd_per_gpu` [month, commitment] are means over the samples; `tail_usd` and
    `tail_slope_usd_per_gpu` [commitment] the same for the mean of the worst samples, all months together.
    """

    reserved_gpus: Array
    month_usd: Array
    month_slope_usd_per_gpu: Array
    tail_usd: float
    tail_slope_usd_per_gpu: Array


class MeritOrder:
    """The second stage of a `CapacityProblem`, sorted once and evaluated at many plans."""

    def __init__(self, problem: CapacityProblem) -> None:
        owned, opened = problem.commitments, problem.open_sources
        months, samples = problem.demand_gpus.shape
        shape = (months, samples)
        discount, unserved = problem.discount_ratio[:, None], problem.unserved_usd[:, None]
        self.problem = problem
        self.commitments = len(owned.names)
        self.usage = np.minimum(owned.usage_usd_per_gpu_month * discount, unserved)
        price = np.empty((len(owned.names) + len(opened.names), *shape))
        capacity = np.empty_like(price)
        price[: self.commitments] = owned.usage_usd_per_gpu_month * discount
        price[self.commitments :] = opened.usd_per_gpu_month * discount
        capacity[: self.commitments] = owned.available_ratio
        capacity[self.commitments :] = opened.limit_gpus
        # leaving demand unserved is cheaper than these: they are there, but nobody switches them on
        capacity[price > unserved] = 0.0
        np.minimum(price, unserved, out=price)
        self.order = np.argsort(price, axis=0, kind="stable")
        self.price = np.take_along_axis(price, self.order, axis=0)
        self.capacity = np.take_along_axis(capacity, self.order, axis=0)
        self.step = np.diff(self.price, axis=0, append=np.broadcast_to(unserved, (1, *shape)))
        self.first_price_cost = self.price[0] * problem.demand_gpus
        self._tail_count = samples * (1.0 - problem.tail_level_ratio)
        self._available = [_term(ratio) for ratio in owned.available_ratio]
        self._left, self._cost, self._marginal, self._work = (np.empty(shape) for _ in range(4))

    def support(self, reserved_gpus: Array) -> Support:
        """Cost and slope at a plan, [commitment]; no checks: the caller's plan lies in its limits."""
        self._run(reserved_gpus)
        problem, samples = self.problem, self.problem.demand_gpus.shape[1]
        weights = np.full((samples, 1), 1.0 / samples)
        if problem.tail_weight_ratio > 0:
            weights = np.column_stack([weights, self._tail_weights(self._cost.sum(axis=0))])
        slopes = np.zeros((self.commitments, self._cost.shape[0], weights.shape[1]))
        for number, (months, available) in enumerate(self._available):
            saved = self._work[months]
            np.subtract(self._marginal[months], self.usage[number, months], out=saved)
            np.maximum(saved, 0.0, out=saved)
            if available.shape[1] == 1:
                slopes[number, months] = -available * (saved @ weights)
            else:
                saved *= available
                slopes[number, months] = -(saved @ weights)
        costs = self._cost @ weights
        return Support(
            reserved_gpus=reserved_gpus,
            month_usd=costs[:, 0],
            month_slope_usd_per_gpu=slopes[:, :, 0].T,
            tail_usd=float(costs[:, -1].sum()),
            tail_slope_usd_per_gpu=slopes[:, :, -1].sum(axis=1),
        )

    def _run(self, reserved_gpus: Array) -> None:
        """Fill cost and marginal price, [month, sample], source by source in merit order."""
        left, cost, marginal, work = self._left, self._cost, self._marginal, self._work
        scale = np.concatenate([reserved_gpus, np.ones(self.order.shape[0] - self.commitments)])
        np.copyto(left, self.problem.demand_gpus)
        np.copyto(cost, self.first_price_cost)
        np.copyto(marginal, self.price[0])
        for order, capacity, step in zip(self.order, self.capacity, self.step, strict=True):
            np.take(scale, order, out=work, mode="clip")
            work *= capacity
            left -= work
            np.maximum(left, 0.0, out=left)
            np.multiply(left, step, out=work)
            cost += work
            np.multiply(left > 0, step, out=work)
            marginal += work

    def _tail_weights(self, total: Array) -> Array:
        """Weight of each sample in the mean of the worst ones; the one at the boundary by its fraction."""
        worst_first = np.argsort(-total, kind="stable")
        share = np.clip(self._tail_count - np.arange(total.size), 0.0, 1.0)  # 1, 1, ..., fraction, 0, ...
        weights = np.empty_like(total)
        weights[worst_first] = share / self._tail_count
        return weights


def _term(available_ratio: Array) -> tuple[slice, Array]:
    """The months in which a commitment is there at all, and its availability then: [month, 1] where all samples agree."""
    there = np.flatnonzero(available_ratio.any(axis=1))
    months = slice(int(there[0]), int(there[-1]) + 1) if there.size else slice(0, 0)
    available = available_ratio[months]
    first = available[:, :1]
    return months, first if np.array_equal(available, np.broadcast_to(first, available.shape)) else available


def merit_order_dispatch(problem: CapacityProblem, reserved_gpus: Array) -> Dispatch:
    """Who serves how much at a given plan, in every month and sample.

    What a user would get wrong: a committed GPU that costs nothing to run is used before spot however cheap spot is; the price
    that counts here is the running one.

    Parameters
    ----------
    problem
        What can be bought, and demand.
    reserved_gpus
        [commitment], 0 or more.
    """
    reserved = np.asarray(reserved_gpus, np.float64)
    refuse(
        [
            at_least("reserved_gpus", reserved, 0.0),
            holds(
                "reserved_gpus", reserved.shape == (len(problem.commitments.names),), "must hold one number for each commitment"
            ),
        ]
    )
    merit = MeritOrder(problem)
    scale = np.concatenate([reserved, np.ones(len(problem.open_sources.names))])
    left = problem.demand_gpus.astype(np.float64)
    used_in_order = np.empty_like(merit.capacity)
    for position, (order, capacity) in enumerate(zip(merit.order, merit.capacity, strict=True)):
        used_in_order[position] = np.minimum(left, scale[order] * capacity)
        left = left - used_in_order[position]
    used = np.empty_like(used_in_order)
    np.put_along_axis(used, merit.order, used_in_order, axis=0)
    cost = (used_in_order * merit.price).sum(axis=0) + left * problem.unserved_usd[:, None]
    names = problem.commitments.names + problem.open_sources.names
    return Dispatch(names=names, used_gpus=used, unserved_gpus=left, running_usd=cost)
