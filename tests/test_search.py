"""Searches: published box, known frontiers, brute force, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtri

from groundwork.analysis.search import (
    WinnerMap,
    break_evens,
    goal_seek,
    may_turn,
    pareto_front,
    peeling_path,
    refining_winner_maps,
    scenario_boxes,
    turning_point,
    winner_map,
)
from groundwork.draws import chance, unit_points

Array = NDArray[np.float64]


def corner(samples: int, seed: int) -> tuple[Array, NDArray[np.bool_]]:
    """Five beliefs; interesting with the first above 0.6 and the second below 0.5: mass 0.2."""
    points = unit_points({f"b{d}": d for d in range(5)}, samples, seed).matrix
    return points, (points[:, 0] > 0.6) & (points[:, 1] < 0.5)


def test_a_corner_is_found_with_its_two_limits() -> None:
    beliefs, interesting = corner(4096, 1)
    box = scenario_boxes(beliefs, interesting)[0]
    assert [limit.belief for limit in box.limits] == [0, 1]
    assert box.limits[0].low == pytest.approx(0.6, abs=0.03)
    assert box.limits[0].high == np.inf
    assert box.limits[1].high == pytest.approx(0.5, abs=0.03)
    assert box.coverage_ratio > 0.95
    assert box.density_ratio > 0.9  # one peel is a twentieth of what is left
    inside = box.holds(beliefs)
    assert box.mass_ratio == inside.mean()
    assert box.density_ratio == interesting[inside].mean()
    assert box.coverage_ratio == interesting[inside].sum() / interesting.sum()


def test_two_corners_make_two_boxes() -> None:
    points = unit_points({f"b{d}": d for d in range(4)}, 4096, 1).matrix
    interesting = ((points[:, 0] > 0.7) & (points[:, 1] > 0.7)) | ((points[:, 2] < 0.25) & (points[:, 3] < 0.3))
    found = scenario_boxes(points, interesting, least_density_ratio=0.9)
    assert {tuple(limit.belief for limit in box.limits) for box in found[:2]} == {(0, 1), (2, 3)}
    assert sum(box.coverage_ratio for box in found[:2]) > 0.85


def test_noise_has_no_corner() -> None:
    """A coin for each sample: a box may be denser by luck, none reaches four in five and none is kept."""
    for seed in range(5):
        points = unit_points({f"b{d}": d for d in range(10)}, 1024, seed).matrix
        assert scenario_boxes(points, chance("coin", (1024,), seed) < 0.3) == ()


def test_the_path_does_not_depend_on_the_order_of_samples_or_on_an_increasing_change_of_scale() -> None:
    beliefs, interesting = corner(1024, 2)
    turned = np.argsort(chance("turn", (1024,), 1))
    one, other = peeling_path(beliefs, interesting), peeling_path(beliefs[turned] * 3.0, interesting[turned])
    assert [(box.coverage_ratio, box.density_ratio) for box in one] == [(box.coverage_ratio, box.density_ratio) for box in other]


def test_every_step_of_peeling_is_denser() -> None:
    beliefs, interesting = corner(1024, 3)
    densities = [box.density_ratio for box in peeling_path(beliefs, interesting)]
    assert densities == sorted(densities)


def test_break_even_of_a_line() -> None:
    """Difference 10 (x - 0.7) + noise of other beliefs: break-even 0.7, a uniform's deviation is 1/sqrt(12)."""
    points = unit_points({"x": 0, "y": 1, "z": 2}, 4096, 1).matrix
    result = break_evens(points, 10.0 * (points[:, 0] - 0.7) + 2.0 * (points[:, 1] - 0.5))
    assert result.value[0] == pytest.approx(0.7, abs=0.01)
    assert result.distance[0] == pytest.approx(0.2, abs=0.01)
    assert result.distance_deviations[0] == pytest.approx(0.2 * np.sqrt(12), abs=0.05)
    assert result.percentile_ratio[0] == pytest.approx(0.7, abs=0.01)
    assert result.beyond_usd[0] == pytest.approx(1.5, abs=0.1)
    assert result.beyond_usd[0] > 4 * result.beyond_standard_error_usd[0]
    assert np.isnan(result.value[2])  # not used: the lead never turns


