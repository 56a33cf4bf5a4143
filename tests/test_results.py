"""The run document: complete, finite, and adding up."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.catalogue.evidence_records import evidence
from groundwork.catalogue.tables import table_rows
from groundwork.results import money, payback_month, run_document
from groundwork.results.assumptions import evidence_rows
from groundwork.results.fan import parted
from groundwork.results.verdicts import Pair, compared, sentence, verdict_words
from groundwork.results.words import figure, plain, rounded_domain
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


def flat(lead: list[float], from_month: int = 0) -> Pair:
    """An outcome of two strategies whose values differ by `lead` and whose paths cross in a month."""
    values = np.array([lead, [0.0] * len(lead)])
    path = np.repeat(values[None], 12, axis=0)
    path[:from_month, 0] = -1.0
    none: dict[str, np.ndarray] = {}
    outcome = Outcome(
        strategies=("staged", "wait"),
        workloads=(),
        months=12,
        samples=len(lead),
        seed=1,
        npv_usd=values,
        npv_path_usd=path,
        cost_usd=none,
        terminal_usd=values,
        rebuilds=values,
        monthly=none,
        balances=none,
    )
    return Pair(outcome, "staged", "wait")


def test_a_narrow_lead_is_too_close_to_call() -> None:
    said = plain(sentence(flat([1.0, -1.0]), "Staged", "Wait"))
    assert said.startswith("Too close to call between staged and wait")
    assert "50 of 100" in said


def test_a_pair_far_apart_is_not_called_close_because_others_share_the_futures() -> None:
    outcome = replace(
        flat([0.0]).outcome,
        strategies=("api_first", "model_first", "wait"),
        samples=10,
        npv_usd=np.array([[4e6] * 4 + [1e6] * 6, [0.0] * 4 + [-1e6] * 6, [0.0] * 4 + [2e6] * 6]),
        npv_path_usd=np.zeros((12, 3, 10)),
    )
    said = plain(sentence(Pair(outcome, "api_first", "model_first"), "API-first", "Model-first"))
    assert said == (
        "Too close to call: no plan is best in most futures. API-first is best in 40 of 100, beats model-first in 100 of 100 and "
        "is typically worth USD\u00a02.0\u00a0M more after 12 months."
    )


def test_where_futures_and_averages_part_both_are_said() -> None:
    pair = flat([1e6] * 9 + [-90e6])
    said = plain(sentence(pair, "Wait", "Model-first"))
    assert pair.is_close
    assert said == (
        "Too close to call between wait and model-first. Wait is best in 90 of 100 futures, yet on average model-first is worth "
        "USD\u00a08.1\u00a0M more after 12 months."
    )


def test_the_sentence_says_who_how_often_how_much_until_when_and_what_flips_it_in_45_words() -> None:
    flip = {"side": "below", "label": "cost of a rebuild beside building it up front", "said": "1.4 ×"}
    said = plain(sentence(flat([4.1e6] * 9 + [-1e6], from_month=8), "Staged", "Wait", "strategy-0", flip))
    assert said == (
        "Staged wins in 90 of 100 futures and is worth USD\u00a04.1\u00a0M more than wait after 12 months. "
        "It is behind until month 9, "
        "and loses if cost of a rebuild beside building it up front is below 1.4 ×."
    )
    assert len(said.split()) <= 45


def three(first: list[float], second: list[float]) -> Pair:
    """Two strategies that do something and one that does nothing, listed last; the pair that pictures compare."""
    values = np.array([first, second, [0.0] * len(first)])
    none: dict[str, np.ndarray] = {}
    return compared(
        Outcome(
            strategies=("model_first", "staged", "wait"),
            workloads=(),
            months=12,
            samples=len(first),
            seed=1,
            npv_usd=values,
            npv_path_usd=np.repeat(values[None], 12, axis=0),
            cost_usd=none,
            terminal_usd=values,
            rebuilds=values,
            monthly=none,
            balances=none,
        )
    )


LABELS = {"model_first": "Model-first", "staged": "Staged", "wait": "Wait"}


def test_where_doing_nothing_is_best_the_pair_is_still_two_that_do_something() -> None:
    pair = three([-3e6] * 9 + [1e6], [-2e6] * 10)
    assert (pair.first, pair.second) == ("staged", "model_first")
    flip = {"side": "below", "label": "growth of demand", "said": "7 % a year"}
    said = plain(verdict_words(pair, LABELS, flip=flip))
    assert said == (
        "Wait is best in 90 of 100 futures; staged is typically worth USD\u00a0\u22122.0\u00a0M after 12 months. "
        "If anything is done, staged beats model-first in 90 of 100, and loses if growth of demand is below 7 % a year."
    )
    assert len(said.split()) <= 45


def test_rare_large_gains_of_acting_make_it_too_close_to_call() -> None:
    pair = three([-3e6] * 8 + [90e6] * 2, [-2e6] * 8 + [90e6] * 2)
    said = plain(verdict_words(pair, LABELS))
    assert said.startswith(
        "Too close to call between wait, best in 80 of 100 futures, and staged, typically worth USD\u00a0\u22122.0\u00a0M "
        "(USD\u00a016.4\u00a0M on average) after 12 months."
    )
    assert len(said.split()) <= 45
    long = {"side": "above", "label": "a belief with a name of very many words " * 3, "said": "1 %"}
    assert "loses" not in plain(verdict_words(pair, LABELS, flip=long))


def test_an_average_within_its_own_error_is_not_said() -> None:
    said = plain(verdict_words(three([-3e6] * 9 + [60e6], [-2e6] * 9 + [60e6]), LABELS))
    assert "on average" not in said
    assert said.startswith(
        "Too close to call between wait, best in 90 of 100 futures, and staged, typically worth USD\u00a0\u22122.0\u00a0M"
    )


def test_an_even_pair_is_not_called_either() -> None:
    said = plain(verdict_words(three([-3e6, -2e6] * 5, [-2e6, -3e6] * 5), LABELS))
    assert said.endswith("If anything is done, model-first and staged are too close to call (50 of 100).")


def test_where_something_is_best_the_sentence_is_the_plain_one() -> None:
    pair = three([3e6] * 10, [2e6] * 10)
    assert plain(verdict_words(pair, LABELS)) == plain(sentence(pair, "Model-first", "Staged"))


@pytest.mark.parametrize(
    ("value", "short"), [(4.12, "4.1"), (12.44, "12.4"), (0.384, "0.38"), (-0.5, "\u22120.50"), (1240.0, "1,240"), (0.0, "0.0")]
)
def test_figures_have_two_or_three_digits_that_count(value: float, short: str) -> None:
    assert figure(value) == short


@given(st.floats(-1e7, 1e7), st.floats(0.01, 1e7))
@settings(derandomize=True, deadline=None)
def test_an_axis_holds_its_values_between_round_marks(low: float, width: float) -> None:
    bottom, top = rounded_domain(low, low + width)
    assert bottom <= low + 1e-6 * width
    assert top >= low + width - 1e-6 * width
    assert top - bottom <= 2.5 * width + 1e-6


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6))
@settings(derandomize=True, deadline=None)
def test_labels_are_kept_apart_in_their_order_and_around_their_places(ends: list[float]) -> None:
    made = parted([{"end": end} for end in ends], 5.0)
    places = [end["place"] for end in made]
    assert all(right - left >= 5.0 - 1e-9 for left, right in itertools.pairwise(places))
    assert [end["end"] for end in made] == sorted(ends)
    assert np.mean(places) == pytest.approx(np.mean(ends), abs=1e-6)


def test_every_finding_has_words_and_a_unit_that_a_reader_knows() -> None:
    rows = evidence_rows()
    assert {record.name for record in evidence() if record.grade != "synth"} == {
        row["parameter"] for row in table_rows("evidence_words.csv")
    }
    assert not [row["label"] for row in rows if "_" in row["label"] or row["label"][:1].islower()]
    assert {row["grade"] for row in rows} <= set("ABCD")
    assert len({row["label"] for row in rows}) == len(rows)
    assert not [row["label"] for row in rows if re.match(r"share|relative|ratio|factor", row["unit"])]
    shown = next(row for row in rows if row["label"] == "Proofs of concept that reach wide deployment")
    assert (shown["value"], shown["unit"]) == ("12 \N{MIDDLE DOT} 13", "%")
