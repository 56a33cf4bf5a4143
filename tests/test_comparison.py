"""Comparison: published tables, ties, symmetry."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtri

from groundwork.analysis.comparison import duels, given_that_we_do_it, spread, wins
from groundwork.analysis.robustness import (
    dominance,
    regret_usd,
    regrets,
    robust_choice,
    within_regret_ratio,
    worst_cases_mean_usd,
)
from groundwork.draws import chance

REGRET_TABLE = np.array([[12.0, 8, -2], [7, 7, 4], [3, 3, 3]])  # the table of MODEL section 8: worst regrets 6, 5, 9


@st.composite
def tables(draw: st.DrawFn) -> NDArray[np.float64]:
    strategies, samples = draw(st.integers(2, 5)), draw(st.integers(2, 40))
    flat = draw(st.lists(st.integers(-5, 5), min_size=strategies * samples, max_size=strategies * samples))
    return np.array(flat, dtype=float).reshape(strategies, samples)


def test_published_regret_table() -> None:
    assert regrets(REGRET_TABLE).max_usd.tolist() == [6.0, 5.0, 9.0]
    assert robust_choice(REGRET_TABLE).by_regret == (1,)
    assert regret_usd(REGRET_TABLE)[0].tolist() == [0.0, 0.0, 6.0]


def test_published_tail_of_the_normal() -> None:
    """CVaR 95 of N(0, 1) = phi(z)/0.05 = 2.06271 (Rockafellar and Uryasev 2000)."""
    loss = ndtri((np.arange(2**20) + 0.5) / 2**20)
    assert -worst_cases_mean_usd(-loss[None], 0.05)[0] == pytest.approx(2.06271, abs=5e-6)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(values=tables(), tolerance=st.sampled_from([0.0, 1.0]))
def test_nothing_depends_on_the_order_of_strategies(values: NDArray[np.float64], tolerance: float) -> None:
    turned = values[::-1]
    one, other = wins(values, tolerance), wins(turned, tolerance)
    assert one.best_ratio.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(one.best_ratio, other.best_ratio[::-1], atol=1e-15)
    np.testing.assert_allclose(one.alone_ratio + one.tied_ratio, (values >= values.max(axis=0) - tolerance).mean(axis=1))
    pairs = duels(values, tolerance)
    np.testing.assert_allclose(pairs.beats_ratio + pairs.beats_ratio.T, 1.0)
    np.testing.assert_allclose(pairs.mean_difference_usd, -pairs.mean_difference_usd.T)
    np.testing.assert_allclose(np.diag(pairs.tie_ratio), 1.0)
    order = dominance(values)
    assert not (order.first_order & order.first_order.T).any()
    assert not (order.second_order & order.second_order.T).any()
    assert not (order.first_order & ~order.second_order).any()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(values=tables())
def test_mean_regret_orders_as_the_mean_does(values: NDArray[np.float64]) -> None:
    total = regrets(values).mean_usd + values.mean(axis=1)
    np.testing.assert_allclose(total, values.max(axis=0).mean())
    chosen = robust_choice(values).by_mean
    assert values.mean(axis=1)[list(chosen)] == pytest.approx(values.mean(axis=1).max())


def test_the_order_of_futures_changes_no_verdict() -> None:
    values = ndtri(chance("value", (4, 512), 5))
    turned = values[:, np.argsort(chance("turn", (512,), 1))]
    for judge in (wins, duels, spread, regrets, dominance):
        one, other = judge(values), judge(turned)
        for entry in fields(one):
            if not entry.name.startswith("standard_error"):  # from blocks of futures as they were drawn
                np.testing.assert_allclose(getattr(one, entry.name), getattr(other, entry.name), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(worst_cases_mean_usd(values), worst_cases_mean_usd(turned), rtol=1e-12)
    assert robust_choice(values) == robust_choice(turned)


def test_identical_strategies_tie_and_share() -> None:
    values = np.array([[3.0, 1, 2, 5], [3.0, 1, 2, 5], [0.0, 4, 0, 0]])
    result = wins(values)
    assert result.best_ratio.tolist() == [0.375, 0.375, 0.25]
    assert result.alone_ratio.tolist() == [0.0, 0.0, 0.25]
    assert result.tied_ratio.tolist() == [0.75, 0.75, 0.0]
    pair = duels(values)
    assert pair.beats_ratio[0, 1] == 0.5
    assert pair.tie_ratio[0, 1] == 1.0
    assert pair.standard_error_usd[0, 1] == 0.0
    assert robust_choice(values).by_mean == (0, 1)
    assert not dominance(values).second_order[:2, :2].any()


def test_dominance_of_known_lotteries() -> None:
    """A shift dominates at first order; a mean-preserving spread is dominated at second order only."""
    sure, spread_out, better = np.full(4, 2.0), np.array([0.0, 4, 0, 4]), np.array([1.0, 5, 1, 5])
    order = dominance(np.array([sure, spread_out, better]))
    assert order.first_order.tolist() == [[False, False, False], [False, False, False], [False, True, False]]
    assert order.second_order.tolist() == [[False, True, False], [False, False, False], [False, True, False]]


def test_spread_of_a_known_column() -> None:
    result = spread(np.arange(101.0)[None])
    assert (result.p10_usd[0], result.p50_usd[0], result.p90_usd[0], result.mean_usd[0]) == (10.0, 50.0, 90.0, 50.0)


def test_standard_errors_of_independent_futures_are_right() -> None:
    """With independent samples the jackknife's mean square is the true variance: P(best) of a fair coin, 0.5/sqrt(n)."""
    squares, squares_usd = [], []
    for seed in range(200):
        values = ndtri(chance("value", (2, 256), seed))
        squares.append(wins(values).standard_error_ratio[0] ** 2)
        squares_usd.append(duels(values).standard_error_usd[0, 1] ** 2)
    assert np.mean(squares) == pytest.approx(0.25 / 256, rel=0.1)
    assert np.mean(squares_usd) == pytest.approx(2.0 / 256, rel=0.1)


def test_given_that_we_do_it_leaves_out_wait() -> None:
    names, values = given_that_we_do_it(["a", "wait", "b"], [[-1.0, -2], [0, 0], [-3, -1]], {"wait"})
    assert names == ("a", "b")
    assert wins(values).best_ratio.tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="not among the strategies: nothing"):
        given_that_we_do_it(["a"], [[1.0, 2]], {"nothing"})
    with pytest.raises(ValueError, match="at least one"):
        given_that_we_do_it(["a"], [[1.0, 2]], {"a"})


def test_share_of_futures_within_a_regret() -> None:
    assert within_regret_ratio(REGRET_TABLE, 5.0).tolist() == pytest.approx([2 / 3, 1.0, 2 / 3])


@pytest.mark.parametrize("values", [[1.0, 2.0], [[1.0, np.nan]], [[1.0]]])
def test_values_that_cannot_be_compared_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="value_usd"):
        wins(values)