def test_break_even_of_a_belief_with_two_values_lies_between_them() -> None:
    belief = np.tile([1.0, 2.0, 2.0, 2.0], 256)
    result = break_evens(belief[:, None], np.where(belief > 1.5, 1.0, -5.0))
    assert 1.0 < result.value[0] < 2.0


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    table=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8),
)
def test_a_front_is_what_nothing_beats(table: list[tuple[int, int, int]]) -> None:
    front = pareto_front(table)
    assert not front.dominated.all()
    for place, mine in enumerate(table):
        beaten = any(
            all(a <= b for a, b in zip(other, mine, strict=True)) and any(a < b for a, b in zip(other, mine, strict=True))
            for other in table
        )
        assert front.dominated[place] == beaten
        # whoever dominates is itself dominated by nobody or by somebody on the front
        if beaten:
            assert (front.dominators[place] & ~front.dominated).any()


def test_a_front_knows_never_and_refuses_what_is_no_number() -> None:
    assert pareto_front([[1.0, np.inf], [2.0, 3.0], [2.0, np.inf]]).dominated.tolist() == [False, False, True]
    with pytest.raises(ValueError, match="not-a-number"):
        pareto_front([[np.nan, 1.0]])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(root=st.floats(0.02, 0.98), power=st.sampled_from([1, 3, 9]), turn=st.sampled_from([1.0, -1.0]))
def test_goal_seek_brackets_the_crossing(root: float, power: int, turn: float) -> None:
    found = goal_seek(lambda x: turn * (x - root) ** power, 0.0, 1.0, 0.0, 1e-6)
    assert found.reached
    assert found.at == pytest.approx(root, abs=1e-6)


def test_goal_seek_says_when_a_goal_is_out_of_reach_and_finds_jumps() -> None:
    out = goal_seek(lambda x: x, 0.0, 1.0, 3.0, 1e-6)
    assert (out.reached, out.at, out.outcome, out.runs) == (False, 1.0, 1.0, 2)
    jump = goal_seek(lambda x: float(x > 0.3), 0.0, 1.0, 0.5, 1e-6)
    assert jump.reached
    assert jump.at == pytest.approx(0.3, abs=1e-6)
    with pytest.raises(ValueError, match="low < high"):
        goal_seek(lambda x: x, 1.0, 1.0, 0.0, 1e-6)
    with pytest.raises(ValueError, match="tolerance"):
        goal_seek(lambda x: x, 0.0, 1.0, 0.0, 0.0)


GRID = np.linspace(0.0, 1.0, 21)


class Chain:
    """Three strategies over two beliefs and shared noise, counted: bent frontiers, one region small."""

    def __init__(self) -> None:
        self.noise = ndtri(unit_points({"n0": 0, "n1": 1, "n2": 2}, 256, 1).matrix.T)
        self.calls = 0

    def __call__(self, across: float, up: float) -> Array:
        self.calls += 1
        return np.stack(
            [
                0.0 + 0.3 * self.noise[0],
                3.0 * across * up - 1.0 + 0.3 * self.noise[1] * (1 + up),
                0.5 - 6.0 * (across - 0.2) ** 2 - 4.0 * (up - 0.9) ** 2 + 0.1 * self.noise[2],
            ]
        )


