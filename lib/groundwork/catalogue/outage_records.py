"""Outages of whole regions and vendors: those that were published, and the rate and length that are taken from them."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.catalogue.sourced_rows import SourcedRecord, sourced_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudOutage(SourcedRecord):
    """One published outage: `scope` is region or vendor; how long it lasted, as a range."""

    day: str
    provider: str
    scope: str
    place: str
    low_hours: float
    high_hours: float
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOutages(SourcedRecord):
    """How often a whole region or vendor is down in a year, and for how long: low, central and high."""

    scope: str
    low_outages_per_year: float
    outages_per_year: float
    high_outages_per_year: float
    low_mean_hours: float
    mean_hours: float
    high_mean_hours: float
    note: str


def cloud_outages() -> tuple[CloudOutage, ...]:
    """Every outage of the list."""
    return sourced_rows("cloud_outages.csv", CloudOutage)


def place_outages(scope: str) -> PlaceOutages:
    """The record of a scope, region or vendor."""
    records: tuple[PlaceOutages, ...] = sourced_rows("place_outages.csv", PlaceOutages)
    return next(record for record in records if record.scope == scope)
