"""Queues: published and exact values to the last printed digit, closed forms, and what must hold for every input."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.errors import InputFault, OutOfCalibration
from groundwork.formulas import queueing as q
from groundwork.formulas.queueing import batching

PUBLISHED = Path(__file__).parent / "published"
EXACTLY = settings(derandomize=True, deadline=None, max_examples=60)


def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same_digits(computed: float, printed: str) -> bool:
    """Whether the computed number rounds to the printed one."""
    decimals = len(printed.partition(".")[2])
    return abs(float(computed) - float(printed)) <= 0.5000001 * 10.0**-decimals


def numbers(text: str) -> dict[str, float]:
    return {key: float(value) for key, value in (part.split("=") for part in text.split(";"))}


# --- published ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("queue_mmc_exact.csv"), ids=lambda row: row["parameters"])
def test_mmc_to_the_last_digit(row: dict[str, str]) -> None:
    given_ = numbers(row["parameters"])
    load, servers, service = given_["A"], given_["c"], 1.0 / given_["mu"]
    assert same_digits(q.erlang_b_probability(load, servers), row["erlang_b"])
    assert same_digits(q.erlang_c_probability(load, servers), row["erlang_c"])
    assert same_digits(q.mean_wait_seconds(load, servers, service), row["mean_wait_Wq"])
    assert same_digits(q.wait_quantile_seconds(load, servers, service, 0.95), row["wait_p95"])
    assert same_digits(q.wait_quantile_seconds(load, servers, service, 0.99), row["wait_p99"])


@pytest.mark.parametrize("row", rows("queue_halfin_whitt.csv"), ids=lambda row: row["beta"])
def test_halfin_whitt_to_the_last_digit(row: dict[str, str]) -> None:
    assert same_digits(q.halfin_whitt_delay_probability(float(row["beta"])), row["delay_probability_alpha"])


@pytest.mark.parametrize("row", rows("queue_mgc_exact.csv"), ids=lambda row: row["model"] + " " + row["parameters"])
def test_general_service_to_the_last_digit(row: dict[str, str]) -> None:
    given_ = numbers(row["parameters"])
    if row["model"] == "M/G/1":
        wait = q.pollaczek_khinchine_wait_seconds(given_["rho"], given_["ES"], given_["cs2"])
        assert same_digits(wait, row["mean_wait_Wq_exact"])
        return
    load, servers = given_["rho"] * given_["c"], int(given_["c"])
    exact = q.constant_service_mean_wait_seconds(load, servers, given_["D"])
    approximate = float(q.allen_cunneen_mean_wait_seconds(load, servers, given_["D"], 1.0, 0.0))
    assert same_digits(exact, row["mean_wait_Wq_exact"])
    assert same_digits(approximate, row["allen_cunneen_Wq"])
    assert same_digits(100.0 * (exact - approximate) / exact, row["approx_error_pct"])


ANCHORS = {row["case"]: row for row in rows("queue_published_anchors.csv")}


def test_erlang_c_of_fourteen_agents() -> None:
    row = ANCHORS["Erlang C, c=14, A=10"]
    assert same_digits(q.erlang_c_probability(10, 14), row["published_value"].partition("=")[2])
    within, occupancy = re.findall(r"0\.\d+(?=,|$)", row["source"])[-2:]
    assert (within, occupancy) == ("0.888", "0.714")
    assert same_digits(1.0 - q.wait_exceeds_probability(10, 14, 3.0, 0.33), within)
    assert same_digits(10 / 14, occupancy)


@pytest.mark.parametrize(("case", "servers"), [("Erlang B, 15 lines, 1% blocking", 15), ("Erlang B, 10 lines, 1% blocking", 10)])
def test_erlang_b_tables(case: str, servers: int) -> None:
    assert same_digits(q.offered_load_at_blocking_erlang(0.01, servers), ANCHORS[case]["published_value"].split()[0])


def test_textbook_measures() -> None:
    # L, Lq and W from the wait by Little's law, as the books do.
    def measures(arrivals: float, rate: float, servers: int) -> tuple[float, float, float, float]:
        load = arrivals / rate
        wait = float(q.mean_wait_seconds(load, servers, 1.0 / rate))
        return arrivals * wait, arrivals * wait + load, wait, float(q.empty_system_probability(load, servers))

    queue, jobs, wait, empty = measures(24, 30, 1)
    assert "L=4; W=1/6 h; p0=0.2" in ANCHORS["M/M/1, 24/h arrivals, 30/h service"]["published_value"]
    assert (jobs, wait + 1 / 30, empty) == pytest.approx((4, 1 / 6, 0.2), abs=1e-12)
    queue, jobs, wait, empty = measures(0.5, 1 / 1.5, 1)
    assert "Lq=2.25; Wq=4.5 min; p0=0.25" in ANCHORS["M/M/1, 30/h, 1.5 min"]["published_value"]
    assert (queue, wait, empty) == pytest.approx((2.25, 4.5, 0.25), abs=1e-12)
    queue, jobs, wait, empty = measures(300, 182.5, 3)
    assert "Lq=0.352; L=1.996; Wq=0.43 d; p0=0.17754" in ANCHORS["M/M/3, 300/yr, 2-day service (182.5/yr)"]["published_value"]
    assert same_digits(queue, "0.352")
    assert same_digits(jobs, "1.996")
    assert same_digits(365 * wait, "0.43")
    assert same_digits(empty, "0.17754")
    _, _, wait, _ = measures(10, 4, 3)
    assert "Wq=0.3511235955; P(wait)=0.7022471910" in ANCHORS["M/M/3, lambda=10, mu=4"]["check"]
    assert same_digits(wait, "0.3511235955")
    assert same_digits(q.erlang_c_probability(2.5, 3), "0.7022471910")
    assert same_digits(q.erlang_c_probability(6, 10), ANCHORS["Erlang C, c=10, A=6"]["check"].split()[1])


@pytest.mark.parametrize(
    ("case", "computed"),
    [
        ("TRAP Erlang C, c=25, A=20", float(q.erlang_c_probability(20, 25))),
        ("TRAP Erlang B, c=200, A=180", float(q.erlang_b_probability(180, 200))),
    ],
)
def test_published_errors_of_queues_are_detected(case: str, computed: float) -> None:
    published = ANCHORS[case]["published_value"].split()[0]
    exact = re.search(r"exact (0\.\d+)", ANCHORS[case]["check"])
    assert exact is not None
    assert not same_digits(computed, published)
    assert same_digits(computed, exact.group(1))


def test_published_error_of_the_key_value_cache_is_detected() -> None:
    # Bytes = 2 (keys and values) x layers x key-value heads x head dimension x bytes per value x tokens.
    gib = {
        row["model"]: 2.0
        * float(row["layers_count"])
        * float(row["kv_heads_count"])
        * float(row["head_dimension"])
        * float(row["bytes_per_value"])
        * float(row["tokens_count"])
        / 2**30
        for row in rows("kv_cache_configs.csv")
    }
    for row in rows("kv_cache_configs.csv"):
        assert same_digits(gib[row["model"]], row["kv_cache_gib"])
    trap = ANCHORS["TRAP KV cache Llama-3.1-405B at 1k tokens"]
    published = trap["published_value"].split()[0]
    assert not same_digits(gib["Llama-3.1-405B"], published)
    # What went wrong: twice the key-value heads.
    assert same_digits(2 * gib["Llama-3.1-405B"], published)


# --- analytic ----------------------------------------------------------------------------------------------------------------


def test_erlang_b_for_arrays_is_erlang_b_for_each() -> None:
    load = np.array([[0.5], [20.0], [300.0]])
    servers = np.array([0, 1, 25, 310])
    together = q.erlang_b_probability(load, servers)
    assert together.shape == (3, 4)
    for i, j in np.ndindex(3, 4):
        assert together[i, j] == q.erlang_b_probability(load[i, 0], servers[j])
    assert np.all(together[:, 0] == 1.0)


def test_finite_queue_limits() -> None:
    # K = c is Erlang B; many places are M/M/c; one server with r = A has loss (1 - A) A^K / (1 - A^(K+1)).
    assert q.finite_queue(7.0, 8, 8, 2.0).lost_ratio == q.erlang_b_probability(7.0, 8)
    assert float(q.finite_queue(7.0, 8, 600, 2.0).mean_wait_seconds) == pytest.approx(
        float(q.mean_wait_seconds(7.0, 8, 2.0)), rel=1e-12
    )
    assert float(q.finite_queue(0.8, 1, 5, 1.0).lost_ratio) == pytest.approx(0.2 * 0.8**5 / (1 - 0.8**6), rel=1e-13)
    overloaded = q.finite_queue(20.0, 8, 40, 1.0)
    assert float(overloaded.utilisation_ratio) == pytest.approx(1.0, abs=1e-6)
    assert float(overloaded.lost_ratio) == pytest.approx(1 - 8 / 20, abs=1e-6)


def test_overload_waits_for_ever() -> None:
    assert q.erlang_c_probability(3.0, 3) == 1.0
    assert np.isinf(q.mean_wait_seconds(3.0, 3, 1.0))
    assert np.isinf(q.wait_quantile_seconds(4.0, 3, 1.0, 0.5))
    assert np.isinf(q.allen_cunneen_wait_quantile_seconds(4.0, 3, 1.0, 0.5, 0.0, 0.0))
    assert np.isinf(q.pollaczek_khinchine_wait_seconds(1.0, 1.0, 0.0))
    assert np.isinf(q.processor_sharing_sojourn_seconds(1.0, 1.0))
    assert q.empty_system_probability(3.0, 3) == 0.0


def test_sharing_of_a_constant_rate_is_processor_sharing() -> None:
    # M/M/1-PS: geometric number of jobs, mean sojourn S / (1 - A).
    state = q.shared_resource(0.8, np.ones(400))
    assert np.allclose(state.jobs_probability[:20], 0.2 * 0.8 ** np.arange(20), rtol=1e-12)
    assert float(state.mean_sojourn_seconds) == pytest.approx(float(q.processor_sharing_sojourn_seconds(0.8, 1.0)), rel=1e-12)
    # Sengupta and Jagerman: the second moment of the sojourn in M/M/1-PS is 4 S^2 / ((1 - A)^2 (2 - A)).
    times = np.linspace(0.0, 600.0, 60_001)
    tail = q.shared_sojourn_exceeds_probability(0.8, np.ones(400), times)
    assert np.trapezoid(tail, times) == pytest.approx(5.0, rel=1e-4)
    assert np.trapezoid(2 * times * tail, times) == pytest.approx(4 / (0.2**2 * 1.2), rel=1e-4)


def test_sharing_where_nobody_is_in_the_way() -> None:
    # r(n) = n / S: everybody has a server of their own, the sojourn is exponential with mean S.
    rates = np.arange(1, 121) / 2.0
    times = np.array([0.0, 1.0, 5.0])
    assert np.allclose(q.shared_sojourn_exceeds_probability(10.0, rates, times), np.exp(-times / 2.0), atol=1e-12)
    assert float(q.shared_sojourn_quantile_seconds(10.0, rates, 0.99)) == pytest.approx(2.0 * np.log(100.0), rel=1e-9)


def test_sharing_takes_arrays() -> None:
    rates = np.stack([np.linspace(1, 3, 16), np.linspace(2, 5, 16)], axis=1)
    arrivals = np.array([[0.5], [2.5], [6.0]])
    state = q.shared_resource(arrivals, rates[:, None, :])
    assert state.jobs_probability.shape == (17, 3, 2)
    alone = q.shared_resource(2.5, rates[:, 1])
    assert float(state.mean_sojourn_seconds[1, 1]) == pytest.approx(float(alone.mean_sojourn_seconds), rel=1e-13)


def test_batches_of_one_are_constant_service() -> None:
    one = q.batch_queue(0.8, [1.0])
    assert one.mean_wait_seconds == pytest.approx(float(q.pollaczek_khinchine_wait_seconds(0.8, 1.0, 0.0)), rel=1e-9)
    assert (one.mean_batch_count, one.busy_ratio) == pytest.approx((1.0, 0.8), rel=1e-9)


def test_batches_grow_with_load() -> None:
    seconds = 0.010 + 0.001 * np.arange(1, 33)
    quiet, busy = q.batch_queue(1.0, seconds), q.batch_queue(700.0, seconds)
    assert quiet.mean_batch_count == pytest.approx(1.0, abs=0.02)
    assert quiet.mean_sojourn_seconds == pytest.approx(0.011, rel=0.02)
    assert busy.mean_batch_count > 20
    # One by one the same server would manage 91 a second.
    assert busy.mean_sojourn_seconds < 0.12
    with pytest.raises(InputFault, match="largest batch"):
        q.batch_queue(800.0, seconds)


def test_a_queue_that_is_too_long_is_refused_and_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered: at its own, thousands of equations are solved before the refusal, and they prove no more."""
    assert q.batch_queue(0.9, [1.0]).busy_ratio == pytest.approx(0.9, rel=1e-9)
    monkeypatch.setattr(batching, "_LONGEST_QUEUE", 100)
    with pytest.raises(OutOfCalibration, match="too long"):
        q.batch_queue(0.9, [1.0])


