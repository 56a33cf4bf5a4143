"""What stands between a design and its promise: bad changes, the nearest cliff, the cheapest next step, the share served.

References
----------
.. [1] N. Forsgren, J. Humble, G. Kim (2018), Accelerate, chapter 2 (change fail rate and time to restore).
.. [2] J. F. Meyer (1980), On evaluating the performability of degradable computing systems, IEEE Trans. Computers C-29(8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse
from groundwork.formulas.reliability.capacity_states import CapacityStates, expected_unserved
from groundwork.formulas.reliability.fleet import (
    HOURS_PER_YEAR,
    FleetReliability,
    fleet_reliability,
    fleet_unavailability_ratio,
)
from groundwork.formulas.reliability.places import CrossingFailure, Failure, Fleet, Place, places_in, replicas_in

Array: TypeAlias = NDArray[np.float64]


def bad_changes(deploys_per_month: float, change_failure_ratio: float, exposed_ratio: float, restore_hours: float) -> Failure:
    """Bad changes as a cause that takes a whole place: rate and time to restore.

    What a user would get wrong: it belongs to the place that one roll-out reaches. Replicas and zones inside it do not help;
    small steps (a lower exposed share), fewer bad changes and a faster way back do.

    Parameters
    ----------
    deploys_per_month
        Above 0.
    change_failure_ratio, exposed_ratio
        Share of changes that go wrong, and of those the share that users meet before they are stopped; above 0, at most 1.
    restore_hours
        0 or more.

    References
    ----------
    [1]_
    """
    refuse(
        [
            above("deploys_per_month", deploys_per_month, 0.0),
            between("change_failure_ratio", change_failure_ratio, 1e-12, 1.0),
            between("exposed_ratio", exposed_ratio, 1e-12, 1.0),
            at_least("restore_hours", restore_hours, 0.0),
        ]
    )
    per_month = deploys_per_month * change_failure_ratio * exposed_ratio
    return Failure(cause="bad change", mean_up_hours=HOURS_PER_YEAR / 12.0 / per_month, mean_down_hours=restore_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cliff:
    """What one loss would do: the place that loses a replica or goes altogether, and downtime before and after."""

    lost: str
    now_hours_per_year: float
    then_hours_per_year: float


def cliffs(fleet: Fleet) -> tuple[Cliff, ...]:
    """Downtime if each place were gone for good, or had one replica less: the steepest first.

    What a user would get wrong: a design may stand one replica away from ten times the downtime.

    Raises
    ------
    InputFault
        As `fleet_reliability`.
    """
    now = fleet_unavailability_ratio(fleet) * HOURS_PER_YEAR
    found = []
    for words, smaller in _smaller(fleet.everywhere):
        if replicas_in(smaller):
            then = fleet_unavailability_ratio(replace(fleet, everywhere=smaller, crossing=_kept(fleet, smaller))) * HOURS_PER_YEAR
            found.append(Cliff(lost=words, now_hours_per_year=now, then_hours_per_year=then))
    return tuple(sorted(found, key=lambda cliff: -cliff.then_hours_per_year))


def _smaller(place: Place) -> list[tuple[str, Place]]:
    """Every way to take one replica or one inner place away."""
    ways: list[tuple[str, Place]] = []
    if place.replicas_count > 1:
        ways.append((f"one replica of {place.name}", replace(place, replicas_count=place.replicas_count - 1)))
    for number, part in enumerate(place.inside):
        others = (*place.inside[:number], *place.inside[number + 1 :])
        if others:
            ways.append((part.name, replace(place, inside=others)))
        for words, smaller in _smaller(part):
            ways.append((words, replace(place, inside=(*place.inside[:number], smaller, *place.inside[number + 1 :]))))
    return ways


def _kept(fleet: Fleet, everywhere: Place) -> tuple[CrossingFailure, ...]:
    """The crossing causes of what is left, without the places that are gone."""
    names = {place.name for place in places_in(everywhere)}
    kept = []
    for crossing in fleet.crossing:
        left = tuple(name for name in crossing.places if name in names)
        if left:
            kept.append(replace(crossing, places=left))
    return tuple(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One architecture to compare: its fleet, what it costs, and hours a year that its switches take on top."""

    name: str
    fleet: Fleet
    usd_per_month: float
    failover_hours_per_year: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A design on the ladder. `dominated` is true when another costs no more and is down no longer (and one of them less)."""

    design: Design
    reliability: FleetReliability
    downtime_hours_per_year: float
    dominated: bool
    meets: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Designs by cost, and the cheapest one that is dearer than today's and buys the most hours for a dollar."""

    rungs: tuple[Rung, ...]
    next_step: str | None
    cheapest_that_meets: str | None


