"""The split over channels: exact for games that can be done by hand, always adding up, with errors that hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
import pytest

from groundwork.analysis.attribution import Play, attribution, balanced_orders
from groundwork.quantities import Array

NAMES = ["left", "right", "idle"]


def game(worth: Callable[[frozenset[str]], float], futures: Array | None = None, other: float = 0.0) -> Play:
    """Strategy A is worth `worth` times each future's factor, strategy B always the same."""
    factor = np.ones(32) if futures is None else futures

    def play(inside: frozenset[str], rows: tuple[int, ...]) -> Array:
        both = np.stack([worth(inside) * factor, np.full(factor.shape, other)])
        return both[list(rows)]

    return play


def gloves(inside: frozenset[str]) -> float:
    """A pair is worth 6; `left` alone 2; `idle` nothing: Shapley values 4, 2, 0 and 10 with nobody."""
    return 10.0 + 6.0 * ({"left", "right"} <= inside) + 2.0 * ("left" in inside and "right" not in inside)


def random_worth(players: int, seed: int, highest: int) -> tuple[list[str], Callable[[frozenset[str]], float]]:
    """A game of random dividends for every set of up to `highest` players."""
    dice = np.random.Generator(np.random.Philox(seed))
    names = [f"c{number}" for number in range(players)]
    dividend = {frozenset(group): float(dice.normal()) for size in range(1, highest + 1) for group in combinations(names, size)}
    return names, lambda inside: sum(amount for group, amount in dividend.items() if group <= inside)


