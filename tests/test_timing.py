"""When to start: published option values, invented futures whose answer is known, and the table against the chain itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from groundwork.analysis.timing import (
    SAID,
    Mark,
    Starts,
    best_mark,
    curve,
    joined,
    marks,
    ridge,
    staged_levers,
    starts_of,
    stopping_policy,
    timing,
)
from groundwork.formulas.finance import investment_trigger_exponent, investment_trigger_ratio
from groundwork.levers import Trigger
from groundwork.profiles import load
from groundwork.quantities import Array
from groundwork.scenario import replaced
from groundwork.strategy.simulation import simulate
from invented import about, invented, points, strategy, sure

WATCHED = (
    "graduation_learned_ratio",
    "busy_accelerators",
    "monthly_value_usd",
    "live_use_cases",
    "graduated_pilots",
    "finished_pilots",
)


def futures(
    number: int, *, reveal_month: int = 3, good_usd: float = 10.0, bad_usd: float = -10.0, never_usd: float = 5.0
) -> Starts:
    """1,024 futures, half of them good; which ones is seen from one month on. Each month of delay costs a good future 0.2."""
    dice = np.random.Generator(np.random.Philox(number))
    months, samples = 12, 1024
    good = dice.random(samples) < 0.5
    month = np.arange(months)[:, None]
    over = np.where(good, good_usd - 0.2 * month, bad_usd) + dice.normal(size=(months, samples)) + dice.normal(size=samples)
    never = never_usd + dice.normal(size=samples)
    seen = np.where(month >= reveal_month, np.where(good, 1.0, -1.0), 0.0)
    noise = {name: dice.random((months, samples)) for name in WATCHED}
    return Starts(
        start_usd=never + over,
        never_usd=never,
        nothing_usd=np.zeros(samples),
        known=noise | {"graduated_pilots": seen},
        stopped=np.zeros((months, samples), dtype=bool),
    )


def swapped(starts: Starts, seed: int) -> Starts:
    """What is seen in another future: it can teach nothing about this one."""
    other = np.random.Generator(np.random.Philox(seed)).permutation(starts.samples)
    return replace(starts, known={name: series[:, other] for name, series in starts.known.items()})


def test_looking_first_wins_where_a_cheap_look_tells_good_from_bad() -> None:
    """Now and never bring the same; from month 3 on half the futures are seen to be worth 9.4 and the others are left alone."""
    found = timing(futures, blocks=2)
    assert found.verdict == "look"
    assert found.said == "Look first, then decide"
    assert found.watched is not None
    assert found.watched.mark == Mark(watch="graduated_pilots", at_least=1.0)
    assert found.watched.begins_ratio[3] == pytest.approx(0.5, abs=0.05)
    assert found.watched.begins_ratio.sum() == found.watched.begins_ratio[3]
    trigger, policy = found.rules["trigger"], found.rules["regression"]
    assert trigger.gain_usd == pytest.approx(4.7, abs=4.0 * trigger.gain_error_usd)
    assert policy.gain_usd == pytest.approx(4.7, abs=0.4)
    assert trigger.starts_ratio == pytest.approx(0.5, abs=0.05)
    assert (trigger.month_p10, trigger.month_p50, trigger.month_p90) == (3.0, 3.0, 3.0)
    assert found.rules["foresight"].gain_usd > trigger.gain_usd
    assert trigger.over_month_usd > 4.0


def test_observations_swapped_between_futures_gain_nothing() -> None:
    found = timing(lambda number: swapped(futures(number), 7), blocks=2)
    for kind in ("trigger", "regression"):
        assert found.rules[kind].gain_usd < 2.0 * found.rules[kind].gain_error_usd + 0.05
    assert found.verdict != "look"


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"good_usd": 10.0, "bad_usd": 9.0}, "now"),
        ({"good_usd": -1.0, "bad_usd": -10.0}, "never"),
        ({"good_usd": -1.0, "bad_usd": -10.0, "never_usd": -5.0}, "nothing"),
        ({"good_usd": 0.0, "bad_usd": 0.0, "reveal_month": 99}, "open"),
        ({"good_usd": -1.0, "bad_usd": -10.0, "never_usd": 0.0}, "never"),
    ],
)
def test_a_corner_wins_where_a_look_teaches_nothing_that_would_change_the_choice(
    values: Mapping[str, float], verdict: str
) -> None:
    found = timing(lambda number: futures(number, **values), blocks=2)
    assert found.verdict == verdict
    assert found.said == SAID[verdict]


def test_the_curve_gives_each_month_against_never_and_what_a_month_of_delay_costs() -> None:
    starts = joined([futures(number, bad_usd=10.0) for number in range(4)])
    drawn = curve(starts)
    truth = 10.0 - 0.1 * np.arange(12)
    assert (np.abs(drawn.over_never_usd - truth) < 4.0 * drawn.over_never_error_usd).all()
    assert drawn.delay_usd[:-1].sum() + drawn.over_never_usd[-1] == pytest.approx(drawn.over_never_usd[0])
    assert drawn.over_never_error_usd[0] == pytest.approx(np.sqrt(2.0 + 0.25) / 64.0, rel=0.4)


def test_a_stopped_future_starts_nothing_in_any_rule() -> None:
    starts = futures(1)
    ended = replace(starts, stopped=np.ones_like(starts.stopped))
    np.testing.assert_array_equal(ended.fixed_usd(), np.broadcast_to(ended.never_usd, ended.start_usd.shape))
    mark = Mark(watch="graduated_pilots", at_least=1.0)
    assert (mark.months(ended) == ended.months).all()
    np.testing.assert_array_equal(ended.value_usd(np.zeros(ended.samples, dtype=np.int64)), ended.never_usd)


def test_a_rule_is_worth_the_entry_of_its_month_and_nothing_more() -> None:
    starts = futures(2)
    month = np.arange(starts.samples) % (starts.months + 1)
    value = starts.value_usd(month)
    for sample in (0, 5, 12, 25, 1023):
        expected = starts.never_usd[sample] if month[sample] == 12 else starts.start_usd[month[sample], sample]
        assert value[sample] == expected


def test_marks_never_hold_before_anything_has_happened() -> None:
    starts = futures(3)
    tried = list(marks(starts))
    assert all(mark.months(starts).min() > 0 for mark in tried)
    assert {mark.watch for mark in tried} == set(WATCHED)


def test_an_odd_table_is_refused() -> None:
    starts = futures(1)
    with pytest.raises(ValueError, match="stopped"):
        replace(starts, stopped=starts.stopped[:-1])
    with pytest.raises(ValueError, match="finite"):
        replace(starts, never_usd=np.full(starts.samples, np.nan))
    with pytest.raises(ValueError, match="blocks"):
        timing(futures, blocks=0)


def test_progress_rises_to_one_and_may_end_the_work() -> None:
    shares: list[float] = []
    timing(futures, blocks=1, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    played: list[int] = []

    def cancel(share: float) -> None:
        if share > 0.1:
            raise InterruptedError

    def counted(number: int) -> Starts:
        played.append(number)
        return futures(number)

    with pytest.raises(InterruptedError):
        timing(counted, blocks=4, progress=cancel)
    assert len(played) == 1


def test_an_american_put_by_the_same_regression() -> None:
    """S = 36, K = 40, r = 6 %, T = 1, sigma = 20 %, 50 dates: 4.478 by finite differences.

    Longstaff and Schwartz 2001, table 1, first row; their own simulation gives 4.472. The rule is fitted on one set of paths
    and priced on another, so this is a lower bound.
    """
    dates, strike, rate, volatility = 50, 40.0, 0.06, 0.2
    step = 1.0 / dates

    def paths(seed: int, samples: int) -> Array:
        half = np.random.Generator(np.random.Philox(seed)).normal(size=(dates, samples // 2))
        noise = np.concatenate([half, -half], axis=1)
        return 36.0 * np.exp(np.cumsum((rate - 0.5 * volatility**2) * step + volatility * np.sqrt(step) * noise, axis=0))

    def payoff(price: Array) -> Array:
        return np.exp(-rate * step * np.arange(1, dates + 1))[:, None] * np.maximum(strike - price, 0.0)

    def terms(price: Array) -> Array:
        ratio = price / strike
        return np.stack([np.ones_like(ratio), ratio, ratio**2, ratio**3], axis=1)

    chooser, scorer = paths(1, 40_000), paths(2, 40_000)
    policy = stopping_policy(payoff(chooser), terms(chooser), chooser < strike)
    month = policy.months(terms(scorer), scorer < strike)
    gains = np.vstack([payoff(scorer), np.zeros(scorer.shape[1])])[month, np.arange(scorer.shape[1])]
    assert gains.mean() == pytest.approx(4.478, abs=0.03)


def test_the_mark_found_for_a_lasting_option_is_the_published_one() -> None:
    """Dixit and Pindyck 1994, chapter 5: r = d = 4 %, sigma = 20 % -> invest once V is twice I; from V = I it is worth I / 4.

    The value is watched four times a year for 120 years, so a mark is passed by 6 % on average (0.5826 sigma sqrt(dt)); the
    worth around the best mark is flat, the mark itself therefore known to a fifth only.
    """
    ratio = float(investment_trigger_ratio(0.04, 0.04, 0.2))
    assert ratio == pytest.approx(2.0)
    worth = (ratio - 1.0) * ratio ** -float(investment_trigger_exponent(0.04, 0.04, 0.2))
    assert worth == pytest.approx(0.25)
    step, dates, samples = 0.25, 480, 8192

    def option(seed: int) -> Starts:
        noise = np.random.Generator(np.random.Philox(seed)).normal(size=(dates, samples))
        moves = np.vstack([np.zeros(samples), -0.5 * 0.04 * step + 0.2 * np.sqrt(step) * noise])
        value = np.exp(np.cumsum(moves, axis=0))
        discount = np.exp(-0.04 * step * np.arange(dates + 1))[:, None]
        zero = np.zeros(samples)
        return Starts(
            start_usd=discount * (value - 1.0),
            never_usd=zero,
            nothing_usd=zero,
            known={"value": value},
            stopped=np.zeros(value.shape, dtype=bool),
        )

    chosen = best_mark(option(1))
    assert chosen is not None
    assert chosen.at_least == pytest.approx(ratio, rel=0.2)
    fresh = option(2)
    assert fresh.value_usd(chosen.months(fresh)).mean() == pytest.approx(worth, abs=0.01)


def test_the_penalty_is_chosen_by_leaving_one_out() -> None:
    """With little noise the fit is the line itself; where there is nothing but noise, the slopes are drawn in towards none."""
    dice = np.random.Generator(np.random.Philox(5))
    line = np.array([2.0, -1.0, 0.5, 0.0])
    slopes, plain = [], []
    for _ in range(40):
        terms = np.vstack([np.ones(200), dice.normal(size=(3, 200)), np.full(200, 3.0)])
        noise = dice.normal(size=200)
        np.testing.assert_allclose(ridge(terms, line @ terms[:4] + 1e-6 * noise)[:4], line, atol=1e-5)
        fitted = ridge(terms, noise)
        assert (fitted @ terms).mean() == pytest.approx(noise.mean())
        slopes.append(fitted[1:4])
        plain.append(np.linalg.lstsq(terms[:4].T, noise, rcond=None)[0][1:])
    assert np.square(slopes).mean() < 0.6 * np.square(plain).mean()


STAGED = strategy(platform_start_month=12)


@pytest.mark.parametrize(
    ("watch", "at_least"),
    [
        ("live_use_cases", 1.0),
        ("graduated_pilots", 2.0),
        ("busy_accelerators", 0.05),
        ("monthly_spend_usd", 130_000.0),
        ("monthly_value_usd", 20_000.0),
        ("graduation_learned_ratio", 0.5),
    ],
)
def test_the_table_prices_a_trigger_exactly_as_the_chain_plays_it(watch: str, at_least: float) -> None:
    """Same lags, same stop rule, no saved spend added: future by future the same value as a strategy with that trigger."""
    scenario = replaced(invented(), "delivery.graduation_ratio", about(0.1, 0.35, 0.7))
    starts = starts_of(simulate, scenario, "staged", 256, 7)
    mark = Mark(watch=watch, at_least=at_least)
    month = mark.months(starts)
    assert (month < starts.months).mean() > 0.02
    assert len(np.unique(month)) > 2
    trigger = Trigger(watch=watch, at_least=at_least)  # type: ignore[arg-type]
    own = replace(STAGED, platform_start_month=None, platform_trigger=trigger)
    played = simulate(replaced(scenario, "strategies", {"own": own}), points(scenario), ["own"])
    np.testing.assert_allclose(starts.value_usd(month), played.npv_usd[0], rtol=1e-12, atol=1e-6)


def test_what_is_known_before_a_start_does_not_depend_on_it() -> None:
    """The path that begins in month 10 shows until then what the path that never begins shows: nothing leaks back."""
    scenario = invented()
    starts = starts_of(simulate, scenario, "staged", 128, 7)
    later = replaced(scenario, "strategies", {"own": replace(STAGED, platform_start_month=10)})
    levels = ("live_use_cases", "graduated_pilots", "finished_pilots", "graduation_learned_ratio", "stopped")
    path = simulate(later, points(scenario, 128), ["own"], ("value_usd", "spend_usd", "busy_accelerators", *levels)).monthly
    for name in levels[:-1]:
        np.testing.assert_array_equal(starts.known[name][:11], path[name][:11, 0])
    for watched, series in (("monthly_value_usd", "value_usd"), ("monthly_spend_usd", "spend_usd")):
        np.testing.assert_array_equal(starts.known[watched][1:11], path[series][:10, 0])
        assert (starts.known[watched][0] == 0.0).all()


def test_nothing_is_worth_nothing_and_never_is_the_path_without_a_platform() -> None:
    scenario = invented()
    starts = starts_of(simulate, scenario, "staged", 64, 7)
    assert (starts.nothing_usd == 0.0).all()
    plain = simulate(scenario, points(scenario, 64), ["model_first"]).npv_usd[0]
    np.testing.assert_array_equal(starts.never_usd, plain)


def test_the_levers_are_those_of_the_strategy_that_begins_its_platform_later() -> None:
    strategies = invented().strategies
    assert staged_levers(strategies) == "staged"
    assert staged_levers({name: strategies[name] for name in ("model_first", "infrastructure_first")}) == "infrastructure_first"
    assert staged_levers({name: strategies[name] for name in ("wait", "model_first")}) == "model_first"


def test_a_platform_that_nobody_adopts_is_not_started() -> None:
    scenario = replaced(invented(), "platform.failure_ratio", sure(1.0))
    scenario = replaced(scenario, "platform.failed_adoption_ratio", sure(0.0))
    found = timing(lambda number: starts_of(simulate, scenario, "staged", 256, number), blocks=1)
    assert found.rules["now"].gain_usd < 0.0
    assert found.verdict in {"never", "nothing"}


@pytest.mark.slow
def test_on_retail_no_rule_beats_hindsight_and_every_error_is_stated() -> None:
    scenario = load("retail")
    found = timing(lambda number: starts_of(simulate, scenario, "staged", 1024, scenario.seed + number), blocks=1)
    best = found.rules["foresight"].mean_usd
    assert all(rule.mean_usd <= best for rule in found.rules.values())
    assert found.rules[found.corner].gain_usd == 0.0
    assert all(
        rule.gain_error_usd > 0.0 for kind, rule in found.rules.items() if kind not in {found.corner, "month", "regression"}
    )
    assert (found.curve.over_never_error_usd > 0.0).all()
    assert found.said in SAID.values()
