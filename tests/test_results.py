"""The run document: complete, finite, and adding up."""

from __future__ import annotations

import json

import numpy as np
import pytest

from groundwork.results import money, payback_month, run_document, sentence
from groundwork.strategy.simulation import Outcome, drawn, simulate
from invented import invented, points


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    scenario = invented()
    places = points(scenario)
    outcome: Outcome = simulate(scenario, places, tuple(scenario.strategies))
    made = run_document(scenario, outcome, drawn(scenario, places).operations.slo_ratio, {}, [], [])
    return json.loads(json.dumps(made, allow_nan=False))  # type: ignore[no-any-return]


def test_costs_by_category_add_up_and_chances_add_up(document: dict) -> None:
    for part in document["strategies"].values():
        assert sum(part["cost_by_category_usd"].values()) == pytest.approx(part["cost_usd"]["mean"], abs=0.01)
        assert part["regret_usd"]["max"] >= part["regret_usd"]["mean"] >= 0
        assert len(part["accelerators"]["p50"]) == document["months"]
    assert sum(part["p_best"] for part in document["strategies"].values()) == pytest.approx(1.0)


def test_every_key_of_the_contract_is_there(document: dict) -> None:
    assert set(document) == {
        "schema",
        "version",
        "run_id",
        "profile",
        "currency",
        "seed",
        "samples",
        "months",
        "strategies",
        "verdict",
        "warnings",
    }
    assert len(document["run_id"]) == 16
    wanted = (
        "npv_usd cost_usd cost_by_category_usd payback_month p_best regret_usd accelerators live_use_cases stall_months rebuilds "
        "unserved_ratio downtime_minutes_per_month slo_miss_probability utilisation_ratio infrastructure_spend_usd"
    )
    for part in document["strategies"].values():
        assert set(wanted.split()) <= set(part)
    assert {"best", "second", "tied", "p_best", "advantage_usd", "from_month", "sentence", "channels", "flips"} == set(
        document["verdict"]
    )
    assert len(document["verdict"]["sentence"].split()) <= 45


def test_identical_strategies_are_said_to_be_tied() -> None:
    scenario = invented()
    twin = dict.fromkeys(("model_first", "twin"), scenario.strategies["model_first"])
    from groundwork.results import verdict
    from groundwork.scenario import replaced

    twins = replaced(scenario, "strategies", twin)
    assert verdict(simulate(twins, points(twins), ("model_first", "twin")))["tied"] == ["model_first", "twin"]


def test_payback_is_the_month_from_which_it_stays_paid_back() -> None:
    path = np.array([[-1.0, 1.0, -1.0], [1.0, -1.0, -2.0], [2.0, 3.0, -1.0]])
    assert payback_month(path) == {"p50": 3, "p_never": pytest.approx(1 / 3)}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (4.12e6, "USD\u00a04.1\u00a0M"),
        (-271_234, "USD\u00a0\u2212271\u00a0k"),
        (12.0, "USD\u00a012"),
        (2.5e9, "USD\u00a02.5\u00a0bn"),
    ],
)
def test_money_is_said_as_people_say_it(amount: float, said: str) -> None:
    assert money(amount) == said


def test_a_narrow_lead_is_too_close_to_call() -> None:
    assert sentence("staged", "wait", 0.5, np.array([1.0, -1.0]), None, 36).startswith("Too close to call")
