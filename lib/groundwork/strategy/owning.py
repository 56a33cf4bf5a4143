"""Owned accelerators: bought for cash, run at a cost, sold for what they still bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.formulas.cost.ownership import MONTHS_PER_YEAR, owned_usd_per_year
from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices

RESALE_MONTHS = 36.0  # the age at which the resale value is believed


@dataclass(slots=True)
class Owned:
    """Machines owned, [strategy, sample], their resale value, and what arrived in each month so that it can be sold in time.

    Machines are accelerators, bought by the whole server. A machine keeps the same share of its value every month: after 36
    months what is believed of resale. Power is counted at full load, whatever the machine does.
    """

    ratio: Array
    server_accelerators: Array
    lead_months: Array
    life_months: Array
    capex_usd: Array
    kept_ratio: Array
    running_usd: Array
    machines: Array
    under_way: Array
    value_usd: Array
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
        shape = (choices.count, lead.size)
        return cls(
            ratio=choices.owned_ratio,
            server_accelerators=market.owned_server_accelerators,
            lead_months=lead,
            life_months=np.rint(market.owned_life_months).astype(int),
            capex_usd=capex,
            kept_ratio=market.owned_residual_ratio ** (1.0 / RESALE_MONTHS),
            running_usd=(yearly.total_usd - yearly.capital_usd) / MONTHS_PER_YEAR,
            machines=np.zeros(shape),
            under_way=np.zeros(shape),
            value_usd=np.zeros(shape),
            arrivals=np.zeros((months + int(lead.max()) + 1, *shape)),
        )

    def stepped(self, last_need: Array, month: int) -> Array:
        """One month: what was ordered arrives and is paid, what is old is sold, orders go out; USD spent, [strategy, sample]."""
        everyone = np.arange(self.lead_months.size)
        missing = np.maximum(0.0, self.ratio * last_need - self.machines - self.under_way)
        order = np.ceil(missing / self.server_accelerators - 1e-9) * self.server_accelerators
        self.arrivals[month + self.lead_months, :, everyone] += order.T
        arriving = self.arrivals[month]
        self.under_way += order - arriving
        self.value_usd *= self.kept_ratio
        bought = arriving * self.capex_usd
        self.value_usd += bought
        self.machines += arriving
        born = month - self.life_months
        sold = np.where(born >= 0, self.arrivals[np.maximum(born, 0), :, everyone].T, 0.0)
        self.machines -= sold
        proceeds = sold * (self.capex_usd * self.kept_ratio**self.life_months)
        self.value_usd -= proceeds
        return np.asarray(bought - proceeds + self.machines * self.running_usd)
