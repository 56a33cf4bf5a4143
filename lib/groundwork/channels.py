"""The channels through which infrastructure, its adverse side and buying act: each with its beliefs and its switch.

A channel that is switched off is off for every strategy: maturity (or buying) then does nothing in its equation.
The formulas stand in `strategy.foundation`; here is what is believed about them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from groundwork.beliefs import STRICT, belief

T = TypeVar("T")


def channel(label: str, group: str, sentence: str) -> Any:
    """A field that holds a channel: its name on a chart, its group (infrastructure, adverse, buying), what it does."""
    return field(metadata={"label": label, "group": group, "sentence": sentence})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    divisor: T = belief("Faster to production", "Lead time without the platform over lead time with a mature one.", 1, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduation(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    odds_factor: T = belief("More pilots graduate", "Odds of graduating with a mature platform over odds without.", 0.1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    without_ratio: T = belief("Accelerators in use, no platform", "Share of paid accelerator time that does work.", 0.01, 0.95)
    with_ratio: T = belief(
        "Accelerators in use, platform", "Share of paid accelerator time that does work when the platform is mature.", 0.01, 0.95
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentWait(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    cut_ratio: T = belief(
        "Less waiting for compute", "Share of the pilots' wait for compute that a mature platform removes.", 0, 0.99
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRestore(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    factor: T = belief(
        "Bad changes with a platform", "Hours lost to bad changes with a mature platform over hours without.", 0.01, 3
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failover(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    without_ratio: T = belief(
        "Failovers that work, no platform", "Share of outages in which the automatic switch works.", 0, 0.999
    )
    with_ratio: T = belief(
        "Failovers that work, platform", "Share of outages in which the automatic switch works, mature platform.", 0, 0.999
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Procurement(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    planned_ratio: T = belief("Need covered by plan", "Share of the forecast need that planned ordering commits to.", 0, 1.5)
    growth_view_ratio: T = belief(
        "Growth that planners see", "Share of recent growth that planned ordering carries forward over the lead time.", 0, 2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    load_accelerators: T = belief(
        "Load the first design carries", "Busy accelerators that the pilot's architecture can carry.", 0.1, 100_000
    )
    lift_factor: T = belief("Lift by a real design", "Load carried after one redesign over load carried before.", 1, 1_000)
    rebuild_months: T = belief("Length of a rebuild", "Months a rebuild under load takes.", 0.5, 60)
    lost_ratio: T = belief("Engineers lost to a rebuild", "Share of delivery engineers whom a rebuild takes away.", 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toil(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    cut_ratio: T = belief("Less toil", "Share of the work of running services that a mature platform removes.", 0, 0.99)
    gain_ratio: T = belief("Engineers more productive", "Extra output of delivery engineers on a mature platform.", -0.5, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataWaste(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    cut_ratio: T = belief(
        "Less waste and egress", "Share of wasted spend and needless data movement that a mature platform removes.", 0, 0.99
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    cut_ratio: T = belief(
        "Less drift", "Share of the value lost to drift that monitoring and retraining on a mature platform saves.", 0, 0.99
    )
    life_factor: T = belief(
        "Services last longer", "Life of a service on a mature platform over its life without one.", 0.1, 20, 108
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPipeline(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    throughput_factor: T = belief(
        "Pipelines carry more", "Throughput of the data pipelines on a mature platform over throughput without.", 0.1, 100, 107
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyDip(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    throughput_ratio: T = belief("Early dip in throughput", "Delivery lost while teams move to the new platform.", 0, 0.9)
    stability_ratio: T = belief(
        "Early dip in stability", "Extra hours lost to bad changes while teams move to the new platform.", 0, 2
    )
    months: T = belief("Length of the dip", "Months after the start of the build in which the dip lasts.", 0, 36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequencing(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtGraduation(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    odds_factor: T = belief(
        "Bought tools graduate more", "Odds of graduating of a bought service over those of a built one.", 0.1, 20
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLeadTime(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    factor: T = belief("Bought tools are sooner live", "Lead time of a bought service over that of a built one.", 0.05, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPriceDecline(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    factor_per_year: T = belief(
        "API prices fall", "Price of a token or service today over its price a year later, equal quality.", 0.2, 100
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiMarkup(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    factor: T = belief(
        "API price for your work", "What your units cost at the provider over the list price of the tokens in them.", 0.05, 50
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtQuality(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    ratio: T = belief(
        "Quality of what is bought", "Value of a unit served by a bought service over one served by your own.", 0, 2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockIn(Generic[T]):
    __pydantic_config__ = STRICT
    enabled: bool = True
    kept_ratio: T = belief(
        "Price falls kept by the vendor", "Share of the fall in market price that a locked-in buyer does not get.", 0, 1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels(Generic[T]):
    """All channels. The names of the fields are the names used by `channels.NAME.enabled` and in results."""

    __pydantic_config__ = STRICT
    lead_time: LeadTime[T] = channel(
        "Launches sooner", "infrastructure", "A paved road shortens the way from a graduated pilot to production."
    )
    graduation: Graduation[T] = channel(
        "More pilots graduate", "infrastructure", "Shared data, evaluation and deployment let more pilots reach production."
    )
    utilisation: Utilisation[T] = channel(
        "Accelerators better used", "infrastructure", "Sharing and scheduling make the same accelerators carry more load."
    )
    experiment_wait: ExperimentWait[T] = channel("Shorter queues", "infrastructure", "Pilots wait less for compute.")
    change_restore: ChangeRestore[T] = channel(
        "Fewer bad changes", "infrastructure", "Safer deployments fail less and are undone faster."
    )
    failover: Failover[T] = channel("Failover works", "infrastructure", "Tested failover moves the load before users notice.")
    procurement: Procurement[T] = channel(
        "Capacity planned",
        "infrastructure",
        "Capacity is ordered before it is missing, and can be stranded when demand disappoints.",
    )
    wall: Wall[T] = channel(
        "Rebuild avoided",
        "infrastructure",
        "A first design carries only so much load; above it comes a rebuild while launches wait.",
    )
    toil: Toil[T] = channel("Less toil", "infrastructure", "Engineers spend less time on running services by hand.")
    data_waste: DataWaste[T] = channel(
        "Less waste and egress", "infrastructure", "Less spend on idle resources and on moving data about."
    )
    lifecycle: Lifecycle[T] = channel(
        "Models kept fresh", "infrastructure", "Monitoring and retraining keep models from losing their value."
    )
    data_pipeline: DataPipeline[T] = channel(
        "Data keeps up", "infrastructure", "Shared pipelines carry more data before it lags behind."
    )
    early_dip: EarlyDip[T] = channel(
        "Early dip", "adverse", "Delivery slows and changes fail more while teams move to a new platform."
    )
    sequencing: Sequencing[T] = channel(
        "Waiting for the platform", "adverse", "Use cases that wait for the platform start later."
    )
    bought_graduation: BoughtGraduation[T] = channel(
        "Bought tools graduate", "buying", "Bought services reach production more often than built ones."
    )
    bought_lead_time: BoughtLeadTime[T] = channel("Bought tools are sooner", "buying", "A bought service is live sooner.")
    api_price_decline: ApiPriceDecline[T] = channel(
        "API prices fall", "buying", "The price of a bought unit falls from year to year."
    )
    api_markup: ApiMarkup[T] = channel(
        "API markup", "buying", "Your work costs more, or less, than the list price of its tokens."
    )
    bought_quality: BoughtQuality[T] = channel(
        "Bought quality", "buying", "A general service may fit your case less well than your own."
    )
    lock_in: LockIn[T] = channel("Lock-in", "buying", "A buyer who cannot leave does not get the whole fall in price.")
