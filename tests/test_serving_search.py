"""The search for accelerators: the right way round, no cheaper answer overlooked, and a plain refusal where nothing serves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault, OutOfCalibration
from groundwork.strategy.served_copy import Promise, Traffic
from groundwork.strategy.serving_search import Found, catalogue_accelerators, fewest_accelerators

CHAT = Traffic(
    requests_per_second=20.0,
    input_tokens=1154.7,
    output_tokens=211.1,
    input_cv_ratio=0.96,
    output_cv_ratio=0.771,
    reused_ratio=0.2,
)
PROMISE = Promise(ttft_limit_ms=2000.0, tpot_limit_ms=50.0)


def found(traffic: Traffic = CHAT, promise: Promise = PROMISE, accelerators: tuple[str, ...] = ("H100", "L4")) -> Found:
    return fewest_accelerators("Llama-3.1-8B", traffic, promise, accelerators=accelerators)


def test_the_promise_holds_at_the_quantile_and_not_only_on_the_mean() -> None:
    answer = found()
    assert answer.latency.ttft_seconds[1] <= 2.0
    assert answer.latency.tpot_seconds[1] <= 0.05
    assert answer.fewest.copies_count * answer.load_per_copy_requests_per_second == pytest.approx(20.0)
    assert answer.fewest.binding in {"memory", "bandwidth", "compute", "latency", "availability"}
    assert 0.0 <= answer.fewest.headroom_ratio < 1.0


def test_all_setups_together_are_never_worse_than_each_alone() -> None:
    names = ("H100", "L4", "B200", "A100-80")
    together = found(accelerators=names)
    alone = [found(accelerators=(name,)) for name in names]
    assert together.fewest.accelerators_count == min(one.fewest.accelerators_count for one in alone)
    assert together.cheapest is not None
    priced = [one.cheapest.usd_per_hour for one in alone if one.cheapest]
    assert together.cheapest.usd_per_hour == pytest.approx(min(price for price in priced if price is not None), rel=0.06)


def test_copies_that_fail_need_spares() -> None:
    busy = replace(CHAT, requests_per_second=200.0)
    shaky = found(busy, replace(PROMISE, copy_availability_ratio=0.98, availability_ratio=0.9999))
    assert shaky.fewest.spare_copies_count > 0
    assert shaky.fewest.copies_count == found(busy).fewest.copies_count


def test_above_the_knee_a_warning_is_given() -> None:
    # One copy whose share of the traffic lies beyond the knee on the one hand, almost no traffic on the other.
    answers = [found(replace(CHAT, requests_per_second=load), accelerators=("H100",)) for load in (0.5, 200.0)]
    for answer in answers:
        share = answer.load_per_copy_requests_per_second / answer.knee_requests_per_second
        assert any("waits grow" in text for text in answer.warnings) == (share > 0.85)
    assert not answers[0].warnings


def test_nothing_that_fits_is_refused_with_the_reasons() -> None:
    with pytest.raises(OutOfCalibration, match="does not fit in memory"):
        fewest_accelerators("Llama-3.1-405B", CHAT, PROMISE, accelerators=("L4",))
    with pytest.raises(OutOfCalibration, match="limit"):
        found(promise=replace(PROMISE, tpot_limit_ms=0.5))
    with pytest.raises(OutOfCalibration, match="architecture is unknown"):
        fewest_accelerators("Nobody-7B", CHAT, PROMISE, accelerators=("H100",))
    with pytest.raises(InputFault) as told:
        found(replace(CHAT, requests_per_second=0.0, input_tokens=0.0))
    assert len(told.value.faults) == 2


def test_hardware_without_the_arithmetic_is_not_offered_it() -> None:
    answer = fewest_accelerators("Llama-3.1-8B", CHAT, PROMISE, accelerators=("A100-80",))
    assert answer.fewest.setup.precision == "bf16"


@pytest.mark.slow
@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.floats(0.5, 300.0), st.floats(1.0, 4.0), st.floats(20.0, 120.0), st.floats(400.0, 6_000.0))
def test_more_demand_or_a_tighter_limit_never_needs_fewer(load: float, more: float, tpot_ms: float, ttft_ms: float) -> None:
    loose = Promise(ttft_limit_ms=ttft_ms, tpot_limit_ms=tpot_ms)
    here = found(replace(CHAT, requests_per_second=load), loose)
    assert (
        found(replace(CHAT, requests_per_second=load * more), loose).fewest.accelerators_count >= here.fewest.accelerators_count
    )
    tight = replace(loose, tpot_limit_ms=tpot_ms / more**0.25)
    assert found(replace(CHAT, requests_per_second=load), tight).fewest.accelerators_count >= here.fewest.accelerators_count


def test_the_whole_catalogue_can_be_searched() -> None:
    answer = found(accelerators=catalogue_accelerators())
    assert answer.fewest.accelerators_count <= found().fewest.accelerators_count
