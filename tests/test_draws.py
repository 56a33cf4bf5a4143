"""Draws: properties of the points and of the dice."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from groundwork.draws import DICE_COLUMNS, Points, chance, correlated, unit_points
from groundwork.errors import InputFault
from groundwork.profiles import available, load
from groundwork.scenario import dimensions
from groundwork.sobol import DIMENSIONS, sobol_dimensions, sobol_directions

COLUMNS = {f"belief_{d}": d for d in [*range(64), *(256 + 32 * w + f for w in range(4) for f in range(14))]}


def test_points_are_scipy_s_sobol_points_before_scrambling() -> None:
    from scipy.stats import qmc

    from groundwork.sobol import sobol_integers

    dimensions = np.array([0, 1, 2, 7, 50, 119, 800, 5000, 21_200])
    ours = sobol_integers(sobol_directions(dimensions), 256).T * 2.0**-30
    theirs = qmc.Sobol(DIMENSIONS, scramble=False, bits=30).random(256)[:, dimensions]
    np.testing.assert_array_equal(ours, theirs)


def test_every_column_has_a_sobol_dimension_of_its_own() -> None:
    assert sorted(sobol_dimensions(np.arange(DIMENSIONS)).tolist()) == list(range(DIMENSIONS))


@settings(derandomize=True, deadline=None, max_examples=20)
@given(
    dimensions=st.lists(st.integers(0, 120), min_size=2, max_size=12, unique=True),
    seed=st.integers(0, 2**63),
    exponent=st.integers(0, 10),
)
def test_a_belief_more_moves_no_other_and_each_interval_holds_one_point(dimensions: list[int], seed: int, exponent: int) -> None:
    """Appended: of a higher dimension. Past the first 121 a column may stand in any order within 1,024 points; see below."""
    samples = 2**exponent
    beliefs = {f"b{d}": d for d in dimensions}
    fewer = {name: d for name, d in beliefs.items() if d < max(dimensions)}
    points = unit_points(beliefs, samples, seed)
    for name in fewer:
        np.testing.assert_array_equal(points.column(name), unit_points(fewer, samples, seed).column(name))
        assert sorted(np.floor(points.column(name) * samples).astype(int)) == list(range(samples))
    assert np.all(points.matrix > 0)
    assert np.all(points.matrix < 1)


@pytest.mark.parametrize("samples", [1, 3, 256, 1000, 1024, 1500])
def test_fewer_samples_are_the_first_rows(samples: int) -> None:
    all_points = unit_points(COLUMNS, 2048, 7)
    np.testing.assert_array_equal(unit_points(COLUMNS, samples, 7).matrix, all_points.first(samples).matrix)


@pytest.mark.parametrize("industry", available())
def test_no_two_columns_of_a_profile_correlate(industry: str) -> None:
    """|r| <= 0.1 at 1,024 among all beliefs, fixed or not, and the dice of the set.

    Independent numbers have 20 pairs beyond it.
    """
    profile = load(industry)
    columns = dimensions(profile) | DICE_COLUMNS
    for seed in (profile.seed, *range(6)):
        correlation = np.corrcoef(unit_points(columns, 1024, seed).matrix.T)
        assert np.abs(correlation - np.eye(len(columns))).max() <= 0.1


def test_columns_that_are_tied_in_a_few_digits_are_parted() -> None:
    """Beyond the first 121 dimensions some pairs correlate in one block or another unless they are scrambled anew."""
    columns = {f"b{d}": d for d in range(121, 421)}
    for block in np.split(unit_points(columns, 3072, 5).matrix, 3):
        assert np.abs(np.corrcoef(block.T) - np.eye(300)).max() <= 0.1
        assert np.all(np.sort(np.floor(block * 1024), axis=0) == np.arange(1024)[:, None])


@pytest.mark.parametrize("seed", range(3))
def test_an_appended_belief_moves_no_other_even_if_tied(seed: int) -> None:
    columns = {f"b{d}": d for d in range(121, 421)}
    fewer = dict(list(columns.items())[:-1])
    for name in fewer | DICE_COLUMNS:
        assert name not in columns or np.array_equal(
            unit_points(fewer, 1024, seed).column(name), unit_points(columns, 1024, seed).column(name)
        )


def test_chance_keeps_its_columns_whatever_beliefs_there_are() -> None:
    alone = unit_points(DICE_COLUMNS, 2048, 3)
    among = unit_points({f"b{d}": d for d in range(250)} | DICE_COLUMNS, 2048, 3)
    for name in DICE_COLUMNS:
        np.testing.assert_array_equal(alone.column(name), among.column(name))


def test_names_and_seeds_give_other_points() -> None:
    one = unit_points({"a": 3}, 64, 1).matrix
    assert not np.array_equal(one, unit_points({"b": 3}, 64, 1).matrix)
    assert not np.array_equal(one, unit_points({"a": 3}, 64, 2).matrix)


def test_points_are_the_same_digits_on_every_machine() -> None:
    """Regression: what the first release drew. A change here changes every published figure."""
    np.testing.assert_allclose(
        unit_points({"alpha": 0, "beta": 5}, 3, 1).matrix,
        GOLDEN_POINTS,
        rtol=0,
        atol=1e-15,
    )
    np.testing.assert_allclose(chance("market", (2, 3), 1), GOLDEN_CHANCE, rtol=0, atol=1e-15)


def smooth(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Product of 1 + (u_k - 1/2)/k^2: mean exactly 1."""
    return np.asarray(np.prod(1.0 + (uniforms - 0.5) / np.arange(1, uniforms.shape[1] + 1) ** 2, axis=1))


