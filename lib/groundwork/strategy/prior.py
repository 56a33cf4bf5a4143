"""What anybody could expect of graduation before the first pilot, as so many pilots seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.beliefs import Delivery
from groundwork.quantities import Array, Quantity
from groundwork.strategy.remembered import remembered


@dataclass(frozen=True, slots=True)
class Prior:
    """What anybody could expect of graduation before the first pilot, as so many pilots seen: a beta belief."""

    graduates: float
    failures: float


@remembered(4)
def prior_of(believed: Delivery[Quantity]) -> Prior:
    """The beta belief with the mean and variance of the scenario's own graduation rate, shared luck included."""
    from scipy.special import ndtri

    levels: Array = (np.arange(16, dtype=float) + 0.5) / 16.0
    ratio, spread = believed.graduation_ratio.at(levels), believed.graduation_spread.at(levels)
    odds = np.log(ratio / (1.0 - ratio))[:, None, None] + spread[None, :, None] * ndtri(levels)[None, None, :]
    chance = 1.0 / (1.0 + np.exp(-odds))
    mean, variance = float(chance.mean()), float(chance.var()) + 1e-9
    weight = max(mean * (1.0 - mean) / variance - 1.0, 0.1)
    return Prior(mean * weight, (1.0 - mean) * weight)
