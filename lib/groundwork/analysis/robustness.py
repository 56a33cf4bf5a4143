"""What a choice could cost, from values [strategy, sample]: regret, worst cases, who dominates whom, what careful rules take.

Nothing here is a mean over futures alone: these are the answers for those who play once, or will be asked afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.comparison import not_negative
from groundwork.analysis.conditional import outcomes
from groundwork.formulas.finance.tail_risk import conditional_value_at_risk

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


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
    not_negative(tolerance_usd)
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
    not_negative(tolerance_usd)

    def best(score_usd: Array) -> tuple[int, ...]:
        return tuple(int(place) for place in np.flatnonzero(score_usd >= score_usd.max() - tolerance_usd))

    by_mean = best(values.mean(axis=1))
    by_regret = best(-regrets(values).max_usd)
    by_tail = best(worst_cases_mean_usd(values, tail_ratio))
    agreed = tuple(place for place in by_mean if place in by_regret and place in by_tail)
    return RobustChoice(by_mean=by_mean, by_regret=by_regret, by_tail=by_tail, agreed=agreed)


def within_regret_ratio(value_usd: ArrayLike, limit_usd: float) -> Array:
    """Share of futures in which a strategy's regret stays within a limit, [strategy]: how robust it is (M. K. Starr 1963)."""
    not_negative(limit_usd)
    share: Array = (regret_usd(value_usd) <= limit_usd).mean(axis=1)
    return share
