"""Dice: the few that own columns of the beliefs' set, the others from keyed generators; what stays when something is added."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.stats import kstest

from groundwork.draws import Points, chance, unit_points
from groundwork.scenario import dimensions, mapped
from groundwork.strategy.choices import chosen
from groundwork.strategy.future import Dice, dice, most_use_cases
from groundwork.strategy.prior import prior_of
from groundwork.strategy.remembered import drawn
from groundwork.strategy.simulation import played, simulate
from invented import invented
from invented import points as points_of

WORK = (("search", 3), ("assistant", 5))
NAMES = [entry.name for entry in fields(Dice)]


def thrown(samples: int, seed: int, months: int = 24, dice_seed: int | None = None) -> Dice:
    points = Points(seed=seed, names=(), matrix=np.empty((samples, 0)), dice_seed=dice_seed)
    return dice(months, WORK, points)


def test_spread_dice_are_columns_of_the_beliefs_set() -> None:
    """One value in each of 1,024 equal intervals for every block: no die clusters, as independent ones do."""
    one = thrown(2048, 3)
    for values in (one.adoption, one.overrun):
        for block in (values[:1024], values[1024:]):
            assert sorted(np.floor(block * 1024).astype(int)) == list(range(1024))


@pytest.mark.parametrize("dice_seed", [None, 11])
def test_every_die_has_the_distribution_it_should_have(dice_seed: int | None) -> None:
    """Kolmogorov and Smirnov on 24 months x 4,096, columns of the set and independent ones alike."""
    one = thrown(4096, 5, dice_seed=dice_seed)
    laws = {"luck": "norm", "bad_change_length": "norm", "graduation": "logistic", "outage_length": "expon"}
    for name in set(NAMES) - {"price_walk"}:
        assert kstest(getattr(one, name).ravel(), laws.get(name, "uniform")).pvalue > 1e-3, name
    steps = np.diff(one.price_walk, axis=0, prepend=0.0)
    assert kstest(steps.ravel(), "norm").pvalue > 1e-3


def test_dice_of_other_seeds_are_independent_of_the_set() -> None:
    """The same columns under another scrambling would correlate by up to 0.95; what is thrown apart does not."""
    own, apart = thrown(4096, 5), thrown(4096, 5, dice_seed=6)
    for name in NAMES:
        one, other = (getattr(each, name).reshape(-1, 4096)[-1] for each in (own, apart))
        assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / np.sqrt(4096), name


def test_fewer_samples_and_fewer_months_are_the_first_ones() -> None:
    all_of_it, fewer, shorter = thrown(2048, 4), thrown(300, 4), thrown(2048, 4, months=12)
    for name in NAMES:
        values = getattr(all_of_it, name)
        np.testing.assert_array_equal(getattr(fewer, name), values[..., :300], err_msg=name)
        short = getattr(shorter, name)
        np.testing.assert_array_equal(short, values[: len(short)] if short.shape != values.shape else values, err_msg=name)


def test_a_workload_more_leaves_all_other_dice_as_they_were() -> None:
    points = Points(seed=4, names=(), matrix=np.empty((256, 0)))
    two, three = dice(12, WORK, points), dice(12, (*WORK, ("vision", 2)), points)
    for name in NAMES:
        before, after = getattr(two, name), getattr(three, name)
        if name in ("graduation", "phase"):
            after = after[:, :2]
        elif name == "arrival":
            after = after[:2]
        np.testing.assert_array_equal(before, after, err_msg=name)


def test_dice_know_the_seed_and_not_the_beliefs() -> None:
    points = unit_points({"a": 0, "b": 1}, 128, 9)
    one = dice(12, WORK, points)
    other = dice(12, WORK, unit_points({"c": 5}, 128, 9))
    for name in NAMES:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert not np.array_equal(one.luck, dice(12, WORK, replace(points, seed=10)).luck)
    assert not np.array_equal(one.luck, dice(12, WORK, replace(points, dice_seed=9)).luck)


def test_futures_in_another_order_are_the_same_futures() -> None:
    scenario = invented()
    places = points_of(scenario, 128)
    values = simulate(scenario, places, ("infrastructure_first",), record=()).npv_usd[0]
    turned = np.argsort(chance("turn", (128,), 1))
    beliefs = drawn(scenario, places)
    rolls = dice(scenario.months, most_use_cases(beliefs, scenario.months), places).of(turned)
    part = mapped(beliefs, lambda _, column: column.take(turned))
    again = played(part, chosen(part, ["infrastructure_first"]), rolls, prior_of(scenario.delivery), scenario.months)
    np.testing.assert_allclose(again, values[turned], rtol=1e-12)


def test_a_seed_gives_the_same_futures_again_and_another_gives_others() -> None:
    scenario = invented()
    owners = dimensions(scenario)
    first, again, other = (
        simulate(scenario, replace(unit_points(owners, 64, seed)), ("model_first",), record=()).npv_usd for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.any(first == other)
