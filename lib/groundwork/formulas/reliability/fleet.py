"""A fleet of replicas in places within places, with causes that take a whole place or several places at once: exact.

A place (vendor, region, zone) has a cause of its own that takes all of it; replicas stand in the innermost places and fail one by
one. Below its cause a place's number of working replicas is the convolution of what is inside it, so the whole distribution comes
by mixing and convolving upwards. A second pass downwards gives the probability that the fleet is down *given* what each place
contributes; with both, the frequency of outages and each cause's part in it are sums, not derivatives.
Causes that cut across places (a bad change rolled out to two zones of different regions) are conditioned on, one by one.

Assumptions: causes are independent of one another, alternate between up and down, and go on while the fleet is down.

References
----------
.. [1] R. Billinton, R. N. Allan (1992), Reliability evaluation of engineering systems, 2nd ed., sections 5.7 (conditioning) and
       11.4 (frequency and duration).
.. [2] Z. W. Birnbaum (1969), On the importance of different components in a multicomponent system, Multivariate Analysis II.
.. [3] W. G. Schneeweiss (1981), Computing failure frequency, MTBF and MTTR via mixed products of availabilities and
       unavailabilities, IEEE Trans. Reliability R-30(4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.reliability.places import Fleet, Place, check_fleet, places_in, replicas_in, without
from groundwork.formulas.reliability.redundancy import repairable

Array: TypeAlias = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CausePart:
    """What one cause does: outages that it begins, and hours a year that would not be lost if it never came."""

    cause: str
    outages_per_year: float
    saved_hours_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReliability:
    """How often a fleet is down and why.

    `working_probability` [0..replicas] that so many replicas work; `causes` by outages begun, most first: those add up to
    `outages_per_year`. Saved hours do not add up: without one cause another may still hold the fleet down.
    """

    unavailability_ratio: float
    outages_per_year: float
    mean_outage_hours: float
    downtime_hours_per_year: float
    working_probability: Array
    causes: tuple[CausePart, ...]


def fleet_reliability(fleet: Fleet) -> FleetReliability:
    """Unavailability, outages and their causes of a fleet that is up while at least `needed_count` replicas work.

    What a user would get wrong: the cause that takes the most hours is seldom the hardware. Replicas do not help against a bad
    change that reaches all of them.

    Raises
    ------
    InputFault
        Every fault of the fleet at once: times that are not positive, places without replicas, unknown or repeated names, more
        than fourteen crossing causes.

    References
    ----------
    [1]_, [3]_; a cause's outages are its starts per hour times its Birnbaum importance [2]_.
    """
    check_fleet(fleet)
    working, down, begun = _conditioned(fleet)
    outages = sum(begun.values())
    parts = [
        CausePart(
            cause=cause,
            outages_per_year=per_hour * HOURS_PER_YEAR,
            saved_hours_per_year=(down - _down(without(fleet, cause))) * HOURS_PER_YEAR,
        )
        for cause, per_hour in begun.items()
    ]
    return FleetReliability(
        unavailability_ratio=down,
        outages_per_year=outages * HOURS_PER_YEAR,
        mean_outage_hours=down / outages if outages > 0.0 else 0.0,
        downtime_hours_per_year=down * HOURS_PER_YEAR,
        working_probability=working,
        causes=tuple(sorted(parts, key=lambda part: -part.outages_per_year)),
    )


def fleet_unavailability_ratio(fleet: Fleet) -> float:
    """Share of time in which too few replicas work: the one figure of `fleet_reliability` that a search asks for often.

    Raises
    ------
    InputFault
        As `fleet_reliability`.
    """
    check_fleet(fleet)
    return _down(fleet)


@dataclass(slots=True)
class _Node:
    """A place after the upward pass: distribution inside (below its own causes) and as a whole, [0..replicas]."""

    place: Place
    lost_ratio: float
    inner: Array
    whole: Array
    parts: list[_Node]


def _conditioned(fleet: Fleet) -> tuple[Array, float, dict[str, float]]:
    """Working distribution, unavailability and outages begun per hour by cause, over all states of the crossing causes."""
    total = replicas_in(fleet.everywhere)
    working, down, begun = np.zeros(total + 1), 0.0, dict[str, float]()
    down_in: dict[tuple[bool, ...], float] = {}
    chances = [crossing.failure.unavailability_ratio for crossing in fleet.crossing]
    leaf = _leaves(fleet)
    for states in product((False, True), repeat=len(fleet.crossing)):
        weight = float(np.prod([u if on else 1.0 - u for u, on in zip(chances, states, strict=True)]))
        hit = {name for crossing, on in zip(fleet.crossing, states, strict=True) if on for name in crossing.places}
        node = _upwards(fleet.everywhere, leaf, hit)
        outage = (np.arange(total + 1) < fleet.needed_count).astype(np.float64)
        down_in[states] = float(node.whole @ outage)
        working += weight * node.whole
        down += weight * down_in[states]
        for cause, per_hour in _downwards(node, outage, fleet, hit):
            begun[cause] = begun.get(cause, 0.0) + weight * per_hour
    for number, crossing in enumerate(fleet.crossing):
        importance = 0.0
        for states in product((False, True), repeat=len(fleet.crossing)):
            if not states[number]:
                others = [
                    u if on else 1.0 - u for place, (u, on) in enumerate(zip(chances, states, strict=True)) if place != number
                ]
                on = (*states[:number], True, *states[number + 1 :])
                importance += float(np.prod(others)) * (down_in[on] - down_in[states])
        cause = crossing.failure.cause
        begun[cause] = begun.get(cause, 0.0) + crossing.failure.starts_per_hour * importance
    return working, down, begun


def _down(fleet: Fleet) -> float:
    """Unavailability alone: the upward pass without the downward one."""
    leaf = _leaves(fleet)
    down = 0.0
    for states in product((False, True), repeat=len(fleet.crossing)):
        weight, hit = 1.0, set[str]()
        for crossing, on in zip(fleet.crossing, states, strict=True):
            chance = crossing.failure.unavailability_ratio
            weight *= chance if on else 1.0 - chance
            hit |= set(crossing.places) if on else set()
        down += weight * float(_upwards(fleet.everywhere, leaf, hit).whole[: fleet.needed_count].sum())
    return down


def _leaves(fleet: Fleet) -> dict[int, Array]:
    """The distribution of working replicas for every size of an innermost place."""
    return {count: _replicas(fleet, count) for count in {place.replicas_count for place in places_in(fleet.everywhere)} if count}


def _replicas(fleet: Fleet, count: int) -> Array:
    """Distribution of how many of `count` replicas of one place work."""
    crews = count if fleet.crews_count is None else min(count, fleet.crews_count)
    one = fleet.replica
    return repairable(count, 1, 1.0 / one.mean_up_hours, 1.0 / one.mean_down_hours, crews).working_probability


def _upwards(place: Place, leaf: Mapping[int, Array], hit: set[str]) -> _Node:
    parts = [_upwards(part, leaf, hit) for part in place.inside]
    inner = leaf[place.replicas_count] if place.replicas_count else np.ones(1)
    for part in parts:
        inner = np.convolve(inner, part.whole)
    kept = float(np.prod([1.0 - failure.unavailability_ratio for failure in place.failures]))
    kept = 0.0 if place.name in hit else kept
    whole = kept * inner
    whole[0] += 1.0 - kept
    return _Node(place, 1.0 - kept, inner, whole, parts)


def _downwards(node: _Node, outage: Array, fleet: Fleet, hit: set[str]) -> Iterator[tuple[str, float]]:
    """Outages begun per hour by each cause at or below a place, given `outage` [0..replicas]: down when so many work here."""
    place = node.place
    if place.name in hit:
        return
    lost_for_good = float(outage[0] - node.inner @ outage)  # place gone against place as it is inside
    kept = 1.0 - node.lost_ratio
    for failure in place.failures:
        others = kept / (1.0 - failure.unavailability_ratio)
        yield failure.cause, failure.starts_per_hour * others * lost_for_good
    if kept <= 0.0:
        return
    if place.replicas_count:
        up = np.arange(1, place.replicas_count + 1)
        rates = up / fleet.replica.mean_up_hours
        yield fleet.replica.cause, kept * float((node.inner[1:] * rates) @ (outage[:-1] - outage[1:]))
    for number, part in enumerate(node.parts):
        others_inside = np.ones(1)
        for place_number, other in enumerate(node.parts):
            if place_number != number:
                others_inside = np.convolve(others_inside, other.whole)
        size = len(part.whole)
        given = np.array([others_inside @ outage[here : here + len(others_inside)] for here in range(size)])
        for cause, per_hour in _downwards(part, given, fleet, hit):
            yield cause, kept * per_hour
