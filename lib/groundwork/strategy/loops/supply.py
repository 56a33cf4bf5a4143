"""Orders and capacity in one month: [strategy, sample], [strategy, 1] where it is a lever, [sample] where it is the market's."""

from __future__ import annotations

from groundwork.quantities import Array, Index
from groundwork.strategy.loops.compiled import compiled


@compiled
def planned(
    slot: int,
    need: Array,
    maturity: Array,
    owned: Array,
    owned_under_way: Array,
    buffer_ratio: Array,
    commit_ratio: Array,
    planned_more_ratio: Array,
    growth_view_ratio: Array,
    expected_lead_months: Array,
    lead_months: Index,
    last_need: Array,
    ended: Array,
    coming: Array,
    committed: Array,
    under_way: Array,
    ordered: Array,
    arrived: Array,
) -> None:
    """What was ordered arrives, what arrived a term ago ends, and a share of last month's need and of its growth is ordered."""
    slots, strategies, samples = coming.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            arriving = coming[slot, s, n]
            coming[slot, s, n] = 0.0
            under_way[at] -= arriving
            committed[at] += arriving
            committed[at] -= ended[at]
            # where nothing was needed nothing is planned, whatever the growth over nothing
            growth = need[at] * (1.0 + buffer_ratio[s, 0]) / max(last_need[at], 1e-9) - 1.0
            growth = min(max(growth, 0.0), 0.2) * maturity[at] * (growth_view_ratio[n] * expected_lead_months[n])
            share = maturity[at] * planned_more_ratio[at] + commit_ratio[s, 0]
            wanted = share * max(last_need[at] - owned[at] - owned_under_way[at], 0.0) * (1.0 + growth)
            order = max(wanted - committed[at] - under_way[at], 0.0)
            coming[(slot + lead_months[n]) % slots, s, n] += order
            under_way[at] += order
            ordered[at] += order
            arrived[at] += arriving
            ended[at] = arriving


@compiled
def had_at_once(
    need: Array,
    owned: Array,
    buffer_ratio: Array,
    commit_ratio: Array,
    ended: Array,
    committed: Array,
    ordered: Array,
    arrived: Array,
) -> None:
    """What arrived a term ago ends, and a share of this month's need is ordered and arrives."""
    strategies, samples = need.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            committed[at] -= ended[at]
            wanted = commit_ratio[s, 0] * max(need[at] * (1.0 + buffer_ratio[s, 0]) - owned[at], 0.0)
            order = max(wanted - committed[at], 0.0)
            committed[at] += order
            ordered[at] += order
            arrived[at] += order
            ended[at] = order


@compiled
def rented(
    need: Array,
    lasting: Array,
    owned: Array,
    committed: Array,
    buffer_ratio: Array,
    scarcity_ratio: Array,
    availability_ratio: Array,
    last_need: Array,
    on_demand: Array,
    held: Array,
) -> None:
    """What is still missing is rented; what is more than last month's, as far as the market has it."""
    strategies, samples = need.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            last_need[at] = lasting[at] * (1.0 + buffer_ratio[s, 0])
            gap = max(need[at] * (1.0 + buffer_ratio[s, 0]) - committed[at] - owned[at], 0.0)
            rise = max(gap - on_demand[at], 0.0) * scarcity_ratio[at] * (1.0 - availability_ratio[n])
            on_demand[at] = gap - rise
            held[at] = committed[at] + on_demand[at] + owned[at]