def test_long_jobs_carry_the_peak_over() -> None:
    arrivals = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 10.0, 1.0) / 3600.0
    short, long_ = q.modified_offered_load_erlang(arrivals, 1.0), q.modified_offered_load_erlang(arrivals, 6 * 3600.0)
    assert np.allclose(short, q.pointwise_offered_load_erlang(arrivals, 1.0), rtol=3e-3)
    pointwise = q.pointwise_offered_load_erlang(arrivals, 6 * 3600.0)
    assert long_.max() < 0.85 * pointwise.max()
    assert long_[20] > 3 * pointwise[20]
    assert long_.mean() == pytest.approx(pointwise.mean(), rel=1e-12)
    # Against small steps of the differential equation, run until the day repeats.
    load, steps, hours = 0.0, 400, []
    for day in range(5):
        for hour in range(24):
            total = 0.0
            for _ in range(steps):
                before = load
                load += 3600.0 / steps * (arrivals[hour] - load / 21_600.0)
                total += 0.5 * (before + load) / steps
            if day == 4:
                hours.append(total)
    assert np.allclose(long_, hours, rtol=2e-3)


def test_dispersion_is_read_at_the_time_scale() -> None:
    bins, dispersion = [1.0, 10.0, 60.0], [1.386, 3.868, 16.411]
    assert np.allclose(q.arrival_scv_from_dispersion_ratio(dispersion, bins, [0.0, 1.0, 5.5, 60.0]), [1.0, 1.386, 2.627, 16.411])
    with pytest.raises(InputFault, match="time_scale_seconds"):
        q.arrival_scv_from_dispersion_ratio(dispersion, bins, 61.0)


