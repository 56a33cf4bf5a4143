"""The split over channels: exact for games that can be done by hand, always adding up, with errors that hold."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from groundwork.analysis.attribution import Attribution, Play, attribution, balanced_ranks
from groundwork.quantities import Array, Flags
from groundwork.strategy.coalitions import NONE, case_values_usd
from groundwork.strategy.simulation import simulate
from groundwork.study.runs import channel_split
from invented import invented, points

NAMES = ["left", "right", "idle"]
FUTURES = 32
Worth = Callable[[frozenset[str]], float]


def game(names: list[str], worth: Worth, futures: Array | None = None, other: Worth = lambda inside: 0.0) -> Play:
    """Strategy A is worth `worth` times each future's factor, strategy B `other`."""
    factor = np.ones(FUTURES) if futures is None else futures

    def play(side: int, inside: Flags, cases: NDArray[np.int64]) -> Array:
        known: dict[bytes, float] = {}
        for column in np.unique(inside, axis=1).T:
            group = frozenset(name for name, on in zip(names, column, strict=True) if on)
            known[column.tobytes()] = (worth, other)[side](group)
        values = np.array([known[column.tobytes()] for column in np.ascontiguousarray(inside.T)])
        return values * (factor[cases] if side == 0 else 1.0)

    return play


def split_of(names: list[str], worth: Worth, other: Worth = lambda inside: 0.0, **how: float) -> Attribution:
    return attribution(names, game(names, worth, other=other), samples=FUTURES, **how)  # type: ignore[arg-type]


def gloves(inside: frozenset[str]) -> float:
    """A pair is worth 6; `left` alone 2; `idle` nothing: Shapley values 4, 2, 0 and 10 with nobody."""
    return 10.0 + 6.0 * ({"left", "right"} <= inside) + 2.0 * ("left" in inside and "right" not in inside)


def random_worth(players: int, seed: int, highest: int) -> tuple[list[str], Worth]:
    """A game of random dividends for every set of up to `highest` players."""
    dice = np.random.Generator(np.random.Philox(seed))
    names = [f"c{number}" for number in range(players)]
    dividend = {frozenset(group): float(dice.normal()) for size in range(1, highest + 1) for group in combinations(names, size)}
    return names, lambda inside: sum(amount for group, amount in dividend.items() if group <= inside)


def exact(names: list[str], worth: Worth) -> dict[str, float]:
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
    split = split_of(NAMES, gloves, lambda inside: 4.0, seed=3)
    assert split.parts_usd == pytest.approx({"left": 4.0, "right": 2.0, "idle": 0.0})
    assert split.without_usd == pytest.approx(6.0)
    assert split.total_usd == pytest.approx(12.0)
    assert split.order_error_usd == 0.0
    assert split.idle == ("idle",)


@pytest.mark.parametrize("seed", range(4))
def test_parts_add_up_whatever_the_number_of_orders(seed: int) -> None:
    names, worth = random_worth(6, seed, 4)
    split = split_of(names, worth, seed=seed, most_pairs=2)
    assert sum(split.parts_usd.values()) + split.without_usd == pytest.approx(split.total_usd, abs=1e-9)


def test_what_channels_do_alone_or_two_by_two_is_split_exactly() -> None:
    names, worth = random_worth(7, 1, 2)
    split = split_of(names, worth, seed=5, most_pairs=2)
    assert split.parts_usd == pytest.approx(exact(names, worth))
    assert split.order_error_usd == pytest.approx(0.0, abs=1e-12)


def test_the_error_of_the_orders_is_honest() -> None:
    """Over many sets of orders the true error of a part is, in the mean square, no more than the error that is stated.

    Balanced orders lean against each other, so the stated error is on the large side; it must not be idle talk either.
    """
    names, worth = random_worth(7, 2, 5)
    truth = exact(names, worth)
    splits = [split_of(names, worth, seed=seed, target_ratio=0.0, most_pairs=3) for seed in range(40)]
    true = np.array([[split.parts_usd[name] - truth[name] for name in names] for split in splits])
    said = np.array([[split.order_errors_usd[name] for name in names] for split in splits])
    ratio = np.sqrt((true**2).mean() / (said**2).mean())
    assert 0.3 < ratio < 1.1
    assert abs(true.mean()) < 3.0 * true.std() / np.sqrt(true.size)


