"""What would change our mind, on an invented organisation: flips, maps and goals against runs made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundwork.quantities import Fixed, percentile
from groundwork.results.acting_together import together_rows, together_table, together_title
from groundwork.scenario import beliefs, replaced
from groundwork.strategy.simulation import simulate
from groundwork.study.doubts import (
    corners,
    dice_share,
    reached,
    split_of_changes,
    uncertain,
)
from groundwork.study.interactions import DICE, OTHERS, interactions
from groundwork.study.maps import first_winner_map, grid_of, winner_maps
from groundwork.study.runs import flips, held, outcome_of, points_of
from invented import about, invented

SCENARIO = replace(invented(), months=12)
PAIR = tuple(SCENARIO.strategies)[:2]
NAMES = [belief.path for belief in uncertain(SCENARIO)]


def test_a_belief_held_is_fixed_and_keeps_its_source() -> None:
    path = NAMES[0]
    now = next(belief.value for belief in beliefs(held(SCENARIO, path, 3.0)) if belief.path == path)
    was = next(belief.value for belief in beliefs(SCENARIO) if belief.path == path)
    assert isinstance(now, Fixed)
    assert (now.value, now.source, now.grade, now.mark) == (3.0, was.source, was.grade, was.mark)
    with pytest.raises(KeyError):
        held(SCENARIO, "no.such", 1.0)


def test_every_flip_turns_the_lead_when_it_is_played() -> None:
    """Both ends of the range are played again; `side` is where the first is behind in the mean."""
    wage = "organisation.wage_usd_per_month"
    scenario = replaced(replace(invented(), months=24), wage, about(100.0, 1_000.0, 40_000.0))
    pair = (PAIR[0], tuple(SCENARIO.strategies)[-1])
    found = flips(scenario, pair, 256, 7)
    assert wage in {flip["path"] for flip in found}  # so dear that doing nothing is better, so cheap that it is not
    points = points_of(scenario, 4096, 7)
    lead = simulate(scenario, points, pair).npv_usd
    lead_usd = lead[0] - lead[1]
    few = points.first(256)

    def mean(path: str, value: float) -> float:
        played = simulate(held(scenario, path, value), few, pair).npv_usd
        return float(lead_usd.mean() + (played[0] - played[1] - lead_usd[:256]).mean())

    for flip in found:
        quantity = next(belief.value for belief in beliefs(scenario) if belief.path == flip["path"])
        low, high = percentile(quantity, 0.1), percentile(quantity, 0.9)
        step = (high - low) / 64.0
        below, above = mean(flip["path"], flip["threshold"] - step), mean(flip["path"], flip["threshold"] + step)
        assert below * above < 0.0
        assert flip["side"] == ("below" if below < 0.0 else "above")


def test_the_map_of_two_beliefs_is_what_playing_every_cell_gives() -> None:
    across, up = "workloads.w.units_per_day", NAMES[0]
    across = across if across in NAMES else NAMES[-1]
    maps = list(winner_maps(SCENARIO, across, up, 7, samples=64, cells=9))
    last = maps[-1]
    points = points_of(SCENARIO, 64, 7)
    known = {belief.path: belief.value for belief in beliefs(SCENARIO)}
    for row, up_value in enumerate(grid_of(known[up], 9)):
        for column, across_value in enumerate(grid_of(known[across], 9)):
            scenario = held(held(SCENARIO, across, float(across_value)), up, float(up_value))
            value = simulate(scenario, points, tuple(SCENARIO.strategies)).npv_usd
            order = np.argsort(-value.mean(axis=1))
            lead = value[order[0]] - value[order[1]]
            if lead.mean() > 2.0 * lead.std(ddof=1) / 8.0:
                assert last.winner[row, column] == order[0]
    assert next(winner_maps(SCENARIO, across, up, 7, samples=64, cells=9)) is last  # remembered


def test_a_map_can_be_stopped_and_leaves_nothing_half_done() -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(winner_maps(SCENARIO, NAMES[0], NAMES[1], 8, samples=64, cells=9, report=stop))
    assert len(list(winner_maps(SCENARIO, NAMES[0], NAMES[1], 8, samples=64, cells=9))) >= 1


def test_the_first_map_needs_no_run_and_corners_name_their_beliefs() -> None:
    outcome, points = outcome_of(SCENARIO, 1024, 7), points_of(SCENARIO, 1024, 7)
    quick = first_winner_map(SCENARIO, outcome, points, NAMES[0], NAMES[1])
    assert quick.winner.shape == (21, 21)
    np.testing.assert_allclose(quick.share_ratio.sum(axis=0), 1.0)
    for corner in corners(SCENARIO, outcome, points):
        assert corner.strategy in SCENARIO.strategies
        assert len(corner.box.limits) <= 3
        assert all(corner.paths[limit.belief] in NAMES for limit in corner.box.limits)
    assert -0.1 < dice_share(SCENARIO, outcome, points, PAIR) < 1.1  # type: ignore[arg-type]


def test_a_change_is_split_over_beliefs_and_levers() -> None:
    name = PAIR[1]
    lever = f"strategies.{name}.platform_team_fte"
    believed = replaced(SCENARIO, NAMES[0], about(*(2.0 * value for value in (1.0, 2.0, 3.0))))
    both = replaced(believed, lever, 9.0)

    def first(outcome: object) -> float:
        return float(outcome.npv_usd[1].mean())  # type: ignore[attr-defined]

    parts, belief_only, lever_only = split_of_changes(SCENARIO, both, 64, 7, first)
    assert parts.belief + parts.lever == pytest.approx(float(parts.total))
    assert first(belief_only) == first(outcome_of(believed, 64, 7))
    assert first(lever_only) == first(outcome_of(replaced(SCENARIO, lever, 9.0), 64, 7))
    alone, _, _ = split_of_changes(SCENARIO, believed, 64, 7, first)
    assert alone.lever == pytest.approx(0.0, abs=1e-6)


def test_a_goal_is_reached_over_a_belief_and_over_a_lever() -> None:
    path = "organisation.wage_usd_per_month"
    middle = outcome_of(held(SCENARIO, path, 12_000.0), 64, 7).npv_usd[0].mean()
    found = reached(SCENARIO, path, 8_000.0, 16_000.0, PAIR[0], "npv_usd.mean", float(middle), 64, 7)
    assert found.reached
    assert found.at == pytest.approx(12_000.0, abs=8_000.0 / 512)
    lever = f"strategies.{PAIR[1]}.platform_team_fte"
    aim = outcome_of(replaced(SCENARIO, lever, 4.0), 64, 7).cost_usd["platform"][1].mean()
    turned = reached(SCENARIO, lever, 2.0, 8.0, PAIR[1], "infrastructure_spend_usd.mean", float(aim), 64, 7)
    assert turned.reached
    assert turned.outcome == pytest.approx(float(aim), rel=0.02)
    with pytest.raises(KeyError):
        reached(SCENARIO, path, 8_000.0, 16_000.0, PAIR[0], "no_such.p50", 1.0, 64, 7)


def test_sobol_indices_of_the_lead_name_the_beliefs_that_say_most_and_the_dice() -> None:
    found = interactions(SCENARIO, PAIR, 7, samples=256, named=3)  # type: ignore[arg-type]
    assert found.groups[-2:] == (OTHERS, DICE)
    assert len(found.groups) == 5
    assert set(found.groups[:3]) <= set(NAMES)
    assert np.all(found.total_ratio > found.alone_ratio - 4.0 * found.error_ratio - 0.1)
    again = interactions(SCENARIO, PAIR, 7, samples=256, named=3)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.total_ratio, again.total_ratio)
    rows = together_rows(SCENARIO, found)["bars"]
    assert [row["total"] for row in rows] == sorted((row["total"] for row in rows), reverse=True)
    assert len(together_table(SCENARIO, found)["rows"]) == 5
    assert len(together_title(SCENARIO, found)) <= 60

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        interactions(SCENARIO, PAIR, 7, samples=256, report=stop)  # type: ignore[arg-type]
