"""Which strategy is better, how often, by how much and how surely: from values [strategy, sample] of one run.

Every strategy met the same futures, so differences are taken sample by sample. Ties stay ties. Standard errors come from blocks
of samples, which are spread as evenly as the whole, or less: in retail they come out 0 to 15 % too large, where the formula for
independent samples would be 30 % too large (share of futures ahead, 1,024 and 4,096 futures).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import block_means_error, outcomes

Array: TypeAlias = NDArray[np.float64]

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
    not_negative(tolerance_usd)
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
    not_negative(tolerance_usd)
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


def not_negative(amount_usd: float) -> None:
    """Refuse a tolerance below nought, USD."""
    if not amount_usd >= 0.0:
        raise ValueError(f"tolerance_usd: 0 or more; came {amount_usd:g}")