def test_servers_of_textbook_cases() -> None:
    # 20 % may wait longer than 20 s of calls of 180 s at 10 erlang: 14 agents (13 leave 0.285 x exp(-3 x 20 / 180) = 0.204).
    assert q.servers_for_wait_count(10.0, 180.0, 20.0, 0.2, 1.0, 1.0) == 14
    assert q.servers_for_blocking_count(8.1, 0.01) == 15
    assert q.servers_for_blocking_count(8.2, 0.01) == 16
    assert q.servers_for_wait_count(0.0, 1.0, 0.0, 0.01, 1.0, 1.0) == 0
    assert q.servers_with_spares_count([0, 3, 3], [0.9, 1.0, 0.9], 0.99).tolist() == [0, 3, 5]


def test_a_million_servers_cost_no_recursion() -> None:
    load = 1e6
    servers = float(q.servers_for_wait_count(load, 1.0, 0.0, 0.5, 1.0, 1.0))
    # Square-root staffing: a chance to wait of one half is beta = 0.5061.
    assert (servers - load) / np.sqrt(load) == pytest.approx(0.506, abs=0.002)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        q.servers_for_wait_count(-1.0, 0.0, -2.0, 1.5, 1.0, 1.0)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputFault, match="whole"):
        q.erlang_b_probability(1.0, 2.5)


