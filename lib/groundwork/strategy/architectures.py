"""How long an architecture is down in a month, exact for what is believed: places within places, without playing a month.

Down means service not given: an hour in which half of the work is not served is half an hour down, as in the month loop. Every
cause begins at random and lasts exponentially long; what it takes is what the places left cannot serve, and the switch to them.
Bad changes reach every place. It holds before any platform is built, and counts neither early dip nor users who left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.catalogue.outage_records import place_outages
from groundwork.formulas.demand import load_duration, normalised_profile
from groundwork.formulas.reliability import longer_down_probability
from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.workloads import LlmWork, OnlineWork

YEAR_HOURS = 8760.0
MONTH_HOURS = YEAR_HOURS / 12.0
HALVINGS = 12  # of the range of a month's downtime, in equal ratios: to 0.4 %
MOST_DOWN = 12  # servers down together that are still told apart
LEAST_HOURS = 1.0 / 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """Vendors, regions of each, zones of each of those, and what is held: spare servers in each zone, capacity over the need."""

    vendors_count: int
    regions_count: int
    zones_count: int
    spare_servers_count: int
    held_ratio: float

    @property
    def places_count(self) -> int:
        return self.vendors_count * self.regions_count * self.zones_count

    def capacity_ratio(self, servers_count: int) -> float:
        """What is held over the need of the peak: whole servers in every place, spare ones included."""
        whole = self.places_count * -(-servers_count // self.places_count) / servers_count
        return max(self.held_ratio, whole) + self.spare_servers_count * self.places_count / servers_count


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interruption:
    """One way to be down: its cause, outages an hour and mean hours that each takes from the service, [sample]."""

    name: str
    outages_per_hour: Array
    mean_hours: Array

    @property
    def hours_per_year(self) -> float:
        return float(np.mean(self.outages_per_hour * self.mean_hours) * YEAR_HOURS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stand:
    """Downtime of a month in the middle and in one of twenty, share of months missed, mean hours a year by cause."""

    architecture: Architecture
    typical_hours: float
    bad_hours: float
    missed_ratio: float
    hours_per_year: Mapping[str, float]

    @property
    def hours_per_month(self) -> float:
        """Mean hours down in a month."""
        return sum(self.hours_per_year.values()) / 12.0


def unserved_ratio(beliefs: Scenario[Array], held_ratio: float) -> float:
    """Share of a day's work that a capacity below the peak's need turns away, as in the month loop."""
    hours = [
        normalised_profile(item.hour_profile)
        for item in beliefs.workloads.values()
        if isinstance(item.work, OnlineWork | LlmWork)
    ]
    profile = np.mean(hours, axis=0) if hours else np.ones(24)
    corners, unserved = load_duration(profile)
    return float(np.interp(held_ratio, corners / profile.max(), unserved))


def interruptions(beliefs: Scenario[Array], architecture: Architecture, servers_count: int) -> tuple[Interruption, ...]:
    """Every way in which an architecture that needs so many servers at its peak is down; causes may come more than once.

    What a user would get wrong: each place that is added fails too; what is gained is that the others carry on, which they can
    only as far as what is held reaches.

    Parameters
    ----------
    beliefs
        Drawn; its operations and the share of switches that work are read.
    architecture
        What serves.
    servers_count
        Servers that the peak needs in all places together, 1 or more.
    """
    run = beliefs.operations
    region, vendor = place_outages("region"), place_outages("vendor")
    held = architecture.capacity_ratio(servers_count)
    vendors = architecture.vendors_count
    regions = vendors * architecture.regions_count
    found = [
        Interruption(
            name="bad_changes",
            outages_per_hour=run.deploys_per_month * run.change_failure_ratio / MONTH_HOURS,
            mean_hours=run.exposed_ratio * run.severity_ratio * run.restore_hours,
        ),
        _servers(beliefs, architecture, servers_count),
    ]
    levels = (
        ("zones", architecture.places_count, run.zone_outages_per_year, run.zone_outage_hours),
        ("regions", regions, np.array([region.outages_per_year]), np.array([region.mean_hours])),
        ("vendors", vendors, np.array([vendor.outages_per_year]), np.array([vendor.mean_hours])),
    )
    works = beliefs.channels.failover.without_ratio
    for name, count, per_year, hours in levels:
        rate = count * per_year / YEAR_HOURS
        if count == 1:
            found.append(Interruption(name=name, outages_per_hour=rate, mean_hours=hours))
            continue
        left = hours * unserved_ratio(beliefs, held * (1.0 - 1.0 / count))
        for share, moving in ((works, run.switch_minutes / 60.0), (1.0 - works, run.manual_hours)):
            found.append(Interruption(name=name, outages_per_hour=rate * share, mean_hours=moving / count + left))
        found.append(_two_at_once(beliefs, name, held, count, per_year, hours))
    return tuple(found)


def stand_each(beliefs: Scenario[Array], architectures: Sequence[Architecture], servers_count: int) -> tuple[Stand, ...]:
    """The month of each architecture, all at once: over what is believed and over chance together.

    Parameters
    ----------
    beliefs, servers_count
        As in `interruptions`.
    architectures
        What serves, one beside the other.
    """
    causes = [interruptions(beliefs, each, servers_count) for each in architectures]
    samples = np.broadcast_shapes(*(np.shape(cause.mean_hours) for found in causes for cause in found))
    # Architectures have more or fewer causes: what is missing never happens.
    rates, means = (np.zeros((max(map(len, causes)), len(causes), *samples)) for _ in range(2))
    for place, found in enumerate(causes):
        for number, cause in enumerate(found):
            rates[number, place], means[number, place] = cause.outages_per_hour, cause.mean_hours
    levels = np.array([0.5, 0.05])[:, None, None]
    shape = (len(levels), len(causes), 1)
    low, high = np.full(shape, np.log(LEAST_HOURS)), np.full(shape, np.log(MONTH_HOURS))
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        longer = longer_down_probability(np.exp(middle), rates[:, None], means[:, None], MONTH_HOURS)
        above = longer.mean(axis=-1, keepdims=True) > levels
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    typical, bad = np.where(low > np.log(LEAST_HOURS), np.exp(0.5 * (low + high)), 0.0)[..., 0].tolist()
    allowed = (1.0 - np.asarray(beliefs.operations.slo_ratio)) * MONTH_HOURS
    missed = longer_down_probability(allowed, rates, means, MONTH_HOURS).mean(axis=-1).tolist()
    return tuple(
        Stand(
            architecture=each,
            typical_hours=typical[place],
            bad_hours=bad[place],
            missed_ratio=missed[place],
            hours_per_year=_by_cause(causes[place]),
        )
        for place, each in enumerate(architectures)
    )


def _by_cause(found: Sequence[Interruption]) -> dict[str, float]:
    """Mean hours a year of each cause, the largest first."""
    hours = dict.fromkeys((cause.name for cause in found), 0.0)
    for cause in found:
        hours[cause.name] += cause.hours_per_year
    return dict(sorted(hours.items(), key=lambda one: -one[1]))


def _servers(beliefs: Scenario[Array], architecture: Architecture, servers_count: int) -> Interruption:
    """Servers that fail one by one, each repaired on its own: what those left cannot serve, over the hours of a day."""
    run = beliefs.operations
    held = architecture.capacity_ratio(servers_count)
    number = round(held * servers_count)
    cycle = run.replica_mttf_hours + run.replica_mttr_hours
    down = run.replica_mttr_hours / cycle
    chance, lost = (1.0 - down) ** number, np.zeros(np.shape(down))
    for count in range(1, min(number, MOST_DOWN) + 1):
        chance = chance * (number - count + 1) / count * down / (1.0 - down)
        lost = lost + chance * unserved_ratio(beliefs, held * (1.0 - count / number))
    return Interruption(name="servers", outages_per_hour=number / cycle, mean_hours=lost * cycle / number)


def _two_at_once(beliefs: Scenario[Array], name: str, held: float, count: int, per_year: Array, hours: Array) -> Interruption:
    """What two places of one kind that are down together take beyond what each takes alone."""
    alone = unserved_ratio(beliefs, held * (1.0 - 1.0 / count))
    both = unserved_ratio(beliefs, held * (1.0 - 2.0 / count)) if count > 2 else 1.0
    down = per_year * hours / YEAR_HOURS
    rate = count * (count - 1) * per_year / YEAR_HOURS * down
    return Interruption(name=name, outages_per_hour=rate, mean_hours=0.5 * hours * max(both - 2.0 * alone, 0.0))
