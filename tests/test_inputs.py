"""What a reader types: taken as it is meant or refused in words with everything left as it was; and what waits for long work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import opened_page
from groundwork.app.content import Card
from groundwork.app.pages import PAGES
from groundwork.app.workbook import Workbook
from groundwork.results.winner_map import axis_unit, axis_words, tick
from groundwork.scenario import beliefs
from groundwork.study.changes import State
from groundwork.study.steps import REMEMBERED, Steps
from invented import invented
from opened_page import say

TEAM = "strategies.staged.platform_team_fte"
START = "strategies.staged.platform_start_month"
ZONES = "strategies.staged.zones_count"
BUFFER = "strategies.staged.buffer_ratio"


fewer, page, home, untouched = opened_page.fewer, opened_page.page, opened_page.home, opened_page.untouched


def fault_of(page: Workbook, path: str) -> str:
    return " ".join(page.inputs["changed"].get(path, {}).get("fault", []))


@pytest.mark.parametrize(
    ("path", "shown", "words"),
    [
        (TEAM, "", "The box is empty."),
        (TEAM, "1,5", "Decimals stand behind a point"),
        (TEAM, "12%", "not in per cent"),
        (TEAM, "six people", "is no number here"),
        (TEAM, "never", "is no number here"),
        (TEAM, -1.0, "Outside"),
        (ZONES, 1.5, "Only whole numbers"),
        (START, 2.5, "Only whole numbers"),
        (BUFFER, 1e9, "Outside"),
    ],
)
def test_what_cannot_be_is_one_message_and_nothing_is_half_changed(
    untouched: Workbook, path: str, shown: Any, words: str
) -> None:
    say(untouched, do="change", path=path, shown=shown, phase="released")
    said = fault_of(untouched, path)
    assert words in said
    assert "The page still shows" in said
    assert untouched.message == []


def test_a_month_may_be_never_and_a_whole_number_is_taken(page: Workbook) -> None:
    say(page, do="change", path=START, shown="never", phase="released")
    assert page.study.scenario.strategies["staged"].platform_start_month is None
    say(page, do="change", path=ZONES, shown=3.0, phase="released")
    assert page.study.scenario.strategies["staged"].zones_count == 3
    assert fault_of(page, START) == fault_of(page, ZONES) == ""


def test_what_was_refused_can_be_taken_back_without_a_change(page: Workbook) -> None:
    say(page, do="change", path=TEAM, shown=9.0, phase="released")
    before = page.study.outcome
    say(page, do="change", path=TEAM, shown="nine", phase="released")
    assert fault_of(page, TEAM)
    say(page, do="forget", path=TEAM)
    assert fault_of(page, TEAM) == ""
    assert page.inputs["changed"][TEAM]["value"] == 9.0
    assert page.study.outcome is before


def cards_of(page: Workbook, key: str) -> list[Card]:
    content = next(each for each in PAGES if each.key == key).content(page.study)
    return [item for block in content.blocks if block.kind == "cards" for item in block.items]


@pytest.mark.parametrize("key", [page.key for page in PAGES])
def test_a_card_that_waits_names_work_of_its_page(untouched: Workbook, key: str) -> None:
    titles = {work.title for work in next(each for each in PAGES if each.key == key).work}
    for card in cards_of(untouched, key):
        assert not card.work or (card.work in titles and card.empty)


def test_work_that_was_stopped_can_be_asked_for_again(page: Workbook) -> None:
    assert cards_of(page, "which-foundation")[1].work
    assert page.moment["settled"]
    say(page, do="resume")
    assert not page.moment["settled"]
    page.study.settle()
    assert page.moment["settled"]
    assert not cards_of(page, "which-foundation")[1].work


def test_steps_go_back_and_forth_and_a_drag_is_one() -> None:
    steps = Steps()
    states = [State((), {"a": value}) for value in range(4)]
    steps.moved(states[0], states[1], "dragging")
    steps.moved(states[1], states[2], "dragging")
    assert not steps.can_undo
    steps.moved(states[2], states[3], "released")
    assert steps.can_undo
    assert steps.back(states[3]) is states[0]
    assert not steps.can_undo
    assert steps.forth(states[0]) is states[3]
    steps.moved(states[3], states[3], "released")  # nothing moved: no step
    assert steps.back(states[3]) is states[0]
    for value in range(3 * REMEMBERED):
        steps.moved(State((), {"a": value}), State((), {"a": value + 1}), "released")
    assert not steps.can_redo
    count = 0
    while steps.can_undo:
        steps.back(State())
        count += 1
    assert count == REMEMBERED


def test_an_axis_with_tiny_values_is_in_one_smaller_unit() -> None:
    scenario = invented()
    belief = next(each for each in beliefs(scenario) if each.name == "value_usd_per_unit")
    small = np.geomspace(0.00012, 0.035, 21)
    assert axis_unit(belief, small) == (1e6, "USD per million")
    assert [tick(belief, small, place) for place in (0, 20)] == ["120", "35,000"]
    assert axis_words(scenario, belief, small).endswith("USD per million")
    large = np.geomspace(0.02, 0.5, 21)
    assert axis_unit(belief, large) == (1.0, "USD")
    assert tick(belief, large, 0) == "0.02"
