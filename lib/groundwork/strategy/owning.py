"""Owned accelerators: bought for cash, run at a cost, sold for what they still bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.formulas.cost.ownership import MONTHS_PER_YEAR, owned_usd_per_year
from groundwork.quantities import Array, Index
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.loops import owning as loops
from groundwork.strategy.loops.compiled import plain

RESALE_MONTHS = 36.0  # the age at which the resale value is believed


@dataclass(slots=True)
class Owned:
    """Machines owned, [strategy, sample], their resale value, and what arrived in each month so that it can be sold in time.

    Machines are accelerators, bought by the whole server. A machine keeps the same share of its value every month: after 36
    months what is believed of resale. Power is counted at full load, whatever the machine does.
    """

    ratio: Array
    server_accelerators: Array
    lead_months: Index
    life_months: Index
    capex_usd: Array
    kept_ratio: Array
    sold_usd: Array
    running_usd: Array
    machines: Array
    under_way: Array
    value_usd: Array
    paid_usd: Array
    arrivals: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, months: int) -> Owned:
        market, people = beliefs.market, beliefs.organisation
        lead = np.maximum(np.rint(market.owned_lead_months), 0.0).astype(int)
        capex = market.owned_capex_usd_per_accelerator
        yearly = owned_usd_per_year(
            capex_usd=capex,
            residual_ratio=0.0,
            life_years=1.0,
            cost_of_capital_ratio=0.0,
            power_kw=market.owned_kw,
            load_ratio=1.0,
            pue_ratio=market.owned_pue_ratio,
            power_usd_per_kwh=market.owned_usd_per_kwh,
            colocation_usd_per_month=market.owned_colocation_usd_per_month * market.owned_kw,
            staff_usd_per_year=market.owned_staff_fte * people.wage_usd_per_month * MONTHS_PER_YEAR,
            maintenance_ratio_per_year=market.owned_maintenance_ratio_per_year,
        )
        kept_ratio = market.owned_residual_ratio ** (1.0 / RESALE_MONTHS)
        life = np.rint(market.owned_life_months).astype(int)
        shape = (choices.count, lead.size)
        return cls(
            ratio=choices.owned_ratio,
            server_accelerators=plain(market.owned_server_accelerators),
            lead_months=lead,
            life_months=life,
            capex_usd=plain(capex),
            kept_ratio=kept_ratio,
            sold_usd=capex * kept_ratio**life,
            running_usd=(yearly.total_usd - yearly.capital_usd) / MONTHS_PER_YEAR,
            machines=np.zeros(shape),
            under_way=np.zeros(shape),
            value_usd=np.zeros(shape),
            paid_usd=np.zeros(shape),
            arrivals=np.zeros((months + int(lead.max()) + 1, *shape)),
        )

    def stepped(self, last_need: Array, month: int) -> Array:
        """One month: what was ordered arrives and is paid, what is old is sold, orders go out; USD spent, [strategy, sample]."""
        loops.owned(
            *(month, last_need, self.ratio, self.server_accelerators, self.lead_months, self.life_months),
            *(self.capex_usd, self.kept_ratio, self.sold_usd, self.running_usd),
            *(self.arrivals, self.machines, self.under_way, self.value_usd, self.paid_usd),
        )
        return self.paid_usd
