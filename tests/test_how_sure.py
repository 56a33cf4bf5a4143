"""The page "How sure?" without a browser: every number of it comes from the study."""

from __future__ import annotations

from typing import Any

import pytest

from groundwork.app.content import as_plain
from groundwork.app.pages import PAGES, Page, how_sure
from groundwork.app.pages import sure_changes as changes
from groundwork.app.pages import sure_goal as goal
from groundwork.profiles import load
from groundwork.results.words import plain
from groundwork.study.doubts import uncertain
from groundwork.study.state import Study


def test_the_page_tells_at_once_what_it_can_and_the_rest_when_it_is_found() -> None:
    study = Study(load("retail"))
    page = next(page for page in PAGES if page.key == "how-sure")
    study.want(page.work)
    early = page.content(study)
    assert "being worked out" in plain(early.answer)
    study.settle()
    late = as_plain(page.content(study))
    assert study.fault == ""
    found = study.result("doubts")
    said = "".join(text for text, _ in late["answer"])
    assert ("No single belief" in said) == (not found.flips)
    assert "being worked out" not in said
    drawn = {card["chart"]: card for block in late["blocks"] if block["kind"] == "cards" for card in block["items"]}
    assert set(drawn) == {"winner_map", "tornado", "rules_of_choice", "luck", "finding_out", "break_evens", "front", "together"}
    for card in drawn.values():
        assert card["title"]
        assert card["empty"] or (card["spoken"].startswith(card["title"]) and card["table"]["rows"])
        assert not card["table"] or is_table(card["table"])
    assert "sketch" not in drawn["winner_map"]["shows"]
    assert bool(drawn["break_evens"]["empty"]) == (not found.flips)
    passages = next(block for block in late["blocks"] if block["kind"] == "passages")
    assert len(passages["items"]) <= 5 + len(found.corners)
    study.compare(*reversed(found.pair))
    assert "being worked out" in plain(page.content(study).answer)  # what was found is about another pair


def all_choices(page: Page, study: Study) -> list[tuple[str, Any]]:
    return [(item.name, item.value) for block in page.content(study).blocks if block.kind == "choices" for item in block.items]


def test_a_goal_is_sought_only_when_asked_and_both_baselines_are_drawn_once_both_kinds_changed() -> None:
    study = Study(load("retail"))
    work = {one.name: one for one in how_sure.WORK}
    study.want([work["sought"], work["baselines"]])
    study.settle()
    assert study.result("sought") is None
    assert study.result("baselines") == {}
    assert changes.cards(study.scenario, study.pair, study.result("baselines")) == []
    study.ask("seek", "strategies.infrastructure_first.platform_team_fte")
    study.ask("goal", "pays")
    study.settle()
    assert study.fault == ""
    found = study.result("sought")
    assert found.knob.low <= found.found.at <= found.knob.high
    assert "people" in plain(goal.sought_words(study.scenario, found))
    study.change("organisation.wage_usd_per_month", 20_000.0)
    study.change("strategies.model_first.buffer_ratio", 0.4)
    study.settle()
    card = changes.card(study.scenario, study.pair, study.result("baselines"))
    rows = card.data["rules"]
    assert [row["row"] for row in rows] == [0, 1, 2, 3]
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    assert card.title.startswith("Your beliefs moved the lead by")
    assert len(card.title) <= 75


def is_sentence(item: Any) -> bool:
    return all(len(span) == 2 and isinstance(span[0], str) for span in item)


def is_table(item: Any) -> bool:
    return set(item) == {"columns", "rows"} and all(len(row) == len(item["columns"]) for row in item["rows"])


def blocks_of(page: Page, study: Study) -> list[str]:
    """The kinds of a page's blocks by place; every item has the shape that the front end expects of its kind."""
    kinds = []
    for block in as_plain(page.content(study))["blocks"]:
        kinds.append(block["kind"])
        if block["kind"] == "passages":
            assert all(is_sentence(item) for item in block["items"])
        elif block["kind"] == "table":
            assert all(is_table(item) for item in block["items"])
        else:
            assert block["kind"] in {"tiles", "cards", "choices", "assumptions", "evidence"}
            assert all(isinstance(item, dict) for item in block["items"])
    return kinds


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_place_of_a_page_keeps_its_kind_of_block_when_the_work_comes(page: Page) -> None:
    study = Study(load("retail"))
    study.want(page.work)
    dragged = Study(load("retail"))
    dragged.change("demand.shock_factor", 1.1, "dragging")
    early = blocks_of(page, study)
    assert blocks_of(page, dragged) == early
    study.settle()
    assert study.fault == ""
    assert blocks_of(page, study) == early


def test_the_reader_picks_the_two_beliefs_of_the_map_and_sees_a_sketch_until_it_is_played() -> None:
    study = Study(load("retail"))
    page = next(page for page in PAGES if page.key == "how-sure")

    def choices() -> dict[str, Any]:
        items = next(block for block in page.content(study).blocks if block.kind == "choices").items
        return {item.name: item for item in items}

    def title_and_note() -> str:
        card = next(block for block in page.content(study).blocks if block.kind == "cards").items[0]
        assert card.chart == "winner_map"
        return str(card.shows)

    first = choices()
    assert {"seek", "goal"} <= {name for name, _ in all_choices(page, study)}
    assert {name for name, _ in first["across"].options} == {belief.path for belief in uncertain(study.scenario)}
    assert first["across"].value != first["up"].value
    assert "sketch" in title_and_note()
    study.ask("across", "organisation.wage_usd_per_month")
    study.ask("up", "organisation.wage_usd_per_month")  # twice the same: the other falls back
    study.ask("judged", "mean")
    assert choices()["across"].value == "organisation.wage_usd_per_month"
    assert choices()["up"].value != "organisation.wage_usd_per_month"
    assert choices()["judged"].value == "mean"
    study.ask("up", "no.such")
    assert choices()["up"].value in {name for name, _ in first["up"].options}
