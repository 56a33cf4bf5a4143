"""Edge sites, and work against a date: whole devices, links, buffers, farms and the chance to be late."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault
from groundwork.formulas import deadline, edge

EXACTLY = settings(derandomize=True, deadline=None, max_examples=60)


def test_devices_are_whole_and_stay_at_their_site() -> None:
    assert edge.devices_per_site_count([0, 1, 8, 9], 15.0, 120.0, 1.0).tolist() == [0, 1, 1, 2]
    # 3 x 0.1 / 0.1 is a hair above 3 in binary.
    assert edge.devices_per_site_count(3.0, 0.1, 0.1, 1.0) == 3
    assert edge.devices_per_site_count(8, 15.0, 120.0, 0.8) == 2
    # A site of one device at 98 %: one spare gives 0.9996.
    assert edge.fleet_devices_count(1000, 1, 0.98, 0.999) == 2000
    assert edge.fleet_devices_count(1000, 1, 0.98, 0.97) == 1000


def test_the_link_and_the_buffer() -> None:
    need = edge.uplink_needed_mbit_per_second(8, 15.0, 40.0)
    assert need == pytest.approx(4.8)
    assert edge.streams_within_uplink_count(5.0, 15.0, 40.0) == 8
    assert edge.streams_within_uplink_count(4.8, 15.0, 40.0) == 8
    assert np.isinf(edge.streams_within_uplink_count(5.0, 15.0, 0.0))
    # 4.8 Mbit/s are 2.16 GB an hour.
    assert edge.autonomy_hours(21.6, need) == pytest.approx(10.0)
    assert edge.buffer_needed_gb(10.0, need) == pytest.approx(21.6)
    assert np.isinf(edge.autonomy_hours(1.0, 0.0))
    assert edge.catch_up_hours([1.0, 0.0, 1.0], [0.95, 1.0, 1.0], 1.0).tolist() == pytest.approx([19.0, 0.0, np.inf])


def test_farms_make_whole_units() -> None:
    # 9 units in 8 hours of 50 minutes each; one unit longer than the night is never in time.
    assert deadline.farm_accelerators_count([0, 9, 10, 90], 50.0, 8.0, 1.0).tolist() == [0, 1, 2, 10]
    assert np.isinf(deadline.farm_accelerators_count(1, 500.0, 8.0, 1.0))
    assert deadline.accelerators_for_deadline_count([0.0, 7.9, 8.1, 24.0], 8.0, 1.0).tolist() == [0, 1, 2, 3]


def test_the_chance_to_be_late() -> None:
    # 90 units of 60 minutes in 9 hours: ten accelerators fit exactly. Certain work is in time, uncertain work every second time.
    sure = deadline.miss_probability([9, 10], 90, 60.0, 9.0, 1.0, 0.0, 0.0)
    assert sure.tolist() == [1.0, 0.0]
    fits = float(deadline.miss_probability(10, 90, 60.0, 9.0, 1.0, 0.5, 0.3))
    assert 0.40 < fits < 0.5
    assert deadline.miss_probability(0, 90, 60.0, 9.0, 1.0, 0.5, 0.3) == 1.0
    # Against a simulation: lognormal units and a lognormal factor common to all.
    rng = np.random.default_rng(7)
    unit, common = np.sqrt(np.log1p(0.5**2)), np.sqrt(np.log1p(0.3**2))
    minutes = 60.0 * np.exp(unit * rng.standard_normal((20_000, 90)) - unit**2 / 2).sum(axis=1)
    work = minutes * np.exp(common * rng.standard_normal(20_000) - common**2 / 2)
    for accelerators in (10, 13, 16):
        simulated = (work > accelerators * 9 * 60).mean()
        assert float(deadline.miss_probability(accelerators, 90, 60.0, 9.0, 1.0, 0.5, 0.3)) == pytest.approx(simulated, abs=0.012)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        edge.devices_per_site_count(-1.0, -1.0, 0.0, 2.0)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputFault) as caught:
        deadline.farm_accelerators_count(-1.0, 0.0, 0.0, 2.0)
    assert len(caught.value.faults) == 4


@EXACTLY
@given(st.floats(0, 500), st.floats(0, 500), st.floats(0.1, 60), st.floats(0.5, 500), st.floats(0.2, 1.0))
def test_more_streams_never_fewer_devices_and_one_site_never_more_than_two(
    a: float, b: float, rate: float, device: float, busy: float
) -> None:
    first, second, together = edge.devices_per_site_count([a, b, a + b], rate, device, busy)
    assert max(first, second) <= together <= first + second


@EXACTLY
@given(st.floats(0.01, 0.9), st.integers(1, 5000), st.floats(0.1, 600), st.floats(1, 800), st.floats(0, 2), st.floats(0.01, 1))
def test_the_farm_at_risk_is_the_smallest(
    limit: float, units: int, minutes: float, hours: float, cv: float, common: float
) -> None:
    farm = float(deadline.farm_accelerators_at_risk_count(limit, units, minutes, hours, 0.9, cv, common))
    assert deadline.miss_probability(farm, units, minutes, hours, 0.9, cv, common) <= limit + 1e-9
    assert deadline.miss_probability(farm - 1, units, minutes, hours, 0.9, cv, common) > limit - 1e-9
    assert deadline.farm_accelerators_at_risk_count(limit / 2, units, minutes, hours, 0.9, cv, common) >= farm


@EXACTLY
@given(st.integers(0, 5000), st.floats(0.1, 60), st.floats(1.1, 100))
def test_whole_units_never_take_fewer_than_divided_work(units: int, minutes: float, hours: float) -> None:
    whole = deadline.farm_accelerators_count(units, minutes, hours, 1.0)
    assert whole >= deadline.accelerators_for_deadline_count(units * minutes / 60, hours, 1.0)
