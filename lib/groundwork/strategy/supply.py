"""Orders and capacity: what is owned, what is committed, what is under way, what is rented by the hour.

Planners see last month's load and its growth, never the draw. Without the procurement channel there is one ordering
rule for all, no lead time and full availability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.future import Future
from groundwork.strategy.owning import Owned

TERM_MONTHS = 12  # a one-year commitment
_NONE = np.zeros(1)


@dataclass(slots=True)
class Stock:
    """Capacity by source, [strategy, sample], and two rings: what arrives in coming months, what arrived in past ones.

    `coming` is [slot, strategy x sample]: an order goes into the slot of its month of arrival. `past` holds the arrivals of
    the last term, so that what ends this month is what arrived a term ago.
    """

    choices: Choices
    coming: Array
    past: Array
    everyone: Array
    committed: Array
    on_demand: Array
    under_way: Array
    ordered: Array
    arrived: Array
    last_need: Array
    owned: Owned | None
    owned_usd: Array
    planned_more_ratio: Array
    scarcity_ratio: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, world: Future, months: int) -> Stock:
        shape = (choices.count, world.lead_months.shape[1])
        alone = 1.0 - 1.0 / choices.vendors_count
        slots = int(world.lead_months.max()) + 1
        return cls(
            choices=choices,
            coming=np.zeros((slots, *shape)),
            past=np.zeros((TERM_MONTHS, *shape)),
            everyone=np.arange(shape[0] * shape[1]).reshape(shape),
            committed=np.zeros(shape),
            on_demand=np.zeros(shape),
            under_way=np.zeros(shape),
            ordered=np.zeros(shape),
            arrived=np.zeros(shape),
            last_need=np.zeros(shape),
            owned=Owned.fresh(beliefs, choices, months) if choices.owned_ratio.any() else None,
            owned_usd=np.zeros(shape),
            planned_more_ratio=beliefs.channels.procurement.planned_ratio - choices.commit_ratio,
            scarcity_ratio=1.0 - alone * (1.0 - beliefs.market.vendor_shared_ratio),
        )

    def stepped(self, beliefs: Scenario[Array], world: Future, month: int, need: Array, maturity: Array) -> Array:
        """One month: orders arrive or end, new ones go out, the rest is rented as far as the market allows; all capacity held.

        `need` is in accelerators, spare capacity not yet counted, [strategy, sample].
        """
        choice, procurement = self.choices, beliefs.channels.procurement
        slot = self.coming[month % len(self.coming)]
        ended = self.past[month % TERM_MONTHS]
        arriving = slot.copy()
        slot[...] = 0.0
        need = need * (1.0 + choice.buffer_ratio)
        planned, owned = self.last_need, _NONE
        if self.owned is not None:
            self.owned_usd = self.owned.stepped(self.last_need, month)
            owned = self.owned.machines
            planned = np.maximum(self.last_need - owned - self.owned.under_way, 0.0)
        self.under_way -= arriving
        self.committed += arriving
        self.committed -= ended
        if procurement.enabled:
            seen = np.maximum(self.last_need, 1e-9)
            # where nothing was needed nothing is planned, whatever the growth over nothing
            growth = need / seen
            growth -= 1.0
            np.maximum(growth, 0.0, out=growth)
            np.minimum(growth, 0.2, out=growth)
            growth *= maturity
            growth *= procurement.growth_view_ratio * world.expected_lead_months[month]
            growth += 1.0
            order = maturity * self.planned_more_ratio
            order += choice.commit_ratio
            order *= planned
            order *= growth
            order -= self.committed
            order -= self.under_way
            np.maximum(order, 0.0, out=order)
            self._placed(order, (month + world.lead_months[month]) % len(self.coming))
            self.under_way += order
        else:
            order = np.maximum(0.0, choice.commit_ratio * np.maximum(need - owned, 0.0) - self.committed)
            self.committed += order
            arriving += order
        self.past[month % TERM_MONTHS] = arriving
        self.arrived += arriving
        self.ordered += order
        gap = need - self.committed
        gap -= owned
        np.maximum(gap, 0.0, out=gap)
        rise = gap - self.on_demand
        np.maximum(rise, 0.0, out=rise)
        rise *= self.scarcity_ratio
        rise *= 1.0 - world.availability_ratio[month]
        self.on_demand = gap
        self.on_demand -= rise
        self.last_need = need
        held = self.committed + self.on_demand
        held += owned
        return held

    def _placed(self, order: Array, slots: Array) -> None:
        """Put an order [strategy, sample] into its samples' slots [sample]."""
        if np.maximum.reduce(order, axis=None) > 0.0:
            flat = self.coming.reshape(-1)
            flat[slots * order.size + self.everyone] += order

    def series(self) -> dict[str, Array | Flags]:
        """What a page may ask for by month; orders, arrivals and what is under way are of commitments."""
        return {
            "committed_accelerators": self.committed,
            "owned_accelerators": self.owned.machines if self.owned is not None else np.zeros_like(self.committed),
            "on_demand_accelerators": self.on_demand,
            "ordered_accelerators": self.ordered,
            "arrived_accelerators": self.arrived,
            "coming_accelerators": self.coming.sum(axis=0),
        }

    def imbalance(self) -> Array:
        """Orders less arrivals less what is under way, [strategy, sample]: nought up to rounding."""
        return np.asarray(self.ordered - self.arrived - self.coming.sum(axis=0))
