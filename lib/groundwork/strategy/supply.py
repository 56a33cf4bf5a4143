"""Orders and capacity: what is committed, what is under way, what is rented by the hour.

Planners see last month's load and its growth, never the draw. Without the procurement channel there is one ordering
rule for all, no lead time and full availability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.levers import Strategy
from groundwork.quantities import Array
from groundwork.scenario import Scenario

TERM_MONTHS = 12  # a one-year commitment


@dataclass(frozen=True, slots=True)
class Capacity:
    """Accelerators this month, [strategy, sample]."""

    committed: Array
    on_demand: Array

    @property
    def total(self) -> Array:
        return self.committed + self.on_demand


@dataclass(slots=True)
class Stock:
    """Capacity by source and the schedule of what arrives and what ends, [month, strategy, sample]."""

    committed: Array
    on_demand: Array
    arriving: Array
    ending: Array
    ordered: Array
    arrived: Array
    last_need: Array
    commit_ratio: Array
    buffer_ratio: Array
    one_zone: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], levers: Sequence[Strategy], months: int, shape: tuple[int, int]) -> Stock:
        zero = np.zeros(shape)
        schedule = (months + 40, *shape)
        return cls(
            committed=zero,
            on_demand=zero,
            arriving=np.zeros(schedule),
            ending=np.zeros(schedule),
            ordered=zero,
            arrived=zero,
            last_need=zero,
            commit_ratio=np.array([lever.commit_ratio for lever in levers])[:, None],
            buffer_ratio=np.array([lever.buffer_ratio for lever in levers])[:, None],
            one_zone=np.array([lever.zones_count == 1 for lever in levers])[:, None],
        )

    def stepped(
        self, beliefs: Scenario[Array], month: int, busy: Array, inverse_use: Array, maturity: Array, state: Array
    ) -> Capacity:
        """One month: what was ordered arrives or ends, new orders go out, the rest is rented as far as the market allows."""
        procurement, market = beliefs.channels.procurement, beliefs.market
        self.arrived = self.arrived + self.arriving[month]
        self.committed = self.committed + self.arriving[month] - self.ending[month]
        need = busy * inverse_use * (1.0 + self.buffer_ratio)
        under_way = self.arriving[month + 1 :].sum(axis=0)
        if procurement.enabled:
            leads = np.stack([market.lead_normal_months, market.lead_tight_months, market.lead_shortage_months])
            expected = (state * leads).sum(axis=0)
            growth = np.minimum(np.maximum(need / np.maximum(self.last_need, 1e-9) - 1.0, 0.0), 0.2) * (self.last_need > 0.0)
            share = self.commit_ratio + maturity * (procurement.planned_ratio - self.commit_ratio)
            target = share * self.last_need * (1.0 + maturity * procurement.growth_view_ratio * growth * expected)
            order = np.maximum(0.0, target - self.committed - under_way)
            whole = np.rint(leads).astype(int)
            for row in range(3):
                self._placed(order * state[row], month, whole[row])
            available = state[0] + state[1] * market.availability_tight_ratio + state[2] * market.availability_shortage_ratio
        else:
            order = np.maximum(0.0, self.commit_ratio * need - self.committed)
            self.committed = self.committed + order
            self.arrived = self.arrived + order
            self.ending[month + TERM_MONTHS] += order
            available = np.ones_like(state[0])
        self.ordered = self.ordered + order
        gap = np.maximum(0.0, need - self.committed)
        self.on_demand = np.where(gap > self.on_demand, self.on_demand + available * (gap - self.on_demand), gap)
        self.last_need = need
        return Capacity(self.committed, self.on_demand)

    def _placed(self, order: Array, month: int, lead: Array) -> None:
        """Put an order [strategy, sample] on the schedule at its lead [sample] in whole months, and its end a term later."""
        everyone = np.arange(order.shape[1])
        for row in range(order.shape[0]):
            when = month + np.maximum(lead, 1)
            self.arriving[when, row, everyone] += order[row]
            inside = when + TERM_MONTHS < self.ending.shape[0]
            self.ending[(when + TERM_MONTHS)[inside], row, everyone[inside]] += order[row][inside]

    def imbalance(self) -> Array:
        """Orders less arrivals less what is under way, [strategy, sample]: nought up to rounding."""
        months = self.arriving.shape[0] - 40
        return np.asarray(self.ordered - self.arrived - self.arriving[months:].sum(axis=0))
