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
    """Every bill in the order of the costs, their sum, and all of it at today's value."""
    costs, strategies, samples = bills_usd.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            team = 1.0 if unfinished[at] else run_ratio[n] if complete[at] >= 1.0 else 0.0
            by_term = committed[at] * committed_usd[at]
            by_hour = on_demand[at] * on_demand_hours[at] * on_demand_price[n]
            bills_usd[0, s, n] = paid_fte[at] * wage_usd[at]
            bills_usd[1, s, n] = team * platform_wage_usd[at] if kept[at] else 0.0
            bills_usd[2, s, n] = rebuild_usd[at]
            bills_usd[3, s, n] = by_term
            bills_usd[4, s, n] = by_hour
            bills_usd[5, s, n] = owned_usd[at]
            bills_usd[6, s, n] = (by_term + by_hour) * (waste_ratio[at] * less_waste[at])
            bills_usd[7, s, n] = api_usd[at]
            bills_usd[8, s, n] = gigabytes[at] * storage_usd[at] + moved_gigabytes[at] * (moving_usd[at] * less_waste[at])
            bills_usd[9, s, n] = down_hours[at] * incident_usd[at]
        spent_usd[s] = 0.0
        for k in range(costs):  # bill by bill: arrays of a power of two in length, side by side, hinder each other in the cache
            for n in range(samples):
                spent_usd[s, n] += bills_usd[k, s, n]
                present_usd[k, s, n] += bills_usd[k, s, n] * discount[n]
        for n in range(samples):
            cash_usd[s, n] = earned_usd[s, n] - spent_usd[s, n]
            npv_usd[s, n] += cash_usd[s, n] * discount[n]
