"""One copy of a language model under traffic: its step times from the fitted terms, and whether it keeps a promise at a load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.serving_terms import served
from groundwork.catalogue.trace_records import trace_sizes
from groundwork.formulas.input_ranges import above, at_least, between, refuse
from groundwork.formulas.latency import (
    BatchingServer,
    knee_requests_per_second,
    length_classes_tokens,
    server_latency,
    steady_over_load,
)
from groundwork.formulas.serving import Replica, ServingTerms, decode_step, prefill_seconds
from groundwork.quantities import Array
from groundwork.strategy.servers import TRACE, llm_capacity, setup_of
from groundwork.workloads import LlmWork

_CLASSES = 6  # of prompt and of answer lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What is asked in the busiest bin: requests per second, mean tokens in and out with their coefficients of variation."""

    requests_per_second: float
    input_tokens: float
    output_tokens: float
    input_cv_ratio: float
    output_cv_ratio: float
    reused_ratio: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Limits that the share `quantile_ratio` of the requests must meet, and the chance that enough copies are up."""

    ttft_limit_ms: float
    tpot_limit_ms: float
    quantile_ratio: float = 0.95
    copy_availability_ratio: float = 1.0
    availability_ratio: float = 0.999


def checked(traffic: Traffic, promise: Promise) -> None:
    """Refuse traffic or promises out of range, all faults at once."""
    refuse(
        [
            above("requests_per_second", traffic.requests_per_second, 0.0),
            at_least("input_tokens", traffic.input_tokens, 1.0),
            at_least("output_tokens", traffic.output_tokens, 1.0),
            between("reused_ratio", traffic.reused_ratio, 0.0, 0.99),
            above("ttft_limit_ms", promise.ttft_limit_ms, 0.0),
            above("tpot_limit_ms", promise.tpot_limit_ms, 0.0),
            between("quantile_ratio", promise.quantile_ratio, 0.01, 0.999),
            between("copy_availability_ratio", promise.copy_availability_ratio, 1e-6, 1.0),
        ]
    )


def one_point(replica: Replica, terms: ServingTerms, place: int) -> tuple[Replica, ServingTerms]:
    """One of the points, every field [1]."""

    def at(record: Replica | ServingTerms) -> dict[str, Array]:
        values = {field.name: np.ravel(getattr(record, field.name)) for field in fields(record)}
        return {name: value[[place if value.size > 1 else 0]] for name, value in values.items()}

    return Replica(**at(replica)), ServingTerms(**at(terms))


def one_copy(one: Replica, fitted: ServingTerms, batch_count: float, traffic: Traffic) -> tuple[BatchingServer, float]:
    """Step times of one copy (a single point) for the traffic's lengths, and the seconds of a first token beside any load."""
    batch = np.arange(1.0, max(1.0, np.floor(batch_count)) + 1.0)
    steps = decode_step(one, fitted, batch, traffic.input_tokens + 0.5 * traffic.output_tokens).seconds
    # A batch of one may be read from another part of the fit than the next: steps never get shorter with company.
    steps = np.maximum.accumulate(np.broadcast_to(steps, batch.shape))
    lengths = length_classes_tokens(traffic.input_tokens, traffic.input_cv_ratio, _CLASSES)
    own = prefill_seconds(one, fitted, lengths, traffic.reused_ratio) * fitted.interference_factor
    prefills = np.asarray(own + fitted.admission_seconds / one.sequence_ways_count)
    tokens = np.maximum(length_classes_tokens(traffic.output_tokens, traffic.output_cv_ratio, _CLASSES), 2.0)
    return (
        BatchingServer(decode_seconds=steps, prefill_seconds=prefills, output_tokens=tokens),
        float(np.asarray(fitted.first_seconds).ravel()[0]),
    )


