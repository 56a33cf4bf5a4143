"""Serving a language model: memory, time of a step and of a prefill, continuous batching, and what measurements say about it."""

from groundwork.formulas.serving.batching import (
    LIMITS,
    ClosedLoop,
    ReplicaCapacity,
    closed_loop,
    offline_batch_count,
    offline_tokens_per_second,
    replica_capacity,
)
from groundwork.formulas.serving.fitting import Design, fitted_coefficients
from groundwork.formulas.serving.replica import (
    Replica,
    cache_bytes,
    cache_bytes_per_accelerator,
    cache_bytes_per_token,
    checked,
    latent_cache_bytes_per_token,
)
from groundwork.formulas.serving.steps import (
    GIB_BYTES,
    TERM_NAMES,
    ServingTerms,
    StepParts,
    decode_step,
    lone_prefill_seconds,
    memory_batch_count,
    prefill_seconds,
    touched_experts_ratio,
)

__all__ = [
    "GIB_BYTES",
    "LIMITS",
    "TERM_NAMES",
    "ClosedLoop",
    "Design",
    "Replica",
    "ReplicaCapacity",
    "ServingTerms",
    "StepParts",
    "cache_bytes",
    "cache_bytes_per_accelerator",
    "cache_bytes_per_token",
    "checked",
    "closed_loop",
    "decode_step",
    "fitted_coefficients",
    "latent_cache_bytes_per_token",
    "lone_prefill_seconds",
    "memory_batch_count",
    "offline_batch_count",
    "offline_tokens_per_second",
    "prefill_seconds",
    "replica_capacity",
    "touched_experts_ratio",
]
