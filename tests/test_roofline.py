"""The first serving estimate: right by hand for one case, and never the wrong way round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from groundwork.catalogue.serving_facts import accelerator_facts, model_facts
from groundwork.errors import InputFault
from groundwork.formulas.roofline import accelerator_seconds_per_request


def seconds(limit_ms: float = 1e9, scale: float = 1.0, output: float = 200.0) -> float:
    gpu = dict(accelerator_facts("H100"))
    gpu["bandwidth_gb_per_second"] *= scale
    one = np.ones(1)
    return float(
        accelerator_seconds_per_request(
            model_facts("Llama-3.1-8B"), gpu, "fp8", 1,
            input_tokens=1000 * one, context_tokens=1100 * one, output_tokens=output * one, tpot_limit_ms=limit_ms * one,
        )[0]
    )  # fmt: skip


def test_a_batch_of_one_by_hand() -> None:
    """8.03 GB of weights and 1,100 tokens of 64 kB KV at 0.4 x 3,350 GB/s, 2 x 8.03e9 FLOP a token at 0.4 x 1,978.9 TFLOPS."""
    bandwidth, peak = 0.4 * 3350e9, 0.4 * 1978.9e12
    decode = 8.03e9 / bandwidth + 131072 / 2 * 1100 / bandwidth + 2 * 8.03e9 / peak
    by_hand = 200 * decode + 2 * 8.03e9 * 1000 / peak
    assert seconds(limit_ms=1e-6) == pytest.approx(by_hand, rel=1e-12)


@settings(derandomize=True, max_examples=50)
@given(some.floats(5, 500), some.floats(1.01, 5))
def test_a_looser_limit_or_more_bandwidth_is_never_slower(limit_ms: float, factor: float) -> None:
    assert seconds(limit_ms * factor) <= seconds(limit_ms) * (1 + 1e-12)
    assert seconds(scale=factor) <= seconds() * (1 + 1e-12)


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(InputFault, match="Nonesuch"):
        model_facts("Nonesuch")
