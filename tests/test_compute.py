"""What will run: the tables behind the page, for every industry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from groundwork.app.pages import what_will_run
from groundwork.profiles import available, load
from groundwork.results.compute import (
    accelerator_domain,
    accelerator_rows,
    day_domain,
    day_rows,
    latency_rows,
    middles,
    nearest_points,
    nearest_table,
    parts_of,
)
from groundwork.results.words import plain
from groundwork.strategy.served_copy import latency_over_load
from groundwork.study.state import Study
from groundwork.workloads import EdgeWork, LlmWork


@pytest.mark.parametrize("name", available())
def test_every_industry_says_what_will_run(name: str) -> None:
    study = Study(load(name))
    content = what_will_run.content(study)
    assert "accelerat" in content.blocks[1].items[0].title or "accelerators" in plain(content.answer)
    parts = parts_of(study.scenario)
    assert {part.label for part in parts} == {item.label for item in study.scenario.workloads.values() if item.enabled}
    assert not [part.refusal for part in parts if part.refusal]
    for part in parts:
        assert part.hours.shape == (24,)
        assert 0.0 < part.busy_ratio <= 1.0
        assert part.servers_count >= 1.0
    pair = what_will_run.holders(study)
    low, high = accelerator_domain(study.outcome, pair)
    rows = accelerator_rows(study.scenario, study.outcome, pair)
    assert len(rows["lines"]) == 2 * study.outcome.months
    assert all(low <= row["low"] <= row["high"] <= high for row in rows["belt"])


def test_the_bars_of_an_hour_stand_on_each_other() -> None:
    parts = parts_of(load("media"))
    rows = day_rows(parts)
    assert len({row["label"] for row in rows["bars"]}) <= 5
    for hour in range(24):
        bars = [row for row in rows["bars"] if row["hour"] == hour]
        assert bars[0]["base"] == 0.0
        assert all(later["base"] == pytest.approx(earlier["top"]) for earlier, later in pairwise(bars))
        assert bars[-1]["top"] == pytest.approx(sum(part.hours[hour] for part in parts))
        assert bars[-1]["top"] <= day_domain(parts)[1]


def test_devices_at_sites_work_at_every_hour() -> None:
    scenario = load("manufacturing")
    labels = {item.label for item in scenario.workloads.values() if isinstance(item.work, EdgeWork)}
    assert labels
    for part in parts_of(scenario):
        assert part.label not in labels or np.ptp(part.hours) == 0.0


def test_latency_of_a_copy_rises_with_its_load_and_its_lines_stay_in_the_picture() -> None:
    kind = next(item.work for item in middles(load("retail")).workloads.values() if isinstance(item.work, LlmWork))
    told = latency_over_load(kind, (0.2, 0.5, 0.8, 0.95), (0.5, 0.95, 0.99))
    assert (np.diff(told.ttft_seconds, axis=1) > 0.0).all()
    assert (np.diff(told.ttft_seconds, axis=0) > 0.0).all()
    assert told.knee_requests_per_second < told.saturation_requests_per_second
    assert 0.0 < told.mfu_ratio < 1.0
    rows = latency_rows(told, 2.0, 0.5)
    assert max(row["value"] for row in rows["lines"]) <= 0.5
    assert rows["limits"] == []


def test_the_nearest_measurements_are_of_the_same_model_first() -> None:
    kind = next(item.work for item in middles(load("retail")).workloads.values() if isinstance(item.work, LlmWork))
    points = nearest_points(kind)
    assert points[0].setup.model == kind.model
    assert points[0].setup.accelerator == kind.accelerator
    assert all(row[-1] for row in nearest_table(points)["rows"])
