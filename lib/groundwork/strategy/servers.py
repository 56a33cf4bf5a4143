"""What one workload's units take of its servers, and how its servers grow with its load: coefficients from its drawn beliefs.

A server is what cannot be divided: one accelerator, or the accelerators that hold one copy of a language model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.catalogue.serving_records import Setup
from groundwork.catalogue.serving_terms import served
from groundwork.catalogue.trace_records import trace_arrivals, trace_sizes
from groundwork.errors import OutOfCalibration
from groundwork.formulas.demand import normalised_profile
from groundwork.formulas.queueing import arrival_scv_from_dispersion_ratio, staffing_curve
from groundwork.formulas.serving import ReplicaCapacity, replica_capacity
from groundwork.quantities import Array
from groundwork.strategy.remembered import remembered
from groundwork.workloads import BatchWork, EdgeWork, LlmWork, OnlineWork, RenderWork, TrainingWork, Workload

LATE_RATIO = 0.01  # a promise is kept when at most this share of the requests waits longer: the limits are 99th percentiles
TRACE = "azure_llm_2023_conv"  # the one public trace that is counted in bins of 1, 10 and 60 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """One workload's servers, each field [sample] or one number.

    `price_ratio` is the price of a server in reference accelerators; `hours_per_unit` are its busy hours for one unit. In the
    busiest bin the load is `peak_ratio` times the mean number of busy servers; it takes that many servers, plus `fixed_count`,
    plus `root_count` times the root of it. `deadline_ratio` is 24 hours over those in which a day's work must be done, 0 for
    services.
    """

    price_ratio: Array
    hours_per_unit: Array
    peak_ratio: Array | float = 1.0
    fixed_count: Array | float = 0.0
    root_count: Array | float = 0.0
    deadline_ratio: Array | float = 0.0


@remembered(16)
def servers_of(item: Workload[Array]) -> Servers:
    """The servers of one workload.

    Raises
    ------
    OutOfCalibration
        A language model that does not fit on its accelerators, or one that the catalogue does not know.
    """
    kind = item.work
    if isinstance(kind, LlmWork):
        return _llm(item, kind)
    if isinstance(kind, OnlineWork):
        return _online(item, kind)
    if isinstance(kind, EdgeWork):
        needed = kind.streams_per_site * kind.stream_units_per_second / kind.device_units_per_second
        devices = np.ceil(needed) * kind.sites_count
        return Servers(price_ratio=kind.price_ratio, hours_per_unit=devices * 24.0 / np.maximum(item.units_per_day, 1e-9))
    return Servers(
        price_ratio=kind.price_ratio,
        hours_per_unit=_dated_hours(kind),
        deadline_ratio=24.0 / np.minimum(kind.deadline_hours, 24.0),
    )


def _dated_hours(kind: BatchWork[Array] | RenderWork[Array] | TrainingWork[Array]) -> Array:
    if isinstance(kind, BatchWork):
        return kind.accelerator_seconds_per_unit / 3600.0
    if isinstance(kind, RenderWork):
        return kind.accelerator_minutes_per_unit / 60.0
    flops = 6.0 * kind.parameters_b * 1e9 * kind.tokens_b * 1e9
    return flops / (kind.mfu_ratio * kind.peak_tflops * 1e12 * kind.goodput_ratio) / 3600.0


def deadline_hours(item: Workload[Array]) -> Array:
    """Hours in which a day's units of dated work must be done, [sample]."""
    kind = item.work
    if isinstance(kind, BatchWork | RenderWork | TrainingWork):
        return kind.deadline_hours
    raise TypeError(f"{item.label} has no deadline")


def setup_of(kind: LlmWork[Array]) -> Setup:
    """The workload's way of serving, by the catalogue's names."""
    return Setup(
        model=kind.model,
        accelerator=kind.accelerator,
        precision=kind.precision,
        accelerators_count=kind.tensor_parallel,
        parallel=f"TP{kind.tensor_parallel}",
        engine=kind.engine,
    )


