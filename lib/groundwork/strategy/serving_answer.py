"""What serves one language model of the plan: copies as it stands and how sure, how near the knee, and the next best change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from groundwork.catalogue.serving_records import accelerator_row
from groundwork.catalogue.trace_records import trace_sizes
from groundwork.errors import OutOfCalibration
from groundwork.formulas.demand import normalised_profile
from groundwork.quantities import Array
from groundwork.strategy.served_copy import Promise, Traffic
from groundwork.strategy.servers import TRACE
from groundwork.strategy.serving_search import Fleet, Found, fewest_accelerators, measured_accelerators
from groundwork.workloads import LlmWork, Workload

KEPT_RATIO = 0.95  # of the requests keep both limits
WORTH_RATIO = 0.97  # of the price or the count: what saves less is no change worth making
PRECISIONS = ("bf16", "fp8", "fp4")
WAYS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change and what it leads to: `what` is precision, tensor parallelism or accelerator."""

    what: str
    fleet: Fleet


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingAnswer:
    """How one workload's language model is served in its busiest bin; `refusal` says why where there is no answer.

    `accelerators_count` are those of the setup as it stands when the capacity is as good as it may be, middling, and as bad, by
    the levels asked for. `knee_share_ratio` is the load of one copy over the load from which waits grow faster than work.
    """

    requests_per_second: float
    found: Found | None
    accelerators_count: tuple[float, ...]
    knee_share_ratio: float
    steps: tuple[Step, ...]
    best: Found | None
    refusal: str = ""


def traffic_of(item: Workload[Array], kind: LlmWork[Array]) -> Traffic:
    """The busiest bin of a workload, its first sample, all use cases live; lengths spread as in the public conversation trace."""
    sizes = {row.kind: row.cv_ratio for row in trace_sizes() if row.trace == TRACE}
    busiest = float(normalised_profile(item.hour_profile).max()) * float(item.peak_to_mean_ratio[0])
    return Traffic(
        requests_per_second=float(item.units_per_day[0]) / 86_400.0 * busiest,
        input_tokens=float(kind.input_tokens[0]),
        output_tokens=float(kind.output_tokens[0]),
        input_cv_ratio=sizes["input"],
        output_cv_ratio=sizes["output"],
        reused_ratio=float(kind.prefix_hit_ratio[0]),
    )


def serving_answer(item: Workload[Array], error_factors: Sequence[float]) -> ServingAnswer:
    """The answer for one workload served on own accelerators, and each single change that would serve it with less.

    What a user would get wrong: the fewest accelerators are seldom the cheapest. Changes are ordered by list price where both
    sides have one, by count otherwise; only accelerators with measurements of their own are offered.

    Parameters
    ----------
    item
        A language model's workload at its middles; its first sample is looked at.
    error_factors
        Capacity over predicted capacity, from high to low: one count of accelerators comes back for each.
    """
    kind = item.work
    assert isinstance(kind, LlmWork)
    traffic = traffic_of(item, kind)
    promise = Promise(
        ttft_limit_ms=float(kind.ttft_limit_ms[0]), tpot_limit_ms=float(kind.tpot_limit_ms[0]), quantile_ratio=KEPT_RATIO
    )

    def search(
        load: float,
        accelerators: Sequence[str] = (kind.accelerator,),
        precisions: Sequence[str] = (kind.precision,),
        ways: Sequence[int] = (kind.tensor_parallel,),
    ) -> Found | None:
        try:
            return fewest_accelerators(
                kind.model,
                replace(traffic, requests_per_second=load),
                promise,
                accelerators=accelerators,
                precisions=precisions,
                tensor_parallel=ways,
                engine=kind.engine,
            )
        except OutOfCalibration as reason:
            reasons.append(str(reason))
            return None

    reasons: list[str] = []
    load = traffic.requests_per_second
    counted = [search(load / factor) for factor in error_factors]
    found = search(load)
    refusal = reasons[0] if found is None else ""
    known = sorted(measured_accelerators() | {accelerator_row(kind.accelerator)["accelerator"]})
    offers = (
        ("precision", search(load, precisions=PRECISIONS)),
        ("tensor parallelism", search(load, ways=WAYS)),
        ("accelerator", search(load, accelerators=known)),
    )
    return ServingAnswer(
        requests_per_second=load,
        found=found,
        accelerators_count=tuple(float(one.fewest.accelerators_count) if one else np.nan for one in counted),
        knee_share_ratio=found.load_per_copy_requests_per_second / found.knee_requests_per_second if found else np.nan,
        steps=_steps(found, offers),
        best=search(load, known, PRECISIONS, WAYS),
        refusal=refusal,
    )


def _steps(found: Found | None, offers: Sequence[tuple[str, Found | None]]) -> tuple[Step, ...]:
    """Each single change that saves, the one that saves most first; where nothing serves now, each that does."""
    steps = []
    for what, offer in offers:
        if offer is None:
            continue
        for fleet in dict.fromkeys([offer.cheapest or offer.fewest, offer.fewest]):
            if found is None or saved_ratio(found.fewest, fleet) < WORTH_RATIO:
                steps.append(Step(what=what, fleet=fleet))
                break
    return tuple(
        sorted(steps, key=lambda step: saved_ratio(found.fewest, step.fleet) if found else step.fleet.accelerators_count)
    )


def saved_ratio(now: Fleet, then: Fleet) -> float:
    """What is left to pay after a change: price over price where both have one, else accelerators over accelerators."""
    if now.usd_per_hour and then.usd_per_hour:
        return then.usd_per_hour / now.usd_per_hour
    return then.accelerators_count / now.accelerators_count
