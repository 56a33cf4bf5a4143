"""Money of one month: [strategy, sample], [sample] where it is the world's, [cost, strategy, sample] for bills."""

from __future__ import annotations

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def earned(
    hours_per_month: float,
    load: Array,
    units: Array,
    own_units: Array,
    own_value_usd: Array,
    bought_units: Array,
    bought_value_usd: Array,
    served_ratio: Array,
    down_hours: Array,
    fresh_ratio: Array,
    less_drift: Array,
    drift_ratio: Array,
    served_units: Array,
    unserved_ratio: Array,
    busy_accelerators: Array,
    earned_usd: Array,
) -> None:
    """Own work is served as far as capacity and uptime go, what is bought in any case."""
    strategies, samples = load.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            own_ratio = served_ratio[at] * (1.0 - down_hours[at] / hours_per_month)
            value_usd = own_value_usd[at] * own_ratio + bought_value_usd[at]
            served_units[at] = own_units[at] * own_ratio + bought_units[at]
            unserved_ratio[at] = (units[at] - served_units[at]) / max(units[at], 1e-300)
            busy_accelerators[at] = load[at] * served_ratio[at]
            earned_usd[at] = value_usd * (1.0 - drift_ratio[at] * less_drift[at]) * fresh_ratio[at]


@compiled
def paid(
    on_demand_price: Array,
    discount: Array,
    earned_usd: Array,
    api_usd: Array,
    gigabytes: Array,
    moved_gigabytes: Array,
    down_hours: Array,
    less_waste: Array,
    paid_fte: Array,
    unfinished: Flags,
    complete: Array,
    kept: Flags,
    rebuild_usd: Array,
    committed: Array,
    on_demand: Array,
    owned_usd: Array,
    run_ratio: Array,
    wage_usd: Array,
    platform_wage_usd: Array,
    committed_usd: Array,
    on_demand_hours: Array,
    waste_ratio: Array,
    storage_usd: Array,
    moving_usd: Array,
    incident_usd: Array,
    bills_usd: Array,
    present_usd: Array,
    spent_usd: Array,
    cash_usd: Array,
    npv_usd: Array,
) -> None:
    """Every bill in the order of the costs, their sum, and all of it at today's value.

    One short loop for each: the compiler then works on several samples at once, which it does not where arrays are many.
    """
    costs, strategies, samples = bills_usd.shape
    for s in range(strategies):
        engineers, platform, rebuild, by_term, by_hour = (
            bills_usd[0, s],
            bills_usd[1, s],
            bills_usd[2, s],
            bills_usd[3, s],
            bills_usd[4, s],
        )
        owned, waste, bought, data, incidents = (
            bills_usd[5, s],
            bills_usd[6, s],
            bills_usd[7, s],
            bills_usd[8, s],
            bills_usd[9, s],
        )
        for n in range(samples):
            engineers[n] = paid_fte[s, n] * wage_usd[s, n]
        for n in range(samples):
            team = 1.0 if unfinished[s, n] else run_ratio[n] if complete[s, n] >= 1.0 else 0.0
            platform[n] = team * platform_wage_usd[s, n] if kept[s, n] else 0.0
        rebuild[:] = rebuild_usd[s]
        for n in range(samples):
            by_term[n] = committed[s, n] * committed_usd[s, n]
        for n in range(samples):
            by_hour[n] = on_demand[s, n] * on_demand_hours[s, n] * on_demand_price[n]
        owned[:] = owned_usd[s]
        for n in range(samples):
            waste[n] = (by_term[n] + by_hour[n]) * (waste_ratio[s, n] * less_waste[s, n])
        bought[:] = api_usd[s]
        for n in range(samples):
            data[n] = moved_gigabytes[s, n] * (moving_usd[s, n] * less_waste[s, n])
        for n in range(samples):
            data[n] += gigabytes[s, n] * storage_usd[s, n]
        for n in range(samples):
            incidents[n] = down_hours[s, n] * incident_usd[s, n]
        total = spent_usd[s]
        total[:] = 0.0
        for k in range(costs):
            bill, present = bills_usd[k, s], present_usd[k, s]
            for n in range(samples):
                total[n] += bill[n]
                present[n] += bill[n] * discount[n]
        for n in range(samples):
            cash_usd[s, n] = earned_usd[s, n] - total[n]
        for n in range(samples):
            npv_usd[s, n] += cash_usd[s, n] * discount[n]
