"""The platform and the scaling wall in one month: [strategy, sample], [strategy, 1] where it is a lever, or [sample]."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def acting(maturity: Array, logs: Array, strength: Array, values: Array) -> None:
    """Every factor at full maturity to the power of the maturity that it feels; [factor, strategy, sample].

    Maturity that is there never goes away again, so where it is nought the factor is still one.
    """
    factors, strategies, samples = values.shape
    for s in range(strategies):
        for k in range(factors):
            for n in range(samples):
                exponent = logs[k, n] * strength[k, s] * maturity[s, n]
                if exponent != 0.0:
                    values[k, s, n] = np.exp(exponent)


@compiled
def built(
    month: int,
    begins: Array,
    triggered: Flags,
    stopped: Flags,
    team_fte: Array,
    target_engineer_months: Array,
    adoption_max: Array,
    adoption_speed: Array,
    dip_months: Array,
    started_at: Array,
    work_done: Array,
    complete: Array,
    adoption: Array,
    unfinished: Flags,
    maturity: Array,
    building: Flags,
    dip: Flags,
) -> None:
    """Who begins builds until it is done or given up; from the first third on teams take up what there is."""
    strategies, samples = complete.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            if (begins[s, 0] <= month or triggered[at]) and not stopped[at] and started_at[at] > month:
                started_at[at] = month
            started = started_at[at] <= month
            unfinished[at] = started and complete[at] < 1.0
            building[at] = unfinished[at] and not stopped[at]
            if building[at]:
                work_done[at] += team_fte[s, 0]
                complete[at] = max(complete[at], min(1.0, work_done[at] / target_engineer_months[at]))
            if complete[at] > 0.3:
                adoption[at] += (adoption_max[n] - adoption[at]) * adoption_speed[n]
            maturity[at] = complete[at] * adoption[at]
            dip[at] = started and started_at[at] + dip_months[n] > month


@compiled
def carried(
    load: Array,
    maturity: Array,
    load_accelerators: Array,
    log_lift: Array,
    rebuild_months: Array,
    rebuild_usd: Array,
    complete: Array,
    level: Array,
    left_months: Array,
    count: Array,
    within: Array,
    frozen: Flags,
    paid_usd: Array,
) -> None:
    """Rebuilds go on and end; where the load is above what the design carries, the next one begins."""
    strategies, samples = load.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            if left_months[at] > 0.0:
                left_months[at] = max(0.0, left_months[at] - 1.0)
                if left_months[at] == 0.0:
                    level[at] = np.floor(max(level[at], maturity[at])) + 1.0
                    complete[at] = 1.0
            reached = max(level[at], maturity[at])
            most = load_accelerators[n] * (np.exp(log_lift[n] * reached) if reached > 0.0 else 1.0)
            within[at] = min(1.0, most / max(load[at], 1e-12))
            paid_usd[at] = 0.0
            if load[at] > most and left_months[at] <= 0.0:
                count[at] += 1.0
                left_months[at] = rebuild_months[n]
                paid_usd[at] = rebuild_usd[n] * (1.0 + np.floor(reached) - reached)
            frozen[at] = left_months[at] > 0.0
