"""Continuous batching: time per token, time to the first token and tokens per second of B requests that come and go.

References
----------
.. [1] G.-I. Yu and others, Orca, OSDI 2022, section 3 (iteration-level scheduling).
.. [2] A. Agrawal and others, Sarathi-Serve, OSDI 2024, section 3 (what prefills do to the tokens of the others).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, between, refuse
from groundwork.formulas.serving.replica import Array, Replica, checked
from groundwork.formulas.serving.steps import (
    ServingTerms,
    decode_step,
    lone_prefill_seconds,
    memory_batch_count,
    prefill_seconds,
)

_HELD_OUTPUT_RATIO = 0.6  # of the output, held in memory on average by sequences at different ages, with the pages not yet full
_HALVINGS = 30  # of the logarithm of the batch: to one part in 10^8


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLoop:
    """Steady state with a fixed number of requests in flight; each field [..., point].

    `batch_count` is what runs together: the requests in flight, or what memory allows. The rate is of the whole replica.
    """

    batch_count: Array
    tpot_ms: Array
    ttft_ms: Array
    output_tokens_per_second: Array
    decode_step_ms: Array
    prefill_ms: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaCapacity:
    """Most that one replica serves within its limits; each field [..., point].

    `fits` is false where not even one sequence has room beside the weights, `within_limits` where one request alone breaks a
    limit: the batch is then one, for want of less.
    `binding` counts: 0 memory, 1 time per token, 2 time to first token, 3 the server's own batch limit.
    """

    batch_count: Array
    requests_per_second: Array
    output_tokens_per_second: Array
    tpot_ms: Array
    ttft_ms: Array
    fits: NDArray[np.bool_]
    within_limits: NDArray[np.bool_]
    binding: NDArray[np.int64]


LIMITS = ("memory", "time per token", "time to first token", "batch limit of the server")


def closed_loop(
    replica: Replica,
    terms: ServingTerms,
    *,
    in_flight_count: ArrayLike,
    input_tokens: ArrayLike,
    output_tokens: ArrayLike,
    reused_ratio: ArrayLike = 0.0,
) -> ClosedLoop:
    """Latencies and rate of a replica that always has the same number of requests in flight.

    A cycle serves B requests: O decode steps and B prefills, ``cycle = O t_dec(B) + B t_pre``; a request's tokens come
    ``t_dec + (B - 1) t_pre / O`` apart. Requests beyond what memory holds wait for their turn, a share of a cycle each.

    What a user would get wrong: throughput hardly falls when more requests are in flight than fit, but the time to the first
    token jumps by whole cycles.

    Parameters
    ----------
    replica, terms
        See `decode_step`.
    in_flight_count
        Requests sent and not yet answered in full, 1 or more, shape [..., point].
    input_tokens, output_tokens
        I and O, above 0, shape [..., point].
    reused_ratio
        Share of the input that a prefix cache holds.

    References
    ----------
    [1]_, [2]_.
    """
    flight, inputs, outputs, reused = (
        np.asarray(one, np.float64) for one in (in_flight_count, input_tokens, output_tokens, reused_ratio)
    )
    refuse([above("in_flight_count", flight, 0.0), above("input_tokens", inputs, 0.0), above("output_tokens", outputs, 0.0)])
    refuse([between("reused_ratio", reused, 0.0, 1.0)])
    room = np.maximum(memory_batch_count(checked(replica), terms, inputs + _HELD_OUTPUT_RATIO * outputs), 1.0)
    batch = np.minimum(flight, room)
    state = _state(replica, terms, batch, inputs, outputs, reused)
    waiting = np.maximum(flight / batch - 1.0, 0.0) * 1e3 * _cycle_seconds(replica, terms, batch, inputs, outputs, reused)
    return ClosedLoop(
        batch_count=batch,
        tpot_ms=state.tpot_ms,
        ttft_ms=np.asarray(state.ttft_ms + waiting),
        output_tokens_per_second=state.output_tokens_per_second,
        decode_step_ms=state.decode_step_ms,
        prefill_ms=state.prefill_ms,
    )


def offline_tokens_per_second(
    replica: Replica, terms: ServingTerms, *, input_tokens: ArrayLike, output_tokens: ArrayLike, reused_ratio: ArrayLike = 0.0
) -> Array:
    """Output tokens per second of the replica when requests are always waiting and no latency is promised.

    The batch is what memory and the server's own limit allow together (harmonic sum: both bind a little before they bind fully).

    Parameters
    ----------
    replica, terms, input_tokens, output_tokens, reused_ratio
        As in `closed_loop`.
    """
    inputs, outputs, reused = (np.asarray(one, np.float64) for one in (input_tokens, output_tokens, reused_ratio))
    batch = offline_batch_count(replica, terms, inputs, outputs)
    state = _state(replica, terms, batch, inputs, outputs, reused)
    return np.asarray(terms.offline_factor * state.output_tokens_per_second)


def offline_batch_count(replica: Replica, terms: ServingTerms, input_tokens: ArrayLike, output_tokens: ArrayLike) -> Array:
    """Sequences that run together when requests are always waiting; at least one.

    Parameters
    ----------
    replica, terms, input_tokens, output_tokens
        As in `closed_loop`.
    """
    held = np.asarray(input_tokens, np.float64) + _HELD_OUTPUT_RATIO * np.asarray(output_tokens, np.float64)
    room = np.maximum(memory_batch_count(checked(replica), terms, held), 1.0)
    own = terms.offline_batch_count * replica.sequence_ways_count
    return np.asarray(np.maximum(1.0 / (1.0 / room + 1.0 / own), 1.0))


def replica_capacity(
    replica: Replica,
    terms: ServingTerms,
    *,
    input_tokens: ArrayLike,
    output_tokens: ArrayLike,
    ttft_limit_ms: ArrayLike,
    tpot_limit_ms: ArrayLike,
    reused_ratio: ArrayLike = 0.0,
) -> ReplicaCapacity:
    """Largest batch within memory and both limits, and what the replica serves with it.

    Both latencies and the rate grow with the batch, so the largest batch within the limits is found by halving.

    What a user would get wrong: these are latencies at a *steady* batch; waiting for a replica under random arrivals comes on top
    (`groundwork.formulas.queueing`).

    Parameters
    ----------
    replica, terms, input_tokens, output_tokens, reused_ratio
        As in `closed_loop`.
    ttft_limit_ms, tpot_limit_ms
        Mean latencies that must hold, above 0, shape [..., point]; infinite for none.
    """
    inputs, outputs, reused = (np.asarray(one, np.float64) for one in (input_tokens, output_tokens, reused_ratio))
    first, each = np.asarray(ttft_limit_ms, np.float64), np.asarray(tpot_limit_ms, np.float64)
    refuse([above("input_tokens", inputs, 0.0), above("output_tokens", outputs, 0.0), between("reused_ratio", reused, 0.0, 1.0)])
    room = memory_batch_count(checked(replica), terms, inputs + _HELD_OUTPUT_RATIO * outputs)
    own = terms.offline_batch_count * replica.sequence_ways_count
    top = np.maximum(np.minimum(room, own), 1.0)
    top = np.broadcast_to(top, np.broadcast_shapes(top.shape, inputs.shape, outputs.shape, first.shape, each.shape, reused.shape))
    at_top = _state(replica, terms, top, inputs, outputs, reused)
    alone = _state(replica, terms, np.ones_like(top), inputs, outputs, reused)
    fine = (at_top.tpot_ms <= each) & (at_top.ttft_ms <= first)
    low, high = np.zeros_like(top), np.where(fine, 0.0, np.log(top))
    for _ in range(_HALVINGS if not fine.all() else 0):
        middle = 0.5 * (low + high)
        state = _state(replica, terms, np.exp(middle), inputs, outputs, reused)
        holds = (state.tpot_ms <= each) & (state.ttft_ms <= first)
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
    batch = np.where(fine, top, np.exp(low))
    state = _state(replica, terms, batch, inputs, outputs, reused)
    per_token_binds = at_top.tpot_ms / each >= at_top.ttft_ms / first
    binding = np.where(fine, np.where(room <= own, 0, 3), np.where(per_token_binds, 1, 2))
    return ReplicaCapacity(
        batch_count=batch,
        requests_per_second=np.asarray(state.output_tokens_per_second / outputs),
        output_tokens_per_second=state.output_tokens_per_second,
        tpot_ms=state.tpot_ms,
        ttft_ms=state.ttft_ms,
        fits=np.broadcast_to(room >= 1.0, batch.shape),
        within_limits=np.asarray((alone.tpot_ms <= each) & (alone.ttft_ms <= first)),
        binding=binding,
    )


def _cycle_seconds(replica: Replica, terms: ServingTerms, batch: Array, inputs: Array, outputs: Array, reused: Array) -> Array:
    step = decode_step(replica, terms, batch, inputs + 0.5 * outputs).seconds
    return np.asarray(outputs * step + batch * _slot_seconds(replica, terms, prefill_seconds(replica, terms, inputs, reused)))


def _slot_seconds(replica: Replica, terms: ServingTerms, prefill: Array) -> Array:
    return np.asarray(prefill * terms.interference_factor + terms.admission_seconds / replica.sequence_ways_count)


def _state(replica: Replica, terms: ServingTerms, batch: Array, inputs: Array, outputs: Array, reused: Array) -> ClosedLoop:
    """Latencies and rate with B sequences running and nobody waiting for memory."""
    step = decode_step(replica, terms, batch, inputs + 0.5 * outputs).seconds
    prefill = prefill_seconds(replica, terms, inputs, reused)
    slot = _slot_seconds(replica, terms, prefill)
    others = np.maximum(batch - 1.0, 0.0)
    first = (
        terms.first_seconds
        + terms.first_factor * lone_prefill_seconds(replica, terms, inputs, reused)
        + terms.wait_factor * others * prefill
        + terms.step_wait_factor * step
    )
    return ClosedLoop(
        batch_count=batch,
        tpot_ms=np.asarray(1e3 * (step + others * slot / outputs)),
        ttft_ms=np.asarray(1e3 * first),
        output_tokens_per_second=np.asarray(batch * outputs / (outputs * step + batch * slot)),
        decode_step_ms=np.asarray(1e3 * step),
        prefill_ms=np.asarray(1e3 * prefill),
    )