# --- property ----------------------------------------------------------------------------------------------------------------

LOADS = st.floats(0.01, 400.0)
SERVICES = st.floats(1e-3, 1e4)
PATIENCE = st.floats(0.0, 50.0)
LATE = st.floats(1e-4, 0.9)
SCV = st.floats(0.05, 20.0)


@EXACTLY
@given(LOADS, LOADS, SERVICES, PATIENCE, LATE, SCV, SCV)
def test_more_demand_never_fewer_servers(a: float, b: float, s: float, t: float, late: float, ca2: float, cs2: float) -> None:
    low, high = q.servers_for_wait_count([min(a, b), max(a, b)], s, t * s, late, ca2, cs2)
    assert low <= high


@EXACTLY
@given(LOADS, SERVICES, PATIENCE, PATIENCE, LATE, LATE, SCV)
def test_a_tighter_limit_never_fewer_servers(
    a: float, s: float, t1: float, t2: float, late1: float, late2: float, cs2: float
) -> None:
    tight = q.servers_for_wait_count(a, s, min(t1, t2) * s, min(late1, late2), 1.0, cs2)
    loose = q.servers_for_wait_count(a, s, max(t1, t2) * s, max(late1, late2), 1.0, cs2)
    assert tight >= loose
    assert q.servers_for_blocking_count(a, min(late1, late2)) >= q.servers_for_blocking_count(a, max(late1, late2))


