"""Latency over load of one server: against a step-by-step simulation, in its limits, and the right way round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batching_simulation import quantile_interval, simulated_server
from groundwork.errors import InputFault, OutOfCalibration
from groundwork.formulas.latency import BatchingServer, knee_requests_per_second, length_classes_tokens, server_latency
from groundwork.formulas.latency.runs import runs

LEVELS = (0.5, 0.95)


def invented_server(batch: int, prefill_seconds: float, input_cv: float, tokens: float, output_cv: float) -> BatchingServer:
    return BatchingServer(
        decode_seconds=0.008 + 0.0004 * np.arange(1, batch + 1),
        prefill_seconds=length_classes_tokens(prefill_seconds, input_cv),
        output_tokens=np.maximum(2.0, np.rint(length_classes_tokens(tokens, output_cv))),
    )


CHAT = invented_server(32, 0.03, 0.96, 211.0, 0.77)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("server", "load_ratio"),
    [
        (CHAT, 0.3),
        (CHAT, 0.6),
        (CHAT, 0.8),
        (invented_server(64, 0.06, 0.96, 211.0, 0.77), 0.8),
        (invented_server(64, 0.06, 0.96, 211.0, 0.77), 0.9),
        (invented_server(128, 0.015, 1.3, 300.0, 0.73), 0.6),
        (invented_server(128, 0.015, 1.3, 300.0, 0.73), 0.8),
        # Long prompts: prefills take 0.52, 0.58, 0.58 and 0.60 of the time.
        (invented_server(64, 0.1, 1.0, 100.0, 0.7), 0.8),
        (invented_server(24, 0.3, 0.8, 120.0, 0.6), 0.75),
        (invented_server(128, 0.08, 1.3, 80.0, 0.8), 0.85),
        (invented_server(32, 0.2, 1.0, 100.0, 0.7), 0.8),
    ],
)
def test_quantiles_lie_within_the_interval_of_a_simulation(server: BatchingServer, load_ratio: float) -> None:
    # 60,000 requests; the interval is 2.86 standard errors of 20 consecutive blocks: 99 % of Student's t with 19 degrees.
    load = load_ratio * server.saturation_requests_per_second
    first, each = simulated_server(server, load, 60_000, seed=1)
    told = server_latency(server, load, LEVELS)
    for values, formula in ((first, told.ttft_seconds), (each, told.tpot_seconds)):
        for level, quantile in zip(LEVELS, formula, strict=True):
            seen, error = quantile_interval(values, level)
            assert abs(quantile - seen) <= 2.86 * error + 0.002 * seen


@pytest.mark.slow
def test_a_small_batch_of_long_prompts_is_known_to_be_told_a_little_too_slow() -> None:
    # Prefills take 0.55 of the time, and the batch is often full: the text of the function says how far the tail is off.
    server = invented_server(16, 0.2, 1.3, 100.0, 0.7)
    load = 0.8 * server.saturation_requests_per_second
    first, each = simulated_server(server, load, 60_000, seed=1)
    told = server_latency(server, load, LEVELS)
    assert told.tpot_seconds[0] == pytest.approx(np.quantile(each, 0.5), rel=0.03)
    assert 1.0 < told.tpot_seconds[1] / np.quantile(each, 0.95) < 1.07
    for level, quantile in zip(LEVELS, told.ttft_seconds, strict=True):
        seen, error = quantile_interval(first, level)
        assert abs(quantile - seen) <= 2.86 * error


def test_the_share_of_time_in_service_adds_up_and_writes_the_tokens_asked_for() -> None:
    server = invented_server(16, 0.2, 1.3, 100.0, 0.7)
    load = 0.8 * server.saturation_requests_per_second
    chain = runs(server, load, 16)
    assert chain.below.sum() + chain.over.sum() == pytest.approx(1.0)
    # Requests that end per second of writing are those that arrive, over the share of the time that is left for writing.
    ended = chain.below[1:] @ chain.leave_per_second[:-1] + chain.over.sum() * chain.leave_per_second[-1]
    assert ended == pytest.approx(load / (1.0 - chain.prefill_share), rel=1e-9)


def test_runs_of_prefills_are_busy_periods() -> None:
    # Prefills of one length: the number in a busy period is a Borel distribution, mean 1 / (1 - share), seconds share out alike.
    server = BatchingServer(decode_seconds=np.full(60, 0.01), prefill_seconds=np.array([0.1]), output_tokens=np.array([50.0]))
    chain = runs(server, 3.0, 60)
    ended, count = chain.walk[:, 0], np.arange(61.0)
    assert ended[:4] == pytest.approx([0.0, np.exp(-0.3), 0.3 * np.exp(-0.6), 0.135 * np.exp(-0.9)])
    assert ended @ count == pytest.approx(1.0 / 0.7)
    assert chain.walk_seconds[:, 0] == pytest.approx(0.1 * count * ended)
    assert chain.walk_square[:, 0] == pytest.approx(0.01 * count**2 * ended)


def test_between_few_and_many_prefills_there_is_no_step() -> None:
    server = invented_server(32, 0.1, 1.0, 100.0, 0.7)
    shares = np.array([0.4499, 0.4501, 0.5499, 0.5501])
    told = [server_latency(server, share / server.prefill_seconds.mean(), LEVELS) for share in shares]
    for one, other in ((told[0], told[1]), (told[2], told[3])):
        assert one.ttft_seconds == pytest.approx(other.ttft_seconds, rel=0.02)
        assert one.tpot_seconds == pytest.approx(other.tpot_seconds, rel=0.02)


@pytest.mark.slow
def test_little_holds_in_the_simulated_server_and_the_formula_knows_its_number() -> None:
    # N = lambda T: requests being decoded are the load times their mean time from first token to last.
    load = 0.6 * CHAT.saturation_requests_per_second
    _, each = simulated_server(CHAT, load, 60_000, seed=2)
    # Short and long requests alike take the mean time per token, so that T is it times the mean number of tokens.
    present = load * each.mean() * (CHAT.output_tokens.mean() - 1.0)
    assert server_latency(CHAT, load, LEVELS).mean_in_service_count == pytest.approx(present, rel=0.05)


def test_alone_a_request_meets_nobody() -> None:
    told = server_latency(CHAT, 1e-4, LEVELS)
    assert told.ttft_seconds[0] == pytest.approx(np.median(CHAT.prefill_seconds), rel=0.05)
    assert told.tpot_seconds[0] == pytest.approx(CHAT.decode_seconds[0], rel=0.02)
    assert told.full_probability < 1e-12


def test_past_saturation_there_is_no_answer() -> None:
    with pytest.raises(OutOfCalibration, match="saturation"):
        server_latency(CHAT, CHAT.saturation_requests_per_second, LEVELS)


def test_the_knee_lies_below_saturation_and_the_tail_bends_there() -> None:
    knee = knee_requests_per_second(CHAT)
    assert 0.4 * CHAT.saturation_requests_per_second < knee < 0.95 * CHAT.saturation_requests_per_second
    before, at, after = (server_latency(CHAT, share * knee, [0.95]).ttft_seconds[0] for share in (0.7, 1.0, 1.2))
    assert after - at > 3.0 * (at - before)


def test_lengths_keep_their_mean_and_spread() -> None:
    lengths = length_classes_tokens(1154.7, 0.96, 400)
    assert lengths.mean() == pytest.approx(1154.7)
    assert lengths.std() / lengths.mean() == pytest.approx(0.96, rel=0.05)
    assert np.ptp(length_classes_tokens(100.0, 0.0)) == 0.0


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as told:
        BatchingServer(decode_seconds=np.array([-1.0]), prefill_seconds=np.array([0.0]), output_tokens=np.array([0.0]))
    assert len(told.value.faults) == 3


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.integers(4, 48),
    st.floats(0.01, 0.1),
    st.floats(0.1, 0.85),
    st.floats(1.02, 1.15),
)
def test_more_load_is_never_faster_and_a_faster_machine_never_slower(
    batch: int, prefill: float, load_ratio: float, more: float
) -> None:
    server = invented_server(batch, prefill, 0.9, 150.0, 0.8)
    faster = BatchingServer(
        decode_seconds=server.decode_seconds / more,
        prefill_seconds=server.prefill_seconds / more,
        output_tokens=server.output_tokens,
    )
    load = load_ratio * server.saturation_requests_per_second
    here = server_latency(server, load, LEVELS)
    busier = server_latency(server, load * more, LEVELS)
    sooner = server_latency(faster, load, LEVELS)
    # A grid point is the width of the answer's grid: nothing finer can be told apart.
    for field in ("ttft_seconds", "tpot_seconds"):
        now, later, less = getattr(here, field), getattr(busier, field), getattr(sooner, field)
        assert (later >= now * 0.98).all()
        assert (less <= now * 1.02).all()
    assert busier.mean_in_service_count > here.mean_in_service_count > sooner.mean_in_service_count