def test_points_beat_plain_monte_carlo_on_a_smooth_function() -> None:
    """Root mean square error over 16 seeds at 1,024 points; Monte Carlo's is sd / 32, known exactly."""
    beliefs = {f"x{d}": d for d in range(10)}
    errors = [smooth(unit_points(beliefs, 1024, seed).matrix).mean() - 1.0 for seed in range(16)]
    variance = np.prod(1.0 + 1.0 / (12.0 * np.arange(1.0, 11.0) ** 4)) - 1.0
    assert np.sqrt(np.mean(np.square(errors))) <= np.sqrt(variance / 1024) / 10


def test_every_fault_of_a_schema_is_named_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        unit_points({"a": 1, "b": 1, "c": -1, "d": DIMENSIONS}, 0, 1)
    assert len(caught.value.faults) == 4


def test_points_are_immutable_and_strict() -> None:
    points = unit_points({"a": 0}, 8, 1)
    with pytest.raises(ValueError, match="read-only"):
        points.matrix[0, 0] = 0.5
    with pytest.raises(KeyError):
        points.column("b")
    with pytest.raises(ValueError, match="1 to 8"):
        points.first(9)


@settings(derandomize=True, deadline=None, max_examples=20)
@given(
    small=st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 40)),
    more=st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 40)),
    seed=st.integers(0, 10**6),
)
def test_dice_stay_when_any_axis_grows(small: tuple[int, int, int], more: tuple[int, int, int], seed: int) -> None:
    large = tuple(a + b for a, b in zip(small, more, strict=True))
    dice = chance("failure", large, seed)
    np.testing.assert_array_equal(chance("failure", small, seed), dice[: small[0], : small[1], : small[2]])
    assert np.all((dice > 0) & (dice < 1))


def test_dice_are_uniform_and_independent_of_each_other_and_of_beliefs() -> None:
    rows = np.concatenate(
        [
            chance("a", (20, 4096), 1),
            chance("b", (20, 4096), 1),
            chance("a", (20, 4096), 2),
            unit_points({"a": 0, "b": 1}, 4096, 1).matrix.T,
        ]
    )
    correlation = np.corrcoef(rows)
    assert np.abs(correlation - np.eye(len(rows))).max() < 5 / np.sqrt(4096)
    counts = np.histogram(rows[:60], bins=64, range=(0, 1))[0]
    expected = 60 * 4096 / 64
    assert np.sum((counts - expected) ** 2 / expected) < 63 + 5 * np.sqrt(2 * 63)


def test_a_shape_without_samples_last_is_refused() -> None:
    with pytest.raises(ValueError, match="one to four axes"):
        chance("a", (), 1)


@pytest.mark.parametrize("rank_correlation", [-0.9, -0.3, 0.5, 0.95])
def test_rank_correlation_is_what_was_asked_for(rank_correlation: float) -> None:
    from scipy.stats import spearmanr

    points = unit_points({"a": 0, "b": 1, "c": 2, "d": 3}, 4096, 1)
    bound = correlated(points, {("c", "a"): rank_correlation})
    assert spearmanr(bound.column("a"), bound.column("c")).statistic == pytest.approx(rank_correlation, abs=0.02)
    for name in ("a", "b", "d"):
        np.testing.assert_array_equal(bound.column(name), points.column(name))
    assert np.histogram(bound.column("c"), bins=16, range=(0, 1))[0] == pytest.approx(256, abs=30)


def test_impossible_correlations_are_refused_and_named() -> None:
    points = unit_points({"a": 0, "b": 1, "c": 2}, 64, 1)
    with pytest.raises(InputFault, match="cannot all hold at once"):
        correlated(points, {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})
    with pytest.raises(InputFault) as caught:
        correlated(points, {("a", "x"): 0.1, ("b", "b"): 0.1, ("a", "b"): 1.5})
    assert len(caught.value.faults) == 3
    assert correlated(points, {}) is points
    assert isinstance(points, Points)


def test_drawing_imports_no_scipy_stats() -> None:
    """It costs 0.7 s on the way to the first picture."""
    code = (
        "import sys; from groundwork.draws import unit_points, chance;"
        "unit_points({'a': 0}, 8, 1); chance('a', (8,), 1);"
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


GOLDEN_POINTS = [
    [0.39740191446617246, 0.3844547183252871],
    [0.7210071547888219, 0.6968065439723432],
    [0.8854469084180892, 0.9743068697862327],
]
GOLDEN_CHANCE = [
    [0.5501063068750908, 0.22328969343327587, 0.24270822295555472],
    [0.6725629530587077, 0.5979396580592745, 0.46348941970446267],
]
