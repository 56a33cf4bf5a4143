"""What one copy of a language model on its accelerators is made of: sizes, ways of splitting, speeds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One copy of a model on its accelerators; every field broadcasts over the points, shape [point] or a single number.

    What a user would get wrong: `kv_heads_count` is the number of ways in which tensor parallelism can split one sequence's
    cache. It is 1 for latent attention (MLA), where every accelerator of the group holds and reads the whole cache.

    Parameters
    ----------
    parameters_b, active_b
        Billions of parameters in all, and those that one token uses.
    experts_count, experts_active_count
        Routed experts of a layer and how many a token uses; 1 and 1 for a dense model.
    layers_count, hidden_count
        Layers and width of the hidden state.
    kv_heads_count, kv_elements_per_layer_count
        Ways to split the cache; elements kept per token and layer: 2 Hkv d, or r_kv + d_rope for latent attention.
    full_layers_count, window_layers_count, window_tokens
        Layers whose cache grows with the context, layers that keep a window alone, and that window. Layers without any cache
        (linear attention) are in neither.
    decode_attention_count, prefill_attention_count
        Query elements of a layer that meet every token of the context: Hq d; Hq (r_kv + d_rope / 2) for decoding with latents.
    expert_weight_bytes, dense_weight_bytes, kv_element_bytes
        Bytes per parameter of the routed experts and of everything else, and per element of the cache.
    accelerators_count, tensor_ways_count, sequence_ways_count, expert_ways_count
        n; ways in which the attention is split; ways in which the sequences are dealt out (n with data-parallel attention,
        else 1); ways in which whole experts are dealt out (1: every expert is cut).
    peak_tflops, attention_tflops
        Dense peak of the weights' arithmetic and of the attention's, one accelerator.
    memory_gib, bandwidth_gb_per_second, link_gb_per_second
        Of one accelerator.
    """

    parameters_b: Array
    active_b: Array
    experts_count: Array
    experts_active_count: Array
    layers_count: Array
    hidden_count: Array
    kv_heads_count: Array
    kv_elements_per_layer_count: Array
    full_layers_count: Array
    window_layers_count: Array
    window_tokens: Array
    decode_attention_count: Array
    prefill_attention_count: Array
    expert_weight_bytes: Array
    dense_weight_bytes: Array
    kv_element_bytes: Array
    accelerators_count: Array
    tensor_ways_count: Array
    sequence_ways_count: Array
    expert_ways_count: Array
    peak_tflops: Array
    attention_tflops: Array
    memory_gib: Array
    bandwidth_gb_per_second: Array
    link_gb_per_second: Array

    def routed_b(self) -> Array:
        """Billions of parameters in routed experts, from P = D + R and A = D + R k / E."""
        share = self.experts_active_count / self.experts_count
        routed = (self.parameters_b - self.active_b) / np.where(share < 1.0, 1.0 - share, 1.0)
        return np.asarray(np.where(self.experts_count > 1.0, routed, 0.0))

    def weight_bytes(self) -> Array:
        """Bytes of weights on one accelerator: attention and shared parts split the tensor's ways, experts over all."""
        routed = self.routed_b()
        dense = (self.parameters_b - routed) * self.dense_weight_bytes / self.tensor_ways_count
        return np.asarray(1e9 * (dense + routed * self.expert_weight_bytes / self.accelerators_count))


def checked(replica: Replica) -> Replica:
    """The replica, or one `InputFault` with every field out of range."""
    zero_allowed = {
        "window_layers_count",
        "full_layers_count",
        "window_tokens",
        "decode_attention_count",
        "prefill_attention_count",
    }
    refuse(
        (at_least if field.name in zero_allowed else above)(field.name, getattr(replica, field.name), 0.0)
        for field in fields(replica)
    )
    return replica


def cache_bytes_per_token(
    kv_heads_count: ArrayLike, head_count: ArrayLike, layers_count: ArrayLike, element_bytes: ArrayLike
) -> Array:
    """Bytes of key-value cache of one token with multi-head or grouped-query attention: 2 L Hkv d b.

    What a user would get wrong: Hkv is the number of *key-value* heads, not of query heads (eight times fewer in many models).

    Parameters
    ----------
    kv_heads_count, head_count, layers_count
        Hkv, elements of one head d, layers L that keep a growing cache.
    element_bytes
        b: 2 at 16 bit, 1 at 8 bit.

    References
    ----------
    .. [1] J. Ainslie and others (2023), GQA, arXiv 2305.13245, section 2.
    """
    heads, head, layers, width = (
        np.asarray(one, np.float64) for one in (kv_heads_count, head_count, layers_count, element_bytes)
    )
    return np.asarray(2.0 * layers * heads * head * width)


def latent_cache_bytes_per_token(
    latent_count: ArrayLike, rope_count: ArrayLike, layers_count: ArrayLike, element_bytes: ArrayLike
) -> Array:
    """Bytes of cache of one token with multi-head latent attention: L (r_kv + d_rope) b, whatever the number of heads.

    What a user would get wrong: there is no factor 2, keys and values come from the same latent; and tensor parallelism does
    not divide it.

    Parameters
    ----------
    latent_count, rope_count, layers_count
        r_kv, d_rope (512 and 64 in DeepSeek-V3), L.
    element_bytes
        b.

    References
    ----------
    .. [1] DeepSeek-AI (2024), DeepSeek-V2, arXiv 2405.04434, section 2.1.3 and table 1.
    """
    latent, rope, layers, width = (np.asarray(one, np.float64) for one in (latent_count, rope_count, layers_count, element_bytes))
    return np.asarray((latent + rope) * layers * width)


def cached_tokens(replica: Replica, context_tokens: ArrayLike) -> Array:
    """Layer-tokens that a sequence of this length keeps: full layers keep all of them, window layers the window at most."""
    context = np.asarray(context_tokens, dtype=np.float64)
    kept = np.minimum(context, replica.window_tokens)
    return np.asarray(replica.full_layers_count * context + replica.window_layers_count * kept)


def cache_bytes(replica: Replica, context_tokens: ArrayLike) -> Array:
    """Bytes that one sequence of this length keeps in the cache, over all layers, unsplit."""
    elements = replica.kv_elements_per_layer_count * replica.kv_element_bytes
    return np.asarray(elements * cached_tokens(replica, context_tokens))


def cache_bytes_per_accelerator(replica: Replica, context_tokens: ArrayLike) -> Array:
    """Bytes that one sequence of the batch costs one accelerator: heads split while there are any, sequences dealt out."""
    ways = np.maximum(np.minimum(replica.tensor_ways_count, replica.kv_heads_count), 1.0) * replica.sequence_ways_count
    return np.asarray(cache_bytes(replica, context_tokens) / ways)
