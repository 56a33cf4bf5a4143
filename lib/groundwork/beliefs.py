"""The sections of beliefs that every industry shares: what each one is called, means, and may be.

Every section is generic: its fields hold a `Quantity` before the draw and an array after it. The order of the
fields is the order in which the page shows them and in which they own columns of random points. A belief that joined later
names its own column, so that it moves no other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")
STRICT = {"extra": "forbid", "allow_inf_nan": False}  # unknown keys and odd numbers are faults, not noise


def belief(label: str, help: str, low: float = 0.0, high: float = math.inf, column: int | None = None) -> Any:
    """A field that holds an uncertain fact: its name on the page, what it means, the range it may take, its own column."""
    return field(metadata={"label": label, "help": help, "low": low, "high": high, "column": column})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where numbers of this profile come from; `url` is where it was read, sometimes a secondary page."""

    __pydantic_config__ = STRICT
    title: str
    year: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Generic[T]):
    """The people and the price of money."""

    __pydantic_config__ = STRICT
    engineers_fte: T = belief("Delivery engineers", "Engineers who turn use cases into live services.", 0.5, 100_000)
    wage_usd_per_month: T = belief("Cost of an engineer", "Loaded cost of one engineer.", 500, 100_000)
    discount_ratio_per_year: T = belief("Cost of capital", "What money costs; later cash counts less.", 0, 1)
    idle_paid_ratio: T = belief("Idle time that is paid", "Share of idle engineers' time that this plan pays for.", 0, 1)
    terminal_months: T = belief(
        "Months of value after the end", "Months of the last run margin that count as terminal value.", 0, 120
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Generic[T]):
    """How use cases move from an idea to a live service, before any platform."""

    __pydantic_config__ = STRICT
    intake_months: T = belief(
        "Wait before a pilot starts", "Months a use case waits in the backlog when people are free.", 0.25, 36
    )
    pilot_months: T = belief("Length of a pilot", "Months a pilot takes when nothing holds it up.", 0.5, 36)
    graduation_ratio: T = belief(
        "Pilots that graduate", "Chance that a pilot reaches production, without any platform.", 0.01, 0.99
    )
    graduation_spread: T = belief(
        "Spread of graduation", "How far the organisation's use cases share one luck (standard deviation of the logit).", 0, 4
    )
    lead_months: T = belief(
        "Pilot to production", "Months from a graduated pilot to a live service, without any platform.", 0.25, 60
    )
    adoption_months: T = belief("Users' ramp", "Months in which users take up a live service (time constant).", 0.25, 60)
    late_ratio_per_month: T = belief(
        "Value lost by lateness", "Share of a use case's reach lost for each month that it is not live.", 0, 0.5
    )
    pilot_fte: T = belief("Engineers on a pilot", "Engineers one pilot keeps busy.", 0.05, 100)
    production_fte: T = belief(
        "Engineers on a roll-out", "Engineers one use case keeps busy on its way to production.", 0.05, 100
    )
    toil_fte: T = belief("Engineers running a service", "Engineers one live service keeps busy with running it by hand.", 0, 100)
    experiment_wait_ratio: T = belief(
        "Pilots waiting for compute", "Extra time of a pilot lost in waiting for compute, without any platform.", 0, 10
    )
    drift_ratio: T = belief(
        "Value lost to drift", "Share of a live service's value lost while its model ages unwatched.", 0, 0.95
    )
    service_life_months: T = belief(
        "Life of a service",
        "Months after which a live service is retired and rolled out anew, without any platform.",
        3,
        600,
        103,
    )
    retraining_fte: T = belief(
        "Engineers retraining a model", "Engineers one live service keeps busy with retraining.", 0, 100, 104
    )
    new_use_cases_ratio_per_year: T = belief(
        "New use cases in a year",
        "New ideas that a year brings, over the use cases planned; each may replace one that failed, while there is time.",
        0,
        10,
        111,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Generic[T]):
    """What building the foundation takes and what can go wrong with it."""

    __pydantic_config__ = STRICT
    work_engineer_months: T = belief(
        "Size of the platform", "Engineer-months that the foundation is planned to take.", 0.5, 100_000
    )
    overrun_factor: T = belief("Platform overrun", "Work it really takes over work planned, in the ordinary case.", 0.3, 20)
    tail_ratio: T = belief("Chance of a runaway build", "Chance that the build overruns by several times.", 0, 1)
    tail_factor: T = belief("Size of a runaway build", "Work it takes over work planned when the build runs away.", 1, 20)
    failure_ratio: T = belief("Platform not adopted", "Chance that teams do not take up the platform.", 0, 1)
    adoption_max_ratio: T = belief(
        "Platform adoption", "Share of the work that ends up on the platform when teams do take it up.", 0, 1
    )
    adoption_ratio_per_month: T = belief(
        "Speed of adoption", "Share of the remaining gap to full adoption closed each month.", 0.01, 1
    )
    run_ratio: T = belief("Platform upkeep", "Platform engineers who stay after the build, as a share of the team.", 0, 2)
    retrofit_ratio: T = belief(
        "Cost of a rebuild", "Cost of building the foundation later under load, over its cost up front.", 0.2, 20
    )

    failed_adoption_ratio: T = belief(
        "Adoption of a failed platform", "Share of the work that ends up on the platform when teams do not take it up.", 0, 1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Generic[T]):
    """How the load of all use cases moves together."""

    __pydantic_config__ = STRICT
    growth_ratio_per_year: T = belief("Growth of demand", "Growth of the demand for all use cases.", -0.9, 20)
    shock_factor: T = belief("Demand against plan", "Demand that shows from month 12 on, over the demand planned.", 0.01, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market(Generic[T]):
    """What capacity costs and how long it takes to get. The three states are normal, tight and shortage."""

    __pydantic_config__ = STRICT
    on_demand_usd_per_accelerator_hour: T = belief(
        "Accelerator price", "On-demand price of one reference accelerator for one hour, normal market.", 0.01, 200
    )
    commitment_discount_ratio: T = belief(
        "Discount for a year's commitment", "What a one-year commitment takes off the on-demand price.", 0, 0.9
    )
    price_volatility_ratio: T = belief(
        "Swings of the accelerator price", "Yearly standard deviation of the logarithm of the market price.", 0, 2
    )
    tight_ratio_per_month: T = belief("Normal market turns tight", "Chance that a normal month is followed by a tight one.", 0, 1)
    shortage_ratio_per_month: T = belief("Tight market turns short", "Chance that a tight month is followed by a shortage.", 0, 1)
    ease_ratio_per_month: T = belief("Scarcity eases", "Chance that a tight or short month is followed by a better one.", 0, 1)
    lead_normal_months: T = belief("Lead time, normal market", "Months from an order of capacity to its arrival.", 0, 24)
    lead_tight_months: T = belief("Lead time, tight market", "Months from an order of capacity to its arrival.", 0, 24)
    lead_shortage_months: T = belief("Lead time, shortage", "Months from an order of capacity to its arrival.", 0, 24)
    availability_tight_ratio: T = belief(
        "On-demand in a tight market", "Share of the missing on-demand capacity to be had in a month.", 0, 1
    )
    availability_shortage_ratio: T = belief(
        "On-demand in a shortage", "Share of the missing on-demand capacity to be had in a month.", 0, 1
    )
    price_tight_factor: T = belief("Price in a tight market", "On-demand price over that of a normal market.", 0.5, 10)
    price_shortage_factor: T = belief("Price in a shortage", "On-demand price over that of a normal market.", 0.5, 10)
    own_progress_power: T = belief(
        "Own serving keeps up", "Own cost per unit falls with the API price to this power (0 not at all, 1 as fast).", 0, 1
    )
    owned_capex_usd_per_accelerator: T = belief(
        "Price of an owned accelerator", "Server, network, storage and installation for one owned accelerator.", 100, 1e6, 93
    )
    owned_residual_ratio: T = belief(
        "Resale after three years", "Share of its price that an owned accelerator still brings after 36 months.", 0.01, 1, 94
    )
    owned_life_months: T = belief("Life of an owned accelerator", "Months after which it is sold.", 12, 120, 95)
    owned_kw: T = belief("Power of an owned accelerator", "Its share of the node's power at full load.", 0.05, 10, 96)
    owned_pue_ratio: T = belief("Power usage effectiveness", "Power of the facility over power of the machines.", 1, 3, 97)
    owned_usd_per_kwh: T = belief("Electricity price", "Price of a kilowatt-hour for business.", 0, 2, 98)
    owned_colocation_usd_per_month: T = belief(
        "Colocation", "Space and cooling for one kilowatt, energy not included, a month.", 0, 2_000, 99
    )
    owned_staff_fte: T = belief("People per owned accelerator", "Engineers who run one owned accelerator.", 0, 1, 100)
    owned_maintenance_ratio_per_year: T = belief(
        "Maintenance of owned machines", "Yearly hardware maintenance over the purchase price.", 0, 0.5, 101
    )
    owned_lead_months: T = belief("Lead time of owned machines", "Months from the order to the first use.", 0, 36, 102)
    owned_server_accelerators: T = belief(
        "Accelerators in an owned server",
        "Accelerators that come in one server: owned ones are bought by the server.",
        1,
        72,
        113,
    )
    vendor_premium_ratio: T = belief(
        "Extra cost of another vendor", "Extra cost of rented capacity for each vendor beyond the first.", 0, 2, 109
    )
    vendor_shared_ratio: T = belief(
        "Scarcity that vendors share", "Share of one vendor's scarcity that another vendor has at the same time.", 0, 1, 110
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations(Generic[T]):
    """What goes wrong in production, before any platform."""

    __pydantic_config__ = STRICT
    deploys_per_month: T = belief(
        "Changes to a service", "Changes put into production in a month, for one live service.", 0, 100_000
    )
    change_failure_ratio: T = belief(
        "Changes that fail", "Share of changes that degrade the service, without any platform.", 0, 1
    )
    exposed_ratio: T = belief("Users hit by a bad change", "Share of users that a failed change reaches.", 0, 1)
    restore_hours: T = belief(
        "Time to restore", "Hours to restore the service after a failed change, without any platform.", 0.01, 2_000
    )
    replica_mttf_hours: T = belief(
        "Server time between failures", "Mean hours of one serving node between failures.", 1, 10_000_000
    )
    replica_mttr_hours: T = belief("Server repair time", "Mean hours to bring a failed serving node back.", 0.01, 2_000)
    zone_outages_per_year: T = belief("Zone outages", "Outages of one availability zone in a year.", 0, 365)
    zone_outage_hours: T = belief(
        "Length of a zone outage", "Mean hours of a zone outage, where nothing takes over.", 0.01, 2_000
    )
    switch_minutes: T = belief("Automatic failover", "Minutes an automatic switch takes.", 0, 10_000)
    manual_hours: T = belief("Manual failover", "Hours until people have moved the load by hand.", 0.01, 2_000)
    slo_ratio: T = belief("Availability promised", "Monthly availability that users were promised.", 0.5, 0.999999)
    incident_usd_per_hour: T = belief(
        "Cost of an hour down", "Direct cost of one hour in which the services are down, besides the value not served.", 0, 1e9
    )
    churn_ratio_per_hour: T = belief("Users lost by an hour down", "Share of reach lost for each hour down in a month.", 0, 1)
    unserved_churn_ratio: T = belief(
        "Users lost by unserved load", "Share of reach lost in a month in which all load is turned away.", 0, 1
    )
    severity_ratio: T = belief(
        "How bad a bad change is", "Share of the service that the users whom a failed change reaches do without.", 0, 1, 112
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEstate(Generic[T]):
    """Where data lies and what moving it costs."""

    __pydantic_config__ = STRICT
    storage_usd_per_gb_month: T = belief(
        "Storage price", "Price of keeping one gigabyte for a month in the tier used most.", 0, 10
    )
    egress_usd_per_gb: T = belief("Egress price", "Price of moving one gigabyte out of the place where it lies.", 0, 10)
    cross_ratio: T = belief(
        "Data that crosses a boundary", "Share of bytes that leave their zone, region or cloud to be used.", 0, 1
    )
    replication_factor: T = belief("Copies kept", "Copies of each byte that are kept.", 1, 10)
    waste_ratio: T = belief("Cloud spend wasted", "Share of cloud spend that buys nothing, without any platform.", 0, 0.9)
    pipeline_gb_per_day: T = belief(
        "Pipeline throughput", "Gigabytes a day that the data pipelines carry, without any platform.", 0.01, 1e9
    )
    stale_ratio_per_day: T = belief(
        "Value lost by stale data", "Share of value lost for each day by which the data lags behind.", 0, 1, 105
    )
    catch_up_ratio_per_month: T = belief(
        "Pipelines catch up", "Share of the missing throughput that is added in a month in which data lags.", 0, 1, 106
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Generic[T]):
    """When the organisation stops, whatever its strategy: after enough pilots with too few graduates, or months at a loss."""

    __pydantic_config__ = STRICT
    after_pilots: T = belief(
        "Pilots before giving up", "Finished pilots before anybody may conclude that it does not work.", 1, 1_000
    )
    below_ratio: T = belief(
        "Give up below", "Stop when the graduation rate learned from pilots falls below this; 0 never stops.", 0, 1
    )
    notice_months: T = belief("Notice", "Months of pay owed to engineers who are let go.", 0, 24)
    loss_months: T = belief(
        "Months at a loss before serving stops",
        "Months in a row in which a unit costs more than it earns before nothing more is bought for it, and in which it would "
        "pay again before it is; 0 never stops.",
        0,
        60,
        114,
    )
