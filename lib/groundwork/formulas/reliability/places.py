"""What a fleet is made of: replicas in places within places, what fails, and what takes several places at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import above, at_least, holds, refuse

MOST_CROSSING = 14  # 2^14 conditions; more are refused instead of being approximated


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What alternates between up and down: mean hours until it happens, mean hours until it is over, what it is called."""

    cause: str
    mean_up_hours: float
    mean_down_hours: float

    @property
    def unavailability_ratio(self) -> float:
        return self.mean_down_hours / (self.mean_up_hours + self.mean_down_hours)

    @property
    def starts_per_hour(self) -> float:
        return 1.0 / (self.mean_up_hours + self.mean_down_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A vendor, region or zone: the causes that take all of it, and the places or the replicas inside it."""

    name: str
    failures: tuple[Failure, ...] = ()
    inside: tuple[Place, ...] = ()
    replicas_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingFailure:
    """A cause that takes several named places at once, wherever they stand."""

    failure: Failure
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Replicas in places, how one replica fails, and how many must work for the service to be up.

    `crews_count` is the number of replicas of one place that can be repaired at the same time; none means all of them.
    """

    everywhere: Place
    replica: Failure
    needed_count: int
    crossing: tuple[CrossingFailure, ...] = ()
    crews_count: int | None = None


def replicas_in(place: Place) -> int:
    """Replicas in a place and in all places inside it."""
    return place.replicas_count + sum(replicas_in(part) for part in place.inside)


def places_in(place: Place) -> Iterator[Place]:
    """The place itself and all places inside it, outermost first."""
    yield place
    for part in place.inside:
        yield from places_in(part)


def without(fleet: Fleet, cause: str) -> Fleet:
    """The fleet in which one cause never comes."""

    def spared(place: Place) -> Place:
        return Place(
            name=place.name,
            failures=tuple(failure for failure in place.failures if failure.cause != cause),
            inside=tuple(spared(part) for part in place.inside),
            replicas_count=place.replicas_count,
        )

    never = Failure(cause=cause, mean_up_hours=1e15, mean_down_hours=fleet.replica.mean_down_hours)
    return Fleet(
        everywhere=spared(fleet.everywhere),
        replica=never if fleet.replica.cause == cause else fleet.replica,
        needed_count=fleet.needed_count,
        crossing=tuple(crossing for crossing in fleet.crossing if crossing.failure.cause != cause),
        crews_count=fleet.crews_count,
    )


def check_fleet(fleet: Fleet) -> None:
    """Refuse a fleet with every fault at once."""
    places = list(places_in(fleet.everywhere))
    names = [place.name for place in places]
    failures = [failure for place in places for failure in place.failures]
    failures += [fleet.replica, *(crossing.failure for crossing in fleet.crossing)]
    checks: list[Fault | None] = [
        at_least("needed_count", fleet.needed_count, 1),
        holds("places", len(set(names)) == len(names), "every place needs a name of its own"),
        holds("crossing", len(fleet.crossing) <= MOST_CROSSING, f"at most {MOST_CROSSING} crossing causes"),
        holds("replicas", replicas_in(fleet.everywhere) >= 1, "there must be at least one replica"),
    ]
    for failure in failures:
        checks.append(above(f"{failure.cause}.mean_up_hours", failure.mean_up_hours, 0.0))
        checks.append(at_least(f"{failure.cause}.mean_down_hours", failure.mean_down_hours, 0.0))
    checks.append(above(f"{fleet.replica.cause}.mean_down_hours", fleet.replica.mean_down_hours, 0.0))
    if fleet.crews_count is not None:
        checks.append(at_least("crews_count", fleet.crews_count, 1))
    for place in places:
        checks.append(at_least(f"{place.name}.replicas_count", place.replicas_count, 0))
        mixed = bool(place.inside) and place.replicas_count > 0
        checks.append(
            holds(place.name, not mixed, "holds replicas or places, not both; put the replicas into a place of their own")
        )
    for crossing in fleet.crossing:
        unknown = [name for name in crossing.places if name not in names]
        checks.append(holds(crossing.failure.cause, not unknown, f"names no place of the fleet: {', '.join(unknown)}"))
    refuse(checks)
