"""Hours down in one month: [strategy, sample], [strategy, 1] where it is a lever, or [sample]."""

from __future__ import annotations

from math import log

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def down(
    most_hours: float,
    change_restore: Array,
    uncovered: Array,
    dip: Flags,
    live: Array,
    held: Array,
    bad_change_hours: Array,
    outages: Array,
    outage_hours: Array,
    node: Array,
    failures: Array,
    repair_hours: Array,
    failover: Array,
    failing: Array,
    switch_hours: Array,
    manual_hours: Array,
    one_zone: Flags,
    replicas_hours: Array,
    spare_count: Array,
    spare_factorial: Array,
    down_ratio: Array,
    dip_stability_ratio: Array,
    crowded_hours: Array,
    hours: Array,
) -> None:
    """Bad changes, then what a zone and a node that fail cost: borne in one zone, moved away in several.

    Of H nodes one fails H times as often and takes one in H of the users with it. Spare servers stand in for nodes that are
    down: with D of them down on average, far fewer than one, k spares leave E[(down - k)+] / D = D**k / (k + 1)! of them.
    `crowded_hours` are those in which the zones left serve less than is asked.
    """
    strategies, samples = hours.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            lost = bad_change_hours[n] * change_restore[at]
            if dip[at]:
                lost *= 1.0 + dip_stability_ratio[n]
            lost += replicas_hours[at]
            if one_zone[s, 0]:
                nodes_down = min(held[at] * down_ratio[n], 1.0)
                left = nodes_down ** spare_count[s, 0] / spare_factorial[s, 0] if spare_count[s, 0] > 0.0 else 1.0
                count = max(held[at], 1.0)
                failures_of_all = count * failures[n]
                ill_luck = log(max(min(failures_of_all, 1.0) / node[n], 1.0)) * max(failures_of_all, 1.0)
                lost += ill_luck * repair_hours[n] / count * left + outage_hours[n]
            elif outages[n] > 0.0:
                by_hand = failover[n] < failing[n] * uncovered[at]
                lost += outages[n] * (manual_hours[n] if by_hand else switch_hours[n]) + crowded_hours[at]
            hours[at] = min(lost, most_hours) * min(live[at], 1.0)


@compiled
def leaving(
    down_hours: Array, unserved_ratio: Array, churn_ratio_per_hour: Array, unserved_churn_ratio: Array, lost: Array
) -> None:
    """Users who leave over hours down and over what was turned away, all of them at most."""
    strategies, samples = lost.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            lost[at] = min(down_hours[at] * churn_ratio_per_hour[at] + unserved_ratio[at] * unserved_churn_ratio[at], 1.0)
