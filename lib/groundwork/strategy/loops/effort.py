"""Where engineers' time goes in one month: [strategy, sample], or [strategy, 1] where it is a lever."""

from __future__ import annotations

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def spent(
    month: int,
    begins: Array,
    wait_months: Array,
    staff_fte: Array,
    retraining_fte: Array,
    toil_fte: Array,
    rebuild_fte: Array,
    diverted_fte: Array,
    pilot_fte: Array,
    production_fte: Array,
    dip_throughput_ratio: Array,
    idle_paid_ratio: Array,
    less_toil: Array,
    productivity: Array,
    dip: Flags,
    frozen: Flags,
    building: Flags,
    platform_started_at: Array,
    stopped: Flags,
    kept: Flags,
    employed: Flags,
    piloting: Array,
    rolling: Array,
    live: Array,
    pace: Array,
    paid: Array,
    staff: Array,
    delivered: Array,
    toil: Array,
    rebuild: Array,
    platform: Array,
    idle: Array,
    starting: Flags,
) -> None:
    """Time goes to running services, then to a rebuild, to the platform, and to use cases at one common pace."""
    strategies, samples = pace.shape
    for s in range(strategies):
        active = begins[s, 0] <= month
        for n in range(samples):
            at = (s, n)
            moving = active and not stopped[at] and not frozen[at]
            there = staff_fte[at] if active else 0.0
            toil[at] = min((toil_fte[at] * less_toil[at] + retraining_fte[at]) * live[at], there)
            free = there - toil[at]
            rebuild[at] = min(free, rebuild_fte[at]) if frozen[at] else 0.0
            free -= rebuild[at]
            platform[at] = min(free, diverted_fte[s, 0]) if building[at] else 0.0
            free -= platform[at]
            busy = there - free
            wanted = piloting[at] * pilot_fte[at] + rolling[at] * production_fte[at]
            output = productivity[at] * (1.0 - dip[at] * dip_throughput_ratio[n])
            pace[at] = min(free * output / max(wanted, 1e-12), 1.0) if moving else 0.0
            delivered[at] = min(pace[at] * wanted / output, free)
            idle[at] = free - delivered[at] if employed[at] else 0.0
            paid[at] = busy + (idle_paid_ratio[at] * idle[at] + delivered[at] if kept[at] else 0.0)
            staff[at] = busy + delivered[at] + idle[at]
            waiting = month - wait_months[s, 0] < platform_started_at[at] <= month
            starting[at] = moving and not waiting
