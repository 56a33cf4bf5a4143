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
from groundwork.strategy.loops import supply as loops
from groundwork.strategy.loops.compiled import plain
from groundwork.strategy.owning import Owned

TERM_MONTHS = 12  # a one-year commitment


@dataclass(slots=True)
class Stock:
    """Capacity by source, [strategy, sample], and two rings: what arrives in coming months, what arrived in past ones.

    `coming` is [slot, strategy, sample]: an order goes into the slot of its month of arrival. `past` holds the arrivals of
    the last term, so that what ends this month is what arrived a term ago.
    """

    choices: Choices
    coming: Array
    past: Array
    committed: Array
    on_demand: Array
    under_way: Array
    ordered: Array
    arrived: Array
    last_need: Array
    held: Array
    nothing: Array
    owned: Owned | None
    owned_usd: Array
    planned_more_ratio: Array
    growth_view_ratio: Array
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
            committed=np.zeros(shape),
            on_demand=np.zeros(shape),
            under_way=np.zeros(shape),
            ordered=np.zeros(shape),
            arrived=np.zeros(shape),
            last_need=np.zeros(shape),
            held=np.zeros(shape),
            nothing=np.zeros(shape),
            owned=Owned.fresh(beliefs, choices, months) if choices.owned_ratio.any() else None,
            owned_usd=np.zeros(shape),
            planned_more_ratio=beliefs.channels.procurement.planned_ratio - choices.commit_ratio,
            growth_view_ratio=plain(beliefs.channels.procurement.growth_view_ratio),
            scarcity_ratio=1.0 - alone * (1.0 - beliefs.market.vendor_shared_ratio),
        )

    def sunk(self, month: int) -> Array:
        """Accelerators that are committed or owned in a month, paid whether they are used or not, [strategy, sample]."""
        sunk: Array = self.committed - self.past[month % TERM_MONTHS]
        sunk += self.coming[month % len(self.coming)]
        if self.owned is not None:
            sunk += self.owned.machines
        return sunk

    def stepped(self, beliefs: Scenario[Array], world: Future, month: int, need: Array, lasting: Array, maturity: Array) -> Array:
        """One month: orders arrive or end, new ones go out, the rest is rented as far as the market allows; all capacity held.

        `need` is in accelerators, spare capacity not yet counted, [strategy, sample]; `lasting` is the part of it for which
        capacity is ordered. What is returned holds for a month.
        """
        choice, procurement = self.choices, beliefs.channels.procurement
        owned = under_way = self.nothing
        if self.owned is not None:
            self.owned_usd = self.owned.stepped(self.last_need, month)
            owned, under_way = self.owned.machines, self.owned.under_way
        ended = self.past[month % TERM_MONTHS]
        if procurement.enabled:
            loops.planned(
                *(month % len(self.coming), lasting, maturity, owned, under_way),
                *(choice.buffer_ratio, choice.commit_ratio, self.planned_more_ratio, self.growth_view_ratio),
                *(world.expected_lead_months[month], world.lead_months[month]),
                *(self.last_need, ended, self.coming, self.committed, self.under_way, self.ordered, self.arrived),
            )
        else:
            loops.had_at_once(
                *(lasting, owned, choice.buffer_ratio, choice.commit_ratio),
                *(ended, self.committed, self.ordered, self.arrived),
            )
        loops.rented(
            *(need, lasting, owned, self.committed, choice.buffer_ratio, self.scarcity_ratio, world.availability_ratio[month]),
            *(self.last_need, self.on_demand, self.held),
        )
        return self.held

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


def committed_usd_per_hour(beliefs: Scenario[Array]) -> Array:
    """What an hour of a committed accelerator costs, [sample]: today's normal price less the discount, held for the term."""
    return beliefs.market.on_demand_usd_per_accelerator_hour * (1.0 - beliefs.market.commitment_discount_ratio)