def wild_game(names: list[str], worth: Worth, seen: Counter[int] | None = None) -> tuple[Play, Array]:
    """128 futures, two of them 60 times as large as the others; `seen` counts the cases of each."""
    factor = np.ones(128)
    factor[[17, 90]] = 60.0
    inner = game(names, worth, factor)

    def play(side: int, inside: Flags, cases: NDArray[np.int64]) -> Array:
        if seen is not None and side == 0:
            seen.update(cases.tolist())
        return inner(side, inside, cases)

    return play, factor


def test_futures_that_spread_most_are_given_more_orders_and_no_part_leans() -> None:
    """Over many sets of orders: no part is off in the mean, and its stated error is that of the orders, near enough."""
    names, worth = random_worth(7, 2, 5)
    play, factor = wild_game(names, worth)
    truth = factor.mean() * np.array(list(exact(names, worth).values()))
    splits = [attribution(names, play, samples=128, seed=seed, target_ratio=0.0, most_pairs=2) for seed in range(60)]
    off = np.array([[split.parts_usd[name] for name in names] for split in splits]) - truth
    said = np.array([[split.order_errors_usd[name] for name in names] for split in splits])
    assert 0.7 < np.sqrt((off**2).mean() / (said**2).mean()) < 1.1
    assert (np.abs(off.mean(axis=0)) < 3.0 * off.std(axis=0) / np.sqrt(60.0)).all()
    assert 0.9 < (np.abs(off) < 2.0 * said).mean() < 0.99
    for split in splits:
        assert sum(split.parts_usd.values()) + split.without_usd == pytest.approx(split.total_usd, abs=1e-9)


def test_more_orders_go_to_the_futures_that_orders_matter_most_in() -> None:
    names, worth = random_worth(7, 2, 5)
    seen: Counter[int] = Counter()
    play, _ = wild_game(names, worth, seen)
    split = attribution(names, play, samples=128, seed=1, target_ratio=0.0, most_pairs=2)
    assert split == attribution(names, play, samples=128, seed=1, target_ratio=0.0, most_pairs=2)
    # two splits; in each, all, none and all but one, who is idle, and 5 steps, there and back, of 2 pairs or of 8
    assert {seen[17], seen[90]} == {2 * (len(names) + 3 + 5 * 2 * 2 * 4)}
    assert {number for future, number in seen.items() if future not in (17, 90)} == {2 * (len(names) + 3 + 5 * 2 * 2)}


def test_pairs_are_added_until_the_target_is_met() -> None:
    names, worth = random_worth(7, 2, 5)
    rough, fine = (split_of(names, worth, seed=1, target_ratio=ratio, most_pairs=60) for ratio in (0.5, 0.015))
    assert rough.pairs < fine.pairs < 60
    assert fine.order_error_usd <= 0.015 * abs(fine.total_usd)


def test_the_error_over_futures_is_that_of_a_mean() -> None:
    futures = 1.0 + np.random.Generator(np.random.Philox(4)).normal(size=4096)
    split = attribution(NAMES, game(NAMES, gloves, futures), samples=4096, seed=1)
    assert split.draws_errors_usd["left"] == pytest.approx(4.0 / 64.0, rel=0.5)
    assert split.draws_errors_usd["left"] / split.draws_errors_usd["right"] == pytest.approx(2.0)
    assert split.total_error_usd == pytest.approx(4.0 * split.draws_errors_usd["left"])
    assert split.draws_errors_usd["idle"] == 0.0


def test_idle_channels_cost_nothing_once_they_are_found() -> None:
    names, worth = random_worth(6, 3, 3)
    more = [*names, "idle", "also idle"]
    seen: Counter[int] = Counter()
    inner = game(more, lambda inside: worth(inside & set(names)))

    def play(side: int, inside: Flags, cases: NDArray[np.int64]) -> Array:
        seen[side] += cases.size
        return inner(side, inside, cases)

    split = attribution(more, play, samples=FUTURES, seed=1, target_ratio=0.0, most_pairs=3)
    assert set(split.idle) == {"idle", "also idle"}
    # B moves with nothing: all, none, all but one, and the idle alone. A besides: 4 steps, there and back, 3 pairs.
    assert seen[1] == FUTURES * (len(more) + 3)
    assert seen[0] == FUTURES * (len(more) + 3 + 4 * 2 * 3)
    assert split.cases == seen[0] + seen[1]
    assert split.parts_usd["idle"] == 0.0


