"""Units that give part of the capacity each: how likely is so much, and how often is it less than the load?

References
----------
.. [1] R. Billinton, R. N. Allan (1996), Reliability evaluation of power systems, 2nd ed., sections 2.2 (capacity outage tables),
       2.3 (loss of load), 2.6 (expected energy not supplied) and 4 (two connected systems).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityStates:
    """Levels of capacity, rising, and the probability of each: [state]."""

    capacity: Array
    probability: Array


def capacity_states(unit_capacity: Sequence[float], unit_unavailability_ratio: Sequence[float]) -> CapacityStates:
    """The exact distribution of the capacity of independent units, levels that are equal merged.

    What a user would get wrong: equal levels are merged to within a billionth of the whole; give all units in one measure.

    Parameters
    ----------
    unit_capacity, unit_unavailability_ratio
        One entry for each unit: 0 or more, and 0 to 1.

    References
    ----------
    [1]_ section 2.2.3, unit by unit.
    """
    sizes = np.asarray(unit_capacity, dtype=np.float64)
    refuse(
        [
            at_least("unit_capacity", sizes, 0.0),
            between("unit_unavailability_ratio", unit_unavailability_ratio, 0.0, 1.0),
            holds(
                "unit_capacity", len(unit_capacity) == len(unit_unavailability_ratio), "needs one unavailability for each unit"
            ),
        ]
    )
    grain = max(float(sizes.sum()), 1.0) * 1e-9
    capacity, probability = np.zeros(1), np.ones(1)
    for size, lost in zip(sizes.tolist(), unit_unavailability_ratio, strict=True):
        levels = np.concatenate([capacity, capacity + size])
        shares = np.concatenate([probability * lost, probability * (1.0 - lost)])
        _, first, place = np.unique(np.rint(levels / grain), return_index=True, return_inverse=True)
        capacity = np.asarray(levels[first], dtype=np.float64)
        probability = np.asarray(np.bincount(place, weights=shares, minlength=len(first)), dtype=np.float64)
    return CapacityStates(capacity=capacity, probability=probability)


def loss_of_load_probability(states: CapacityStates, load: ArrayLike) -> Array:
    """Probability that the capacity is below the load, for a load of any shape.

    What a user would get wrong: summed over the hours of a year this is the expected number of hours short, over daily peaks the
    number of days; the two are not each other times 24.

    References
    ----------
    [1]_ eq. 2.5.
    """
    demand = np.asarray(load, dtype=np.float64)
    cumulative = np.concatenate([[0.0], np.cumsum(states.probability)])
    return np.asarray(cumulative[np.searchsorted(states.capacity, demand - 1e-9 * np.maximum(1.0, np.abs(demand)), side="left")])


def expected_unserved(states: CapacityStates, load: ArrayLike) -> Array:
    """Expected part of the load that is not served, for a load of any shape: E max(0, load - capacity).

    Over the hours of a period it sums to the expected unserved units (in power systems: energy).

    References
    ----------
    [1]_ section 2.6.
    """
    demand = np.asarray(load, dtype=np.float64)
    below = np.searchsorted(states.capacity, demand, side="left")
    chance = np.concatenate([[0.0], np.cumsum(states.probability)])[below]
    mass = np.concatenate([[0.0], np.cumsum(states.probability * states.capacity)])[below]
    return np.asarray(demand * chance - mass)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedShortage:
    """Two regions that help one another: probability that either is short, and what is not served in each."""

    short_probability: float
    unserved: tuple[float, float]


def shared_shortage(
    first: CapacityStates, second: CapacityStates, first_load: float, second_load: float, link: CapacityStates
) -> SharedShortage:
    """Two regions in one hour: what one has to spare goes to the other as far as the link carries it.

    What a user would get wrong: a spare region helps only with what it has to spare at that hour, and only through the link; the
    link's own failures count.

    Parameters
    ----------
    first, second
        Capacity of each region.
    first_load, second_load
        Load of each in the hour, 0 or more, in the measure of the capacity.
    link
        Capacity of the link, itself uncertain; both ways alike.

    References
    ----------
    [1]_ section 4.3.
    """
    checks: list[Fault | None] = [at_least("first_load", first_load, 0.0), at_least("second_load", second_load, 0.0)]
    refuse(checks)
    spare_first = first.capacity[:, None, None] - first_load
    spare_second = second.capacity[None, :, None] - second_load
    carries = link.capacity[None, None, :]
    chance = first.probability[:, None, None] * second.probability[None, :, None] * link.probability[None, None, :]
    short_first = np.maximum(0.0, -spare_first - np.minimum(np.maximum(spare_second, 0.0), carries))
    short_second = np.maximum(0.0, -spare_second - np.minimum(np.maximum(spare_first, 0.0), carries))
    return SharedShortage(
        short_probability=float((chance * ((short_first > 1e-12) | (short_second > 1e-12))).sum()),
        unserved=(float((chance * short_first).sum()), float((chance * short_second).sum())),
    )
