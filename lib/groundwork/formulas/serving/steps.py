"""Time of one decode step and of one prefill, terms added up; and how many sequences fit in memory.

References
----------
.. [1] R. Pope and others, Efficiently Scaling Transformer Inference, MLSys 2023, sections 2 and 3.
.. [2] S. Williams, A. Waterman, D. Patterson, Roofline, CACM 52(4), 2009 (the largest term alone; here the terms are added).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from groundwork.formulas.serving.replica import Array, Replica, cache_bytes_per_accelerator


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingTerms:
    """What measurements say about each part of the time, above 0, shape [point] or a single number. Fitted, never assumed.

    The `_factor` fields multiply an ideal time (1 over the share of the peak reached); the others are in their own unit.

    Parameters
    ----------
    weights_factor, cache_factor
        Reading weights and cache, against the memory's bandwidth.
    decode_factor, prefill_factor
        Arithmetic of decoding and of prefilling, against the peak.
    layer_seconds, sequence_seconds, step_seconds
        Time of a decode step that no hardware figure explains: per layer, per sequence in the batch, once.
    hop_seconds, link_factor
        Exchange between accelerators: once per exchange among four, and against the link's bandwidth.
    imbalance_factor
        Extra work of the busiest accelerator where whole experts are dealt out, 0.3 for 30 %.
    whole_factor
        The whole decode step.
    admission_seconds, interference_factor
        What a prefill adds to the others' steps: a fixed part, and its own time.
    first_seconds, first_factor, step_wait_factor
        First token: a fixed part, the own prefill, the running step.
    wait_factor, queue_seconds
        First token again, how long each of the others holds it up: a share of its prefill, and a fixed while.
    offline_batch_count, offline_factor
        Sequences in flight per scheduler when nothing limits the client, and the throughput reached of the ideal cycle's.
    reserve_gb, usable_ratio, tight_ratio
        Memory that is neither weights nor cache, share of the memory that the server may take, and the share that is left for the
        cache at least where the weights leave hardly anything.
    """

    weights_factor: Array
    cache_factor: Array
    decode_factor: Array
    prefill_factor: Array
    layer_seconds: Array
    sequence_seconds: Array
    step_seconds: Array
    hop_seconds: Array
    link_factor: Array
    imbalance_factor: Array
    whole_factor: Array
    admission_seconds: Array
    interference_factor: Array
    first_seconds: Array
    first_factor: Array
    wait_factor: Array
    queue_seconds: Array
    step_wait_factor: Array
    offline_batch_count: Array
    offline_factor: Array
    reserve_gb: Array
    usable_ratio: Array
    tight_ratio: Array


GIB_BYTES = 2.0**30
"""What vendors write as GB of accelerator memory is counted in powers of two."""

TERM_NAMES: tuple[str, ...] = tuple(field.name for field in fields(ServingTerms))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepParts:
    """Seconds of one decode step by cause, each shape [..., point]; they add up to `seconds`."""

    weights_seconds: Array
    cache_seconds: Array
    compute_seconds: Array
    exchange_seconds: Array
    overhead_seconds: Array

    @property
    def seconds(self) -> Array:
        """The whole step."""
        parts = (self.weights_seconds, self.cache_seconds, self.compute_seconds, self.exchange_seconds, self.overhead_seconds)
        return np.asarray(sum(parts))


def touched_experts_ratio(replica: Replica, batch_count: ArrayLike) -> Array:
    """Share of the routed experts that at least one of B tokens uses, 1 - (1 - k/E)^B; 0 for a dense model.

    What a user would get wrong: a mixture of experts reads few weights only while the batch is small. At B = E/k two thirds of
    all experts are read in every step.
    """
    return np.asarray(1.0 - _untouched_ratio(replica) ** np.asarray(batch_count, dtype=np.float64))


def _untouched_ratio(replica: Replica) -> Array:
    """Share of the routed experts that one token leaves alone, 1 - k/E; 1 for a dense model."""
    return np.asarray(1.0 - np.where(replica.experts_count > 1.0, replica.experts_active_count / replica.experts_count, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOverBatch:
    """One decode step as it depends on the batch B alone: ``once + B each + experts (1 - untouched^B)``, fields [..., point].

    Parameters
    ----------
    once, each
        Seconds of any step, and what each sequence adds, by cause.
    experts_seconds, untouched_ratio
        Reading all routed experts, and the share of them that one token leaves alone.
    """

    once: StepParts
    each: StepParts
    experts_seconds: Array
    untouched_ratio: Array

    def parts(self, batch_count: ArrayLike) -> StepParts:
        """The step at a batch, by cause, shape [..., point]."""
        batch, once, each = np.asarray(batch_count, dtype=np.float64), self.once, self.each
        read = self.experts_seconds * (1.0 - self.untouched_ratio**batch)
        return StepParts(
            weights_seconds=np.asarray(once.weights_seconds + read),
            cache_seconds=np.asarray(batch * each.cache_seconds),
            compute_seconds=np.asarray(batch * each.compute_seconds),
            exchange_seconds=np.asarray(once.exchange_seconds + batch * each.exchange_seconds),
            overhead_seconds=np.asarray(once.overhead_seconds + batch * each.overhead_seconds),
        )


def decode_step(replica: Replica, terms: ServingTerms, batch_count: ArrayLike, context_tokens: ArrayLike) -> StepParts:
    """One decode step of B sequences with a mean context of S tokens: every sequence gets one token.

    Weights/(u BW) + B kv(S)/(u BW) + FLOPs/(u peak) + exchange + overhead, per accelerator. Added, not the largest: measured
    servers do not overlap them.

    What a user would get wrong: S is the mean length *so far*, input plus half of the output, not the longest.

    Parameters
    ----------
    replica, terms
        What it is made of and what measurements say about each part.
    batch_count
        B over the whole replica, shape [..., point].
    context_tokens
        S, shape [..., point].

    References
    ----------
    [1]_ section 2.
    """
    return step_over_batch(replica, terms, context_tokens).parts(batch_count)


def step_over_batch(replica: Replica, terms: ServingTerms, context_tokens: ArrayLike) -> StepOverBatch:
    """Everything in a decode step that does not change with the batch, worked out once for many batches.

    Parameters
    ----------
    replica, terms, context_tokens
        As in `decode_step`.
    """
    context, nothing = np.asarray(context_tokens, dtype=np.float64), np.zeros(1)
    bandwidth = 1e9 * replica.bandwidth_gb_per_second
    uneven = _uneven_factor(replica, terms)
    routed = replica.routed_b()
    dense_bytes = 1e9 * (replica.parameters_b - routed) * replica.dense_weight_bytes / replica.tensor_ways_count
    expert_bytes = 1e9 * routed * replica.expert_weight_bytes / replica.accelerators_count
    seen = replica.full_layers_count * context + replica.window_layers_count * np.minimum(context, replica.window_tokens)
    ways = replica.tensor_ways_count * replica.sequence_ways_count
    matrix = 2.0 * replica.active_b * 1e9 * uneven / replica.accelerators_count / (1e12 * replica.peak_tflops)
    attention = 4.0 * replica.decode_attention_count * seen / ways / (1e12 * replica.attention_tflops)
    here = 1.0 / replica.sequence_ways_count
    whole = terms.whole_factor
    once = StepParts(
        weights_seconds=np.asarray(whole * terms.weights_factor * dense_bytes / bandwidth),
        cache_seconds=nothing,
        compute_seconds=nothing,
        exchange_seconds=np.asarray(whole * _hops_seconds(replica, terms)),
        overhead_seconds=np.asarray(whole * (replica.layers_count * terms.layer_seconds + terms.step_seconds)),
    )
    each = StepParts(
        weights_seconds=nothing,
        cache_seconds=np.asarray(whole * terms.cache_factor * cache_bytes_per_accelerator(replica, context) / bandwidth),
        compute_seconds=np.asarray(whole * terms.decode_factor * (matrix + attention)),
        exchange_seconds=np.asarray(whole * _exchange_seconds(replica, terms, here)),
        overhead_seconds=np.asarray(whole * here * terms.sequence_seconds),
    )
    return StepOverBatch(
        once=once,
        each=each,
        experts_seconds=np.asarray(whole * terms.weights_factor * expert_bytes * uneven / bandwidth),
        untouched_ratio=_untouched_ratio(replica),
    )


def prefill_seconds(replica: Replica, terms: ServingTerms, input_tokens: ArrayLike, reused_ratio: ArrayLike = 0.0) -> Array:
    """Time that one prompt takes of a busy replica: 2 Pa I and attention against the peak, plus exchange.

    What a user would get wrong: a prefix cache takes the hit share off the tokens that are computed, not off those that are
    attended to nor off memory.

    Parameters
    ----------
    replica, terms
        As in `decode_step`.
    input_tokens
        I, shape [..., point].
    reused_ratio
        h, share of the input that a prefix cache holds already.

    References
    ----------
    [1]_ section 3.
    """
    tokens = np.asarray(input_tokens, dtype=np.float64)
    fresh = tokens * (1.0 - np.asarray(reused_ratio, dtype=np.float64))
    matrix = 2.0 * replica.active_b * 1e9 * _uneven_factor(replica, terms) * fresh
    # A fresh token attends to those before it: on average all reused ones and half of the fresh ones; a window cuts both.
    before = tokens - 0.5 * fresh
    window = np.minimum(before, replica.window_tokens)
    pairs = fresh * (replica.full_layers_count * before + replica.window_layers_count * window)
    attention = 4.0 * replica.prefill_attention_count * pairs
    peak, attention_peak = 1e12 * replica.peak_tflops, 1e12 * replica.attention_tflops
    compute = (matrix / peak + attention / attention_peak) / replica.accelerators_count
    return np.asarray(terms.prefill_factor * compute + _exchange_seconds(replica, terms, fresh) / replica.sequence_ways_count)


def lone_prefill_seconds(replica: Replica, terms: ServingTerms, input_tokens: ArrayLike, reused_ratio: ArrayLike = 0.0) -> Array:
    """Time to the first token of a prompt that is alone: its prefill, weights read once, overhead.

    With data-parallel attention one prompt has one scheduler, not all of them.

    Parameters
    ----------
    replica, terms, input_tokens, reused_ratio
        As in `prefill_seconds`.
    """
    own = prefill_seconds(replica, terms, input_tokens, reused_ratio) * replica.sequence_ways_count
    read = terms.weights_factor * replica.weight_bytes() / (1e9 * replica.bandwidth_gb_per_second)
    return np.asarray(own + read + replica.layers_count * terms.layer_seconds + _hops_seconds(replica, terms))


def memory_batch_count(replica: Replica, terms: ServingTerms, tokens_per_sequence: ArrayLike) -> Array:
    """Sequences of this length that fit beside the weights; below 1 when not even one does. Not rounded.

    (usable share of memory - weights - reserve) / cache of a sequence, on one accelerator.

    Parameters
    ----------
    replica, terms
        As in `decode_step`.
    tokens_per_sequence
        Tokens held per sequence, shape [..., point].
    """
    memory = GIB_BYTES * replica.memory_gib
    weights, tight = replica.weight_bytes(), terms.tight_ratio * memory
    free = np.maximum(terms.usable_ratio * memory - 1e9 * terms.reserve_gb - weights, tight)
    free = np.where(weights + tight <= memory, free, 0.0)
    per_sequence = cache_bytes_per_accelerator(replica, tokens_per_sequence)
    return np.asarray(free / np.maximum(per_sequence, 1e-9))


def _uneven_factor(replica: Replica, terms: ServingTerms) -> Array:
    dealt = (replica.expert_ways_count > 1.0) & (replica.experts_count > 1.0)
    return np.asarray(np.where(dealt, 1.0 + terms.imbalance_factor, 1.0))


def _hops_seconds(replica: Replica, terms: ServingTerms) -> Array:
    """Two exchanges a layer; their fixed time grows with the square root of the accelerators in the exchange."""
    several = replica.accelerators_count > 1.0
    return np.asarray(
        np.where(several, 2.0 * replica.layers_count * terms.hop_seconds * np.sqrt(replica.accelerators_count / 4.0), 0.0)
    )


def _exchange_seconds(replica: Replica, terms: ServingTerms, tokens: ArrayLike) -> Array:
    """Two exchanges a layer of 16-bit hidden states of these tokens, sent and received."""
    several = replica.accelerators_count > 1.0
    moved = 2.0 * replica.layers_count * np.asarray(tokens) * replica.hidden_count * 2.0 * 2.0
    return np.asarray(np.where(several, terms.link_factor * moved / (1e9 * replica.link_gb_per_second), 0.0))
