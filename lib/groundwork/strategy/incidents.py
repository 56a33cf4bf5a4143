"""What goes wrong in production, as chance: hours down in a month, and how many users leave over it.

The dice are common to all strategies; a strategy changes how many hours an incident costs, not whether luck is bad. Bad
changes are a compound Poisson sum with exponential lengths: a sum of k of them is gamma, whose quantile is taken by Wilson and
Hilferty's cube. Expected hours are what rates and mean lengths say.

References
----------
.. [1] E. B. Wilson, M. M. Hilferty, The distribution of chi-square, Proc. National Academy of Sciences 17 (1931).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from groundwork.beliefs import Operations
from groundwork.formulas.reliability.redundancy import availability_ratio, parallel_availability_ratio
from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import HOURS_PER_MONTH, Dice
from groundwork.strategy.loops import incidents as loops
from groundwork.strategy.loops.compiled import plain
from groundwork.strategy.remembered import remembered
from groundwork.strategy.sizing import Sizing

LONGEST_COUNT = 2_000  # bad changes in a month that are still told apart


def poisson_count(uniforms: Array, expected: Array) -> Array:
    """How many events happen in each month, [month, sample], when `expected` [sample] are; rises with the uniform."""
    term = np.exp(-expected)
    reached = term.copy()
    count = np.zeros(uniforms.shape)
    for number in range(1, LONGEST_COUNT):
        above = uniforms > reached
        if not above.any():
            break
        count += above
        term = term * expected / number
        reached += term
    return count


def gamma_sum(count: Array, normals: Array) -> Array:
    """Sum of `count` exponential lengths of mean one, by [1]_; its mean is the count to 0.14 % and better."""
    ninth = 1.0 / (9.0 * np.maximum(count, 1.0))
    cube = normals * np.sqrt(ninth)
    cube += 1.0 - ninth
    np.maximum(cube, 0.0, out=cube)
    return np.asarray(cube * cube * cube * count)


@dataclass(frozen=True, slots=True)
class Misfortunes:
    """What happens to one live service whatever is chosen, [month, sample]."""

    bad_change_hours: Array
    outages: Array
    outage_hours: Array
    any_outage: Flags


@remembered(2)
def misfortunes(run: Operations[Array], dice: Dice) -> Misfortunes:
    """The hours of bad changes and of zone outages, from what is believed of them and the dice."""
    changes = poisson_count(dice.bad_changes, run.deploys_per_month * run.change_failure_ratio)
    outages = poisson_count(dice.outages, run.zone_outages_per_year / 12.0)
    return Misfortunes(
        bad_change_hours=gamma_sum(changes, dice.bad_change_length)
        * (run.exposed_ratio * run.severity_ratio * run.restore_hours),
        outages=outages,
        outage_hours=outages * dice.outage_length * run.zone_outage_hours,
        any_outage=np.asarray(outages.any(axis=1)),
    )


@dataclass(frozen=True, slots=True)
class Service:
    """What goes wrong and what it costs in hours: [strategy, 1] or [strategy, sample] where it is chosen, else [sample]."""

    luck: Misfortunes
    node: Array
    failures: Array
    repair_hours: Array
    failover: Array
    failing: Array
    switch_hours: Array
    manual_hours: Array
    one_zone: Flags
    replicas_hours: Array
    spare_count: Array
    spare_factorial: Array
    down_ratio: Array
    left_ratio: Array
    dip_stability_ratio: Array
    churn_ratio_per_hour: Array
    unserved_churn_ratio: Array
    nothing: Array
    hours: Array
    lost: Array

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices, dice: Dice) -> Service:
        run, channels = beliefs.operations, beliefs.channels
        up = availability_ratio(run.replica_mttf_hours, run.replica_mttr_hours)
        zones = choices.zones_count[:, 0].astype(int)
        spare = choices.spare_servers_count
        servers = zones * (1 + spare[:, 0].astype(int))
        together = np.stack([1.0 - parallel_availability_ratio(np.stack([up] * count)) for count in servers])
        one = choices.zones_count == 1.0
        shape = (choices.count, dice.luck.size)
        return cls(
            luck=misfortunes(run, dice),
            node=plain(dice.node),
            failures=HOURS_PER_MONTH / run.replica_mttf_hours,
            repair_hours=plain(run.replica_mttr_hours),
            failover=plain(dice.failover),
            failing=1.0 - channels.failover.without_ratio,
            switch_hours=run.switch_minutes / 60.0,
            manual_hours=plain(run.manual_hours),
            one_zone=one,
            replicas_hours=HOURS_PER_MONTH * together * ~one,
            spare_count=spare,
            spare_factorial=np.vectorize(math.factorial, otypes=[float])(spare.astype(int) + 1),
            down_ratio=run.replica_mttr_hours / run.replica_mttf_hours,
            left_ratio=1.0 - 1.0 / choices.zones_count,
            dip_stability_ratio=plain(channels.early_dip.stability_ratio),
            churn_ratio_per_hour=choices.each(run.churn_ratio_per_hour),
            unserved_churn_ratio=choices.each(run.unserved_churn_ratio),
            nothing=np.zeros(shape),
            hours=np.zeros(shape),
            lost=np.zeros(shape),
        )

    def down_hours(
        self, act: Multipliers, dip: Flags, live: Array, held: Array, held_ratio: Array, sizing: Sizing, month: int
    ) -> Array:
        """Hours down this month of one live service, [strategy, sample]; nothing is down where nothing is live.

        Bad changes are deploys x change failure ratio x users reached x severity x hours to restore. An hour in which half of the
        users do without half of the service is a quarter of an hour down.

        In one zone a zone's outage is borne to its end, and a node that fails takes its share of the users with it, unless a
        spare one takes over. In several zones the load moves: at once where the switch works, by hand where it does not. Until
        the zone is back the others serve what their capacity can: `held_ratio` is what is held over what is needed, at most 1.
        What is returned holds for a month.
        """
        luck, crowded = self.luck, self.nothing
        if luck.any_outage[month]:
            hit = np.flatnonzero(luck.outages[month])
            unserved = 1.0 - sizing.served_ratio(held_ratio[:, hit] * self.left_ratio)
            crowded = np.zeros_like(crowded)
            crowded[:, hit] = unserved * luck.outage_hours[month, hit]
        loops.down(
            *(HOURS_PER_MONTH, act.change_restore, act.uncovered, dip, live, held),
            *(luck.bad_change_hours[month], luck.outages[month], luck.outage_hours[month]),
            *(self.node[month], self.failures, self.repair_hours),
            *(self.failover[month], self.failing, self.switch_hours, self.manual_hours, self.one_zone, self.replicas_hours),
            *(self.spare_count, self.spare_factorial, self.down_ratio, self.dip_stability_ratio, crowded, self.hours),
        )
        return self.hours

    def lost_ratio(self, down_hours: Array, unserved_ratio: Array) -> Array:
        """Share of users lost this month, [strategy, sample]; it holds until the next."""
        loops.leaving(down_hours, unserved_ratio, self.churn_ratio_per_hour, self.unserved_churn_ratio, self.lost)
        return self.lost
