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
    lone_prefill_seconds,
    memory_batch_count,
    prefill_seconds,
    step_over_batch,
)

_HELD_OUTPUT_RATIO = 0.6  # of the output, held in memory on average by sequences at different ages, with the pages not yet full
_TANGENTS = 60  # at most; a dense model takes two
_CLOSE_RATIO = 1e-12


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
    copy = _Copy.of(replica, terms, inputs, outputs, reused)
    state = copy.loop(batch)
    waiting = np.maximum(flight / batch - 1.0, 0.0) * copy.cycle_ms(batch)
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
    state = _Copy.of(replica, terms, inputs, outputs, reused).loop(batch)
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

    Both latencies and the rate grow with the batch. The latencies are straight in it but for the experts that a larger batch
    touches, and those run out: they bend downwards, so tangents lead up to the largest batch within a limit and never past it.

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
    copy = _Copy.of(replica, terms, inputs, outputs, reused)
    each_at_top, first_at_top = copy.tpot_ms.at(top), copy.ttft_ms.at(top)
    fine = (each_at_top <= each) & (first_at_top <= first)
    batch = top
    if not fine.all():
        batch = np.where(fine, top, np.minimum(copy.tpot_ms.largest_batch(each, top), copy.ttft_ms.largest_batch(first, top)))
    state, alone = copy.loop(batch), np.ones_like(top)
    per_token_binds = each_at_top / each >= first_at_top / first
    binding = np.where(fine, np.where(room <= own, 0, 3), np.where(per_token_binds, 1, 2))
    return ReplicaCapacity(
        batch_count=batch,
        requests_per_second=np.asarray(state.output_tokens_per_second / outputs),
        output_tokens_per_second=state.output_tokens_per_second,
        tpot_ms=state.tpot_ms,
        ttft_ms=state.ttft_ms,
        fits=np.broadcast_to(room >= 1.0, batch.shape),
        within_limits=np.asarray((copy.tpot_ms.at(alone) <= each) & (copy.ttft_ms.at(alone) <= first)),
        binding=binding,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _OverBatch:
    """A latency over the batch B, ``level + slope B + experts (1 - untouched^B)``, in ms; fields [..., point]."""

    level: Array
    slope: Array
    experts: Array
    untouched: Array

    def at(self, batch: Array) -> Array:
        straight = self.level + self.slope * batch
        return np.asarray(straight + self.experts * (1.0 - self.untouched**batch) if self.experts.any() else straight)

    def largest_batch(self, limit: Array, top: Array) -> Array:
        """The largest batch from 1 to `top` within the limit, by tangents; 1 where not even one is."""
        batch, bent = np.ones_like(top), bool(self.experts.any())
        for _ in range(_TANGENTS):
            steepness = self.slope - self.experts * np.log(self.untouched) * self.untouched**batch if bent else self.slope
            further = np.minimum(np.maximum(batch + (limit - self.at(batch)) / steepness, 1.0), top)
            arrived = bool((further - batch <= _CLOSE_RATIO * batch).all())
            batch = further
            if arrived:
                break
        return batch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One copy at work on requests of one length with nobody waiting for memory: all that does not change with the batch."""

    tpot_ms: _OverBatch
    ttft_ms: _OverBatch
    step_ms: _OverBatch
    prefill_ms: Array
    slot_ms: Array
    outputs: Array

    @classmethod
    def of(cls, replica: Replica, terms: ServingTerms, inputs: Array, outputs: Array, reused: Array) -> _Copy:
        step = step_over_batch(replica, terms, inputs + 0.5 * outputs)
        prefill = 1e3 * prefill_seconds(replica, terms, inputs, reused)
        slot = prefill * terms.interference_factor + 1e3 * terms.admission_seconds / replica.sequence_ways_count
        once, each, experts = 1e3 * step.once.seconds, 1e3 * step.each.seconds, 1e3 * step.experts_seconds
        first = 1e3 * (terms.first_seconds + terms.first_factor * lone_prefill_seconds(replica, terms, inputs, reused))
        between = slot / outputs
        others = terms.wait_factor * prefill + 1e3 * terms.queue_seconds / replica.sequence_ways_count
        untouched, part = step.untouched_ratio, terms.step_wait_factor
        return cls(
            # Of B requests the B - 1 others hold one up.
            tpot_ms=_OverBatch(level=once - between, slope=each + between, experts=experts, untouched=untouched),
            ttft_ms=_OverBatch(
                level=first + part * once - others, slope=part * each + others, experts=part * experts, untouched=untouched
            ),
            step_ms=_OverBatch(level=once, slope=each, experts=experts, untouched=untouched),
            prefill_ms=prefill,
            slot_ms=slot,
            outputs=outputs,
        )

    def cycle_ms(self, batch: Array) -> Array:
        """What B requests take together."""
        return np.asarray(self.outputs * self.step_ms.at(batch) + batch * self.slot_ms)

    def loop(self, batch: Array) -> ClosedLoop:
        """Latencies and rate with B sequences running."""
        return ClosedLoop(
            batch_count=batch,
            tpot_ms=self.tpot_ms.at(batch),
            ttft_ms=self.ttft_ms.at(batch),
            output_tokens_per_second=np.asarray(1e3 * batch * self.outputs / self.cycle_ms(batch)),
            decode_step_ms=self.step_ms.at(batch),
            prefill_ms=self.prefill_ms,
        )
