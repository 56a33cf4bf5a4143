"""The cheapest commitments by cutting planes, one family per month (the multicut L-shaped method).

Write the problem as min over x of f x + (1-w) sum_t Q_t(x) + w R(x), Q_t the mean running cost of month t and R the mean of the
worst total running costs. Both are convex and piecewise linear, and `MeritOrder.support` gives a plane that touches each from
below. The master linear program puts theta_t above all planes found so far: its value is a **lower bound**. Every plan looked
at gives an **upper bound**. Planes are added at the master's plan and half way from the best plan to it, until the bounds
meet; each Q_t has finitely many planes, so they do.

R needs planes of its own, all months together: which samples are the worst depends on the plan, but a plane drawn with the
worst of any plan lies below R everywhere, because R is a maximum over such choices.

References
----------
.. [1] R. M. Van Slyke, R. Wets (1969), L-shaped linear programs, SIAM J. Appl. Math. 17(4), 638-663.
.. [2] J. R. Birge, F. V. Louveaux (1988), A multicut algorithm for two-stage stochastic linear programs, EJOR 34, 384-392.
.. [3] R. T. Rockafellar, S. Uryasev (2000), Optimization of conditional value-at-risk, J. Risk 2(3), 21-41.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.errors import GroundworkError
from groundwork.formulas.input_ranges import between, refuse
from groundwork.formulas.procurement.linear_program import optimum
from groundwork.formulas.procurement.merit_order import MeritOrder, Support
from groundwork.formulas.procurement.problem import CapacityProblem

Array: TypeAlias = NDArray[np.float64]

MOST_ROUNDS = 200
"""Master programs before giving up: typical problems need 4 to 12."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityPlan:
    """The plan found, with proof of how good it is.

    Parameters
    ----------
    reserved_gpus
        [commitment].
    cost_usd
        Objective at this plan: fixed + (1-w) mean + w tail of the running cost, USD of today.
    lower_bound_usd
        No plan costs less.
    mean_cost_usd, tail_cost_usd
        Fixed + mean running cost; fixed + mean of the worst (equal to the mean cost when the tail has no weight).
    vendor_shadow_usd
        Vendor -> USD that one more unit of share (1 = all expected demand) of its limit would save; 0 where it does not bind.
    rounds
        Master programs solved.
    """

    reserved_gpus: Array
    cost_usd: float
    lower_bound_usd: float
    mean_cost_usd: float
    tail_cost_usd: float
    vendor_shadow_usd: Mapping[str, float]
    rounds: int

    @property
    def gap_ratio(self) -> float:
        """(cost - lower bound) / cost: the plan is at most this far from the best one."""
        return (self.cost_usd - self.lower_bound_usd) / self.cost_usd if self.cost_usd else 0.0


def objective_usd(problem: CapacityProblem, support: Support) -> float:
    """Fixed + (1-w) mean + w tail of the running cost at the support's plan."""
    weight = problem.tail_weight_ratio
    fixed = float(problem.commitments.fixed_usd_per_gpu @ support.reserved_gpus)
    return fixed + (1.0 - weight) * float(support.month_usd.sum()) + weight * support.tail_usd


def cheapest_plan(problem: CapacityProblem, gap_ratio: float = 5e-6) -> CapacityPlan:
    """Commitments with the lowest cost, certified to `gap_ratio`.

    What a user would get wrong: the plan with mean demand. It looks cheaper than it is by the value of the stochastic solution,
    because no sample is the mean; and a plan for the worst sample strands what the others do not use.

    Parameters
    ----------
    problem
        What can be bought, and demand.
    gap_ratio
        Relative gap between the bounds at which to stop, 1e-9 to 0.1.

    References
    ----------
    [1]_, [2]_; the tail as in [3]_.
    """
    refuse([between("gap_ratio", gap_ratio, 1e-9, 0.1)])
    merit = MeritOrder(problem)
    master = _Master(problem)
    best: Support | None = None
    cost, bound, shadows, rounds = np.inf, 0.0, np.zeros(len(problem.vendor_share_limits)), 0
    waiting = [np.zeros(len(problem.commitments.names))]
    while True:
        for plan in waiting:
            support = merit.support(plan)
            master.add(support)
            if (value := objective_usd(problem, support)) < cost:
                best, cost = support, value
        if cost - bound <= gap_ratio * cost:
            break
        if rounds == MOST_ROUNDS:
            raise GroundworkError(f"the bounds did not meet: {bound:,.0f} to {cost:,.0f} USD after {rounds} master programs")
        assert best is not None
        proposal, value, shadows = master.solve()
        rounds, bound = rounds + 1, max(bound, value)
        if cost - bound <= gap_ratio * cost:
            break
        waiting = [proposal, 0.5 * (proposal + best.reserved_gpus)]
    assert best is not None
    fixed = float(problem.commitments.fixed_usd_per_gpu @ best.reserved_gpus)
    return CapacityPlan(
        reserved_gpus=best.reserved_gpus,
        cost_usd=float(cost),
        lower_bound_usd=float(min(bound, cost)),
        mean_cost_usd=fixed + float(best.month_usd.sum()),
        tail_cost_usd=fixed + best.tail_usd,
        vendor_shadow_usd=dict(zip(problem.vendor_share_limits, shadows.tolist(), strict=True)),
        rounds=rounds,
    )


