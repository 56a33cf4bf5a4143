"""The page *When to move?*: the same blocks before and after its work, sentences that follow from the numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from groundwork.analysis.timing import SAID
from groundwork.app.content import as_plain
from groundwork.app.pages import when_cards, when_to_move
from groundwork.results.timing import curve_domain, near_best, rule_domain, timing_scale
from groundwork.results.words import plain
from groundwork.study.jobs import Dropped
from groundwork.study.state import Study
from groundwork.study.when import When, when
from invented import invented


@pytest.fixture(scope="module")
def study() -> Study:
    made = Study(invented())
    made.want(when_to_move.WORK)
    made.settle()
    return made


def found_of(study: Study) -> When:
    found = study.result("timing")
    assert isinstance(found, When)
    return found


def test_the_blocks_are_the_same_before_and_after_the_work(study: Study) -> None:
    fresh = Study(invented())
    before, after = (as_plain(when_to_move.content(each)) for each in (fresh, study))
    assert [block["kind"] for block in before["blocks"]] == [block["kind"] for block in after["blocks"]]
    charts = [
        [card["chart"] for block in page["blocks"] if block["kind"] == "cards" for card in block["items"]]
        for page in (before, after)
    ]
    assert charts[0] == charts[1] == ["timing", "rules", "watch", "winner_map"]


def test_the_answer_begins_with_the_verdict(study: Study) -> None:
    answer = plain(when_to_move.content(study).answer)
    assert answer.startswith(found_of(study).timing.said)


@pytest.mark.parametrize("verdict", sorted(SAID))
def test_every_verdict_has_its_words_and_titles(study: Study, verdict: Any) -> None:
    found = found_of(study)
    told = replace(found, timing=replace(found.timing, verdict=verdict))
    scenario = study.scenario
    assert plain(when_to_move.answer(scenario, told)).startswith(SAID[verdict])
    for card in (
        when_cards.curve_card(scenario, told, False),
        when_cards.rules_card(scenario, told, False),
        when_cards.watch_card(scenario, told, False),
    ):
        assert len(card.title) <= 60
        assert "optimal" not in (card.title + card.shows + card.spoken).lower()


def test_every_number_drawn_lies_inside_its_axis(study: Study) -> None:
    for block in as_plain(when_to_move.content(study))["blocks"]:
        if block["kind"] != "cards":
            continue
        for card in block["items"]:
            if card["chart"] == "winner_map":
                continue
            low, high = card["signals"]["low"], card["signals"]["high"]
            for rows in card["data"].values():
                for row in rows:
                    levels = [row[name] for name in ("value", "low", "high") if name in row]
                    assert all(math.isfinite(level) and low - 1e-9 <= level <= high + 1e-9 for level in levels)


def test_the_domains_hold_nought_and_the_best_month(study: Study) -> None:
    timing = found_of(study).timing
    low, high = curve_domain(timing)
    best, first, last = near_best(timing)
    assert low <= 0.0 <= high
    assert first <= best <= last
    assert timing.curve.over_never_usd[best] / timing_scale(timing).divisor <= high
    assert rule_domain(timing)[1] >= timing.rules["foresight"].gain_usd / timing_scale(timing).divisor


def test_the_work_ends_when_nobody_wants_it_any_more() -> None:
    def gone(share: float) -> None:
        raise Dropped

    with pytest.raises(Dropped):
        when(invented(), 1, 1, gone)
