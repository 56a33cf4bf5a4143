"""What will run: the tables behind the page, for every industry."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from groundwork.app.pages import what_will_run
from groundwork.profiles import available, load
from groundwork.quantities import percentile
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
    with_figure,
)
from groundwork.results.packing import packing_table, packing_words
from groundwork.results.serving import (
    BINDS,
    answer_words,
    answers_table,
    changes_table,
    demand_table,
    error_levels,
    language_models,
)
from groundwork.results.words import plain
from groundwork.strategy.machines import pools_of
from groundwork.strategy.served_copy import latency_over_load
from groundwork.strategy.serving_answer import ServingAnswer, saved_ratio, serving_answer
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


@pytest.mark.parametrize("name", available())
def test_whole_machines_shared_are_never_more_than_apart(name: str) -> None:
    scenario = load(name)
    sited = {item.label for item in scenario.workloads.values() if isinstance(item.work, EdgeWork)}
    shares = [part.share for part in parts_of(scenario) if part.share is not None]
    assert not sited & {share.label for share in shares}
    pools = pools_of(shares, 8.0)
    assert pools
    for pool in pools:
        mine = [share for share in shares if share.label in pool.alone]
        assert len(mine) > 1
        assert {share.accelerator for share in mine} == {pool.accelerator}
        assert pool.services_count <= pool.together.nodes_count <= pool.alone_count
        # What all take over the day, services in whole servers, is never more than the machines hold.
        services = [share.server_accelerators_count * np.ceil(share.servers - 1e-9) for share in mine if not share.window]
        total = float(np.sum([*services, *(share.servers for share in mine if share.window)]))
        assert total <= pool.together.nodes_count * 8 * 24 + 1e-6
        assert pool.together.used_ratio == pytest.approx(total / (pool.together.nodes_count * 8 * 24))
    titles = [block.title for block in what_will_run.content(Study(scenario)).blocks]
    assert "What sharing whole machines saves" in titles


def test_sharing_is_said_with_both_counts_and_saves_nothing_where_machines_are_small() -> None:
    shares = [part.share for part in parts_of(load("finance")) if part.share is not None]
    pools = pools_of(shares, 8.0)
    said = plain(packing_words(pools))
    assert said.startswith(
        "3 machines of 8 H100 hold support assistant, employee copilot and market risk together; apart they take 4."
    )
    # Support and copilot fill half a machine each, eight hours of the risk run need two machines of their own, 1 + 1 + 2;
    # together one machine for the services and (8 x 8 + 96) / (8 x 8) = 2.5 machines in the risk run's hours.
    assert packing_table(pools)["rows"][0][:5] == ["8 x H100", "4 (1 + 1 + 2)", "1", "3", "1 (25\u00a0%)"]
    services = [share for share in shares if share.accelerator == "H100" and share.window is None]
    small = pools_of(services, 4.0)
    assert small[0].saved_count == 0
    assert "sharing saves none" in plain(packing_words(small))


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


@pytest.mark.parametrize("name", available())
def test_every_language_model_says_what_binds_and_what_to_change_next(name: str) -> None:
    study = Study(load(name))
    study.want(what_will_run.WORK)
    study.settle()
    answers, labels = study.result("serving"), language_models(study.scenario)
    assert list(answers) == list(labels)
    for key, answer in answers.items():
        assert answer.found is not None
        assert answer.found.fewest.binding in BINDS
        fewer, middle, more = answer.accelerators_count
        assert fewer <= middle <= more
        assert middle == answer.found.fewest.accelerators_count
        said = plain(answer_words(labels[key], answer))
        assert "binds" in said
        assert ("Too near the knee" in said) == (answer.knee_share_ratio > 0.85)
        assert all(saved_ratio(answer.found.fewest, step.fleet) < 1.0 for step in answer.steps)
    for table in (answers_table(labels, answers), changes_table(labels, answers)):
        assert table["rows"]
        assert {len(row) for row in table["rows"]} == {len(table["columns"])}
    content = what_will_run.content(study)
    titles = [block.title for block in content.blocks]
    assert "What binds, and what to change next" in titles
    nearest = [block for block in content.blocks if block.title.startswith("Measured nearest")]
    assert sum(len(block.items[0]["rows"]) for block in nearest) >= 6
    for block in nearest:
        assert all(re.fullmatch(r"\S+( M)? \(\S+( M)? to \S+( M)?\)", row[2]) for row in block.items[0]["rows"])


def busy(load_factor: float, **changes: object) -> ServingAnswer:
    item = next(item for item in middles(load("retail")).workloads.values() if isinstance(item.work, LlmWork))
    kind = replace(
        item.work, **{name: np.array([value]) if isinstance(value, float) else value for name, value in changes.items()}
    )
    return serving_answer(replace(item, units_per_day=item.units_per_day * load_factor, work=kind), (1.25, 1.0, 0.8))


def test_more_demand_needs_more_and_worse_capacity_widens_the_range() -> None:
    few, many = busy(100.0), busy(1_000.0)
    assert few.found is not None
    assert many.found is not None
    assert many.found.fewest.accelerators_count > few.found.fewest.accelerators_count
    assert many.accelerators_count[0] < many.accelerators_count[1] < many.accelerators_count[2]
    assert many.knee_share_ratio > few.knee_share_ratio / 2.0


def test_what_was_never_measured_has_a_wider_range_and_says_so() -> None:
    item = next(item for item in load("retail").workloads.values() if isinstance(item.work, LlmWork))
    assert isinstance(item.work, LlmWork)
    known, new, both = (
        error_levels(replace(item.work, **names))
        for names in ({}, {"model": "Mistral-7B"}, {"model": "Mistral-7B", "accelerator": "MI300X"})
    )
    assert known == pytest.approx([percentile(item.work.error_factor, level) for level in (0.9, 0.5, 0.1)])
    assert known[1] == new[1] == both[1]
    assert error_levels(replace(item.work, model="Nobody-7B")) == pytest.approx(known)
    assert known[0] < new[0] < both[0]
    assert known[2] > new[2] > both[2]
    assert "Not sure" not in plain(answer_words("Assistant", busy(1.0)))
    said = plain(answer_words("Assistant", busy(1.0, model="Mistral-7B")))
    assert "model not among the measured ones, so the range is wider" in said


def test_past_the_knee_the_page_says_so() -> None:
    # Limits so loose that copies are filled to their saturation.
    full = busy(2_000.0, ttft_limit_ms=60_000.0, tpot_limit_ms=2_000.0)
    assert full.knee_share_ratio > 0.85
    assert "Too near the knee" in plain(answer_words("Assistant", full))


def test_what_serves_nothing_is_refused_with_its_reason_and_a_way_out() -> None:
    none = busy(1.0, model="Llama-3.1-405B")
    assert none.found is None
    assert "does not fit in memory" in none.refusal
    said = plain(answer_words("Assistant", none))
    assert "has no answer as it stands" in said
    assert ("Next best change" in said) == bool(none.steps)


def test_demand_by_month_follows_growth_and_season() -> None:
    scenario = load("retail")
    table = demand_table(scenario, 36)
    assert table["columns"][:5] == ["Units a day", "Month 1", "Month 12", "Month 24", "Month 36"]
    assert len(table["rows"]) == sum(item.enabled for item in scenario.workloads.values())


def test_the_nearest_measurements_are_of_the_same_model_first() -> None:
    kind = next(item.work for item in middles(load("retail")).workloads.values() if isinstance(item.work, LlmWork))
    points = nearest_points(kind)
    assert points[0].setup.model == kind.model
    assert points[0].setup.accelerator == kind.accelerator
    assert all(row[-1] for row in nearest_table(points)["rows"])


@pytest.mark.parametrize(
    ("label", "said", "shown"),
    [
        ("Image generation", "6.0", "Image generation 6.0"),
        ("Rendering against a date", "17.1", "Rendering against a date 17.1"),
        ("Retraining of inspection models", "0.12", "Retraining of inspection… 0.12"),
        ("One's own workload with a name of many words", "1,240", "One's own workload with… 1,240"),
    ],
)
def test_a_long_name_is_cut_at_a_word_and_keeps_its_figure(label: str, said: str, shown: str) -> None:
    assert with_figure(label, said) == shown
