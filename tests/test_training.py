"""Training: work, failures and checkpoints, efficiency on runs left out, and waits on a shared cluster."""

from __future__ import annotations

import csv
import heapq
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from groundwork.catalogue.fit_training_mfu import fitted
from groundwork.catalogue.tables import table_rows
from groundwork.catalogue.training_records import mfu_shrinkage, reported_mfu, training_run_names, training_runs
from groundwork.errors import InputFault
from groundwork.formulas import training as t
from groundwork.formulas.queueing import allen_cunneen_mean_wait_seconds

EXACTLY = settings(derandomize=True, deadline=None, max_examples=60)
PUBLISHED = Path(__file__).parent / "published" / "training_validation.csv"


def published() -> tuple[list[dict[str, str]], t.TrainingRuns]:
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows, t.TrainingRuns(
        parameters_b=np.array([float(row["params_b_active"]) for row in rows]),
        tokens_b=1000 * np.array([float(row["tokens_t"]) for row in rows]),
        peak_tflops=np.array([float(row["peak_bf16_tflops"]) for row in rows]),
        accelerator_hours=np.array([float(row["gpu_hours_published"]) for row in rows]),
    )


def some(runs: t.TrainingRuns, kept: NDArray[np.bool_]) -> t.TrainingRuns:
    return t.TrainingRuns(
        parameters_b=runs.parameters_b[kept],
        tokens_b=runs.tokens_b[kept],
        peak_tflops=runs.peak_tflops[kept],
        accelerator_hours=runs.accelerator_hours[kept],
    )


