"""What goes wrong in production: hours down in a month, and how many users leave over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import HOURS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Service:
    """Hours down in a month, [sample] or [strategy, sample]: by bad changes, by zones whatever happens, by failed failover."""

    bad_change_hours: Array
    dip_stability_ratio: Array
    zone_hours: Array
    uncovered_hours: Array
    churn_ratio_per_hour: Array
    unserved_churn_ratio: Array

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices) -> Service:
        run, channels = beliefs.operations, beliefs.channels
        outages = run.zone_outages_per_year / 12.0
        switched = run.switch_minutes / 60.0
        several = ~choices.one_zone
        return cls(
            bad_change_hours=run.deploys_per_month * run.change_failure_ratio * run.exposed_ratio * run.restore_hours,
            dip_stability_ratio=channels.early_dip.stability_ratio,
            zone_hours=outages * (choices.one_zone * run.zone_outage_hours + several * switched),
            uncovered_hours=several * outages * (1.0 - channels.failover.without_ratio) * (run.manual_hours - switched),
            churn_ratio_per_hour=run.churn_ratio_per_hour,
            unserved_churn_ratio=run.unserved_churn_ratio,
        )

    def down_hours(self, act: Multipliers, dip: Array, live: Array) -> Array:
        """Hours down this month, [strategy, sample]; nothing is down where nothing is live."""
        hours = self.bad_change_hours * act.change_restore
        hours *= 1.0 + dip * self.dip_stability_ratio
        hours += self.uncovered_hours * act.uncovered
        hours += self.zone_hours
        np.minimum(hours, HOURS_PER_MONTH, out=hours)
        hours *= np.minimum(live, 1.0)
        return hours

    def lost_ratio(self, down_hours: Array, unserved_ratio: Array) -> Array:
        """Share of users lost this month, [strategy, sample]."""
        lost = down_hours * self.churn_ratio_per_hour
        lost += unserved_ratio * self.unserved_churn_ratio
        return np.minimum(1.0, lost, out=lost)
