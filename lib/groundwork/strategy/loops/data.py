"""The data pipelines in one month: [strategy, sample], or [sample] where it is believed."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array
from groundwork.strategy.loops.compiled import compiled


@compiled
def piped(
    days_per_month: float,
    incoming_gb: Array,
    throughput_factor: Array,
    stale_ratio_per_day: Array,
    catch_up_ratio: Array,
    throughput: Array,
    waiting: Array,
    lag_days: Array,
    fresh_ratio: Array,
) -> None:
    """What cannot be carried waits, makes what is served stale, and has the pipelines widened."""
    strategies, samples = incoming_gb.shape
    for s in range(strategies):
        for n in range(samples):
            at = (s, n)
            capacity = throughput[at] * throughput_factor[at]
            missing = incoming_gb[at] - capacity
            waiting[at] = max(waiting[at] + missing, 0.0)
            lag_days[at] = waiting[at] * (days_per_month / capacity)
            fresh_ratio[at] = np.exp(-lag_days[at] * stale_ratio_per_day[n]) if waiting[at] > 0.0 else 1.0
            throughput[at] += max(missing, 0.0) * catch_up_ratio[n]
