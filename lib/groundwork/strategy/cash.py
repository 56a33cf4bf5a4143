"""Money, month by month: what is served earns, every bill is paid, and both are brought to today's value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.demanded import Asked
from groundwork.strategy.effort import Effort
from groundwork.strategy.foundation import Multipliers, PlatformState
from groundwork.strategy.future import HOURS_PER_MONTH, Future
from groundwork.strategy.loops import cash as loops
from groundwork.strategy.loops.compiled import plain
from groundwork.strategy.outcome import COSTS
from groundwork.strategy.supply import Stock, committed_usd_per_hour

LAST_MONTHS = 3
"""Months at the end whose margin is believed to go on."""


@dataclass(slots=True)
class Cash:
    """Prices of what is paid for, and the money of the last month, [strategy, sample] unless said.

    `bills_usd` are the month's and `present_usd` those of all months so far at today's value, [cost, strategy, sample], in the
    order of `COSTS`; `npv_usd` is the cash so far at today's value; `run_margin_usd` is the mean margin of a month at the end of
    the plan, without people and platform, less what keeps services running. `discount` is that of the last month, [sample].
    `on_demand_hours` are those of a month, dearer where vendors are many; `busy_accelerators` serve what is served.
    """

    monthly_rate: Array
    run_ratio: Array
    wage_usd: Array
    platform_wage_usd: Array
    committed_usd: Array
    on_demand_hours: Array
    waste_ratio: Array
    storage_usd: Array
    moving_usd: Array
    incident_usd: Array
    drift_ratio: Array
    bills_usd: Array
    present_usd: Array
    discount: Array
    served_units: Array
    unserved_ratio: Array
    busy_accelerators: Array
    earned_usd: Array
    spent_usd: Array
    cash_usd: Array
    npv_usd: Array
    run_margin_usd: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, storage_usd: Array, moving_usd: Array) -> Cash:
        """Nothing paid yet; prices of a gigabyte stored for a month and moved, [sample]."""
        people, each = beliefs.organisation, choices.each
        shape = (choices.count, people.engineers_fte.shape[-1])
        premium = 1.0 + (choices.vendors_count - 1.0) * beliefs.market.vendor_premium_ratio
        wage_usd = each(people.wage_usd_per_month)
        return cls(
            monthly_rate=(1.0 + people.discount_ratio_per_year) ** (1.0 / 12.0),
            run_ratio=plain(beliefs.platform.run_ratio),
            wage_usd=wage_usd,
            platform_wage_usd=choices.platform_team_fte * choices.work_ratio * wage_usd,
            committed_usd=each(committed_usd_per_hour(beliefs) * HOURS_PER_MONTH * premium),
            on_demand_hours=each(premium * HOURS_PER_MONTH),
            waste_ratio=each(beliefs.data.waste_ratio),
            storage_usd=each(storage_usd),
            moving_usd=each(moving_usd),
            incident_usd=each(beliefs.operations.incident_usd_per_hour),
            drift_ratio=each(beliefs.delivery.drift_ratio),
            bills_usd=np.zeros((len(COSTS), *shape)),
            present_usd=np.zeros((len(COSTS), *shape)),
            discount=np.ones(shape[1]),
            served_units=np.zeros(shape),
            unserved_ratio=np.zeros(shape),
            busy_accelerators=np.zeros(shape),
            earned_usd=np.zeros(shape),
            spent_usd=np.zeros(shape),
            cash_usd=np.zeros(shape),
            npv_usd=np.zeros(shape),
            run_margin_usd=np.zeros(shape),
        )

    def earned(self, asked: Asked, served_ratio: Array, down_hours: Array, fresh_ratio: Array, act: Multipliers) -> None:
        """What is served in a month and what it brings.

        Of own work `served_ratio` is served while it is up; what is bought is served by its provider. Value falls with models
        that have drifted and with data that is stale.
        """
        loops.earned(
            *(HOURS_PER_MONTH, asked.load, asked.units, asked.own_units, asked.own_value_usd),
            *(asked.bought_units, asked.bought_value_usd, served_ratio, down_hours, fresh_ratio, act.drift, self.drift_ratio),
            *(self.served_units, self.unserved_ratio, self.busy_accelerators, self.earned_usd),
        )

    def paid(
        self,
        world: Future,
        month: int,
        asked: Asked,
        down_hours: Array,
        act: Multipliers,
        effort: Effort,
        platform: PlatformState,
        kept: Flags,
        rebuild_usd: Array,
        stock: Stock,
    ) -> None:
        """The month's bills, and what is left.

        The platform's team is paid in whole while the build is unfinished, then its upkeep, and nobody where people are not
        `kept`; a foundation that came with a rebuild is kept up like any other.
        """
        self.discount /= self.monthly_rate
        loops.paid(
            *(world.on_demand_price[month], self.discount, self.earned_usd, asked.api_usd),
            *(asked.gigabytes, asked.moved_gigabytes, down_hours, act.data_waste, effort.paid_fte),
            *(platform.unfinished, platform.complete, kept, rebuild_usd, stock.committed, stock.on_demand, stock.owned_usd),
            *(self.run_ratio, self.wage_usd, self.platform_wage_usd, self.committed_usd, self.on_demand_hours),
            *(self.waste_ratio, self.storage_usd, self.moving_usd, self.incident_usd),
            *(self.bills_usd, self.present_usd, self.spent_usd, self.cash_usd, self.npv_usd),
        )

    def near_the_end(self, effort: Effort, months: int) -> None:
        """Count one of the last months into the margin that is believed to go on: what no longer is paid then is left out."""
        without = self.cash_usd + self.bills_usd[0] + self.bills_usd[1] + self.bills_usd[2]
        self.run_margin_usd += (without - effort.toil_fte * self.wage_usd) / min(LAST_MONTHS, months)
