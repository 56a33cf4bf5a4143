"""Accelerators that a month needs and what fewer of them serve; [service] and [corner] are axes of their own."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Index
from groundwork.strategy.loops.compiled import compiled


@compiled
def promised(busy: Array, services: Index, scale: Array, fixed: Array, root: Array, price: Array, needed: Array) -> None:
    """Whole servers of every service in its busiest bin, summed; `scale` to `price` are [strategy, service, sample]."""
    strategies, samples = needed.shape
    for s in range(strategies):
        needed[s] = 0.0
        for v, w in enumerate(services):
            for n in range(samples):
                load = busy[s, w, n] * scale[s, v, n]
                if load > 0.0:
                    servers = np.ceil(np.sqrt(load) * root[s, v, n] + load + fixed[s, v, n])
                    needed[s, n] += max(servers, 1.0) * price[s, v, n]


@compiled
def pooled(busy: Array, use_ratio: Array, quiet_ratio: float, deadline: Array, dated: Index, sited: Index, needed: Array) -> None:
    """The larger of what use and what promises ask for, with the dated work in quiet hours and what is at sites on top.

    `needed` comes in as what the services' promises ask for.
    """
    strategies, samples = needed.shape
    for s in range(strategies):
        for n in range(samples):
            together = at_sites = 0.0
            for w in range(busy.shape[1]):
                together += busy[s, w, n]
            quiet = quiet_ratio * needed[s, n]
            for w in dated:
                quiet += busy[s, w, n] * deadline[w, n]
            for w in sited:
                at_sites += busy[s, w, n]
            most = max(needed[s, n], quiet) if dated.size else needed[s, n]
            needed[s, n] = max((together - at_sites) / use_ratio[s, n], most) + at_sites


@compiled
def shared(held: Array, needed: Array, held_ratio: Array, missing_ratio: Array) -> None:
    """What is held over what is needed, at most 1; who needs nothing has all of it."""
    strategies, samples = held.shape
    for s in range(strategies):
        for n in range(samples):
            held_ratio[s, n] = min(1.0, (held[s, n] + 1e-12) / (needed[s, n] + 1e-12))
            missing_ratio[s, n] = 1.0 - held_ratio[s, n]


@compiled
def served(held_ratio: Array, capacity_corners: Array, unserved_corners: Array, ratio: Array) -> None:
    """One less what is turned away, by straight lines between the corners; all of them one-dimensional."""
    last = capacity_corners.size - 1
    for n in range(held_ratio.size):
        ratio[n] = 1.0
        if held_ratio[n] < 1.0:
            if held_ratio[n] >= capacity_corners[last]:
                ratio[n] = 1.0 - unserved_corners[last]
            elif held_ratio[n] <= capacity_corners[0]:
                ratio[n] = 1.0 - unserved_corners[0]
            else:
                right = np.searchsorted(capacity_corners, held_ratio[n], side="right")
                left = right - 1
                slope = (unserved_corners[right] - unserved_corners[left]) / (capacity_corners[right] - capacity_corners[left])
                ratio[n] = 1.0 - (unserved_corners[left] + slope * (held_ratio[n] - capacity_corners[left]))
