"""What users ask in one month, summed over workloads: [strategy, workload, sample], [workload, sample], [strategy, sample]."""

from __future__ import annotations

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
    for s in range(strategies):
        for total in (load, own_units, own_value, bought_units, bought_value, api_usd, stored_gb, moved_gb):
            total[s] = 0.0
        for w in range(workloads):
            for n in range(samples):
                taken = reach[s, w, n] * units[w, n]
                busy[s, w, n] = 0.0
                if bought[s, w]:
                    bought_units[s, n] += taken
                    bought_value[s, n] += taken * bought_value_usd[w, n]
                    api_usd[s, n] += taken * bought_usd[w, n] * api_price_ratio[n]
                else:
                    busy[s, w, n] = taken * busy_hours[w, n] * own_cost_ratio[n]
                    load[s, n] += busy[s, w, n]
                    own_units[s, n] += taken
                    own_value[s, n] += taken * value_usd[w, n]
                incoming = taken * gigabytes[w, n]
                stored[s, w, n] = stored[s, w, n] * kept_ratio[w, n] + incoming
                stored_gb[s, n] += stored[s, w, n]
                moved_gb[s, n] += incoming
        for n in range(samples):
            all_units[s, n] = own_units[s, n] + bought_units[s, n]
