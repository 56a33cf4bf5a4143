"""Owned machines in one month: [strategy, sample], or [sample] where it is believed of all of them."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Index
from groundwork.strategy.loops.compiled import compiled


@compiled
def owned(
    month: int,
    last_need: Array,
    ratio: Array,
    server_accelerators: Array,
    lead_months: Index,
    life_months: Index,
    capex_usd: Array,
    kept_ratio: Array,
    sold_usd: Array,
    running_usd: Array,
    arrivals: Array,
    machines: Array,
    under_way: Array,
    value_usd: Array,
    paid_usd: Array,
) -> None:
    """Whole servers are ordered, what was ordered arrives and is paid, what is old is sold."""
    strategies, samples = machines.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            missing = max(0.0, ratio[s, 0] * last_need[at] - machines[at] - under_way[at])
            order = np.ceil(missing / server_accelerators[n] - 1e-9) * server_accelerators[n]
            arrivals[month + lead_months[n], s, n] += order
            arriving = arrivals[month, s, n]
            sold = arrivals[month - life_months[n], s, n] if month >= life_months[n] else 0.0
            under_way[at] += order - arriving
            machines[at] += arriving - sold
            value_usd[at] = value_usd[at] * kept_ratio[n] + arriving * capex_usd[n] - sold * sold_usd[n]
            paid_usd[at] = arriving * capex_usd[n] - sold * sold_usd[n] + machines[at] * running_usd[n]
