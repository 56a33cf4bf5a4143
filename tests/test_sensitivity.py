"""Sensitivity: published indices, known swings, unused beliefs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from groundwork.analysis.interactions import sobol_shares, total_error_ratio
from groundwork.analysis.sensitivity import chance_share, first_order_shares, simulated_swings, swings
from groundwork.draws import chance, unit_points

Array = NDArray[np.float64]


def two_samples(dimensions: int, samples: int, seed: int) -> tuple[Array, Array]:
    matrix = unit_points({f"x{d}": d for d in range(2 * dimensions)}, samples, seed).matrix
    return matrix[:, :dimensions], matrix[:, dimensions:]


def ishigami(points: Array) -> Array:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi) (Ishigami and Homma 1990)."""
    x = np.pi * (2.0 * points - 1.0)
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def g_function(points: Array) -> Array:
    """Product of (|4 x - 2| + a) / (1 + a) (Saltelli and Sobol' 1995)."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.asarray(np.prod((np.abs(4.0 * points - 2.0) + a) / (1.0 + a), axis=1))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("function", "first", "total"),
    [
        (ishigami, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)),
        (
            g_function,
            (0.7162, 0.1790, 0.0237, 0.0072, *[0.0001] * 4),
            (0.7871, 0.2422, 0.0343, 0.0105, *[0.0001] * 4),
        ),
    ],
)
def test_published_sobol_indices(function: object, first: tuple[float, ...], total: tuple[float, ...], seed: int) -> None:
    assert callable(function)
    result = sobol_shares(function, *two_samples(len(first), 16_384, seed))
    assert result.first_order_ratio == pytest.approx(first, abs=0.01)
    assert result.total_ratio == pytest.approx(total, abs=0.01)


def test_sobol_indices_of_several_outcomes_at_once_are_those_of_each() -> None:
    samples = two_samples(3, 512, 1)
    both = sobol_shares(lambda points: np.array([ishigami(points), points[:, 0]]), *samples)
    one = sobol_shares(ishigami, *samples)
    np.testing.assert_allclose(both.total_ratio[0], one.total_ratio)
    assert both.total_ratio[1] == pytest.approx([1.0, 0.0, 0.0], abs=0.02)


def linear(samples: int) -> tuple[Array, Array]:
    """Outcome 3 x0 - x1 of points; the third belief is not used, the fourth never varies."""
    points = unit_points({f"b{d}": d for d in range(4)}, samples, 1).matrix.copy()
    points[:, 3] = 0.5
    return points, 3.0 * points[:, 0] - points[:, 1]


def test_swings_of_a_line_are_its_slopes() -> None:
    """Between p10 and p90 of a uniform: 0.8 of the slope."""
    points, outcome = linear(4096)
    result = swings(points, outcome)
    assert result.swing_usd == pytest.approx([2.4, -0.8, 0.0, 0.0], abs=0.08)
    assert result.low_usd[0] == pytest.approx(3 * 0.1 - 0.5, abs=0.03)
    assert np.all(np.abs(result.swing_usd - [2.4, -0.8, 0.0, 0.0]) <= 4 * result.standard_error_usd + 1e-12)
    assert result.swing_usd[3] == 0.0


def test_swings_follow_an_increasing_change_of_scale_and_any_order_of_samples() -> None:
    points, outcome = linear(1024)
    turned = np.argsort(chance("turn", (1024,), 1))
    one, other = swings(points, outcome), swings(np.exp(5 * points[turned]), outcome[turned])
    np.testing.assert_allclose(one.swing_usd, other.swing_usd, atol=1e-12)


def test_swing_of_a_belief_with_two_values_is_the_difference_of_their_means() -> None:
    belief = np.tile([0.0, 1.0, 1.0, 1.0], 64)
    assert swings(belief[:, None], 10.0 * belief).swing_usd == pytest.approx([10.0])


def test_simulated_swings_run_the_model_at_both_ends() -> None:
    points = unit_points({"a": 0, "b": 1}, 256, 1).matrix

    def simulate(belief: str, point: float) -> Array:
        matrix = points.copy()
        matrix[:, ["a", "b"].index(belief)] = point
        return np.asarray(3.0 * matrix[:, 0] + 5.0 * matrix[:, 0] * matrix[:, 1])

    result = simulated_swings(simulate, ["a", "b"])
    assert result.swing_usd == pytest.approx([0.8 * (3.0 + 2.5), 0.8 * 2.5], rel=0.01)
    assert result.standard_error_usd[0] > 0


def test_first_order_shares_of_a_monotone_sum_survive_heavy_tails() -> None:
    """Ranks do not see a monotone change of the outcome: exp(10 y) has the shares of y."""
    points = unit_points({f"b{d}": d for d in range(6)}, 4096, 1).matrix
    y = ndtri(points[:, 0]) + 0.5 * ndtri(points[:, 1])
    result, wild = first_order_shares(points, y), first_order_shares(points, np.exp(10 * y))
    np.testing.assert_allclose(result.share_ratio, wild.share_ratio, rtol=1e-12)
    # shares of ranks of a normal sum: (6/pi) asin(r^2 / 2) with r^2 = 0.8 and 0.2
    exact = 6 / np.pi * np.arcsin(np.array([0.8, 0.2]) / 2)
    assert result.share_ratio[:2] == pytest.approx(exact, abs=0.02)
    assert np.all(np.abs(result.share_ratio[2:]) < result.floor_ratio[2:] + result.floor_top_ratio[2:])


def test_noise_floor_is_the_share_of_bins_by_chance() -> None:
    """(bins - 1) / (n - 1) exactly, in the mean over all permutations."""
    points = chance("points", (3, 2048), 1).T
    result = first_order_shares(points, chance("outcome", (2048,), 1), permutations=256)
    assert result.floor_ratio == pytest.approx(np.full(3, 15 / 2047), rel=0.1)
    assert np.all(result.floor_top_ratio > 0)


def test_an_outcome_that_never_varies_has_no_shares() -> None:
    points = unit_points({"a": 0}, 64, 1).matrix
    assert first_order_shares(points, np.ones(64)).share_ratio.tolist() == [0.0]
    with pytest.raises(ValueError, match="never varies"):
        sobol_shares(lambda matrix: np.ones(len(matrix)), points, points)
    with pytest.raises(ValueError, match="same shape"):
        sobol_shares(ishigami, points, points[:, :0])


def test_share_of_dice_in_a_sum_is_their_variance() -> None:
    """Belief of variance 3 and dice of variance 1: a quarter."""
    belief = np.sqrt(3.0) * ndtri(unit_points({"b": 0}, 4096, 1).matrix[:, 0])
    one, other = ndtri(chance("dice", (4096,), 1)), ndtri(chance("dice", (4096,), 2))
    assert chance_share(belief + one, belief + other) == pytest.approx(0.25, abs=0.02)
    assert chance_share(belief, belief) == pytest.approx(0.0, abs=1e-12)
    assert chance_share(one, other) == pytest.approx(1.0, abs=0.05)
    assert chance_share(np.ones(8), np.ones(8)) == 0.0


def test_the_error_of_a_total_covers_what_other_seeds_say() -> None:
    found = []
    errors = []
    for seed in range(12):
        a, b = two_samples(3, 1_024, seed)
        mixed = np.array([ishigami(np.where(np.arange(3) == dimension, b, a)) for dimension in range(3)])
        errors.append(total_error_ratio(ishigami(a), ishigami(b), mixed))
        found.append(sobol_shares(ishigami, a, b).total_ratio)
    spread = np.std(found, axis=0)
    assert np.all(spread < 2.0 * np.mean(errors, axis=0))  # spread points make less noise than the blocks can see
