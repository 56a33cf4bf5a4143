"""Information: published values, irrelevant beliefs, order of samples, speed in the benchmark beside."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from groundwork.analysis.information import interval_errors, partial_information, perfect_information
from groundwork.draws import chance, unit_points
from groundwork.profiles import load
from groundwork.scenario import dimensions
from groundwork.study.doubts import uncertain

Array = NDArray[np.float64]


def two_options(samples: int, seed: int) -> tuple[Array, Array]:
    """Options worth 0 and p1 - p2, p1 ~ N(1, 1), p2 ~ N(0, 2), 2 the standard deviation (MODEL section 8)."""
    normal = ndtri(unit_points({"p1": 0, "p2": 1}, samples, seed).matrix)
    beliefs = np.column_stack([1.0 + normal[:, 0], 2.0 * normal[:, 1]])
    return beliefs, np.array([np.zeros(samples), beliefs[:, 0] - beliefs[:, 1]])


def test_published_values_of_two_options() -> None:
    """EVPI = s phi(m/s) - m Phi(-m/s) with m = 1, s = sqrt(5); EVPPI the same with s = 1 and s = 2."""
    beliefs, value = two_options(2**19, 1)
    assert perfect_information(value).value_usd == pytest.approx(0.4798, abs=2e-4)
    many = partial_information(beliefs, value, bins=256, permutations=4)
    assert many.value_usd == pytest.approx([0.0833, 0.3956], abs=2e-4)


def test_sixteen_bins_on_4096_draws_are_near_the_published_values() -> None:
    """What 16 bins lose inside the bin in which the choice changes: 0.0017 here."""
    for seed in range(8):
        beliefs, value = two_options(4096, seed)
        result = partial_information(beliefs, value)
        assert result.value_usd == pytest.approx([0.0833, 0.3956], abs=0.01)
        assert np.all(result.low_usd < [0.0833, 0.3956])
        assert np.all(result.high_usd > [0.0816, 0.3956])


RETAIL = load("retail")
COLUMNS = {belief.path: dimensions(RETAIL)[belief.path] for belief in uncertain(RETAIL)}


def five_strategies(points: Array, seed: int) -> Array:
    """Values in USD that use the first eight beliefs, heavy tails and chance; [5, sample]."""
    normal = ndtri(points[:, :8])
    dice = ndtri(chance("noise", (5, len(points)), seed))
    common = np.exp(normal[:, 6])
    return 1e6 * np.array([2 * normal[:, k] + normal[:, (k + 1) % 8] + common + 2 * dice[k] for k in range(5)])


def test_beliefs_that_the_model_does_not_use_are_worth_nothing() -> None:
    """100 beliefs, 5 strategies, 4,096 draws: in 19 of 20 runs or more each of 92 unused beliefs has 0 within its interval."""
    runs_with_a_miss = 0
    for seed in range(20):
        points = unit_points(dict(list(COLUMNS.items())[:100]), 4096, seed).matrix
        result = partial_information(points, five_strategies(points, seed))
        outside = (result.low_usd[8:] > 0) | (result.high_usd[8:] < 0)
        runs_with_a_miss += outside.any()
        assert outside.sum() <= 1
        assert (result.low_usd[:6] > 0).sum() >= 5  # the strategies' own beliefs are found
    assert runs_with_a_miss <= 1


def test_intervals_of_many_beliefs_are_wider_than_of_one() -> None:
    """The normal quantile at 1 - 0.025 / count: 1.96 for one interval, 2.58 for five, 2.81 for ten, 3.48 for a hundred."""
    assert [interval_errors(count) for count in (1, 5, 10, 100)] == pytest.approx([1.96, 2.576, 2.807, 3.481], abs=5e-4)


def test_the_floor_grows_with_the_bins_and_is_what_noise_is_worth() -> None:
    points = chance("points", (10, 4096), 1).T  # independent draws: here raw = floor on average
    value = five_strategies(chance("used", (8, 4096), 1).T, 1)
    coarse, fine = partial_information(points, value), partial_information(points, value, bins=64)
    assert np.all(fine.floor_usd > 2 * coarse.floor_usd)
    assert abs(coarse.value_usd.mean()) < 2 * coarse.floor_spread_usd[0] / np.sqrt(10)


def test_the_order_of_samples_does_not_matter() -> None:
    points = unit_points(dict(list(COLUMNS.items())[:10]), 1024, 1).matrix.copy()
    points[:, 9] = points[:, 9] > 0.3  # ties
    value = five_strategies(points, 1)
    turned = np.argsort(chance("turn", (1024,), 1))
    one, other = partial_information(points, value), partial_information(points[turned], value[:, turned])
    np.testing.assert_allclose(one.value_usd, other.value_usd, rtol=1e-9)
    np.testing.assert_allclose(one.floor_usd, other.floor_usd, rtol=1e-9)


def test_a_belief_of_two_values_is_worth_what_two_means_say() -> None:
    """Two values, half each: option 1 is worth +3 or -1, option 0 nothing; EVPPI = 1.5 - 1 = 0.5, EVPI the same."""
    belief = np.tile([0.0, 1.0], 512)
    value = np.array([np.zeros(1024), np.where(belief > 0, 3.0, -1.0)])
    result = partial_information(np.column_stack([belief, np.zeros(1024)]), value)
    assert result.value_usd[0] + result.floor_usd[0] == pytest.approx(0.5)
    assert result.value_usd[1] == pytest.approx(0.0, abs=1e-12)  # a belief that never varies
    assert perfect_information(value).value_usd == pytest.approx(0.5)


def test_partial_is_at_most_perfect_and_one_strategy_leaves_nothing_to_choose() -> None:
    beliefs, value = two_options(4096, 3)
    everything = perfect_information(value)
    assert np.all(partial_information(beliefs, value).value_usd <= everything.value_usd)
    alone = partial_information(beliefs, value[1:])
    assert alone.high_usd.tolist() == [0.0, 0.0]


def test_standard_error_of_perfect_information_is_right_on_independent_draws() -> None:
    """Mean square of the jackknife against the variance over 200 repetitions."""
    estimates, squares = [], []
    for seed in range(200):
        normal = ndtri(chance("value", (2, 512), seed))
        result = perfect_information(np.array([np.zeros(512), 1.0 + normal[0] - 2.0 * normal[1]]))
        estimates.append(result.value_usd)
        squares.append(result.standard_error_usd**2)
    assert np.mean(squares) == pytest.approx(np.var(estimates, ddof=1), rel=0.35)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="value_usd: 64 samples"):
        partial_information(np.zeros((64, 2)), np.zeros((2, 32)))
    with pytest.raises(ValueError, match="bins: 2 to half"):
        partial_information(np.zeros((16, 2)), np.zeros((2, 16)))
    with pytest.raises(ValueError, match="finite"):
        partial_information(np.full((64, 2), np.nan), np.zeros((2, 64)))


def test_cost_of_being_wrong_is_that_of_the_other_value() -> None:
    """Half the time option 1 is worth +3, else -1: chosen, it is wrong in half of the cases and loses 1 there."""
    belief = np.tile([0.0, 1.0], 512)
    value = np.array([np.zeros(1024), np.where(belief > 0, 3.0, -1.0)])
    for turned in (value, value[::-1]):
        result = partial_information(np.column_stack([belief, np.zeros(1024)]), turned)
        assert result.wrong_ratio.tolist() == [0.5, 0.0]
        assert result.cost_when_wrong_usd == pytest.approx([1.0, 0.0])
        assert result.order() == (0,)


def test_what_to_find_out_leaves_out_what_the_model_does_not_use() -> None:
    points = unit_points(dict(list(COLUMNS.items())[:40]), 4096, 7).matrix
    order = partial_information(points, five_strategies(points, 7)).order()
    assert set(order[:6]) == set(range(6))
    assert not [place for place in order if place >= 8]
