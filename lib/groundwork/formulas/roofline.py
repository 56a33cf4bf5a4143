"""A first estimate of a language model's serving rate: reading, computing and overhead added up, never the largest alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BYTES_PER_ELEMENT: Mapping[str, float] = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "fp4": 0.5}
BATCHES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0])


def accelerator_seconds_per_request(
    model: Mapping[str, float],
    accelerator: Mapping[str, float],
    precision: str,
    accelerators_count: int,
    *,
    input_tokens: Array,
    context_tokens: Array,
    output_tokens: Array,
    tpot_limit_ms: Array,
) -> Array:
    """Accelerator-seconds that one request takes at the largest batch within memory and the limit per token.

    A cycle of continuous batching serves B requests: O decode steps and B prefills,
    ``cycle = O t_dec(B) + B t_pre``, ``TPOT = t_dec + (B - 1) t_pre / O``; with the terms of a decode step added,
    ``t_dec = weights/(u_m BW n) + B kv S/(u_m BW n) + 2 Pa B/(u_c peak n)``.

    Parameters
    ----------
    model
        ``parameters_b``, ``active_b``, ``kv_bytes_per_token`` (all layers, 16 bit), ``experts``, ``experts_active``.
    accelerator
        ``tflops`` by precision under the precision's name, ``hbm_gb``, ``bandwidth_gb_per_second``,
        ``bandwidth_ratio`` and ``compute_ratio``: the shares of both that serving reaches.
    precision, accelerators_count
        Number format of the weights and how many accelerators hold one replica.
    input_tokens, context_tokens, output_tokens
        Tokens computed in the prefill, tokens attended to on average, tokens written; shape [sample].
    tpot_limit_ms
        Time per output token that users accept, shape [sample]. Where even one request exceeds it, a batch of one is used.

    Returns
    -------
    Accelerator-seconds per request, shape [sample].

    References
    ----------
    .. [1] R. Pope and others, Efficiently Scaling Transformer Inference, MLSys 2023, section 2.
    """
    width = BYTES_PER_ELEMENT[precision]
    count = float(accelerators_count)
    batch = BATCHES[:, None]
    bandwidth = accelerator["bandwidth_gb_per_second"] * 1e9 * accelerator["bandwidth_ratio"] * count
    peak = accelerator[precision] * 1e12 * accelerator["compute_ratio"] * count
    kv_bytes = model["kv_bytes_per_token"] * min(width, 2.0) / 2.0 if precision != "fp4" else model["kv_bytes_per_token"] / 2.0
    dense = min(model["active_b"], model["parameters_b"])
    routed = model["parameters_b"] - dense
    touched = 1.0 - (1.0 - model["experts_active"] / model["experts"]) ** batch if model["experts"] > 1 else 0.0
    weight_bytes = (dense + routed * touched) * 1e9 * width
    decode = (
        weight_bytes / bandwidth + batch * kv_bytes * context_tokens / bandwidth + 2.0 * model["active_b"] * 1e9 * batch / peak
    )
    prefill = 2.0 * model["active_b"] * 1e9 * input_tokens / peak
    tpot = decode + (batch - 1.0) * prefill / output_tokens
    free_bytes = 0.9 * accelerator["hbm_gb"] * 1e9 * count - model["parameters_b"] * 1e9 * width
    fits = batch * (context_tokens + 0.5 * output_tokens) * kv_bytes <= free_bytes
    allowed = (fits & (tpot * 1e3 <= tpot_limit_ms)) | (batch == 1.0)
    seconds = (output_tokens * decode + batch * prefill) / batch * count
    return np.asarray(np.where(allowed, seconds, np.inf).min(axis=0))
