"""Demand: closed forms, published trace statistics, and the exact share that a capacity leaves unserved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.catalogue.trace_records import (
    azure_conversation_seconds,
    token_lengths,
    trace_arrivals,
    trace_attributions,
    trace_sizes,
)
from groundwork.errors import InputFault
from groundwork.formulas import demand as d

EXACTLY = settings(derandomize=True, deadline=None, max_examples=60)
OFFICE = np.array([1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 13, 14, 13, 11, 8, 5, 4, 3, 2, 2, 1], dtype=float)
PROFILES = st.lists(st.floats(0.0, 50.0), min_size=24, max_size=24).filter(lambda hours: sum(hours) > 0.1)


def test_adoption_curves_start_at_nothing_and_end_at_all() -> None:
    assert d.logistic_adoption_ratio([-3.0, 0.0], 6.0, 0.4).tolist() == [0.0, 0.0]
    assert float(d.logistic_adoption_ratio(200.0, 6.0, 0.4)) == pytest.approx(1.0, abs=1e-12)
    plain = 1 / (1 + np.exp(-0.4 * (np.array([9.0, 0.0]) - 6.0)))
    assert float(d.logistic_adoption_ratio(9.0, 6.0, 0.4)) == pytest.approx((plain[0] - plain[1]) / (1 - plain[1]), rel=1e-12)
    # The docstring's 8 %.
    assert plain[1] == pytest.approx(0.083, abs=0.001)
    assert d.bass_adoption_ratio(0.0, 0.0025, 0.03) == 0.0
    assert float(d.bass_adoption_ratio(5000.0, 0.0025, 0.03)) == pytest.approx(1.0, abs=1e-12)


def test_bass_peaks_where_bass_says() -> None:
    # Bass 1969, eq. 10: sales are highest at t* = ln(q / p) / (p + q), adoption there is (1 - p / q) / 2.
    innovation, imitation = 0.03 / 12, 0.38 / 12
    peak = np.log(imitation / innovation) / (innovation + imitation)
    assert float(d.bass_adoption_ratio(peak, innovation, imitation)) == pytest.approx(
        0.5 * (1 - innovation / imitation), rel=1e-12
    )
    around = d.bass_adoption_ratio(peak + np.array([-1.5, -0.5, 0.5, 1.5]), innovation, imitation)
    steps = np.diff(around)
    assert steps[1] > steps[0]
    assert steps[1] > steps[2]


def test_growth_season_and_composition() -> None:
    assert d.growth_factor([0.0, 12.0, 24.0], 0.3) == pytest.approx([1.0, 1.3, 1.69])
    season = d.season_factor(np.arange(24), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3], 11)
    assert season[:2] == pytest.approx([2 * 12 / 15, 3 * 12 / 15])
    assert season.mean() == pytest.approx(1.0)
    assert float(d.units_per_day(100.0, 1100.0, 0.5, 1.2, 0.9)) == pytest.approx(600 * 1.2 * 0.9)
    assert float(d.peak_units_per_second(86_400.0, OFFICE, 1.5)) == pytest.approx(14 / OFFICE.mean() * 1.5)


def test_expected_peaks_against_the_traces() -> None:
    checked = 0
    for trace in trace_arrivals():
        if trace.dispersion_ratio is None or trace.bin_seconds > 60 or trace.trace.startswith("alibaba"):
            continue
        peak = float(
            d.expected_peak_to_mean_ratio(
                trace.mean_requests_per_second, trace.bin_seconds, trace.dispersion_ratio, trace.bins_count
            )
        )
        allowed = 0.08 if trace.trace == "azure_llm_2023_conv" else 0.15
        assert peak == pytest.approx(trace.peak_to_mean_ratio, rel=allowed)
        checked += 1
    assert checked == 5


def test_the_shipped_trace_has_its_published_statistics() -> None:
    seconds = azure_conversation_seconds()
    requests = seconds.requests_count
    by_bin = {trace.bin_seconds: trace for trace in trace_arrivals() if trace.trace == seconds.trace}
    for bin_seconds, published in by_bin.items():
        width = int(bin_seconds)
        counts = requests[: len(requests) // width * width].reshape(-1, width).sum(axis=1)
        assert counts.max() / counts.mean() == pytest.approx(published.peak_to_mean_ratio, rel=0.01)
        assert counts.var(ddof=1) / counts.mean() == pytest.approx(published.dispersion_ratio, rel=0.02)
    sizes = {size.kind: size.mean for size in trace_sizes() if size.trace == seconds.trace}
    assert seconds.input_tokens.sum() / requests.sum() == pytest.approx(sizes["input"], rel=0.001)
    assert seconds.output_tokens.sum() / requests.sum() == pytest.approx(sizes["output"], rel=0.001)


def test_token_lengths_are_whole_and_attributed() -> None:
    named = {one.trace for one in trace_attributions()}
    means = {(size.trace, size.kind.split("_")[0]): size.mean for size in trace_sizes()}
    for lengths in token_lengths():
        assert lengths.share_ratio.sum() == pytest.approx(1.0, abs=0.002)
        assert lengths.trace in named
        middle = 0.5 * (lengths.from_tokens + lengths.to_tokens)
        assert float(middle @ lengths.share_ratio) == pytest.approx(means[lengths.trace, lengths.kind], rel=0.1)
    assert {trace.trace for trace in trace_arrivals()} | {size.trace for size in trace_sizes()} <= named


def test_unserved_by_hand() -> None:
    # Half of the day at 1.5, half at 0.5: capacity 1 serves 0.5 and 1 of each pair, that is 3 quarters.
    profile = [0.5] * 12 + [1.5] * 12
    assert d.unserved_ratio([0.0, 0.25, 0.5, 1.0, 1.5, 9.0], profile) == pytest.approx([1, 0.75, 0.5, 0.25, 0, 0])
    assert d.capacity_for_unserved_ratio([0.0, 0.25, 1.0], profile) == pytest.approx([1.5, 1.0, 0.0])
    # Mean of the office day 20 / 3; the eleven hours above it hold 132 of 160.
    assert float(d.unserved_ratio(1.0, OFFICE)) == pytest.approx((OFFICE[OFFICE > 7].sum() - 11 * 20 / 3) / 160)
    assert d.unserved_ratio(np.ones((3, 2, 5)), OFFICE).shape == (3, 2, 5)


def test_lumpiness() -> None:
    # All alike: each of n has 1 / n. One client with everything: 1.
    assert float(d.largest_client_share_ratio(50.0, 0.1)) == pytest.approx(1 / 50)
    assert float(d.largest_client_share_ratio(50.0, 1.0)) == pytest.approx(1.0)
    assert float(d.largest_client_share_ratio(200.0, 0.79)) == pytest.approx(0.58, abs=0.005)
    # The top tenth as a whole is what was put in.
    assert float(d.largest_client_share_ratio(10.0, 0.39)) == pytest.approx(0.39)
    assert d.lumpy_demand_ratio(0.2, [-1, 0, 1]) == pytest.approx([0.8, 1.0, 1.2])
    with pytest.raises(InputFault, match="more than all"):
        d.lumpy_demand_ratio(0.6, -2)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        d.units_per_day(-1.0, -1.0, 2.0, 1.0, 1.0)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputFault, match="12 factors"):
        d.season_factor(0, [1.0] * 11, 1)
    with pytest.raises(InputFault, match="weights"):
        d.normalised_profile(np.zeros(24))


@EXACTLY
@given(PROFILES, st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_unserved_is_the_mean_excess_and_falls(hours: list[float], a: float, b: float) -> None:
    profile = np.array(hours) / np.mean(hours)
    low, high = min(a, b), max(a, b)
    assert float(d.unserved_ratio(low, hours)) == pytest.approx(np.maximum(profile - low, 0).mean(), abs=1e-12)
    assert d.unserved_ratio(high, hours) <= d.unserved_ratio(low, hours) + 1e-15


@EXACTLY
@given(PROFILES, st.floats(0.0, 1.0))
def test_capacity_for_unserved_keeps_the_limit(hours: list[float], limit: float) -> None:
    capacity = float(d.capacity_for_unserved_ratio(limit, hours))
    assert float(d.unserved_ratio(capacity, hours)) <= limit + 1e-9


@EXACTLY
@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 60.0), st.floats(0.01, 3.0), st.floats(0.001, 0.2))
def test_adoption_rises_within_bounds(a: float, b: float, midpoint: float, speed: float, innovation: float) -> None:
    early, late = min(a, b), max(a, b)
    for curve in (
        d.logistic_adoption_ratio([early, late], midpoint, speed),
        d.bass_adoption_ratio([early, late], innovation, speed),
    ):
        assert 0.0 <= curve[0] <= curve[1] + 1e-12
        assert curve[1] <= 1.0 + 1e-12
