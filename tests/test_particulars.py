"""What is particular about an organisation is said from its own numbers, and differs from sector to sector."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork import presets, profiles
from groundwork.results.particulars import difference_by_category, particulars
from groundwork.results.words import plain
from groundwork.scenario import replaced
from groundwork.study import outcome_of
from invented import invented, sure

FIVE = ("healthcare", "finance", "retail", "manufacturing", "media")


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    scenarios = {name: profiles.load(name) for name in FIVE}
    return {
        name: [plain(said) for said in particulars(each, outcome_of(each, 256, each.seed))] for name, each in scenarios.items()
    }


def test_every_sector_has_every_passage_and_no_two_read_the_same(told: dict[str, list[str]]) -> None:
    assert {len(passages) for passages in told.values()} == {5}
    for same_passage in zip(*told.values(), strict=True):
        assert len(set(same_passage)) == 5


def test_what_carries_the_value_is_each_sector_s_own(told: dict[str, list[str]]) -> None:
    carriers = {passages[0].split("of it from ")[1].split(".")[0] for passages in told.values()}
    assert len(carriers) >= 4


def test_the_order_of_models_and_infrastructure_is_told_first_against_second() -> None:
    scenario = invented()
    outcome = outcome_of(scenario, 256, 3)
    parts = difference_by_category(outcome, "infrastructure_first", "model_first")
    rows = [outcome.strategies.index(name) for name in ("infrastructure_first", "model_first")]
    lead = outcome.npv_usd[rows[0]] - outcome.npv_usd[rows[1]]
    assert sum(parts.values()) == pytest.approx(lead.mean(), rel=1e-9)
    assert parts["platform"] == pytest.approx(
        -outcome.cost_usd["platform"][rows[0]].mean() + outcome.cost_usd["platform"][rows[1]].mean()
    )
    assert f"in {round(100 * (lead > 0.0).mean())} of 100 futures" in plain(particulars(scenario, outcome)[-1])


def test_what_is_not_there_is_not_told() -> None:
    scenario = invented()
    for name in scenario.workloads:
        scenario = replaced(scenario, f"workloads.{name}.buyable", False)
    scenario = replaced(scenario, "channels.wall.enabled", False)
    passages = [plain(said) for said in particulars(scenario, outcome_of(scenario, 64, 3))]
    assert passages[1] == "Nothing here can be bought as a service."
    assert "first design" not in passages[2]
    only = replaced(scenario, "strategies", {"wait": scenario.strategies["wait"]})
    assert len(particulars(only, outcome_of(only, 64, 3))) == 2


def test_a_promise_that_cannot_be_missed_is_not_missed() -> None:
    scenario = replaced(invented(), "operations.slo_ratio", sure(0.5))
    for path in ("operations.change_failure_ratio", "operations.zone_outages_per_year"):
        scenario = replaced(scenario, path, sure(0.0))
    assert "is missed in 0 of 100 months" in plain(particulars(scenario, outcome_of(scenario, 64, 3))[3])


def test_one_use_case_reads_as_one() -> None:
    scenario = presets.with_presets(profiles.load("retail"), ["proof_of_concept"])
    first = plain(particulars(scenario, outcome_of(scenario, 64, 3))[0])
    assert first.startswith("The use case, live and taken up, brings USD")
    assert "%" not in first
    assert np.isfinite(float(first.split("One pilot in ")[1].split(" ")[0]))
