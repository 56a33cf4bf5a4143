"""Which strategy is better, how often, by how much and how surely: from values [strategy, sample] of one run.

Every strategy met the same futures, so differences are taken sample by sample. Ties stay ties.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import block_means_error, outcomes
from groundwork.formulas.finance.tail_risk import conditional_value_at_risk

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

BLOCKS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wins:
    """How often each strategy is the best, all [strategy], ratios of futures.

    Parameters
    ----------
    best_ratio
        Ties shared equally; adds up to 1.
    alone_ratio
        Best with no other beside it.
    tied_ratio
        Among several equally best (in full, not its share).
    standard_error_ratio
        Of `best_ratio`, block jackknife.
    """

    best_ratio: Array
    alone_ratio: Array
    tied_ratio: Array
    standard_error_ratio: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duels:
    """Every pair, all [strategy, rival].

    Parameters
    ----------
    beats_ratio
        Futures in which the strategy beats the rival, ties half: the two directions add up to 1; 0.5 on the diagonal.
    tie_ratio
        Futures in which the two tie.
    standard_error_ratio
        Of `beats_ratio`, block jackknife.
    mean_difference_usd
        Mean of strategy minus rival.
    standard_error_usd
        Of that mean: of the paired difference, far below that of either mean.
    """

    beats_ratio: Array
    tie_ratio: Array
    standard_error_ratio: Array
    mean_difference_usd: Array
    standard_error_usd: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """Mean and spread of the value, all [strategy], USD; eight of ten futures lie between p10 and p90."""

    mean_usd: Array
    standard_error_usd: Array
    p10_usd: Array
    p50_usd: Array
    p90_usd: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regrets:
    """What is missed against the best in each future, all [strategy], USD, 0 or more."""

    mean_usd: Array
    max_usd: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dominance:
    """Who is better at every level, all [strategy, rival]; second order is implied by first."""

    first_order: Flags
    second_order: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustChoice:
    """The strategies each rule would take, by index; several where they tie.

    Parameters
    ----------
    by_mean
        Largest mean: for who plays often.
    by_regret
        Smallest worst regret: for who will be asked afterwards.
    by_tail
        Largest mean of the worst cases: for who can be ruined.
    agreed
        Strategies that all three rules take; empty when the rules part.
    """

    by_mean: tuple[int, ...]
    by_regret: tuple[int, ...]
    by_tail: tuple[int, ...]
    agreed: tuple[int, ...]


def wins(value_usd: ArrayLike, tolerance_usd: float = 0.0, blocks: int = BLOCKS) -> Wins:
    """P(best) per strategy: 1/k for each of k strategies within the tolerance of the future's best.

    What a user would get wrong: `argmax` gives a tie to whoever stands first. Adding up P(best) of two strategies assumes
    that one may choose between them with hindsight.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    tolerance_usd
        Values at most this far below the best count as best, USD; 0 means exactly equal.
    blocks
        Blocks of the jackknife; fewer where there are fewer samples.
    """
    values = outcomes(value_usd)
    _not_negative(tolerance_usd)
    best = values >= values.max(axis=0) - tolerance_usd
    number = best.sum(axis=0)
    share = best / number
    return Wins(
        best_ratio=share.mean(axis=1),
        alone_ratio=(best & (number == 1)).mean(axis=1),
        tied_ratio=(best & (number > 1)).mean(axis=1),
        standard_error_ratio=block_means_error(share, min(blocks, values.shape[1])),
    )


def duels(value_usd: ArrayLike, tolerance_usd: float = 0.0, blocks: int = BLOCKS) -> Duels:
    """P(A beats B) for every pair, ties half and told apart, with the paired mean difference.

    What a user would get wrong: the standard error of a difference is not that of two independent means; both met the same
    futures.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    tolerance_usd
        Differences up to this count as ties, USD.
    blocks
        Blocks of the jackknife.
    """
    values = outcomes(value_usd)
    _not_negative(tolerance_usd)
    difference = values[:, None] - values[None, :]
    tie = np.abs(difference) <= tolerance_usd
    points = np.where(tie, 0.5, difference > 0)
    blocks = min(blocks, values.shape[1])
    return Duels(
        beats_ratio=points.mean(axis=2),
        tie_ratio=tie.mean(axis=2),
        standard_error_ratio=block_means_error(points, blocks),
        mean_difference_usd=difference.mean(axis=2),
        standard_error_usd=block_means_error(difference, blocks),
    )


def spread(value_usd: ArrayLike, blocks: int = BLOCKS) -> Spread:
    """Mean with its standard error, and the 10th, 50th and 90th percentile of each strategy's value.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    blocks
        Blocks of the jackknife.
    """
    values = outcomes(value_usd)
    p10, p50, p90 = np.quantile(values, [0.1, 0.5, 0.9], axis=1)
    return Spread(
        mean_usd=values.mean(axis=1),
        standard_error_usd=block_means_error(values, min(blocks, values.shape[1])),
        p10_usd=p10,
        p50_usd=p50,
        p90_usd=p90,
    )


def regret_usd(value_usd: ArrayLike) -> Array:
    """Best value of the future minus the strategy's own, [strategy, sample], USD.

    What a user would get wrong: regret depends on which strategies are compared; adding one can change the others' order.
    """
    values = outcomes(value_usd)
    regret: Array = values.max(axis=0) - values
    return regret


def regrets(value_usd: ArrayLike) -> Regrets:
    """Mean and largest regret per strategy (L. J. Savage 1951).

    The mean orders strategies exactly as the mean value does; the largest is what minimax regret looks at.
    """
    regret = regret_usd(value_usd)
    return Regrets(mean_usd=regret.mean(axis=1), max_usd=regret.max(axis=1))


def worst_cases_mean_usd(value_usd: ArrayLike, tail_ratio: float = 0.05) -> Array:
    """Mean value in the worst share of futures, [strategy], USD: minus the CVaR of the loss at level 1 - tail.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD, larger is better.
    tail_ratio
        Share of futures, above 0 and at most 1; 0.05 is CVaR 95.
    """
    if not 0.0 < tail_ratio <= 1.0:
        raise ValueError(f"tail_ratio: above 0 and at most 1; came {tail_ratio:g}")
    return -conditional_value_at_risk(-outcomes(value_usd), 1.0 - tail_ratio)


def dominance(value_usd: ArrayLike, tolerance_usd: float = 0.0) -> Dominance:
    """First- and second-order stochastic dominance of each strategy over each rival.

    First order: the k-th smallest value is at least the rival's for every k (everybody who likes money agrees). Second order:
    the sum of the k smallest is (everybody who also dislikes risk agrees). Both need one strict step, so equals dominate nobody.

    What a user would get wrong: dominance compares distributions, not futures; the dominating strategy can still lose in many
    of them.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    tolerance_usd
        A shortfall up to this is not counted against dominance, and a lead up to it not for it; USD per future.

    References
    ----------
    J. Hadar, W. R. Russell (1969), Rules for ordering uncertain prospects, Am. Econ. Rev. 59(1), 25-34.
    """
    _not_negative(tolerance_usd)
    ordered = np.sort(outcomes(value_usd), axis=1)
    samples = ordered.shape[1]
    mean_of_lowest = np.cumsum(ordered, axis=1) / np.arange(1, samples + 1)

    def better(levels: Array) -> Flags:
        difference = levels[:, None] - levels[None, :]
        return np.asarray(np.all(difference >= -tolerance_usd, axis=2) & np.any(difference > tolerance_usd, axis=2))

    first = better(ordered)
    # the sums of rounded values can part in the last digit where first order holds: it is implied, not found again
    return Dominance(first_order=first, second_order=first | better(mean_of_lowest))


def robust_choice(value_usd: ArrayLike, tail_ratio: float = 0.05, tolerance_usd: float = 0.0) -> RobustChoice:
    """What three rules would choose, and whether they agree.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    tail_ratio
        Share of futures that count as the worst.
    tolerance_usd
        Strategies this close to a rule's best are chosen by it too, USD.
    """
    values = outcomes(value_usd)
    _not_negative(tolerance_usd)

    def best(score_usd: Array) -> tuple[int, ...]:
        return tuple(int(place) for place in np.flatnonzero(score_usd >= score_usd.max() - tolerance_usd))

    by_mean = best(values.mean(axis=1))
    by_regret = best(-regrets(values).max_usd)
    by_tail = best(worst_cases_mean_usd(values, tail_ratio))
    agreed = tuple(place for place in by_mean if place in by_regret and place in by_tail)
    return RobustChoice(by_mean=by_mean, by_regret=by_regret, by_tail=by_tail, agreed=agreed)


def within_regret_ratio(value_usd: ArrayLike, limit_usd: float) -> Array:
    """Share of futures in which a strategy's regret stays within a limit, [strategy]: how robust it is (M. K. Starr 1963)."""
    _not_negative(limit_usd)
    share: Array = (regret_usd(value_usd) <= limit_usd).mean(axis=1)
    return share


