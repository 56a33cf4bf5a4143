"""What the month loop takes for the queue formulas: as exact as said, and the right way round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.formulas.demand import unserved_ratio
from groundwork.formulas.queueing import servers_for_wait_count, staffing_curve
from groundwork.quantities import Array, Quantity
from groundwork.scenario import mapped
from groundwork.strategy.servers import LATE_RATIO
from groundwork.strategy.simulation import drawn
from groundwork.strategy.sizing import Sizing, quietest_ratio
from groundwork.workloads import BatchWork, EdgeWork, OnlineWork, Workload
from invented import invented, points, sure, workload

ONE_ZONE = np.ones((1, 1))


def believed(record: Any, kind: str, **values: float) -> Any:
    return record(kind=kind, accelerator="L4", **{name: sure(value) for name, value in values.items()})


def online(units_per_day: float = 4e6, latency_ms: float = 150.0, **values: Any) -> Workload[Quantity]:
    work = believed(
        OnlineWork,
        "online",
        price_ratio=0.5,
        rate_units_per_second=100.0,
        service_ms=20.0,
        latency_limit_ms=latency_ms,
    )
    return workload(work, units_per_day=units_per_day, **values)


def batch(deadline_hours: float) -> Workload[Quantity]:
    return workload(
        believed(BatchWork, "batch", price_ratio=0.5, accelerator_seconds_per_unit=1.0, deadline_hours=deadline_hours)
    )


def edge() -> Workload[Quantity]:
    own = {
        "price_ratio": 0.05,
        "sites_count": 10,
        "streams_per_site": 4,
        "stream_units_per_second": 5,
        "device_units_per_second": 30,
        "uplink_mbit_per_second": 10,
        "uplink_kbit_per_unit": 1,
        "autonomy_hours": 4,
    }
    return workload(believed(EdgeWork, "edge", **own))


def sized(*work: Workload[Quantity], zones: Array = ONE_ZONE, spare: float = 0.0) -> Sizing:
    scenario = replace(invented(), workloads={str(place): item for place, item in enumerate(work)})
    beliefs = mapped(scenario, lambda _, quantity: quantity.at(np.array([0.5])))
    return Sizing.of(list(beliefs.workloads.values()), zones, np.full_like(zones, spare), 1)


def need(sizing: Sizing, *busy: float, use: float = 0.999) -> float:
    return float(sizing.needed(np.array(busy)[None, :, None], np.full((1, 1), use))[0, 0])


@pytest.mark.parametrize("patience", [0.01, 0.1, 1.0, 9.0, 100.0])
@pytest.mark.parametrize("largest", [0.5, 5.0, 50.0, 500.0, 50_000.0])
def test_the_curve_is_the_direct_formula_within_what_it_says(patience: float, largest: float) -> None:
    loads = largest * np.array([1 / 32, 0.1, 0.3, 1.0, 2.0, 4.0])
    exact = servers_for_wait_count(loads, 1.0, patience, LATE_RATIO, 1.0, 1.0)
    curve = staffing_curve(largest, patience, LATE_RATIO).servers(loads)
    assert (np.abs(curve - exact) <= np.maximum(1.0, 0.04 * exact)).all()


def test_a_service_is_the_direct_formula_at_its_busiest_bin() -> None:
    # 2 places an accelerator of 20 ms; the busiest hour is 1.2 times the mean of the invented day, its busiest bin 1.5 times.
    sizing = sized(online(peak_to_mean_ratio=1.5))
    for busy in (0.2, 0.5, 1.0, 2.0):
        load = busy / 0.5 * 2.0 * 1.2 * 1.5
        # Arrivals at the time scale of the wait limit, 0.13 s: 1 + 0.13 (1.386 - 1), between no time and the trace's one second.
        exact = float(servers_for_wait_count(load, 0.02, 0.13, LATE_RATIO, 1.0 + 0.13 * 0.386, 1.0))
        assert need(sizing, busy) == pytest.approx(np.ceil(exact / 2.0) * 0.5, abs=0.5)


def test_every_zone_holds_whole_servers() -> None:
    two = sized(online(), zones=np.full((1, 1), 2.0))
    assert need(two, 1e-6) == 2 * 0.5
    assert need(two, 3.0) >= need(sized(online()), 3.0)


def test_nothing_asked_needs_nothing() -> None:
    assert need(sized(online(), batch(6.0), edge()), 0.0, 0.0, 0.0) == 0.0


def test_dated_work_fills_the_quiet_hours() -> None:
    together = sized(online(), batch(6.0))
    service = need(sized(online()), 4.0)
    alone = need(sized(batch(6.0)), 1.0)
    assert alone == pytest.approx(4.0)  # a day's work in a quarter of the day
    assert max(service, alone) <= need(together, 4.0, 1.0) < service + alone
    # The invented day is 1 by night and 1.5 by day: 12 quiet hours hold two thirds of the service's need.
    assert need(together, 4.0, 1.0) == pytest.approx(max(service, service * 2 / 3 + 4.0))


def test_devices_at_sites_are_shared_with_nobody() -> None:
    sizing = sized(online(), edge())
    assert need(sizing, 1.0, 3.0, use=0.1) == pytest.approx(need(sizing, 1.0, 0.0, use=0.1) + 3.0)


def test_a_capacity_a_little_short_turns_little_away() -> None:
    sizing = sized(online())
    profile = np.array([1.0 + 0.5 * (8 <= hour < 20) for hour in range(24)])
    held = np.array([0.0, 0.4, 0.8, 0.95, 1.0, 1.3])
    expected = 1.0 - unserved_ratio(np.minimum(held, 1.0) * profile.max() / profile.mean(), profile)
    np.testing.assert_allclose(sizing.served_ratio(held), expected, atol=1e-12)


def test_the_quietest_hours_may_run_over_midnight() -> None:
    profile = np.ones(24)
    profile[[23, 0]] = 0.0
    assert quietest_ratio(profile, 2.0) == 0.0
    assert quietest_ratio(profile, 24.0) == pytest.approx(22 / 24)


def test_twice_the_draws_change_no_answer() -> None:
    scenario = invented()
    few, many = (drawn(scenario, points(scenario, count)) for count in (64, 128))
    answers = []
    for beliefs, count in ((few, 64), (many, 128)):
        sizing = Sizing.of(list(beliefs.workloads.values()), ONE_ZONE, 0.0 * ONE_ZONE, count)
        busy = np.ones((1, len(beliefs.workloads), count))
        answers.append(sizing.needed(busy, np.full((1, count), 0.5))[:, :64])
    np.testing.assert_array_equal(*answers)


LOADS = st.floats(0.001, 50.0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(LOADS, st.floats(1.0, 3.0), st.floats(25.0, 2_000.0))
def test_more_demand_never_needs_fewer(busy: float, more: float, latency_ms: float) -> None:
    sizing = sized(online(latency_ms=latency_ms))
    assert need(sizing, busy * more) >= need(sizing, busy)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(LOADS, st.floats(1.0, 20.0), st.floats(25.0, 500.0))
def test_a_tighter_limit_never_needs_fewer(busy: float, looser: float, latency_ms: float) -> None:
    # Within one bin: a wait limit beyond the bin averages the peak out, which is another effect.
    tight, loose = (sized(online(latency_ms=limit)) for limit in (latency_ms, latency_ms * looser))
    assert need(tight, busy) >= need(loose, busy) - 1e-9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0.01, 500.0), st.floats(0.01, 500.0), st.floats(0.01, 50.0))
def test_one_pool_never_needs_more_than_two(first: float, second: float, patience: float) -> None:
    curve = staffing_curve(first + second, patience, LATE_RATIO)
    assert curve.servers(first + second) <= curve.servers(first) + curve.servers(second)