def left_out(groups: list[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Error of the accelerator-hours of each run, and whether its MFU lies in the 80 % range, with its group unseen."""
    _, runs = published()
    errors, inside = np.zeros(len(groups)), np.zeros(len(groups), dtype=bool)
    for group in set(groups):
        out = np.array([one == group for one in groups])
        seen, asked = some(runs, ~out), some(runs, out)
        estimate = t.estimated_mfu(t.fitted_mfu_shrinkage(seen), seen, asked.parameters_b, asked.tokens_b, asked.peak_tflops)
        work = t.training_flops(asked.parameters_b, asked.tokens_b)
        hours = t.training_accelerator_hours(work, asked.peak_tflops, estimate.central_ratio, 1.0)
        errors[out] = np.abs(hours / asked.accelerator_hours - 1)
        inside[out] = (asked.implied_mfu_ratio() >= estimate.low_ratio) & (asked.implied_mfu_ratio() <= estimate.high_ratio)
    return errors, inside


def test_published_work_and_mfu() -> None:
    rows, runs = published()
    # Printed with four digits and three.
    assert t.training_flops(runs.parameters_b, runs.tokens_b) == pytest.approx(
        [float(row["flops_6nd"]) for row in rows], rel=6e-4
    )
    assert runs.implied_mfu_ratio() == pytest.approx([float(row["implied_mfu"]) for row in rows], abs=6e-4)


def test_each_run_left_out_is_met_within_fifteen_percent_at_the_median() -> None:
    rows, _ = published()
    errors, inside = left_out([row["run"] for row in rows])
    # Measured: median 13.6 %, 90th percentile 29 %, 19 of 24 inside the range that says 80 %.
    assert np.median(errors) <= 0.15
    assert np.quantile(errors, 0.9) <= 0.35
    assert 0.70 <= inside.mean() <= 0.90


def test_whole_families_left_out_are_worse_and_known_to_be() -> None:
    rows, _ = published()
    families = ["Llama-3" if row["run"].startswith("Llama-3") else row["run"].split()[0] for row in rows]
    errors, _ = left_out(families)
    # Measured: 18.8 %. This is the figure for a run unlike those published.
    assert 0.15 < np.median(errors) <= 0.22


def test_the_shipped_runs_and_fit_are_those_published() -> None:
    rows, runs = published()
    shipped = training_runs()
    assert list(training_run_names()) == [row["run"] for row in rows]
    assert np.array_equal(shipped.accelerator_hours, runs.accelerator_hours)
    assert np.array_equal(shipped.tokens_b, runs.tokens_b)
    kept = {row["parameter"]: float(row["value"]) for row in table_rows("training_mfu_fit.csv")}
    # The search stops where the last digits do not matter.
    assert {row["parameter"]: float(row["value"]) for row in fitted()} == pytest.approx(kept, rel=0.01)


def test_far_from_every_run_the_range_is_wide() -> None:
    runs, shrinkage = training_runs(), mfu_shrinkage()
    near = t.estimated_mfu(shrinkage, runs, 8.0, 15_000.0, 989.4)
    far = t.estimated_mfu(shrinkage, runs, 8.0, 0.05, 2250.0)
    assert far.high_ratio / far.low_ratio > 1.4 * near.high_ratio / near.low_ratio
    assert float(near.central_ratio[0]) == pytest.approx(0.148, abs=0.02)
    assert all(0.15 < one.mfu_ratio < 0.6 and one.source for one in reported_mfu())


def test_hours_of_a_known_run() -> None:
    # Llama 2 70B: 6 x 68.98e9 x 2e12 at 0.428 of 312 TFLOPS: 1.72 million hours.
    work = t.training_flops(68.98, 2000.0)
    assert float(t.training_accelerator_hours(work, 312.0, 0.428, 1.0)) == pytest.approx(1_720_320, rel=2e-3)
    assert float(t.training_accelerator_hours(work, 312.0, 0.428, 0.8)) == pytest.approx(1_720_320 / 0.8, rel=2e-3)
    assert float(t.adapter_tuning_flops(8.0, 1.0) / t.training_flops(8.0, 1.0)) == pytest.approx(2 / 3)


def test_failures_of_a_large_job() -> None:
    # 6.50 failures per 1,000 node-days on 128 nodes: 28.8 h. (The 7.9 h printed beside it does not follow from it.)
    mean = t.job_mean_time_between_failures_hours(0.0065, 128)
    assert float(mean) == pytest.approx(28.8, abs=0.05)
    # 419 unexpected interruptions in 54 days; with checkpoints of 3 minutes and restarts of 10 the run keeps over 85 %.
    mean = 54 * 24 / 419
    best = t.best_checkpoint_interval_hours(0.05, mean)
    assert 0.70 < float(t.goodput_ratio(best, 0.05, 1 / 6, mean)) < 0.90
    # More than 90 % was published: that takes checkpoints of seconds and restarts of minutes.
    best = t.best_checkpoint_interval_hours(0.004, mean)
    assert float(t.goodput_ratio(best, 0.004, 0.1, mean)) > 0.90


def test_goodput_against_a_simulation_of_failures() -> None:
    rng = np.random.default_rng(11)
    interval, checkpoint, restart, mean = 1.0, 0.1, 0.3, 4.0
    clock, kept, down = 0.0, 0.0, False
    next_failure = rng.exponential(mean)
    while kept < 60_000:
        needed = restart if down else interval + checkpoint
        if next_failure < needed:
            clock += next_failure
            next_failure = rng.exponential(mean)
            down = True
            continue
        clock += needed
        next_failure -= needed
        kept += 0.0 if down else interval
        down = False
    assert float(t.goodput_ratio(interval, checkpoint, restart, mean)) == pytest.approx(kept / clock, rel=0.005)


def test_young_is_the_first_term() -> None:
    assert float(t.best_checkpoint_interval_hours(1e-6, 100.0)) == pytest.approx(
        float(t.young_checkpoint_interval_hours(1e-6, 100.0)), rel=1e-3
    )


def test_gangs_are_whole() -> None:
    assert t.gang_slots_count([100, 7, 8], 8).tolist() == [12, 0, 1]
    assert t.gang_slots_count(0.3, 0.1) == 3


def simulated_waits(slots: int, busy: float, ratio: float) -> NDArray[np.float64]:
    """Waits in mean run times of six times 240,000 runs, first come first served, after a fifth to warm up."""
    sigma = np.sqrt(2 * np.log(ratio))
    waits = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        runs = np.exp(sigma * rng.standard_normal(300_000) - sigma**2 / 2).tolist()
        arrivals = np.cumsum(rng.exponential(1 / (busy * slots), 300_000)).tolist()
        free = [0.0] * slots
        waited = np.empty(300_000)
        for number, (arrival, run) in enumerate(zip(arrivals, runs, strict=True)):
            start = max(arrival, free[0])
            waited[number] = start - arrival
            heapq.heapreplace(free, start + run)
        waits.append(waited[60_000:])
    return np.concatenate(waits)


@pytest.mark.parametrize(
    ("slots", "busy", "ratio", "within"),
    [
        pytest.param(8, 0.6, 10, 2.0, marks=pytest.mark.slow),
        (8, 0.6, 20, 2.0),
        pytest.param(8, 0.8, 20, 5.0, marks=pytest.mark.slow),
        pytest.param(32, 0.85, 10, 2.0, marks=pytest.mark.slow),
        pytest.param(32, 0.85, 20, 2.0, marks=pytest.mark.slow),
        pytest.param(128, 0.95, 10, 2.0, marks=pytest.mark.slow),
        (128, 0.95, 20, 3.0),
    ],
)
def test_waits_of_experiments_against_a_simulation(slots: int, busy: float, ratio: float, within: float) -> None:
    waits = simulated_waits(slots, busy, ratio)
    simulated = np.quantile(waits, 0.95)
    said = float(t.experiment_wait_quantile_hours(busy * slots, 1.0, ratio, slots, 0.95))
    assert simulated / within < said < simulated * within
    at_once = float(t.experiment_wait_exceeds_probability(busy * slots, 1.0, ratio, slots, 0.0))
    assert at_once == pytest.approx((waits > 0).mean(), abs=0.15)
    # What two moments say is off by more than this at the mean.
    two_moments = float(allen_cunneen_mean_wait_seconds(busy * slots, slots, 1.0, 1.0, ratio**2 - 1))
    assert two_moments > 2 * waits.mean()


def test_experiment_waits_have_an_inverse() -> None:
    for quantile in (0.9, 0.95, 0.99):
        wait = t.experiment_wait_quantile_hours(6.0, 4.0, 20.0, 30, quantile)
        assert float(t.experiment_wait_exceeds_probability(6.0, 4.0, 20.0, 30, wait)) == pytest.approx(1 - quantile, rel=1e-6)
    assert t.experiment_wait_quantile_hours(1.0, 1.0, 20.0, 30, 0.99) == 0.0
    assert np.isinf(t.experiment_wait_quantile_hours(8.0, 4.0, 20.0, 30, 0.99))
    assert t.experiment_wait_exceeds_probability(8.0, 4.0, 20.0, 30, 5.0) == 1.0
    slots = t.experiment_slots_count(6.0, 4.0, 20.0, 1.0, 0.05)
    assert t.experiment_wait_exceeds_probability(6.0, 4.0, 20.0, slots, 1.0) <= 0.05
    assert t.experiment_wait_exceeds_probability(6.0, 4.0, 20.0, slots - 1, 1.0) > 0.05
    together = t.experiment_wait_exceeds_probability(np.array([[3.0], [6.0]]), 4.0, 20.0, np.array([20, 30, 60]), 1.0)
    assert together.shape == (2, 3)
    assert float(together[1, 1]) == float(t.experiment_wait_exceeds_probability(6.0, 4.0, 20.0, 30, 1.0))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        t.training_accelerator_hours(0.0, -1.0, 1.2, 0.0)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputFault) as caught:
        t.experiment_wait_exceeds_probability(0.0, 0.0, 1.0, 1.5, -1.0)
    assert len(caught.value.faults) == 5


@EXACTLY
@given(st.floats(0.001, 2.0), st.floats(0.01, 5000.0), st.floats(0.0, 2.0), st.floats(0.2, 5.0))
def test_no_interval_beats_the_best_one(checkpoint: float, mean: float, restart: float, other: float) -> None:
    best = float(t.best_checkpoint_interval_hours(checkpoint, mean))
    assert t.goodput_ratio(best, checkpoint, restart, mean) >= t.goodput_ratio(best * other, checkpoint, restart, mean) * (
        1 - 1e-9
    )
    young = float(t.young_checkpoint_interval_hours(checkpoint, mean))
    assert t.goodput_ratio(best, checkpoint, restart, mean) >= t.goodput_ratio(young, checkpoint, restart, mean) * (1 - 1e-9)


@EXACTLY
@given(st.floats(0.01, 8.0), st.floats(0.001, 1.0), st.floats(0.0, 2.0), st.floats(0.05, 500.0), st.floats(1.0, 3.0))
def test_more_failures_never_more_goodput(interval: float, checkpoint: float, restart: float, mean: float, better: float) -> None:
    worse, calm = t.goodput_ratio(interval, checkpoint, restart, [mean, mean * better])
    assert 0.0 <= worse <= calm + 1e-12
    assert calm <= 1.0


@EXACTLY
@given(st.floats(0.1, 20.0), st.floats(0.1, 20.0), st.floats(2.0, 32.0), st.floats(0.01, 20.0), st.floats(0.01, 0.3))
def test_more_experiments_never_fewer_slots(a: float, b: float, ratio: float, wait: float, late: float) -> None:
    few = t.experiment_slots_count(min(a, b), 1.0, ratio, wait, late)
    many = t.experiment_slots_count(max(a, b), 1.0, ratio, wait, late)
    assert few <= many
    assert t.experiment_slots_count(a, 1.0, ratio, wait / 2, late) >= t.experiment_slots_count(a, 1.0, ratio, wait, late)
    assert t.experiment_slots_count(a + b, 1.0, ratio, wait, late) <= few + many
