"""How much accelerator time a unit of each workload takes, tabulated once per scenario from the formulas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundwork.catalogue.serving_records import Setup
from groundwork.catalogue.serving_terms import served
from groundwork.errors import OutOfCalibration
from groundwork.formulas.serving import replica_capacity
from groundwork.quantities import Array
from groundwork.workloads import BatchWork, EdgeWork, LlmWork, OnlineWork, RenderWork, TrainingWork, Workload


def accelerator_hours_per_unit(work: Sequence[Workload[Array]], samples: int) -> Array:
    """Busy hours of the reference accelerator that one unit takes, [workload, sample].

    Hours of another accelerator count by its price over the reference's, so that one pool can hold them all.
    """
    rows = [_hours(item) * item.work.price_ratio for item in work]
    return np.stack([np.broadcast_to(row, (samples,)) for row in rows])


def _hours(item: Workload[Array]) -> Array:
    kind = item.work
    if isinstance(kind, LlmWork):
        return _llm_hours(kind)
    if isinstance(kind, OnlineWork):
        return 1.0 / kind.rate_units_per_second / 3600.0
    if isinstance(kind, BatchWork):
        return kind.accelerator_seconds_per_unit / 3600.0
    if isinstance(kind, RenderWork):
        return kind.accelerator_minutes_per_unit / 60.0
    if isinstance(kind, TrainingWork):
        flops = 6.0 * kind.parameters_b * 1e9 * kind.tokens_b * 1e9
        return flops / (kind.mfu_ratio * kind.peak_tflops * 1e12 * kind.goodput_ratio) / 3600.0
    if isinstance(kind, EdgeWork):
        needed = kind.streams_per_site * kind.stream_units_per_second / kind.device_units_per_second
        devices = np.ceil(needed) * kind.sites_count
        return devices * 24.0 / np.maximum(item.units_per_day, 1e-9)
    raise TypeError(f"no sizing for {type(kind).__name__}")


def _llm_hours(kind: LlmWork[Array]) -> Array:
    setup = Setup(
        model=kind.model,
        accelerator=kind.accelerator,
        precision=kind.precision,
        accelerators_count=kind.tensor_parallel,
        parallel=f"TP{kind.tensor_parallel}",
        engine=kind.engine,
    )
    replica, terms = served(setup)
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
    return kind.tensor_parallel / capacity.requests_per_second / kind.error_factor / 3600.0


def peak_ratio(work: Sequence[Workload[Array]], samples: int) -> Array:
    """Peak of the busiest hour's busiest bin over the day's mean, [workload, sample]; work with a deadline is levelled out."""
    rows = []
    for item in work:
        if isinstance(item.work, BatchWork | RenderWork | TrainingWork):
            rows.append(np.maximum(1.0, 24.0 / np.minimum(item.work.deadline_hours, 24.0)))
        elif isinstance(item.work, EdgeWork):
            rows.append(np.ones(samples))
        else:
            rows.append(max(item.hour_profile) / np.mean(item.hour_profile) * item.peak_to_mean_ratio)
    return np.stack([np.broadcast_to(row, (samples,)) for row in rows])
