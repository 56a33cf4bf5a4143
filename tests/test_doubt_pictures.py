"""The tables and pictures of "How sure?" against small cases made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.analysis.search import TIED, WinnerMap
from groundwork.results import finding_out as out
from groundwork.results.drawn_map import place_of
from groundwork.results.front import front_domain, front_rows, front_title, plans
from groundwork.results.turning import axis_with_room, moved, nearest_flips, tornado_domain, tornado_rows
from groundwork.results.verdicts import Pair
from groundwork.results.winner_map import map_rows, map_table, map_title
from groundwork.results.words import quantity_words
from groundwork.scenario import beliefs
from groundwork.study.doubts import uncertain
from groundwork.study.maps import grid_of
from groundwork.study.runs import outcome_of, points_of
from invented import invented

SCENARIO = invented()
NAMES = tuple(SCENARIO.strategies)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("value_usd_per_unit", 0.0000751, "75.1 USD per million"),
        ("value_usd_per_unit", 0.0529, "0.0529 USD"),
        ("value_usd_per_unit", -2e-8, "\N{MINUS SIGN}20 USD per billion"),
        ("accelerator_seconds_per_unit", 0.0005, "0.5 ms"),
        ("gb_per_unit", 1e-5, "10 kB"),
        ("shortage_ratio_per_month", 0.08, "8 % a month"),
        ("failure_ratio_per_hour", 1e-7, "1 × 10⁻⁵ % an hour"),
        ("peak_to_mean_ratio", 7.31, "7.31 ×"),
        ("retrofit_ratio", 2.0, "2 ×"),
        ("growth_ratio_per_year", 0.0, "0 % a year"),
    ],
)
def test_a_value_is_said_so_that_it_can_be_read(name: str, value: float, said: str) -> None:
    came = quantity_words(name, value).replace("\N{NO-BREAK SPACE}", " ")
    assert came in {said, said.replace("0.5 ms", "500 µs")}


def map_of(winner: list[list[int]], share: float = 0.9) -> WinnerMap:
    """A map in which the winner wins that share of the futures; the second strategy has the rest."""
    won = np.array(winner)
    shares = np.full((len(NAMES), *won.shape), (1.0 - share) / (len(NAMES) - 1))
    for place in range(len(NAMES)):
        shares[place][won == place] = share
    shares[:, won == TIED] = 1.0 / len(NAMES)
    across, up = np.linspace(0.0, 1.0, won.shape[1]), np.linspace(10.0, 20.0, won.shape[0])
    return WinnerMap(across=across, up=up, winner=won, share_ratio=shares, evaluated=np.ones(won.shape, dtype=bool))


def test_cells_cover_the_map_once_and_borders_part_winners_only() -> None:
    found = map_of([[0, 0, 1], [0, 1, 1], [TIED, 1, 1]])
    across, up = uncertain(SCENARIO)[:2]
    rows = map_rows(SCENARIO, NAMES, found, across, up, "mean")
    assert sum((cell["x2"] - cell["x"]) * (cell["y2"] - cell["y"]) for cell in rows["cells"]) == 9
    assert len(rows["borders"]) == 5
    assert {name["text"] for name in rows["names"]} == {SCENARIO.strategies[name].label for name in NAMES[:2]}
    for name in rows["names"]:
        place = found.winner[int(name["y"]), int(name["x"])]
        assert name["text"] == SCENARIO.strategies[NAMES[place]].label
    np.testing.assert_array_equal(found.judged("futures"), found.winner)
    table = map_table(SCENARIO, NAMES, found, across, up, "mean")
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    assert table["rows"][0][1] == "level"


def test_the_title_of_a_map_says_who_wins_and_where_that_ends() -> None:
    across, up = uncertain(SCENARIO)[:2]
    cells = 21
    grids = grid_of(across.value, cells), grid_of(up.value, cells)
    one = map_of([[0] * cells] * cells)
    label, other = (SCENARIO.strategies[name].label for name in NAMES[:2])
    everywhere = WinnerMap(across=grids[0], up=grids[1], winner=one.winner, share_ratio=one.share_ratio, evaluated=one.evaluated)
    assert map_title(SCENARIO, NAMES, everywhere, across, up, "mean").startswith(label)
    here = int(place_of(grids[0], float(np.median(across.value.at(np.linspace(0.001, 0.999, 999))))))
    halved = map_of([[0] * (here + 2) + [1] * (cells - here - 2)] * cells)
    found = WinnerMap(
        across=grids[0], up=grids[1], winner=halved.winner, share_ratio=halved.share_ratio, evaluated=halved.evaluated
    )
    title = map_title(SCENARIO, NAMES, found, across, up, "mean")
    assert other in title or other.lower() in title
    assert len(title) <= 60


def test_an_axis_has_room_for_what_is_written_at_its_ends() -> None:
    low, high = axis_with_room([(-1.0, 10, 2.0, 5), (0.0, 0, 1.0, 0)])
    letter = 0.0185 * (high - low)
    assert low == pytest.approx(-1.0 - 10 * letter)
    assert high == pytest.approx(2.0 + 5 * letter)


def test_bars_of_the_tornado_run_between_their_ends_and_change_colour_where_the_lead_turns() -> None:
    outcome, points = outcome_of(SCENARIO, 1024, 7), points_of(SCENARIO, 1024, 7)
    pair = Pair(outcome, NAMES[0], NAMES[1])
    found = moved(SCENARIO, points.matrix, pair)
    assert found
    rows = tornado_rows(SCENARIO, found, pair)
    low, high = tornado_domain(found, pair)
    assert low <= 0.0 <= high
    for bar in rows["bars"]:
        assert low <= bar["start"] <= bar["end"] <= high
        assert bar["start"] >= 0.0 or bar["end"] <= 0.0
        assert bar["colour"].endswith("strategy-0)") == (bar["end"] > 0.0)
    assert [row["row"] for row in rows["labels"]] == list(range(len(found)))


def test_break_evens_are_ordered_by_their_distance_from_today() -> None:
    names = [belief.path for belief in uncertain(SCENARIO)[:3]]
    flips = [
        {"path": path, "unit": "", "today": 1.0, "threshold": 1.0 + step, "side": "above"}
        for path, step in zip(names, (9.0, -0.1, 2.0), strict=True)
    ]
    found = nearest_flips(SCENARIO, flips)
    distances = [abs(flip.deviations) for flip in found]
    assert distances == sorted(distances)


def test_where_no_belief_stands_out_the_page_says_so() -> None:
    points = points_of(SCENARIO, 1024, 7).matrix
    noise = np.random.default_rng(1).normal(size=(3, 1024)) * 1e6
    found = out.find_out(points, noise)
    assert not found.order()
    assert out.finding_out_title(SCENARIO, found) == "No single belief is surely worth finding out"
    assert out.finding_out_words(SCENARIO, found, 1024)[0][0] == "No belief stands out of the noise"
    assert all(bar["text"] == "perhaps nothing" for bar in out.finding_out_rows(SCENARIO, found)["bars"])
    place = next(number for number, belief in enumerate(beliefs(SCENARIO)) if belief.path == uncertain(SCENARIO)[0].path)
    noise[0] = 1e8 * (points[:, place] - 0.5)
    told = out.find_out(points, noise)
    assert told.order()[0] == place
    assert out.finding_out_title(SCENARIO, told).startswith("Find out first: ")
    assert out.finding_out_rows(SCENARIO, told)["bars"][0]["text"] != "perhaps nothing"


def test_plans_that_are_beaten_on_all_three_counts_are_hollow() -> None:
    outcome = outcome_of(SCENARIO, 256, 7)
    found = plans(outcome)
    assert [plan.strategy for plan in found] == list(NAMES)
    for plan in found:
        for name in plan.beaten_by:
            better = found[NAMES.index(name)]
            assert better.cost_usd <= plan.cost_usd
            assert better.downtime_minutes <= plan.downtime_minutes
            assert better.live_month <= plan.live_month
    rows, ends = front_rows(SCENARIO, found), front_domain(found)
    for dot in rows["dots"]:
        assert ends["left"] <= dot["x"] <= ends["right"]
        assert ends["low"] <= dot["y"] <= ends["top"]
    hollow = sum(dot["fill"] == "var(--gw-paper)" for dot in rows["dots"])
    assert hollow <= sum(bool(plan.beaten_by) for plan in found)
    assert front_title(SCENARIO, found)
