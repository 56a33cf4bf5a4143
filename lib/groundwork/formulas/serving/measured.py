"""What a benchmark of a server measures, predicted: the logarithm of time per token, time to first token or tokens per second."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.serving.batching import closed_loop, offline_tokens_per_second, replica_capacity
from groundwork.formulas.serving.replica import Array, Replica
from groundwork.formulas.serving.steps import TERM_NAMES, ServingTerms

METRICS = ("tpot_ms", "ttft_ms", "output_tokens_per_s_per_gpu")
_Record = TypeVar("_Record", Replica, ServingTerms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """Conditions of measured points, each field [point].

    `in_flight_count` is not-a-number where nothing limits the client (offline): the server then takes what it can hold.
    `metric` is the place in `METRICS`. `server_ratio` is 1 with a server in the path, 0 for the engine alone.
    The limits are infinite where the benchmark has none.
    """

    replica: Replica
    input_tokens: Array
    output_tokens: Array
    in_flight_count: Array
    metric: NDArray[np.int64]
    server_ratio: Array
    ttft_limit_ms: Array
    tpot_limit_ms: Array


def terms_from(bases: dict[str, float], logs: dict[str, Array]) -> ServingTerms:
    """The terms for bases in their units and logarithms over them; a term without logarithms is its base."""
    return ServingTerms(**{name: np.asarray(bases[name] * np.exp(logs.get(name, 0.0))) for name in TERM_NAMES})


def predicted_logs(points: Measurements, terms: ServingTerms) -> Array:
    """Natural logarithm of what each point would measure: ms, or output tokens per second and accelerator, [point].

    What a user would get wrong: tokens per second of a benchmark with a fixed number of requests in flight and "max" of an
    offline run are different questions; the second has no latency.

    Parameters
    ----------
    points
        Conditions.
    terms
        Fitted terms at these points.
    """
    offline = np.isnan(points.in_flight_count)
    terms = replace(terms, first_seconds=terms.first_seconds * points.server_ratio)
    loop = closed_loop(
        points.replica,
        terms,
        in_flight_count=np.where(offline, 1.0, points.in_flight_count),
        input_tokens=points.input_tokens,
        output_tokens=points.output_tokens,
    )
    best = offline_tokens_per_second(points.replica, terms, input_tokens=points.input_tokens, output_tokens=points.output_tokens)
    limited = np.isfinite(points.ttft_limit_ms) | np.isfinite(points.tpot_limit_ms)
    if limited.any():
        # The search within limits costs thirty steps: only the few points that have a limit are worth it.
        within = replica_capacity(
            _some(points.replica, limited),
            _some(terms, limited),
            input_tokens=points.input_tokens[limited],
            output_tokens=points.output_tokens[limited],
            ttft_limit_ms=points.ttft_limit_ms[limited],
            tpot_limit_ms=points.tpot_limit_ms[limited],
        )
        reached = _some(terms, limited).offline_factor * within.output_tokens_per_second
        best[limited] = np.minimum(best[limited], reached)
    rate = np.where(offline, best, loop.output_tokens_per_second) / points.replica.accelerators_count
    return np.asarray(np.log(np.choose(points.metric, [loop.tpot_ms, loop.ttft_ms, rate])))


def _some(record: _Record, chosen: NDArray[np.bool_]) -> _Record:
    """The record of the chosen points; a single number stays one."""
    values = {field.name: np.asarray(getattr(record, field.name)) for field in fields(record)}
    return type(record)(**{name: value[chosen] if value.ndim else value for name, value in values.items()})
