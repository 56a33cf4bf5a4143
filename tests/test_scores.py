"""Never one score alone: rules of choice and dominance on tables made by hand, then on the page and in the document."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from groundwork.analysis.rules import RULES, scores
from groundwork.app.pages import sure_scores
from groundwork.cli import main
from groundwork.quantities import Array
from groundwork.results import luck
from groundwork.results import scores as said
from groundwork.results.verdicts import compared
from groundwork.results.words import plain
from groundwork.scenario import replaced
from groundwork.strategy.simulation import Outcome
from groundwork.study.runs import outcome_of
from groundwork.study.sure import how_sure
from invented import about, invented

SCENARIO = replace(invented(), months=12)
PLAYED = outcome_of(SCENARIO, 256, 7)
NAMES = PLAYED.strategies
LABELS = [SCENARIO.strategies[name].label for name in NAMES]


def with_values(values_usd: Array) -> Outcome:
    """The played outcome with other values, [strategy, sample]."""
    return replace(PLAYED, npv_usd=np.resize(values_usd, PLAYED.npv_usd.shape) if values_usd.ndim == 1 else values_usd)


def of_rows(*rows: Array) -> Outcome:
    """An outcome whose first strategies have these values and whose others lose a lot in every future."""
    values = np.full(PLAYED.npv_usd.shape, -1e9)
    for place, row in enumerate(rows):
        values[place] = row
    return with_values(values)


def test_the_rules_part_on_the_published_table_of_regrets() -> None:
    """The table of MODEL section 8: worst regrets 6, 5, 9; means 6, 6, 3; the worst future is worst for the first."""
    found = {score.rule: score for score in scores(np.repeat([[12.0, 8, -2], [7, 7, 4], [3, 3, 3]], 2, axis=1))}
    assert tuple(found) == RULES
    assert found["regret"].value.tolist() == [6.0, 5.0, 9.0]
    assert found["regret"].chosen == (1,)
    assert found["mean"].chosen == (0, 1)
    assert found["most_often"].chosen == (0,)
    assert found["tail"].chosen == (1,)


def test_a_rule_says_whom_it_cannot_tell_from_its_choice() -> None:
    noise = np.random.default_rng(4).normal(size=(2, 4096))
    level = {score.rule: score for score in scores(noise)}
    apart = {score.rule: score for score in scores(noise + np.array([[0.0], [5.0]]))}
    assert level["mean"].close == (1 - level["mean"].chosen[0],)
    assert apart["mean"].chosen == (1,)
    assert apart["mean"].close == ()
    assert apart["regret"].close == ()


def test_a_few_monstrous_futures_do_not_make_a_sure_order_unsure() -> None:
    """The second loses in the worst cases of every block; one future makes its error as large as the loss itself."""
    values = np.zeros((2, 4096))
    values[1] = np.random.default_rng(5).normal(size=4096) - 0.5
    values[1, 100] = -1e6
    tail = next(score for score in scores(values) if score.rule == "tail")
    assert tail.chosen == (0,)
    assert abs(tail.value[1]) < 2.0 * tail.error[1]
    assert tail.close == ()


@pytest.mark.parametrize(
    ("lead", "title", "sentence"),
    [
        (np.full(256, 1.0), "is the choice of every rule", "is the choice of every rule"),
        (np.where(np.arange(256) < 200, 1.0, -50.0), "the choice of", "No plan is the choice of every rule"),
    ],
)
def test_the_title_names_the_plan_that_most_rules_take(lead: Array, title: str, sentence: str) -> None:
    outcome = of_rows(1e6 * lead, np.zeros(256))
    found = said.rules_of(outcome)
    assert title in said.rule_title(SCENARIO, NAMES, found)
    assert sentence in plain(said.rule_words(SCENARIO, NAMES, found))
    rows = said.rule_rows(SCENARIO, NAMES, found)
    assert len(rows["cells"]) == len(RULES) * len(NAMES)
    for column, score in enumerate(found):
        filled = [cell["row"] for cell in rows["cells"] if cell["column"] == column and cell["fill"] > 0.0]
        assert filled == list(score.chosen)
    table = said.rule_table(SCENARIO, NAMES, found)
    assert all(len(row) == len(table["columns"]) for row in table["rows"])


def test_who_is_better_in_every_future_is_better_whatever_the_luck() -> None:
    value = np.random.default_rng(6).normal(size=256) * 1e6
    outcome = of_rows(value + 1e6, value)
    found = luck.dominated(outcome)
    first = [(row.better, row.worse) for row in found if row.order == 1]
    assert (NAMES[0], NAMES[1]) in first
    assert luck.luck_title(SCENARIO, NAMES, found) == f"{LABELS[0]} is best whatever the luck"
    assert "Whatever the luck, " in plain(luck.luck_words(SCENARIO, NAMES, found))


def test_a_steadier_plan_with_the_larger_mean_is_taken_by_all_who_dislike_risk() -> None:
    """Same shape, half the spread, a larger mean: second order, not first, since its best futures are worse."""
    value = np.random.default_rng(7).normal(size=256) * 1e6
    outcome = of_rows(0.5 * value + 1e6, value)
    found = luck.dominated(outcome)
    mine = next(row for row in found if (row.better, row.worse) == (NAMES[0], NAMES[1]))
    assert (mine.order, mine.sure) == (2, True)
    assert luck.luck_title(SCENARIO, NAMES, found) == f"Whoever dislikes risk takes {LABELS[0].lower()}"
    assert "No plan is better at every level of luck" not in plain(luck.luck_words(SCENARIO, NAMES, found))


def test_a_second_order_that_hangs_on_a_mean_within_its_error_is_not_claimed() -> None:
    value = np.random.default_rng(8).normal(size=256) * 1e6
    value -= value.mean()
    outcome = of_rows(0.5 * value + 1.0, value, *(value * 2.0 - 1e3 for _ in NAMES[2:]))
    found = luck.dominated(outcome)
    assert found
    assert not any(row.sure for row in found)
    assert luck.luck_title(SCENARIO, NAMES, found) == "No plan is better whatever the luck"
    assert "their mean lead lies within its error" in plain(luck.luck_words(SCENARIO, NAMES, found))


def test_curves_of_luck_rise_and_their_names_stand_apart() -> None:
    drawn = luck.luck(SCENARIO, PLAYED, compared(PLAYED))
    for name in NAMES:
        values = [row["value"] for row in drawn.rows["lines"] if row["strategy"] == name]
        assert values == sorted(values)
        assert len(values) == 45
    places = sorted(end["place"] for end in drawn.rows["ends"])
    low, high = drawn.domain
    assert min(np.diff(places)) >= luck.LABEL_ROOM_RATIO * (high - low) - 1e-9


@pytest.mark.parametrize("card", [sure_scores.rules(SCENARIO, PLAYED), sure_scores.luck(SCENARIO, PLAYED, compared(PLAYED))])
def test_both_pictures_say_their_finding_and_carry_its_table(card: Any) -> None:
    assert len(card.title) <= 64
    assert card.spoken.startswith(card.title)
    assert card.table["rows"]
    assert card.data


def test_the_document_of_the_page_is_what_its_parts_give() -> None:
    wage = "organisation.wage_usd_per_month"
    lever = f"strategies.{NAMES[1]}.platform_team_fte"
    changed = replaced(replaced(SCENARIO, wage, about(8_000.0, 12_000.0, 20_000.0)), lever, 9.0)
    heard: list[str] = []
    document = how_sure(changed, SCENARIO, 1_024, 7, heard.append)
    json.dumps(document, allow_nan=False)
    outcome = outcome_of(changed, 1_024, 7)
    assert set(document["strategies"]) == set(NAMES)
    assert math.fsum(part["p_best"] for part in document["strategies"].values()) == pytest.approx(1.0)
    for name, part in document["strategies"].items():
        for rival, duel in part["against"].items():
            back = document["strategies"][rival]["against"][name]
            assert duel["p_better"] + back["p_better"] == pytest.approx(1.0)
            assert duel["mean_usd"] == pytest.approx(-back["mean_usd"])
    by_rule = {score.rule: [NAMES[place] for place in score.chosen] for score in said.rules_of(outcome)}
    assert {rule: document["rules"][rule]["chosen"] for rule in by_rule} == by_rule
    parts = document["changes"]
    assert parts["belief_usd"] + parts["lever_usd"] == pytest.approx(parts["total_usd"])
    rows, columns = len(document["map"]["up"]["values"]), len(document["map"]["across"]["values"])
    for by in ("futures", "mean"):
        winners = document["map"]["winner"][by]
        assert (len(winners), len(winners[0])) == (rows, columns)
        assert {place for row in winners for place in row} <= {*NAMES, None}
    assert document["together"][-1]["group"] == "dice"
    assert document["information"]["everything_usd"] >= max(row["value_usd"] for row in document["information"]["beliefs"])
    assert len(heard) >= 5
    assert how_sure(SCENARIO, SCENARIO, 1_024, 7)["changes"] is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_the_command_prints_the_whole_page_twice_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["run", name, "--sure", "--json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    found = json.loads(printed[0])["how_sure"]
    assert found["schema"] == "groundwork.sure/1"
    assert found["sentences"]


def test_the_page_needs_enough_futures_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "retail", "--sure", "--samples", "512"]) == 2
    captured = capsys.readouterr()
    assert "--sure" in captured.err
    assert captured.out == ""