def llm_capacity(kind: LlmWork[Array]) -> ReplicaCapacity:
    """What one copy of the model serves within its limits, [sample]; the workload's own error factor is not in it.

    Raises
    ------
    OutOfCalibration
        When the model does not fit with these lengths, or is not in the catalogue.
    """
    replica, terms = served(setup_of(kind))
    capacity = replica_capacity(
        replica,
        terms,
        input_tokens=kind.input_tokens,
        output_tokens=kind.output_tokens,
        ttft_limit_ms=kind.ttft_limit_ms,
        tpot_limit_ms=kind.tpot_limit_ms,
        reused_ratio=kind.prefix_hit_ratio,
    )
    if not capacity.fits.all():
        raise OutOfCalibration(
            f"{kind.model} at {kind.precision} does not fit on {kind.tensor_parallel} x {kind.accelerator} with these lengths"
        )
    return capacity


def _llm(item: Workload[Array], kind: LlmWork[Array]) -> Servers:
    """A copy of the model holds as many requests as its limits allow, each for the time that it then takes."""
    capacity = llm_capacity(kind)
    rate = capacity.requests_per_second * kind.error_factor
    spare = np.maximum((kind.ttft_limit_ms - capacity.ttft_ms) / 1e3, 0.0)
    sizes = next(row for row in trace_sizes() if row.trace == TRACE and row.kind == "output")
    return _queued(item, kind.price_ratio * kind.tensor_parallel, rate, capacity.batch_count, spare, sizes.cv_ratio**2)


def _online(item: Workload[Array], kind: OnlineWork[Array]) -> Servers:
    """An accelerator that serves r units a second in S seconds each works on r S of them at once, one at least."""
    service = kind.service_ms / 1e3
    places = np.maximum(kind.rate_units_per_second * service, 1.0)
    spare = np.maximum(kind.latency_limit_ms / 1e3 - service, 0.0)
    return _queued(item, kind.price_ratio, kind.rate_units_per_second, places, spare, 1.0)


def _queued(
    item: Workload[Array], price_ratio: Array, rate: Array, places: Array, wait_limit_seconds: Array, service_scv_ratio: float
) -> Servers:
    """Servers of so many units per second and so many places each, for units that may wait so long: a queue for the places."""
    held_seconds = places / rate
    memory = np.maximum(held_seconds, wait_limit_seconds)
    busiest = _busiest_ratio(item, memory)
    variability = 0.5 * (_arrival_scv(np.minimum(memory, item.peak_bin_seconds)) + service_scv_ratio)
    load = item.units_per_day / 86_400.0 * busiest * held_seconds
    curve = staffing_curve(np.maximum(load, 1e-6), wait_limit_seconds / (held_seconds * variability), LATE_RATIO)
    return Servers(
        price_ratio=price_ratio,
        hours_per_unit=1.0 / rate / 3600.0,
        peak_ratio=busiest,
        fixed_count=curve.fixed_count / places,
        root_count=curve.root_count / np.sqrt(places),
    )


def _busiest_ratio(item: Workload[Array], memory_seconds: Array) -> Array:
    """Load in the busiest bin of the busiest hour over the day's mean, as far as the queue feels it.

    A queue remembers for a service time or a wait limit. Bins shorter than that average out: with one and the same index of
    dispersion the excess falls with the root of the time looked at.
    """
    profile = normalised_profile(item.hour_profile)
    felt = np.sqrt(np.minimum(1.0, item.peak_bin_seconds / memory_seconds))
    return np.asarray(profile.max() * (1.0 + (item.peak_to_mean_ratio - 1.0) * felt))


def _arrival_scv(time_scale_seconds: Array) -> Array:
    """Squared coefficient of variation of arrivals at a queue's own time scale, from a public trace, 1 at no time at all."""
    bins = [row for row in trace_arrivals() if row.trace == TRACE and row.dispersion_ratio is not None]
    longest = max(row.bin_seconds for row in bins)
    return arrival_scv_from_dispersion_ratio(
        [row.dispersion_ratio or 0.0 for row in bins],
        [row.bin_seconds for row in bins],
        np.minimum(time_scale_seconds, longest),
    )