def brute_force(chain: Chain) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Winner at every cell, and where its lead over the second exceeds two standard errors of the paired difference."""
    winner, sure = np.empty((21, 21), dtype=np.int64), np.empty((21, 21), dtype=bool)
    for row, up in enumerate(GRID):
        for column, across in enumerate(GRID):
            values = chain(float(across), float(up))
            order = np.argsort(-values.mean(axis=1))
            lead = values[order[0]] - values[order[1]]
            winner[row, column] = order[0]
            sure[row, column] = lead.mean() > 2.0 * lead.std(ddof=1) / np.sqrt(lead.size)
    return winner, sure


def test_the_refined_map_is_that_of_brute_force_at_a_fraction_of_its_runs() -> None:
    chain = Chain()
    maps = list(refining_winner_maps(chain, GRID, GRID))
    runs = chain.calls
    winner, sure = brute_force(chain)
    last = maps[-1]
    assert set(np.unique(winner)) == {0, 1, 2}
    np.testing.assert_array_equal(last.winner[sure], winner[sure])
    np.testing.assert_array_equal(last.winner[last.evaluated], winner[last.evaluated])
    assert sure.mean() > 0.8
    assert runs == last.evaluated.sum()
    assert runs < 0.45 * 441
    assert maps[0].evaluated.sum() == 36
    np.testing.assert_allclose(last.share_ratio.sum(axis=0), 1.0)


def test_a_map_asked_everywhere_is_brute_force() -> None:
    chain = Chain()
    (only,) = refining_winner_maps(chain, GRID, GRID, coarse=1)
    np.testing.assert_array_equal(only.winner, brute_force(chain)[0])
    assert only.evaluated.all()


def test_whatever_the_model_raises_ends_the_search() -> None:
    def stopped(across: float, up: float) -> Array:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next(refining_winner_maps(stopped, GRID, GRID))


def test_ties_belong_to_nobody_and_a_grid_of_one_cell_is_a_map() -> None:
    (only,) = refining_winner_maps(lambda across, up: np.ones((2, 4)), [0.5], [0.5])
    assert only.winner.tolist() == [[-1]]
    assert only.share_ratio[:, 0, 0].tolist() == [0.5, 0.5]


def test_the_map_from_stored_draws_sees_the_regions() -> None:
    points = unit_points({f"b{d}": d for d in range(3)}, 4096, 1).matrix
    value = np.stack([np.zeros(4096), points[:, 0] + points[:, 1] - 1.0 + 0.2 * ndtri(points[:, 2])])
    found: WinnerMap = winner_map(points[:, 0], points[:, 1], value, GRID, GRID)
    clear = np.abs(GRID[:, None] + GRID[None, :] - 1.0) > 0.2
    np.testing.assert_array_equal(found.winner[clear], (GRID[:, None] + GRID[None, :] > 1.0)[clear])
    turned = np.argsort(chance("turn", (4096,), 1))
    again = winner_map(points[turned, 0], points[turned, 1], value[:, turned], GRID, GRID)
    np.testing.assert_array_equal(found.winner, again.winner)
    with pytest.raises(ValueError, match="increasing"):
        winner_map(points[:, 0], points[:, 1], value, GRID[::-1], GRID)


def test_only_beliefs_that_can_turn_the_answer_are_asked() -> None:
    """1 + 4 (x - 0.5) turns at 0.25, 1 + (y - 0.5) never; the others are not used."""
    points = unit_points({f"b{d}": d for d in range(30)}, 1024, 1).matrix
    difference = 1.0 + 4.0 * (points[:, 0] - 0.5) + (points[:, 1] - 0.5)
    assert may_turn(points, difference)[0] == 0
    assert set(may_turn(points, difference)) <= {0, 1}
    assert may_turn(points, -difference)[0] == 0
    assert may_turn(points, difference + 10.0) == ()
    assert may_turn(np.zeros((64, 1)), np.tile([1.0, -2.0], 32)) == ()
    two = np.tile([0.0, 1.0], 32)
    assert may_turn(two[:, None], np.where(two > 0, 3.0, -1.0)) == (0,)


@pytest.mark.parametrize(("slope", "side"), [(4.0, "below"), (-4.0, "above")])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_turning_point_is_found_with_its_side(slope: float, side: str, sign: float) -> None:
    noise = 0.01 * ndtri(unit_points({"n": 0}, 256, 1).matrix[:, 0])
    found = turning_point(lambda x: sign * (slope * (x - 0.5) + noise), 0.1, 0.9, sign, 0.01)
    assert found is not None
    assert found.threshold == pytest.approx(0.5 - 1.0 / slope, abs=0.8 / 256 + 0.001)
    assert found.side == (side if sign > 0.0 else {"below": "above", "above": "below"}[side])
    assert found.runs <= 14


def test_what_does_not_turn_or_not_surely_has_no_turning_point() -> None:
    noise = ndtri(unit_points({"n": 0}, 256, 1).matrix[:, 0])
    wild = ndtri(chance("wild", (256,), 1))
    assert turning_point(lambda x: x + noise, 0.1, 0.9, 1.0, 0.1) is None
    assert turning_point(lambda x: 4.0 * (x - 0.5) + 0.0 * noise, 0.1, 0.9, 1.0, 1.0) is None
    assert turning_point(lambda x: 4.0 * (x - 0.5) + 100.0 * (wild - wild.mean()), 0.1, 0.9, 1.0, 0.01) is None
    both = turning_point(lambda x: 0.5 - 20.0 * (x - 0.5) ** 2 + 0.0 * noise, 0.1, 0.9, 1.0, 0.01)
    assert both is None  # the answer is another one at both ends