@EXACTLY
@given(LOADS, LOADS, SERVICES, PATIENCE, LATE, SCV)
def test_one_pool_never_more_than_two(a: float, b: float, s: float, t: float, late: float, cs2: float) -> None:
    first, second, together = q.servers_for_wait_count([a, b, a + b], s, t * s, late, 1.0, cs2)
    assert together <= first + second
    apart = q.servers_for_mean_wait_count([a, b], s, (t + 0.001) * s, 1.0, cs2).sum()
    assert q.servers_for_mean_wait_count(a + b, s, (t + 0.001) * s, 1.0, cs2) <= apart
    assert q.servers_for_blocking_count(a + b, late) <= q.servers_for_blocking_count([a, b], late).sum()


@EXACTLY
@given(LOADS, PATIENCE, LATE)
def test_the_number_of_servers_is_the_smallest(a: float, t: float, late: float) -> None:
    servers = float(q.servers_for_wait_count(a, 1.0, t, late, 1.0, 1.0))
    assert q.wait_exceeds_probability(a, servers, 1.0, t) <= late * (1 + 1e-9)
    assert servers - 1 <= a or q.wait_exceeds_probability(a, servers - 1, 1.0, t) > late * (1 - 1e-9)
    mean = float(q.servers_for_mean_wait_count(a, 1.0, t + 0.01, 1.0, 1.0))
    assert q.mean_wait_seconds(a, mean, 1.0) <= (t + 0.01) * (1 + 1e-9)
    assert mean - 1 <= a or q.mean_wait_seconds(a, mean - 1, 1.0) > (t + 0.01) * (1 - 1e-9)
    blocked = float(q.servers_for_blocking_count(a, late))
    assert q.erlang_b_probability(a, blocked) <= late
    assert blocked == 0 or q.erlang_b_probability(a, blocked - 1) > late


@EXACTLY
@given(st.integers(1, 60), st.floats(0.3, 0.9999), st.floats(0.5, 0.99999))
def test_spares_are_the_smallest_number(needed: int, available: float, target: float) -> None:
    from math import comb

    def up(servers: int) -> float:
        return sum(comb(servers, k) * available**k * (1 - available) ** (servers - k) for k in range(needed, servers + 1))

    servers = int(q.servers_with_spares_count(needed, available, target))
    assert up(servers) >= target - 1e-12
    assert servers == needed or up(servers - 1) < target + 1e-12


@EXACTLY
@given(st.floats(0.01, 60.0), st.integers(1, 40), st.integers(0, 60), SERVICES)
def test_little_holds_in_the_finite_queue(a: float, servers: int, room: int, s: float) -> None:
    queue = q.finite_queue(a, servers, servers + room, s)
    let_in_per_second = a / s * (1 - queue.lost_ratio)
    assert float(queue.mean_jobs_count) == pytest.approx(float(let_in_per_second * (queue.mean_wait_seconds + s)), rel=1e-9)
    assert float(queue.utilisation_ratio) <= 1.0 + 1e-12
    assert q.finite_queue(a, servers, servers + room + 1, s).lost_ratio <= queue.lost_ratio


