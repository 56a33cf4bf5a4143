"""Serving: right by hand, never the wrong way round, and exact where configurations are published."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from groundwork.catalogue.serving_records import Setup, model_row, replica_of
from groundwork.catalogue.serving_terms import served
from groundwork.errors import InputFault, OutOfCalibration
from groundwork.formulas.serving import (
    Replica,
    ServingTerms,
    cache_bytes,
    cache_bytes_per_accelerator,
    cache_bytes_per_token,
    closed_loop,
    decode_step,
    latent_cache_bytes_per_token,
    memory_batch_count,
    offline_tokens_per_second,
    replica_capacity,
    touched_experts_ratio,
)

HERE = Path(__file__).parent
SETUPS = (
    Setup(model="Llama-3.1-8B", accelerator="H100", precision="fp8", accelerators_count=1, parallel="TP1", engine="vllm"),
    Setup(model="Llama-3.1-70B", accelerator="H200", precision="fp8", accelerators_count=4, parallel="TP4", engine="trtllm"),
    Setup(model="DeepSeek-V3", accelerator="B200", precision="fp4", accelerators_count=8, parallel="TP8xEP8", engine="sglang"),
    Setup(model="DeepSeek-R1", accelerator="B200", precision="fp4", accelerators_count=4, parallel="DEP4", engine="trtllm"),
    Setup(model="gpt-oss-120b", accelerator="H200", precision="fp4", accelerators_count=2, parallel="TP2", engine="vllm"),
    Setup(model="Llama-4-Maverick", accelerator="H200", precision="fp8", accelerators_count=8, parallel="TP8", engine="trtllm"),
    Setup(model="Gemma-3-27B", accelerator="MI300X", precision="bf16", accelerators_count=1, parallel="TP1", engine="vllm"),
)
setups = some.sampled_from(SETUPS)
lengths = some.floats(16, 20_000)


def published(name: str) -> list[dict[str, str]]:
    with (HERE / "published" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def configurations() -> list[dict[str, str]]:
    return published("kv_cache_configs.csv")


@pytest.mark.parametrize("row", configurations(), ids=lambda row: row["model"])
def test_cache_of_a_published_configuration_is_exact(row: dict[str, str]) -> None:
    """2 L Hkv d b (or L (r + rope) b) times the tokens, in GiB to the last digit printed."""
    heads, head, layers, width = (
        float(row[name]) for name in ("kv_heads_count", "head_dimension", "layers_count", "bytes_per_value")
    )
    per_token = float(cache_bytes_per_token(heads, head, layers, width))
    gib = per_token * float(row["tokens_count"]) / 2**30
    digits = len(row["kv_cache_gib"].partition(".")[2])
    assert gib == pytest.approx(float(row["kv_cache_gib"]), abs=0.5 * 10.0**-digits + 1e-12)


@pytest.mark.parametrize(
    "row",
    published("kv_cache_bytes.csv"),
    ids=lambda row: f"{row['configuration']}-{row['bytes_per_value']}-{row['tokens_count']}",
)
def test_cache_of_a_published_configuration_is_exact_to_the_byte(row: dict[str, str]) -> None:
    """Grouped queries, latents, windows, interleaved chunks and hybrids: bytes of one sequence, counted layer by layer.

    The file was written from the configurations themselves by adding up layers one at a time: kind of the layer (all tokens, the
    window at most, nothing) x elements x bytes. Llama 4 attends in chunks but in every fourth layer.
    """
    number = {name: np.array([float(value)]) for name, value in row.items() if name.endswith(("_count", "_tokens", "_value"))}
    latent = number["latent_count"] + number["rope_count"]
    heads = 2.0 * number["kv_heads_count"] * float(row["head_dimension"])
    layers = {
        "full_layers_count": number["full_layers_count"],
        "window_layers_count": number["window_layers_count"],
        "window_tokens": number["window_tokens"],
        "kv_element_bytes": number["bytes_per_value"],
    }
    base = replica_of(SETUPS[:1])
    assert cache_bytes(
        replace(base, kv_elements_per_layer_count=np.where(latent > 0.0, latent, heads), **layers), number["tokens_count"]
    )[0] == float(row["cache_bytes"])
    if row["model"]:
        setup = replace(SETUPS[0], model=row["model"], precision="bf16")
        known = replace(replica_of([setup]), kv_element_bytes=number["bytes_per_value"])
        assert cache_bytes(known, number["tokens_count"])[0] == float(row["cache_bytes"])


def test_latent_cache_of_deepseek_v3_by_hand() -> None:
    assert float(latent_cache_bytes_per_token(512, 64, 61, 2)) == 70272.0


def test_every_model_of_the_catalogue_keeps_the_bytes_its_configuration_says() -> None:
    """One token, 16 bit, all attention layers: within a window nothing is dropped yet."""
    from groundwork.catalogue.tables import table_rows

    checked = 0
    for row in table_rows("models.csv"):
        if row["domain"] != "llm":
            continue
        setup = Setup(
            model=row["model"], accelerator="H100", precision="bf16", accelerators_count=1, parallel="TP1", engine="vllm"
        )
        share = (float(row["full_cache_layers"]) + float(row["window_layers"])) / float(row["layers"])
        expected = float(row["kv_bytes_per_token_16bit_all_layers"]) * share
        assert float(cache_bytes(replica_of([setup]), 1.0)[0]) == pytest.approx(expected, rel=1e-12)
        checked += 1
    assert checked == 37


def test_a_decode_step_by_hand() -> None:
    """8.03 GB x 1.02 of weights, 16 x 1,100 tokens of 64 kB, against terms of 1 and no overhead."""
    replica, terms = served(SETUPS[0])
    plain = ideal(terms)
    parts = decode_step(replica, plain, 16.0, 1100.0)
    assert parts.weights_seconds[0] == pytest.approx(8.03e9 * 1.02 / 3350e9)
    assert parts.cache_seconds[0] == pytest.approx(16 * 1100 * 65536 / 3350e9)
    assert parts.compute_seconds[0] == pytest.approx(16 * 2 * 8.03e9 / 1978.9e12 + 16 * 4 * 4096 * 32 * 1100 / 989.4e12)
    assert parts.exchange_seconds[0] == parts.overhead_seconds[0] == 0.0


def ideal(terms: ServingTerms) -> ServingTerms:
    one, none = np.ones(1), np.zeros(1)
    return replace(
        terms, weights_factor=one, cache_factor=one, decode_factor=one, whole_factor=one, layer_seconds=none,
        sequence_seconds=none, step_seconds=none,
    )  # fmt: skip


def test_touched_experts_by_hand() -> None:
    """Two of eight: one token reads a quarter, two tokens 1 - 0.75^2."""
    replica, _ = served(
        Setup(model="Mixtral-8x7B", accelerator="H100", precision="fp8", accelerators_count=2, parallel="TP2", engine="vllm")
    )
    assert touched_experts_ratio(replica, 1.0)[0] == pytest.approx(0.25)
    assert touched_experts_ratio(replica, 2.0)[0] == pytest.approx(1 - 0.75**2)


def test_latent_cache_is_held_by_every_accelerator_of_a_tensor_group() -> None:
    tensor, _ = served(replace(SETUPS[3], parallel="TP4"))
    dealt, _ = served(SETUPS[3])
    assert cache_bytes_per_accelerator(tensor, 1000.0)[0] == pytest.approx(4 * cache_bytes_per_accelerator(dealt, 1000.0)[0])


@settings(derandomize=True, max_examples=80, deadline=None)
@given(setups, some.floats(1, 400), lengths, some.floats(16, 4000), some.floats(1.01, 4))
def test_more_bandwidth_compute_or_link_is_never_slower(
    setup: Setup, flight: float, inputs: float, outputs: float, factor: float
) -> None:
    replica, terms = served(setup)
    for name in ("bandwidth_gb_per_second", "peak_tflops", "attention_tflops", "link_gb_per_second", "memory_gib"):
        better = replace(replica, **{name: getattr(replica, name) * factor})
        then = offline_tokens_per_second(better, terms, input_tokens=inputs, output_tokens=outputs)
        now = offline_tokens_per_second(replica, terms, input_tokens=inputs, output_tokens=outputs)
        assert then >= now * (1 - 1e-9)
        if name != "memory_gib":
            fast = closed_loop(better, terms, in_flight_count=flight, input_tokens=inputs, output_tokens=outputs)
            slow = closed_loop(replica, terms, in_flight_count=flight, input_tokens=inputs, output_tokens=outputs)
            assert fast.tpot_ms <= slow.tpot_ms * (1 + 1e-9)
            assert fast.ttft_ms <= slow.ttft_ms * (1 + 1e-9)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    setups,
    lengths,
    some.floats(16, 4000),
    some.floats(2, 500),
    some.floats(20, 60_000),
    some.floats(1.01, 5),
    some.floats(0, 0.9),
)
def test_a_looser_limit_or_more_reuse_never_serves_less(
    setup: Setup, inputs: float, outputs: float, each_ms: float, first_ms: float, factor: float, reused: float
) -> None:
    replica, terms = served(setup)

    def rate(each: float, first: float, hit: float) -> float:
        return float(
            replica_capacity(
                replica, terms, input_tokens=inputs, output_tokens=outputs, ttft_limit_ms=first, tpot_limit_ms=each,
                reused_ratio=hit,
            ).requests_per_second[0]
        )  # fmt: skip

    now = rate(each_ms, first_ms, 0.0) * (1 - 1e-6)
    assert rate(each_ms * factor, first_ms, 0.0) >= now
    assert rate(each_ms, first_ms * factor, 0.0) >= now
    assert rate(each_ms, first_ms, reused) >= now


@settings(derandomize=True, max_examples=80, deadline=None)
@given(setups, lengths, some.floats(16, 4000), some.floats(2, 500), some.floats(20, 60_000))
def test_the_largest_batch_meets_a_limit_and_one_more_breaks_it(
    setup: Setup, inputs: float, outputs: float, each_ms: float, first_ms: float
) -> None:
    """Where a latency binds, it is met to rounding at the batch found and broken a millionth above it."""
    replica, terms = served(setup)
    capacity = replica_capacity(
        replica, terms, input_tokens=inputs, output_tokens=outputs, ttft_limit_ms=first_ms, tpot_limit_ms=each_ms
    )
    if not capacity.within_limits[0] or not capacity.fits[0]:
        assert not capacity.within_limits[0] or capacity.batch_count[0] == 1.0
        return
    below, beyond = (
        closed_loop(replica, terms, in_flight_count=capacity.batch_count * part, input_tokens=inputs, output_tokens=outputs)
        for part in (1.0 - 1e-9, 1.0 + 1e-6)
    )
    assert below.tpot_ms <= each_ms
    assert below.ttft_ms <= first_ms
    if capacity.binding[0] in (1, 2):
        assert beyond.tpot_ms > each_ms or beyond.ttft_ms > first_ms


@settings(derandomize=True, max_examples=40, deadline=None)
@given(some.sampled_from(SETUPS[:3]), lengths)
def test_twice_the_accelerators_never_hold_fewer_sequences(setup: Setup, tokens: float) -> None:
    few, terms = served(setup)
    many, _ = served(
        replace(setup, accelerators_count=2 * setup.accelerators_count, parallel=f"TP{2 * setup.accelerators_count}")
    )
    assert memory_batch_count(many, terms, tokens)[0] >= memory_batch_count(few, terms, tokens)[0] * (1 - 1e-12)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(setups, some.floats(1, 100), lengths, some.floats(16, 4000))
def test_the_cycle_obeys_littles_law(setup: Setup, flight: float, inputs: float, outputs: float) -> None:
    """Requests running = rate of requests x time from the start of the prefill to the last token."""
    replica, terms = served(setup)
    loop = closed_loop(replica, terms, in_flight_count=flight, input_tokens=inputs, output_tokens=outputs)
    rate = loop.output_tokens_per_second / outputs
    own = loop.batch_count / rate - 1e-3 * outputs * loop.tpot_ms
    slot = (loop.batch_count / rate - 1e-3 * outputs * loop.decode_step_ms) / loop.batch_count
    assert own == pytest.approx(slot, rel=1e-6, abs=1e-9)


def test_many_points_at_once_are_the_points_one_by_one() -> None:
    together = replica_of(SETUPS)
    for place, setup in enumerate(SETUPS):
        alone, terms = served(setup)
        both = decode_step(together, terms, 8.0, 1000.0).seconds[place]
        assert both == pytest.approx(decode_step(alone, terms, 8.0, 1000.0).seconds[0], rel=1e-12)


def test_what_the_catalogue_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(OutOfCalibration, match="Nonesuch"):
        model_row("Nonesuch")
    with pytest.raises(OutOfCalibration, match="fp3"):
        served(replace(SETUPS[0], precision="fp3"))
    with pytest.raises(InputFault, match="XY9"):
        served(replace(SETUPS[0], parallel="XY9"))


def test_a_replica_out_of_range_names_every_field() -> None:
    replica, terms = served(SETUPS[0])
    broken: Replica = replace(replica, memory_gib=np.array([-1.0]), layers_count=np.array([np.nan]))
    with pytest.raises(InputFault, match=r"(?s)layers_count.*memory_gib"):
        closed_loop(broken, terms, in_flight_count=1, input_tokens=10, output_tokens=10)


def test_a_model_that_does_not_fit_says_so() -> None:
    replica, terms = served(replace(SETUPS[1], model="Llama-3.1-405B", accelerator="H100", accelerators_count=2, parallel="TP2"))
    capacity = replica_capacity(replica, terms, input_tokens=500, output_tokens=500, ttft_limit_ms=1e6, tpot_limit_ms=1e6)
    assert not capacity.fits[0]