def given_that_we_do_it(
    strategies: Sequence[str], value_usd: ArrayLike, excluded: Collection[str]
) -> tuple[tuple[str, ...], Array]:
    """Names and values without the strategies that do nothing: the comparison conditional on doing it.

    What a user would get wrong: `wait` beats whatever loses money, so beside it every real strategy looks hopeless; shown alone
    this comparison hides that doing nothing would be best.

    Parameters
    ----------
    strategies
        Names, one per row.
    value_usd
        [strategy, sample], USD.
    excluded
        Names to leave out; each must be among the strategies, and one must remain.
    """
    values = outcomes(value_usd)
    if len(strategies) != len(values):
        raise ValueError(f"strategies: one name per row of value_usd ({len(values)}); came {len(strategies)}")
    unknown = sorted(set(excluded) - set(strategies))
    if unknown:
        raise ValueError(f"excluded: not among the strategies: {', '.join(unknown)}")
    kept = [place for place, name in enumerate(strategies) if name not in excluded]
    if not kept:
        raise ValueError("excluded: at least one strategy must remain")
    return tuple(strategies[place] for place in kept), values[kept]


def _not_negative(amount_usd: float) -> None:
    if not amount_usd >= 0.0:
        raise ValueError(f"tolerance_usd: 0 or more; came {amount_usd:g}")
