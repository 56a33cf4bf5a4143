"""Will it hold: downtime by cause and by architecture against runs made by hand, then the page in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from groundwork.app.pages import will_it_hold
from groundwork.profiles import load
from groundwork.results import holding as told
from groundwork.results.words import plain
from groundwork.strategy.simulation import simulate
from groundwork.study.holding import SAMPLES, Design, Holding, Rung, holding, hours_per_year
from groundwork.study.runs import held, points_of
from groundwork.study.state import Study

RETAIL = replace(load("retail"), months=18)
NAME = "model_first"
FOUND = holding(RETAIL, NAME, 7)


def test_where_the_plan_stands_is_what_playing_it_gives() -> None:
    outcome = simulate(RETAIL, points_of(RETAIL, SAMPLES, 7), (NAME,))
    live = outcome.monthly["live_use_cases"][:, 0] > 0.0
    hours = outcome.monthly["downtime_hours"][:, 0]
    assert FOUND.here.bad_hours == np.quantile(hours[live], 0.95)
    assert FOUND.here.typical_hours == np.quantile(hours[live], 0.5)
    assert FOUND.here.value_usd == outcome.npv_usd[0].mean()
    np.testing.assert_array_equal(FOUND.hours_per_year, hours_per_year(outcome))
    assert FOUND.here.design.zones_count == RETAIL.strategies[NAME].zones_count
    assert FOUND.here in FOUND.rungs


def test_causes_add_up_to_the_downtime_and_one_that_cannot_be_takes_nothing() -> None:
    parts = sum(cause.hours_per_year.mean() for cause in FOUND.causes)
    assert parts == pytest.approx(FOUND.hours_per_year.mean(), rel=0.03)
    sizes = [cause.hours_per_year.mean() for cause in FOUND.causes]
    assert sizes == sorted(sizes, reverse=True)
    calm = holding(held(RETAIL, "operations.change_failure_ratio", 0.0), NAME, 7)
    none = next(cause for cause in calm.causes if cause.name == "bad_changes")
    assert none.hours_per_year.max() == 0.0
    assert calm.here.bad_hours < FOUND.here.bad_hours


def test_another_zone_or_a_spare_server_is_never_down_longer_in_the_same_futures() -> None:
    by_design = {rung.design: rung for rung in FOUND.rungs}
    assert len(by_design) == 12
    for design, rung in by_design.items():
        more = by_design.get(replace(design, zones_count=design.zones_count + 1))
        spare = by_design.get(replace(design, spare_servers_count=design.spare_servers_count + 1))
        for other in (more, spare):
            assert other is None or other.bad_hours <= rung.bad_hours * 1.01
        for beaten_by in FOUND.rungs:
            if beaten_by.cost_usd < rung.cost_usd and beaten_by.bad_hours < rung.bad_hours:
                assert rung.beaten


def rung(zones: int, cost: float, bad: float, **own: Any) -> Rung:
    design = Design(zones_count=zones, spare_servers_count=0, has_platform=False)
    return Rung(design=design, cost_usd=cost, value_usd=0.0, typical_hours=bad / 4.0, bad_hours=bad, missed_ratio=0.1, **own)


def of_rungs(here: Rung, *others: Rung, budget: float = 1.0) -> Holding:
    """The same plan on a ladder made by hand."""
    return replace(FOUND, here=here, rungs=(here, *others), budget_hours=budget)


def test_the_next_step_spares_most_for_a_dollar_and_a_cheaper_one_comes_first() -> None:
    here = rung(1, 100.0, 8.0)
    near, far = rung(2, 110.0, 6.0), rung(3, 200.0, 0.5)
    assert of_rungs(here, near, far).next_step is near
    assert of_rungs(here, near, far).cheapest_that_holds is far
    cheaper = rung(4, 90.0, 7.9)
    assert of_rungs(here, near, cheaper).next_step is cheaper
    assert of_rungs(here, rung(2, 120.0, 9.0)).next_step is None
    assert of_rungs(here, replace(near, beaten=True)).next_step is None
    assert of_rungs(rung(2, 100.0, 8.0), rung(1, 90.0, 9.0)).one_zone_less is not None
    assert of_rungs(here, near).one_zone_less is None


@pytest.mark.parametrize(
    ("here", "others", "words"),
    [
        (rung(2, 100.0, 0.5), [], "holds even in a bad month"),
        (rung(1, 100.0, 8.0), [rung(2, 110.0, 0.9)], "Two zones would keep the promise"),
        (rung(1, 100.0, 8.0), [rung(2, 110.0, 6.0)], "the next spares 25"),
        (rung(1, 100.0, 8.0), [rung(2, 110.0, 9.0)], "No architecture is down less"),
    ],
)
def test_the_title_says_what_the_ladder_shows(here: Rung, others: list[Rung], words: str) -> None:
    found = of_rungs(here, *others)
    title = told.ladder_title(found.here, found.next_step, found.cheapest_that_holds, found.budget_hours)
    assert words in title
    assert len(title) <= 64


def test_names_on_the_ladder_stand_apart_and_inside() -> None:
    ends = told.ladder_domain(FOUND.rungs, FOUND.budget_hours)
    rows = told.ladder_rows(RETAIL, NAME, FOUND.here, FOUND.rungs[:4], FOUND.rungs, FOUND.budget_hours)
    places = sorted(np.log(name["y"]) for name in rows["names"])
    assert min(np.diff(places)) >= told.APART_RATIO * np.log(ends["top"] / ends["low"]) - 1e-9
    for dot in rows["dots"]:
        assert ends["left"] <= dot["x"] <= ends["right"]
        assert ends["low"] <= dot["y"] <= ends["top"]
    assert sum(dot["size"] > 100 for dot in rows["dots"]) == 1


@pytest.mark.parametrize(
    ("hours", "said"), [(0.0, "0 min"), (0.36, "22 min"), (0.999, "1.0 h"), (12.8, "12.8 h"), (200.0, "8 days")]
)
def test_a_duration_is_said_as_people_say_it(hours: float, said: str) -> None:
    assert told.duration(hours).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_step_names_what_changes() -> None:
    one = Design(zones_count=2, spare_servers_count=0, has_platform=False)
    assert told.step_words(one, replace(one, zones_count=3)) == "a third zone"
    both = replace(one, zones_count=1, spare_servers_count=1, has_platform=True)
    assert told.step_words(one, both) == "only one zone, a spare server in every zone and a platform from now on"
    assert told.design_words(both) == "one zone with a spare server and a platform"


@pytest.mark.parametrize("profile", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_the_page_speaks_for_every_industry_and_every_plan_that_acts(profile: str) -> None:
    study = Study(load(profile))
    study.want(will_it_hold.WORK)
    early = will_it_hold.content(study)
    assert "being worked out" in plain(early.answer)
    study.settle()
    assert study.fault == ""
    late = will_it_hold.content(study)
    assert [block.kind for block in late.blocks] == [block.kind for block in early.blocks]
    assert "of 100 months" in plain(late.answer)
    assert len(plain(late.answer).split()) <= 45
    choice = late.blocks[0].items[0]
    assert "wait" not in {name for name, _ in choice.options}
    for card in late.blocks[2].items:
        assert card.spoken.startswith(card.title)
        assert len(card.title) <= 64
        assert all(len(row) == len(card.table["columns"]) for row in card.table["rows"])
    other = next(name for name, _ in choice.options if name != choice.value)
    study.ask("holds", other)
    assert "being worked out" in plain(will_it_hold.content(study).answer)
    study.settle()
    assert will_it_hold.content(study).blocks[0].items[0].value == other
    assert "being worked out" not in plain(will_it_hold.content(study).answer)
    study.cancel()


def test_the_page_is_live_under_the_levers() -> None:
    study = Study(load("retail"))
    study.want(will_it_hold.WORK)
    study.settle()
    before = study.result("holding").here.bad_hours
    study.change("operations.restore_hours", 1.0)
    study.settle()
    assert study.result("holding").here.bad_hours < before
    study.change(f"strategies.{study.pair.first}.zones_count", 1)
    study.settle()
    tiles = will_it_hold.content(study).blocks[1].items
    assert tiles[-1].number == "none"
    study.cancel()


def test_what_another_place_buys_is_there_before_the_plans_are_played() -> None:
    study = Study(load("retail"))
    study.ask("holds", "model_first")
    steps, ends = will_it_hold.content(study).blocks[-2:]
    assert [len(card.title) <= 64 and bool(card.data["bars"]) for card in steps.items] == [True, True]
    assert all(len(row) == len(card.table["columns"]) for card in steps.items for row in card.table["rows"])
    assert "the promise allows" in " ".join(plain(line) for line in ends.items)
    before = steps.items[0].data["bars"][0]["value"]
    study.change("operations.restore_hours", 1.0)
    assert will_it_hold.content(study).blocks[-2].items[0].data["bars"][0]["value"] < before
    study.ask("holds", "wait")
    assert all(card.empty for card in will_it_hold.content(study).blocks[-2].items)
    study.cancel()
