"""The price tables, read: one record is one row with its source, date, mark and grade. Files are read once and never changed.

Empty cells become None: a price nobody quoted is not 0. Dates stay as written ("2026-Q1", "2025-H1"): the source said no more;
`latest_day` gives the last day a written date can mean, for the age of a price.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from groundwork.catalogue.sourced_rows import SourcedRecord, sourced_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPrice(SourcedRecord):
    """List price of a cloud instance on the day of its price file."""

    cloud: str
    region_group: str
    instance_type: str
    accelerator: str
    gpu_count: int
    on_demand_usd_per_gpu_hour: float | None
    spot_usd_per_gpu_hour: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPriceQuarter(SourcedRecord):
    """Median quote of a provider in a quarter; `term` is on-demand, spot, 1-year commit or 3-year commit."""

    accelerator: str
    segment: str
    provider: str
    term: str
    usd_per_gpu_hour: float
    low_usd_per_gpu_hour: float
    high_usd_per_gpu_hour: float
    quotes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPriceTrend(SourcedRecord):
    """Fitted yearly change of a series with its bootstrap interval and the residual standard deviation in logs."""

    series: str
    annual_change_percent: float
    p05_percent: float | None
    p95_percent: float | None
    resid_sd_log: float


@dataclass(frozen=True, slots=True, kw_only=True)
class H100Quote(SourcedRecord):
    """What an H100-hour cost at some time, as a range; `unit` is USD/GPU-hour or percent (a change of list price)."""

    low: float
    high: float
    unit: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDiscount(SourcedRecord):
    """1 - committed / on-demand, from list quotes: median, lowest, highest."""

    provider: str
    term: str
    scope: str
    discount_ratio: float | None
    low_ratio: float | None
    high_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPurchase(SourcedRecord):
    """Price of a server or of a GPU."""

    item: str
    gpus: int
    usd_per_gpu: float
    usd_total: float
    currency_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipInput(SourcedRecord):
    """A parameter of owning, with low, central and high where known."""

    parameter: str
    low: float | None
    central: float
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPrice(SourcedRecord):
    """Price of a model per million tokens when it was first seen, changed or last seen in a price file."""

    model: str
    provider: str
    input_usd_per_1m: float
    output_usd_per_1m: float
    cache_read_usd_per_1m: float | None
    batch_input_usd_per_1m: float | None
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime(SourcedRecord):
    """A lead time, spot interruption band, spot notice or spot price range; `unit` says what low and high count."""

    kind: str
    item: str
    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonFact(SourcedRecord):
    """Grid intensity, embodied carbon, PUE of a provider."""

    kind: str
    item: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState(SourcedRecord):
    """A state of the market: where it leads next month, and what it does to price, availability and lead time."""

    state: str
    to_normal_ratio: float
    to_tight_ratio: float
    to_shortage_ratio: float
    price_ratio: float
    available_ratio: float
    lead_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceProcessParameter(SourcedRecord):
    """A fitted parameter of the price processes, with its range and how it was derived."""

    parameter: str
    low: float
    central: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDepreciation(SourcedRecord):
    """Share of the price that tax law lets one deduct in a year of a schedule."""

    schedule: str
    year: int
    share_ratio: float


def gpu_prices() -> tuple[GpuPrice, ...]:
    """Current list prices of cloud instances."""
    return sourced_rows("gpu_prices.csv", GpuPrice)


def gpu_price_history() -> tuple[GpuPriceQuarter, ...]:
    """Quarterly quotes by provider, 2017 to 2026."""
    return sourced_rows("gpu_price_history.csv", GpuPriceQuarter)


def gpu_price_trends() -> tuple[GpuPriceTrend, ...]:
    """Yearly changes fitted to the history."""
    return sourced_rows("gpu_price_trends.csv", GpuPriceTrend)


def h100_index() -> tuple[H100Quote, ...]:
    """The H100's price through its life."""
    return sourced_rows("h100_index.csv", H100Quote)


def commitment_discounts() -> tuple[CommitmentDiscount, ...]:
    """Discounts for one and three years."""
    return sourced_rows("commitment_discounts.csv", CommitmentDiscount)


def gpu_purchase_prices() -> tuple[GpuPurchase, ...]:
    """What servers and GPUs were sold for."""
    return sourced_rows("gpu_purchase_prices.csv", GpuPurchase)


def owned_tco() -> tuple[OwnershipInput, ...]:
    """PUE, colocation, power, staff, life, residual value, cost of capital."""
    return sourced_rows("owned_tco.csv", OwnershipInput)


def llm_api_prices() -> tuple[ApiPrice, ...]:
    """Token prices over time."""
    return sourced_rows("llm_api_prices.csv", ApiPrice)


def lead_times() -> tuple[LeadTime, ...]:
    """Lead times of servers and sites, spot interruptions and ranges."""
    return sourced_rows("lead_times.csv", LeadTime)


def carbon_energy() -> tuple[CarbonFact, ...]:
    """Grid intensities, embodied carbon, PUE."""
    return sourced_rows("carbon_energy.csv", CarbonFact)


def market_states() -> tuple[MarketState, ...]:
    """Normal, tight, shortage: transition rows and what each does."""
    return sourced_rows("market_states.csv", MarketState)


def price_process() -> dict[str, PriceProcessParameter]:
    """Fitted parameters of the price processes by name."""
    return {record.parameter: record for record in sourced_rows("gpu_price_process.csv", PriceProcessParameter)}


def tax_depreciation() -> tuple[TaxDepreciation, ...]:
    """Depreciation schedules allowed for tax."""
    return sourced_rows("tax_depreciation.csv", TaxDepreciation)


def latest_day(written: str) -> date | None:
    """Last day that a written date can mean: "2026-06" is 30 June, "2025-H1" 30 June, "2023-2026" the end of 2026; else None."""
    text = written.partition(" ")[0].replace("2025-26", "2025-2026")  # a remark may follow the date
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        if len(text) >= 6 and text[-2] in "QH" and text[:4].isdigit():
            return _month_end(int(text[:4]), int(text[-1]) * (3 if text[-2] == "Q" else 6))
        if len(text) == 7:
            return _month_end(int(text[:4]), int(text[5:]))
        return date(int(text[-4:]), 12, 31)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
