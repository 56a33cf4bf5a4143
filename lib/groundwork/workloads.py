"""The kinds of work an organisation's use cases need, and what one workload is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from groundwork.beliefs import STRICT, belief

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmWork(Generic[T]):
    """Text generation by a language model that is served on own or rented accelerators."""

    __pydantic_config__ = STRICT
    kind: Literal["llm"]
    model: str
    accelerator: str
    precision: Literal["bf16", "fp16", "fp8", "fp4"]
    tensor_parallel: int
    engine: str = "vllm"
    price_ratio: T = belief(
        "Accelerator price, relative", "Hourly price of this accelerator over that of the reference accelerator.", 0.001, 100
    )
    input_tokens: T = belief("Tokens in", "Mean tokens read for one request.", 1, 1_000_000)
    output_tokens: T = belief("Tokens out", "Mean tokens written for one request.", 1, 100_000)
    prefix_hit_ratio: T = belief("Prompt reuse", "Share of the tokens read that a prefix cache already holds.", 0, 0.99)
    ttft_limit_ms: T = belief("First token within", "Time to first token that users accept.", 1, 1_000_000)
    tpot_limit_ms: T = belief("Each token within", "Time per output token that users accept.", 0.1, 10_000)
    error_factor: T = belief("Capacity against our estimate", "Measured capacity over predicted capacity.", 0.1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineWork(Generic[T]):
    """Any model that answers requests at once and whose rate per accelerator is known."""

    __pydantic_config__ = STRICT
    kind: Literal["online"]
    accelerator: str
    price_ratio: T = belief(
        "Accelerator price, relative", "Hourly price of this accelerator over that of the reference accelerator.", 0.001, 100
    )
    rate_units_per_second: T = belief(
        "Rate of one accelerator", "Units per second that one accelerator serves within the latency limit.", 1e-6, 1e9
    )
    service_ms: T = belief("Service time", "Mean time to serve one request without waiting.", 1e-4, 1e6)
    latency_limit_ms: T = belief("Answer within", "Response time that the 99th percentile must hold.", 0.01, 1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWork(Generic[T]):
    """Work that must be done by a deadline."""

    __pydantic_config__ = STRICT
    kind: Literal["batch"]
    accelerator: str
    price_ratio: T = belief(
        "Accelerator price, relative", "Hourly price of this accelerator over that of the reference accelerator.", 0.001, 100
    )
    accelerator_seconds_per_unit: T = belief("Work per unit", "Accelerator-seconds that one unit takes.", 1e-9, 1e9)
    deadline_hours: T = belief("Done within", "Hours in which a day's units must be done.", 0.1, 744)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingWork(Generic[T]):
    """Fine-tuning, pre-training or experiments; a unit is one run."""

    __pydantic_config__ = STRICT
    kind: Literal["training"]
    accelerator: str
    price_ratio: T = belief(
        "Accelerator price, relative", "Hourly price of this accelerator over that of the reference accelerator.", 0.001, 100
    )
    parameters_b: T = belief("Model size", "Billions of active parameters.", 1e-4, 10_000)
    tokens_b: T = belief("Tokens trained on", "Billions of tokens in one run.", 1e-6, 100_000)
    mfu_ratio: T = belief("Training efficiency", "Share of the accelerator's peak that training reaches.", 0.01, 0.9)
    peak_tflops: T = belief("Peak speed", "Dense peak of one accelerator at the precision used.", 1, 100_000)
    goodput_ratio: T = belief("Useful training time", "Share of time that is not lost to failures and checkpoints.", 0.05, 1)
    deadline_hours: T = belief("Done within", "Hours in which a run must be done.", 0.1, 8_760)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeWork(Generic[T]):
    """Streams that are served on devices at each site; a unit is one inference."""

    __pydantic_config__ = STRICT
    kind: Literal["edge"]
    accelerator: str
    price_ratio: T = belief(
        "Device price, relative", "Hourly cost of one device over that of the reference accelerator.", 1e-5, 100
    )
    sites_count: T = belief("Sites", "Places with devices of their own.", 1, 1_000_000)
    streams_per_site: T = belief("Streams per site", "Cameras or sensors at one site.", 1, 100_000)
    stream_units_per_second: T = belief("Rate of a stream", "Inferences per second that one stream needs.", 1e-6, 1e6)
    device_units_per_second: T = belief("Rate of a device", "Inferences per second that one device serves.", 1e-6, 1e9)
    uplink_mbit_per_second: T = belief("Uplink of a site", "Megabits per second from a site to the centre.", 0.001, 1e6)
    uplink_kbit_per_unit: T = belief("Sent per inference", "Kilobits sent to the centre for one inference.", 0, 1e9)
    autonomy_hours: T = belief("Autonomy", "Hours a site must work with the link down.", 0, 8_760)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderWork(Generic[T]):
    """Pictures, frames or clips made against a delivery date."""

    __pydantic_config__ = STRICT
    kind: Literal["render"]
    accelerator: str
    price_ratio: T = belief(
        "Accelerator price, relative", "Hourly price of this accelerator over that of the reference accelerator.", 0.001, 100
    )
    accelerator_minutes_per_unit: T = belief("Work per unit", "Accelerator-minutes that one produced unit takes.", 1e-6, 1e7)
    deadline_hours: T = belief("Done within", "Hours in which a day's units must be done.", 0.1, 8_760)


Work = Annotated[
    LlmWork[T] | OnlineWork[T] | BatchWork[T] | TrainingWork[T] | EdgeWork[T] | RenderWork[T],
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload(Generic[T]):
    """One kind of use case: how many of them, their demand, their value, their data, the work behind a unit."""

    __pydantic_config__ = STRICT
    label: str
    unit: str
    sentence: str
    use_cases: Annotated[int, Field(strict=True, ge=1, le=64)]
    buyable: bool
    enabled: bool = True
    peak_bin_seconds: Annotated[float, Field(strict=True, gt=0)] = 3600.0
    hour_profile: Annotated[tuple[Annotated[float, Field(strict=True, ge=0)], ...], Field(min_length=24, max_length=24)]
    season: Annotated[tuple[Annotated[float, Field(strict=True, ge=0)], ...], Field(min_length=12, max_length=12)]
    profile_source: str
    season_source: str
    units_per_day: T = belief("Demand", "Units a day when all use cases are live and fully taken up, at today's level.", 0, 1e13)
    value_usd_per_unit: T = belief("Value of a unit", "Margin that one served unit is worth.", 0, 1e7)
    peak_to_mean_ratio: T = belief("Peak over mean", "Load in the busiest bin of a busy hour over that hour's mean.", 1, 1_000)
    api_usd_per_unit: T = belief("Price when bought", "What one unit costs at a provider's list price today.", 0, 1e6)
    gb_per_unit: T = belief("Data per unit", "Gigabytes that one unit adds.", 0, 1e6)
    retention_months: T = belief("Data kept for", "Months for which a unit's data is kept.", 0, 600)
    work: Work[T]