def exact(names: list[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Shapley's formula, sum over coalitions S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))."""
    parts = {}
    for name in names:
        rest = [each for each in names if each != name]
        parts[name] = sum(
            factorial(size)
            * factorial(len(rest) - size)
            / factorial(len(names))
            * (worth(frozenset(group) | {name}) - worth(frozenset(group)))
            for size in range(len(names))
            for group in combinations(rest, size)
        )
    return parts


def test_a_small_game_by_hand() -> None:
    split = attribution(NAMES, game(gloves, other=4.0), seed=3)
    assert split.parts_usd == pytest.approx({"left": 4.0, "right": 2.0, "idle": 0.0})
    assert split.without_usd == pytest.approx(6.0)
    assert split.total_usd == pytest.approx(12.0)
    assert split.order_error_usd == 0.0
    assert split.idle == ("idle",)


@pytest.mark.parametrize("seed", range(4))
def test_parts_add_up_whatever_the_number_of_orders(seed: int) -> None:
    names, worth = random_worth(6, seed, 4)
    split = attribution(names, game(worth), seed=seed, most_pairs=3)
    assert sum(split.parts_usd.values()) + split.without_usd == pytest.approx(split.total_usd, abs=1e-9)


def test_what_channels_do_alone_or_two_by_two_is_split_exactly() -> None:
    names, worth = random_worth(7, 1, 2)
    split = attribution(names, game(worth), seed=5, most_pairs=3)
    assert split.parts_usd == pytest.approx(exact(names, worth))
    assert split.order_error_usd == pytest.approx(0.0, abs=1e-12)


def test_the_error_of_the_orders_is_honest() -> None:
    """Over many sets of orders the true error of a part is, in the mean square, no more than the error that is stated.

    Balanced orders lean against each other, so the stated error is on the large side; it must not be idle talk either.
    """
    names, worth = random_worth(7, 2, 5)
    truth = exact(names, worth)
    splits = [attribution(names, game(worth), seed=seed, target_ratio=0.0, most_pairs=5) for seed in range(40)]
    true = np.array([[split.parts_usd[name] - truth[name] for name in names] for split in splits])
    said = np.array([[split.order_errors_usd[name] for name in names] for split in splits])
    ratio = np.sqrt((true**2).mean() / (said**2).mean())
    assert 0.4 < ratio < 1.1
    assert abs(true.mean()) < 3.0 * true.std() / np.sqrt(true.size)


def test_pairs_are_added_until_the_target_is_met() -> None:
    names, worth = random_worth(7, 2, 5)
    rough, fine = (attribution(names, game(worth), seed=1, target_ratio=ratio, most_pairs=40) for ratio in (0.5, 0.1))
    assert rough.pairs < fine.pairs
    assert fine.order_error_usd <= 0.1 * abs(fine.total_usd)


def test_the_error_over_futures_is_that_of_a_mean() -> None:
    futures = 1.0 + np.random.Generator(np.random.Philox(4)).normal(size=4096)
    split = attribution(NAMES, game(gloves, futures), seed=1)
    assert split.draws_errors_usd["left"] == pytest.approx(4.0 / 64.0, rel=0.5)
    assert split.draws_errors_usd["left"] / split.draws_errors_usd["right"] == pytest.approx(2.0)
    assert split.total_error_usd == pytest.approx(4.0 * split.draws_errors_usd["left"])
    assert split.draws_errors_usd["idle"] == 0.0


def test_every_coalition_of_a_strategy_is_played_once_and_idle_channels_cost_nothing_more() -> None:
    names, worth = random_worth(6, 3, 3)
    more = [*names, "idle", "also idle"]
    seen: Counter[tuple[int, frozenset[str]]] = Counter()
    inner = game(lambda inside: worth(inside & set(names)))

    def play(inside: frozenset[str], rows: tuple[int, ...]) -> Array:
        seen.update((row, inside) for row in rows)
        return inner(inside, rows)

    split = attribution(more, play, seed=1, target_ratio=0.0, most_pairs=4)
    assert set(split.idle) == {"idle", "also idle"}
    assert max(seen.values()) == 1
    # B moves with nothing: it is played once for each channel left out, and with none and all of them
    assert sum(row == 1 for row, _ in seen) == len(more) + 2
    plain = attribution(names, game(worth), seed=1, target_ratio=0.0, most_pairs=4)
    assert split.parts_usd == pytest.approx(plain.parts_usd | {"idle": 0.0, "also idle": 0.0})


def test_channels_that_stand_in_for_each_other_are_not_idle() -> None:
    """Either is enough: nobody misses one of them, and yet each earns a half."""
    split = attribution(NAMES, game(lambda inside: 8.0 * bool(inside & {"left", "right"})), seed=1)
    assert split.parts_usd == pytest.approx({"left": 4.0, "right": 4.0, "idle": 0.0})


def test_the_split_of_a_difference_is_the_difference_of_splits() -> None:
    names, first = random_worth(5, 6, 3)
    _, second = random_worth(5, 7, 3)

    def play(inside: frozenset[str], rows: tuple[int, ...]) -> Array:
        return np.stack([np.full(16, first(inside)), np.full(16, second(inside))])[list(rows)]

    kept = {"seed": 2, "target_ratio": 0.0, "most_pairs": 3}
    both = attribution(names, play, **kept)
    alone = [attribution(names, game(worth), **kept) for worth in (first, second)]
    for name in names:
        assert both.parts_usd[name] == pytest.approx(alone[0].parts_usd[name] - alone[1].parts_usd[name])


def test_progress_rises_to_one_and_may_end_the_work() -> None:
    names, worth = random_worth(6, 3, 4)
    shares: list[float] = []
    attribution(names, game(worth), seed=1, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        attribution(names, game(worth), seed=1, progress=stop)


def test_balanced_orders_are_orders_and_let_the_middle_go_round() -> None:
    orders = np.array(list(balanced_orders(9, 6, 3)))
    assert (np.sort(orders, axis=1) == np.arange(9)).all()
    dice = np.random.Generator(np.random.Philox(3))
    assert unevenness(orders) < 0.75 * np.mean([unevenness(np.array([dice.permutation(9) for _ in range(6)])) for _ in range(20)])


def unevenness(orders: Array) -> float:
    """Sum over threes of players of the squared departure of each one's share of middle places from a third."""
    at = np.argsort(orders, axis=1)[:, list(combinations(range(orders.shape[1]), 3))]
    middle = np.argsort(at, axis=2)[:, :, 1]
    return float(sum((((middle == place).mean(axis=0) - 1 / 3) ** 2).sum() for place in range(3)))