def test_channels_that_stand_in_for_each_other_are_not_idle() -> None:
    """Either is enough: nobody misses one of them, and yet each earns a half."""
    split = split_of(NAMES, lambda inside: 8.0 * bool(inside & {"left", "right"}), seed=1)
    assert split.parts_usd == pytest.approx({"left": 4.0, "right": 4.0, "idle": 0.0})


def test_a_channel_that_acts_in_one_future_of_many_is_found() -> None:
    """It acts in the last of 600 futures alone."""

    def play(side: int, inside: Flags, cases: NDArray[np.int64]) -> Array:
        return np.where(cases == 599, 6.0 * inside[1], 0.0) + inside[0] if side == 0 else np.zeros(cases.size)

    split = attribution(NAMES, play, samples=600, seed=1)
    assert split.parts_usd == pytest.approx({"left": 1.0, "right": 0.01, "idle": 0.0})
    assert split.idle == ("idle",)


def test_the_split_of_a_difference_is_the_difference_of_splits() -> None:
    names, first = random_worth(5, 6, 3)
    _, second = random_worth(5, 7, 3)
    kept = {"seed": 2, "target_ratio": 0.0, "most_pairs": 2}
    both = split_of(names, first, second, **kept)
    alone = [split_of(names, worth, **kept) for worth in (first, second)]
    for name in names:
        assert both.parts_usd[name] == pytest.approx(alone[0].parts_usd[name] - alone[1].parts_usd[name])


def test_progress_rises_to_one_and_may_end_the_work() -> None:
    names, worth = random_worth(6, 3, 4)
    shares: list[float] = []
    play = game(names, worth)
    attribution(names, play, samples=FUTURES, seed=1, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        attribution(names, play, samples=FUTURES, seed=1, progress=stop)


def test_every_future_has_an_order_and_every_place_comes_to_every_player() -> None:
    ranks = balanced_ranks(9, 36, np.random.Generator(np.random.Philox(3)))
    assert (np.sort(ranks, axis=0) == np.arange(9)[:, None]).all()
    assert all((np.bincount(row, minlength=9) == 4).all() for row in ranks)
    assert np.unique(ranks, axis=1).shape[1] > 30


def test_a_case_is_the_chain_with_these_channels_switched_off() -> None:
    """Each channel off in turn, none and all of them, mixed in one call, for strategies that build and that buy."""
    scenario = invented()
    places, names = points(scenario, 32), [entry.name for entry in dataclasses.fields(scenario.channels)]
    sets = [*(frozenset(names) - {name} for name in names), frozenset[str](), frozenset(names)]
    futures = np.tile(np.arange(32), len(sets))
    inside = {name: np.repeat([name in group for group in sets], 32) for name in names}
    assert set(NONE) <= set(names)
    for strategy in ("infrastructure_first", "model_first", "api_first"):
        found = case_values_usd(scenario, places, strategy, inside, futures).reshape(len(sets), 32)
        for row, group in zip(found, sets, strict=True):
            switched = {name: dataclasses.replace(getattr(scenario.channels, name), enabled=name in group) for name in names}
            changed = dataclasses.replace(scenario, channels=dataclasses.replace(scenario.channels, **switched))
            np.testing.assert_allclose(row, simulate(changed, places, [strategy], ()).npv_usd[0], rtol=1e-9, atol=0.01)


def test_a_split_of_the_chain_adds_up_to_the_cent() -> None:
    scenario = invented()
    split = channel_split(scenario, ("infrastructure_first", "model_first"), 32, 1)
    values = simulate(scenario, points(scenario, 32, 1), ("infrastructure_first", "model_first"), ()).npv_usd
    assert sum(split["parts_usd"].values()) == pytest.approx(float((values[0] - values[1]).mean()), abs=0.005)