def ladder(designs: Sequence[Design], today: str, target_hours_per_year: float) -> Ladder:
    """Designs from cheap to dear with their downtime, the next step from today's, and the cheapest within the target.

    The next step is the undominated design with less downtime than today's that spares the most hours for each extra dollar; one
    that is cheaper as well comes before all others.

    Parameters
    ----------
    designs
        At least one, names unique.
    today
        Name of the design that stands now.
    target_hours_per_year
        Downtime that the promise allows, 0 or more.
    """
    names = [design.name for design in designs]
    checks: list[Fault | None] = [
        at_least("target_hours_per_year", target_hours_per_year, 0.0),
        holds("today", today in names, f"must be one of {', '.join(names)}"),
        holds("designs", len(set(names)) == len(names), "must have names of their own"),
    ]
    refuse(checks)
    judged = [fleet_reliability(design.fleet) for design in designs]
    hours = [
        known.downtime_hours_per_year + design.failover_hours_per_year for known, design in zip(judged, designs, strict=True)
    ]
    costs = [design.usd_per_month for design in designs]
    rungs = []
    for place, (design, known) in enumerate(zip(designs, judged, strict=True)):
        beaten = any(
            costs[other] <= costs[place]
            and hours[other] <= hours[place]
            and (costs[other], hours[other]) != (costs[place], hours[place])
            for other in range(len(designs))
        )
        rungs.append(
            Rung(
                design=design,
                reliability=known,
                downtime_hours_per_year=hours[place],
                dominated=beaten,
                meets=hours[place] <= target_hours_per_year,
            )
        )
    rungs.sort(key=lambda rung: (rung.design.usd_per_month, rung.downtime_hours_per_year))
    here = next(rung for rung in rungs if rung.design.name == today)
    better = [rung for rung in rungs if not rung.dominated and rung.downtime_hours_per_year < here.downtime_hours_per_year]

    def hours_per_usd(rung: Rung) -> float:
        extra = rung.design.usd_per_month - here.design.usd_per_month
        spared = here.downtime_hours_per_year - rung.downtime_hours_per_year
        return float("inf") if extra <= 0.0 else spared / extra

    step = max(better, key=hours_per_usd, default=None)
    enough = next((rung for rung in rungs if rung.meets), None)
    return Ladder(
        rungs=tuple(rungs),
        next_step=None if step is None else step.design.name,
        cheapest_that_meets=None if enough is None else enough.design.name,
    )


def served_ratio(known: FleetReliability, units_per_replica: float, load_by_hour: ArrayLike) -> Array:
    """Expected share of each hour's load that is served, over all states of the fleet.

    What a user would get wrong: a fleet that is "up" with half its replicas serves all of the night and half of the peak.

    Parameters
    ----------
    known
        The fleet's distribution of working replicas.
    units_per_replica
        Load that one replica serves within its latency limit, above 0, in the measure of the load.
    load_by_hour
        Any shape, above 0.

    References
    ----------
    [2]_: performability, the reward being the load served.
    """
    load = np.asarray(load_by_hour, dtype=np.float64)
    refuse([above("units_per_replica", units_per_replica, 0.0), above("load_by_hour", load, 0.0)])
    number = len(known.working_probability)
    states = CapacityStates(
        capacity=np.arange(number, dtype=np.float64) * np.float64(units_per_replica), probability=known.working_probability
    )
    return np.asarray(1.0 - expected_unserved(states, load) / load)