class _Master:
    """The linear program over x [commitment], theta [month] and, with a tail weight, rho; scaled so that numbers are near 1."""

    def __init__(self, problem: CapacityProblem) -> None:
        months = problem.demand_gpus.shape[0]
        self.commitments = len(problem.commitments.names)
        self.gpus = float(max(problem.demand_gpus.max(), 1e-9))
        self.usd = 0.0
        self.weight = problem.tail_weight_ratio
        self.tails = 1 if self.weight > 0 else 0
        self.thetas = months if self.weight < 1 else 0  # with all weight on the tail the months' means are of no interest
        self.months = months
        self.fixed = problem.commitments.fixed_usd_per_gpu
        self.limits = problem.commitments.limit_gpus / self.gpus
        vendor_rows, self.vendor_bounds = problem.vendor_rows()
        # a row divided by its own bound reads "share of what is allowed <= 1"; a limit of 0 keeps its row
        self.vendor_scale = np.where(self.vendor_bounds > 0, self.vendor_bounds, 1.0)
        self.vendor_rows = np.hstack(
            [vendor_rows * self.gpus / self.vendor_scale[:, None], np.zeros((len(vendor_rows), self.thetas + self.tails))]
        )
        self.expected_gpu_months = float(problem.demand_gpus.mean(axis=1).sum())
        self.rows: list[Array] = []
        self.bounds: list[Array] = []

    def add(self, support: Support) -> None:
        """One plane per month, and one for the tail: theta_t >= Q_t + slope (x - plan)."""
        if not self.rows:
            # the first plan commits to nothing: its cost per month is the unit of money
            self.usd = max(float(support.month_usd.mean()), 1e-9)
        slope = support.month_slope_usd_per_gpu
        level = support.month_usd - slope @ support.reserved_gpus
        row = np.zeros((self.thetas + self.tails, self.commitments + self.thetas + self.tails))
        row[: self.thetas, : self.commitments] = slope[: self.thetas] * (self.gpus / self.usd)
        row[:, self.commitments :] = -np.eye(self.thetas + self.tails)
        bound = np.empty(self.thetas + self.tails)
        bound[: self.thetas] = -level[: self.thetas] / self.usd
        if self.tails:
            tail_unit = self.usd * self.months
            row[-1, : self.commitments] = support.tail_slope_usd_per_gpu * (self.gpus / tail_unit)
            bound[-1] = -(support.tail_usd - float(support.tail_slope_usd_per_gpu @ support.reserved_gpus)) / tail_unit
        self.rows.append(row)
        self.bounds.append(bound)

    def solve(self) -> tuple[Array, float, Array]:
        """The plan that the planes found so far think best, its value in USD, and the shadow price of each vendor limit."""
        objective = np.concatenate(
            [
                self.fixed * (self.gpus / self.usd),
                np.full(self.thetas, 1.0 - self.weight),
                np.full(self.tails, self.weight * self.months),
            ]
        )
        upper = np.concatenate([self.limits, np.full(self.thetas + self.tails, np.inf)])
        found = optimum(
            objective,
            np.vstack([*self.rows, self.vendor_rows]),
            np.concatenate([*self.bounds, np.where(self.vendor_bounds > 0, 1.0, 0.0)]),
            np.zeros_like(upper),
            upper,
            "off",
        )
        plan = np.minimum(np.maximum(found.point[: self.commitments], 0.0), self.limits) * self.gpus
        duals = found.marginals[len(found.marginals) - len(self.vendor_bounds) :]
        shadows = -duals * self.usd / self.vendor_scale * self.expected_gpu_months
        return plan, found.value * self.usd, np.asarray(shadows + 0.0)