@EXACTLY
@given(st.floats(0.05, 3.0), st.lists(st.floats(0.1, 2.0), min_size=1, max_size=40))
def test_little_holds_in_the_shared_resource(arrivals: float, gains: list[float]) -> None:
    rates = np.cumsum(gains)
    state = q.shared_resource(arrivals, rates)
    assert float(state.jobs_probability.sum()) == pytest.approx(1.0, rel=1e-12)
    served = float(state.jobs_probability[1:] @ rates)
    assert served == pytest.approx(float(state.throughput_jobs_per_second), rel=1e-9)
    # The mean sojourn is the integral of its tail: sum of weight / speed, told by two independent routes.
    ends = np.linspace(0.0, 1.0, 4001)[1:-1]
    times = ends / (1 - ends) * float(state.mean_sojourn_seconds)
    tail = q.shared_sojourn_exceeds_probability(arrivals, rates, times)
    assert np.all(np.diff(tail) <= 1e-12)
    area = np.trapezoid(tail / (1 - ends) ** 2, ends) * float(state.mean_sojourn_seconds)
    assert area == pytest.approx(float(state.mean_sojourn_seconds), rel=5e-3)
    late = float(q.shared_sojourn_quantile_seconds(arrivals, rates, 0.95))
    assert float(q.shared_sojourn_exceeds_probability(arrivals, rates, late)) == pytest.approx(0.05, abs=1e-9)


@EXACTLY
@given(st.floats(0.05, 0.9), st.integers(1, 12), st.floats(0.0, 1.0))
def test_batches_keep_the_server_as_busy_as_the_work_they_hold(load: float, largest: int, shared: float) -> None:
    # Jobs out = jobs in: mean batch per cycle over the cycle's length is the arrival rate; busy share is below one.
    seconds = shared + (1.0 - 0.9 * shared) * np.arange(1, largest + 1)
    arrivals = load * largest / seconds[-1]
    state = q.batch_queue(arrivals, seconds)
    assert 1.0 - 1e-12 <= state.mean_batch_count <= largest + 1e-12
    assert 0.0 < state.busy_ratio < 1.0
    assert state.mean_sojourn_seconds >= state.mean_wait_seconds + seconds[0] - 1e-9
    more = q.batch_queue(min(arrivals * 1.05, 0.95 * largest / seconds[-1]), seconds)
    assert more.busy_ratio >= state.busy_ratio - 1e-9


# --- the table of the month loop ---------------------------------------------------------------------------------------------


def test_the_table_is_the_direct_formula_or_safer() -> None:
    patience = np.array([0.0, 0.1, 0.5, 2.0, 10.0])
    table = q.servers_table(5000.0, patience, 0.01)
    load = np.concatenate([np.linspace(0.0, 600.0, 2003), np.geomspace(0.01, 5000.0, 1500)])[:, None]
    direct = q.servers_for_wait_count(load, 1.0, patience, 0.01, 1.0, 1.0)
    looked_up = table.servers(load, patience)
    assert np.all(looked_up >= direct)
    exact = direct <= 512
    assert np.array_equal(looked_up[exact], direct[exact])
    assert np.all(looked_up <= np.ceil(direct * 1.0051) + 1)
    between = table.servers(load, 0.3)
    assert np.all(between >= q.servers_for_wait_count(load, 1.0, 0.3, 0.01, 1.0, 1.0))


def test_the_table_refuses_what_it_does_not_hold() -> None:
    table = q.servers_table(100.0, [0.1, 1.0], 0.01)
    assert table.servers(100.0, 0.1) == q.servers_for_wait_count(100.0, 1.0, 0.1, 0.01, 1.0, 1.0)
    with pytest.raises(InputFault) as caught:
        table.servers([150.0, 1.0], 0.05)
    assert len(caught.value.faults) == 2


@EXACTLY
@given(st.floats(0.5, 3000.0), st.floats(1e-4, 0.5), st.floats(0.0, 5.0))
def test_any_table_is_the_direct_formula_or_safer(largest: float, late: float, patience: float) -> None:
    table = q.servers_table(largest, [patience], late)
    load = np.linspace(0.0, largest, 200)
    direct = q.servers_for_wait_count(load, 1.0, patience, late, 1.0, 1.0)
    looked_up = table.servers(load, patience)
    assert np.all(looked_up >= direct)
    assert np.all(looked_up <= np.ceil(direct * 1.0051) + 1)
    assert np.all(np.diff(looked_up) >= 0)