def keeps(server: BatchingServer, fixed_seconds: float, loads: Array, promise: Promise) -> NDArray[np.bool_]:
    """Whether both limits hold at each load, by quick bounds: the quantile of the number met, and of the wait for a place."""
    chain = steady_over_load(server, loads)
    late = 1.0 - promise.quantile_ratio
    met = np.minimum((np.cumsum(chain.seen, axis=1) < promise.quantile_ratio).sum(axis=1), server.largest_batch_count - 1)
    stalled = chain.prefill_share / (1.0 - chain.prefill_share)
    step = server.decode_seconds[met]
    place = chain.wait_seconds * np.log(np.maximum(chain.full / late, 1.0))
    ahead = stalled * float((server.prefill_seconds**2).mean() / (2.0 * server.prefill_seconds.mean()))
    own = float(np.quantile(server.prefill_seconds, promise.quantile_ratio))
    first = fixed_seconds + own + ahead + place + step
    return np.asarray((1e3 * step * (1.0 + stalled) <= promise.tpot_limit_ms) & (1e3 * first <= promise.ttft_limit_ms))


def allowed_load(server: BatchingServer, fixed_seconds: float, promise: Promise) -> float | None:
    """The highest load that the quick bounds allow, to a 512th of the saturation; nothing where they hold at no load.

    Halved nine times in two looks: what each half needs is worked out for all of its loads at once.
    """
    top = server.saturation_requests_per_second
    low, cells = 0.0, 1
    for halvings in (4, 5):
        cells *= 2**halvings
        inside = np.arange(1.0, 2.0**halvings)
        kept = keeps(server, fixed_seconds, np.append(1e-3, low + inside / cells) * top, promise)
        if not kept[0]:
            return None
        place = 0
        for halving in reversed(range(halvings)):
            place += 2**halving * int(kept[place + 2**halving])
        low += place / cells
    return max(low, 1e-3) * top


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLatency:
    """Latency of one copy over its load: `load_requests_per_second` [load], the quantiles [quantile, load] in seconds.

    `saturation_requests_per_second` is never reached; beyond `knee_requests_per_second` waits grow faster than work.
    """

    load_requests_per_second: Array
    ttft_seconds: Array
    tpot_seconds: Array
    saturation_requests_per_second: float
    knee_requests_per_second: float
    mfu_ratio: float


def latency_over_load(kind: LlmWork[Array], load_ratios: Sequence[float], quantile_ratios: Sequence[float]) -> CopyLatency:
    """First-token and per-token times of one copy of a workload's model at shares of its saturation, for its first sample.

    Lengths spread as in the public conversation trace; the workload's own error factor stretches all times. `mfu_ratio` is the
    share of the accelerators' peak that the sums of a full batch take.

    Parameters
    ----------
    kind
        Beliefs drawn or at their middles; only the first sample is looked at.
    load_ratios
        Shares of the saturation, strictly between 0 and 1.
    quantile_ratios
        Strictly between 0 and 1.
    """
    capacity = llm_capacity(kind)
    sizes = {row.kind: row.cv_ratio for row in trace_sizes() if row.trace == TRACE}
    traffic = Traffic(
        requests_per_second=1.0,
        input_tokens=float(kind.input_tokens[0]),
        output_tokens=float(kind.output_tokens[0]),
        input_cv_ratio=sizes["input"],
        output_cv_ratio=sizes["output"],
        reused_ratio=float(kind.prefix_hit_ratio[0]),
    )
    replica, terms = served(setup_of(kind))
    one, fitted = one_point(replica, terms, 0)
    plain, fixed = one_copy(one, fitted, float(np.ravel(capacity.batch_count)[0]), traffic)
    slower = 1.0 / float(kind.error_factor[0])
    server = BatchingServer(
        decode_seconds=plain.decode_seconds * slower,
        prefill_seconds=plain.prefill_seconds * slower,
        output_tokens=plain.output_tokens,
    )
    top = server.saturation_requests_per_second
    told = [server_latency(server, share * top, quantile_ratios) for share in load_ratios]
    tokens = traffic.input_tokens * (1.0 - traffic.reused_ratio) + traffic.output_tokens
    flops = 2e9 * float(np.ravel(replica.active_b)[0]) * tokens * top
    peak = 1e12 * float(np.ravel(replica.peak_tflops * replica.accelerators_count)[0])
    return CopyLatency(
        load_requests_per_second=top * np.asarray(load_ratios),
        ttft_seconds=np.stack([one.ttft_seconds + fixed for one in told], axis=1),
        tpot_seconds=np.stack([one.tpot_seconds for one in told], axis=1),
        saturation_requests_per_second=top,
        knee_requests_per_second=knee_requests_per_second(server, 24),
        mfu_ratio=flops / peak,
    )
