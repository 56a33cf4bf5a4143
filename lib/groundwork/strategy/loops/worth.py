"""What each workload is worth in one month and what is done about it: [strategy, workload, sample] unless said."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def parts(
    reach: Array,
    wanted: Flags,
    built: Array,
    units: Array,
    hours_per_unit: Array,
    own_cost_ratio: Array,
    use_ratio: Array,
    service: Array,
    is_dated: Flags,
    is_sited: Flags,
    scale: Array,
    fixed: Array,
    root: Array,
    price: Array,
    deadline: Array,
    pooled: Array,
    promised: Array,
    dated: Array,
    sited: Array,
) -> None:
    """What each workload's own work at this reach puts into the need, of strategies of which some sample is wanted.

    `service` is its place among the services, or -1.
    """
    strategies, workloads, samples = reach.shape
    busy = np.empty(samples)
    for s in range(strategies):
        if not wanted[s].any():
            continue
        for w in range(workloads):
            k = int(service[w])
            comes, pool, promise, due, apart = reach[s, w], pooled[s, w], promised[s, w], dated[s, w], sited[s, w]
            for n in range(samples):
                busy[n] = comes[n] * built[s, w] * (units[w, n] * hours_per_unit[w, n] * own_cost_ratio[n])
            if is_sited[w]:
                apart[:] = busy
            else:
                for n in range(samples):
                    pool[n] = busy[n] / use_ratio[s, n]
            if is_dated[w]:
                for n in range(samples):
                    due[n] = busy[n] * deadline[w, n]
            if k >= 0:
                load, servers = busy, promise
                for n in range(samples):
                    load[n] *= scale[s, k, n]
                for n in range(samples):
                    servers[n] = np.ceil(np.sqrt(load[n]) * root[s, k, n] + load[n] + fixed[s, k, n])
                for n in range(samples):
                    promise[n] = max(servers[n], 1.0) * price[s, k, n] if load[n] > 0.0 else 0.0


@compiled
def accepted(
    reach: Array,
    stopped: Flags,
    somewhere: Flags,
    built: Array,
    rent_usd: Array,
    moving_usd: Array,
    earned_usd: Array,
    committed_price_ratio: Array,
    sunk: Array,
    pooled: Array,
    promised: Array,
    dated: Array,
    sited: Array,
    quiet_ratio: float,
    served: Array,
    declined: Array,
    paying: Array,
    lasting: Array,
) -> None:
    """The reach that is served and the needs of the work that pays; no limit but where something was stopped `somewhere`.

    The need of some work is the larger of its pool, its promises, and its dated work in the quiet hours, and its sites on top.
    """
    strategies, workloads, samples = reach.shape
    need = np.zeros(3)
    for s in range(strategies):
        served[s] = reach[s]
        declined[s] = 0.0
        for n in range(samples):
            paying[s, n], lasting[s, n] = np.inf, np.inf
            if not somewhere[s, n]:
                continue
            for kind in range(3):  # what pays; with it what would pay on committed capacity; with it what may be carried
                pool, promise, due, apart = 0.0, 0.0, 0.0, 0.0
                for w in range(workloads):
                    at = (s, w, n)
                    counts = not stopped[at]
                    if stopped[at] and built[s, w] > 0.0 and moving_usd[at] < earned_usd[at]:
                        pays = rent_usd[at] * committed_price_ratio[n] + moving_usd[at] < earned_usd[at]
                        counts = kind == 2 or (kind == 1 and pays)
                    if counts:
                        pool += pooled[at]
                        promise += promised[at]
                        due += dated[at]
                        apart += sited[at]
                need[kind] = max(pool, promise, quiet_ratio * promise + due) + apart
            paying[s, n], lasting[s, n] = need[0], need[1]
            share = min(1.0, max(0.0, sunk[s, n] - need[0]) / max(need[2] - need[0], 1e-12))
            for w in range(workloads):
                at = (s, w, n)
                if stopped[at]:
                    carried = share if built[s, w] > 0.0 and moving_usd[at] < earned_usd[at] else 0.0
                    served[at] = reach[at] * carried
                    declined[at] = 1.0 - carried


@compiled
def seen(
    reach: Array,
    units: Array,
    pooled: Array,
    promised: Array,
    dated: Array,
    sited: Array,
    quiet_ratio: float,
    on_demand_price: Array,
    rent_hours: Array,
    waste_ratio: Array,
    less_waste: Array,
    bought_usd_per_unit: Array,
    api_price_ratio: Array,
    gigabytes: Array,
    moving_usd_per_gb: Array,
    value_usd_per_unit: Array,
    drift_ratio: Array,
    less_drift: Array,
    fresh_ratio: Array,
    months: Array,
    stopped: Flags,
    somewhere: Flags,
    contrary: Array,
    rent_usd: Array,
    bought_usd: Array,
    moving_usd: Array,
    earned_usd: Array,
) -> None:
    """What each workload earns and what it would not cost unserved, and whether that has spoken against what is done too long.

    Its accelerators are the need of all the work that pays with it, less the need without it.
    """
    strategies, workloads, samples = reach.shape
    pool, promise, due = np.zeros(samples), np.zeros(samples), np.zeros(samples)
    rent, move, kept = np.zeros(samples), np.zeros(samples), np.zeros(samples)
    for s in range(strategies):
        pool[:], promise[:], due[:] = 0.0, 0.0, 0.0
        somewhere[s] = False
        for n in range(samples):
            rent[n] = on_demand_price[n] * rent_hours[s, n] * (1.0 + waste_ratio[n] * less_waste[s, n])
            move[n] = moving_usd_per_gb[n] * less_waste[s, n]
            kept[n] = (1.0 - drift_ratio[n] * less_drift[s, n]) * fresh_ratio[s, n]
        for w in range(workloads):
            for n in range(samples):
                if not stopped[s, w, n]:
                    pool[n] += pooled[s, w, n]
                    promise[n] += promised[s, w, n]
                    due[n] += dated[s, w, n]
        for w in range(workloads):
            for n in range(samples):
                at = (s, w, n)
                if reach[at] <= 0.0:
                    rent_usd[at], bought_usd[at], moving_usd[at], earned_usd[at] = 0.0, 0.0, 0.0, 0.0
                    contrary[at] = 0.0
                    somewhere[s, n] = somewhere[s, n] or stopped[at]
                    continue
                now = 0.0 if stopped[at] else 1.0
                most = promise[n] + (1.0 - now) * promised[at]
                most = max(pool[n] + (1.0 - now) * pooled[at], most, quiet_ratio * most + due[n] + (1.0 - now) * dated[at])
                least = promise[n] - now * promised[at]
                least = max(pool[n] - now * pooled[at], least, quiet_ratio * least + due[n] - now * dated[at])
                asked = reach[at] * units[w, n]
                rent_usd[at] = (max(0.0, most - least) + sited[at]) * rent[n]
                bought_usd[at] = asked * bought_usd_per_unit[s, w, n] * api_price_ratio[n]
                moving_usd[at] = asked * gigabytes[w, n] * move[n]
                earned_usd[at] = asked * value_usd_per_unit[s, w, n] * kept[n]
                loses = rent_usd[at] + bought_usd[at] + moving_usd[at] > earned_usd[at]
                contrary[at] = contrary[at] + 1.0 if loses != stopped[at] else 0.0
                if contrary[at] >= months[n]:
                    stopped[at] = not stopped[at]
                    contrary[at] = 0.0
                somewhere[s, n] = somewhere[s, n] or stopped[at]
