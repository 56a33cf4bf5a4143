"""Data: volumes by tier, pipelines that keep up or do not, bills by tier, and time to move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.catalogue.storage_records import storage_tariffs
from groundwork.errors import InputFault
from groundwork.formulas import data_flow as f

EXACTLY = settings(derandomize=True, deadline=None, max_examples=60)
TARIFFS = {(tariff.provider, tariff.item): tariff for tariff in storage_tariffs()}


def bill(provider: str, item: str, gigabytes: float) -> float:
    tariff = TARIFFS[provider, item]
    return float(f.egress_usd(gigabytes, tariff.tier_from_gb, tariff.tier_usd_per_unit))


def test_fifty_terabytes_cost_4300() -> None:
    # 10,000 x 0.09 + 40,000 x 0.085; one flat rate would be 4,500.
    assert bill("AWS", "internet egress", 50_000) == pytest.approx(4300.0, abs=1e-9)
    assert bill("AWS", "internet egress", 200_000) == pytest.approx(900 + 3400 + 7000 + 2500, abs=1e-9)
    assert bill("Azure", "internet egress", 50_000) == pytest.approx(870 + 3320, abs=1e-9)
    assert bill("GCP", "internet egress premium", 10_000) == pytest.approx(120 + 990, abs=1e-9)
    # The first 10 TB are free, not absent.
    assert bill("OCI", "internet egress (first 10 TB/month free)", 9_000) == 0.0
    assert bill("OCI", "internet egress (first 10 TB/month free)", 11_000) == pytest.approx(8.5)


def test_every_tariff_says_where_it_is_from() -> None:
    for tariff in TARIFFS.values():
        assert tariff.source
        assert not tariff.source.startswith("same")
        assert tariff.date
        assert tariff.tier_from_gb[0] == 0.0
        assert list(tariff.tier_from_gb) == sorted(set(tariff.tier_from_gb))


def test_volume_of_a_steady_stream() -> None:
    # 10 GB a month: 1 month hot, 2 more on object storage with two copies, then for ever in the archive.
    volume = f.tier_volume_gb(np.full(6, 10.0), [0.0, 1.0, 3.0], [1.0, 3.0, np.inf], [1.0, 2.0, 1.0])
    assert volume[0].tolist() == [10] * 6
    assert volume[1].tolist() == [0, 20, 40, 40, 40, 40]
    assert volume[2].tolist() == [0, 0, 0, 10, 20, 30]
    half = f.tier_volume_gb(np.full(4, 10.0), [0.0], [1.5], [1.0])
    assert half[0].tolist() == [10, 15, 15, 15]


def test_volume_takes_arrays() -> None:
    rng = np.random.default_rng(3)
    ingest = rng.uniform(1, 20, (24, 2, 1, 8))
    until = rng.uniform(0, 30, (1, 1, 1, 8))
    volume = f.tier_volume_gb(ingest, np.zeros((1, 1, 1, 1)), until, np.ones(1))
    assert volume.shape == (1, 24, 2, 1, 8)
    alone = f.tier_volume_gb(ingest[:, 1, 0, 5], [0.0], [until[0, 0, 0, 5]], [1.0])
    assert volume[0, :, 1, 0, 5] == pytest.approx(alone[0], rel=1e-13)


def test_throughput_counts_bits() -> None:
    # 1 Gbit/s for a twelfth of 365 days is 328,500 GB.
    assert float(f.throughput_gbit_per_second(328_500.0, 3.0)) == pytest.approx(3.0)
    assert float(f.ingest_gb_per_month(1000.0, 0.002)) == pytest.approx(2 * 365 / 12)


def test_lag_of_a_busy_day() -> None:
    ingest = np.array([5.0] * 18 + [20.0] * 4 + [5.0] * 2)
    # 4 hours at 20 against 10: 40 GB behind, 4 hours' work; then 5 an hour less.
    lag = f.freshness_lag_hours(ingest, 10.0)
    assert lag[21] == pytest.approx(4.0)
    assert lag[23] == pytest.approx(3.0)
    # The rest is worked off after midnight: the day starts behind.
    assert lag[0] == pytest.approx(2.5)
    assert lag[10] == 0.0
    assert np.isinf(f.freshness_lag_hours(ingest, 7.0)).all()
    assert (f.freshness_lag_hours(ingest, 20.0) == 0.0).all()
    assert f.backlog_gb([10.0, 12.0, 8.0, 3.0], 9.0).tolist() == [1, 4, 3, 0]


def test_moving_out_takes_weeks() -> None:
    assert float(f.transfer_hours(1e6, 10.0, 1.0)) / 24 == pytest.approx(9.26, abs=0.01)
    assert f.crossing_gb([100.0, 50.0], [[0.5], [0.1]]).tolist() == [[50, 25], [10, 5]]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        f.tier_volume_gb([-1.0], [2.0], [1.0], [-1.0])
    assert len(caught.value.faults) == 3


SERIES = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30)


@EXACTLY
@given(SERIES, st.floats(0.0, 40.0), st.floats(0.0, 40.0))
def test_tiers_together_hold_what_one_tier_would(ingest: list[float], a: float, b: float) -> None:
    cut, end = min(a, b), max(a, b)
    parts = f.tier_volume_gb(ingest, [0.0, cut, end], [cut, end, np.inf], np.ones(3))
    assert np.all(parts >= -1e-9)
    assert parts.sum(axis=0) == pytest.approx(np.cumsum(ingest), abs=1e-9)


@EXACTLY
@given(SERIES, st.floats(0.0, 120.0))
def test_backlog_is_the_recursion_and_conserves(ingest: list[float], capacity: float) -> None:
    backlog, expected = 0.0, []
    for amount in ingest:
        backlog = max(0.0, backlog + amount - capacity)
        expected.append(backlog)
    assert f.backlog_gb(ingest, capacity) == pytest.approx(expected, abs=1e-9)


@EXACTLY
@given(st.lists(st.floats(0.0, 50.0), min_size=24, max_size=24), st.floats(1.0, 60.0), st.floats(1.0, 2.0))
def test_a_wider_pipeline_is_never_later(ingest: list[float], capacity: float, wider: float) -> None:
    assert np.all(f.freshness_lag_hours(ingest, capacity * wider) <= f.freshness_lag_hours(ingest, capacity) + 1e-9)


@EXACTLY
@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_egress_together_is_never_dearer_than_apart(a: float, b: float) -> None:
    assert bill("AWS", "internet egress", a + b) <= bill("AWS", "internet egress", a) + bill("AWS", "internet egress", b) + 1e-6
