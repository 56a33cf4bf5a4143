"""What users ask in one month, summed over workloads: [strategy, workload, sample], [workload, sample], [strategy, sample]."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def asked(
    reach: Array,
    units: Array,
    own_cost_ratio: Array,
    api_price_ratio: Array,
    bought: Flags,
    busy_hours: Array,
    value_usd: Array,
    bought_value_usd: Array,
    bought_usd: Array,
    gigabytes: Array,
    kept_ratio: Array,
    busy: Array,
    stored: Array,
    load: Array,
    all_units: Array,
    own_units: Array,
    own_value: Array,
    bought_units: Array,
    bought_value: Array,
    api_usd: Array,
    stored_gb: Array,
    moved_gb: Array,
) -> None:
    """What is bought loads no accelerator of one's own; data is kept for a while. `busy_hours` to `bought_usd` are a unit's."""
    strategies, workloads, samples = reach.shape
    taken = np.empty(samples)
    for s in range(strategies):
        for total in (load, own_units, own_value, bought_units, bought_value, api_usd, stored_gb, moved_gb):
            total[s] = 0.0
        for w in range(workloads):
            comes, here, kept = reach[s, w], busy[s, w], stored[s, w]
            for n in range(samples):
                taken[n] = comes[n] * units[w, n]
            if bought[s, w]:
                here[:] = 0.0
                for n in range(samples):
                    bought_units[s, n] += taken[n]
                for n in range(samples):
                    bought_value[s, n] += taken[n] * bought_value_usd[w, n]
                for n in range(samples):
                    api_usd[s, n] += taken[n] * bought_usd[w, n] * api_price_ratio[n]
            else:
                for n in range(samples):
                    here[n] = taken[n] * busy_hours[w, n] * own_cost_ratio[n]
                for n in range(samples):
                    load[s, n] += here[n]
                for n in range(samples):
                    own_units[s, n] += taken[n]
                for n in range(samples):
                    own_value[s, n] += taken[n] * value_usd[w, n]
            for n in range(samples):
                kept[n] = kept[n] * kept_ratio[w, n] + taken[n] * gigabytes[w, n]
            for n in range(samples):
                stored_gb[s, n] += kept[n]
            for n in range(samples):
                moved_gb[s, n] += taken[n] * gigabytes[w, n]
        for n in range(samples):
            all_units[s, n] = own_units[s, n] + bought_units[s, n]
