"""What it is worth to find out: expected value of information, in money, from stored draws.

References
----------
.. [1] M. Strong, J. E. Oakley, A. Brennan (2014), Estimating multiparameter partial expected value of perfect information,
   Med. Decis. Making 34(3), 311-326 (conditional means as a regression on stored draws; binning is its simplest form).
.. [2] H. Raiffa, R. Schlaifer (1961), Applied Statistical Decision Theory, ch. 4 (EVPI).
.. [3] O. J. Dunn (1961), Multiple comparisons among means, J. Am. Stat. Assoc. 56, 52-64 (intervals that hold all at once).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import (
    DEFAULT_BINS,
    Bins,
    bin_sums,
    binned_beliefs,
    block_of_sample,
    jackknife_error,
    outcomes,
    shuffled_bins,
)

Array: TypeAlias = NDArray[np.float64]

BLOCKS = 16
PERMUTATIONS = 32
NORMAL_QUANTILE_95 = 1.959963984540054
"""Half-width of a 95 % interval in standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PerfectInformation:
    """EVPI with its standard error, USD."""

    value_usd: float
    standard_error_usd: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialInformation:
    """EVPPI of each belief, all [belief], USD.

    Parameters
    ----------
    value_usd
        Raw estimate minus the noise floor. It can come out below 0 by noise and is left so.
    floor_usd
        What the same estimator gives on permuted columns, mean.
    floor_spread_usd
        Standard deviation of that over the permutations.
    standard_error_usd
        Block jackknife and floor together.
    low_usd, high_usd
        95 % interval for *all* beliefs at once (`interval_errors` standard errors below `value_usd`, and as many above the raw
        estimate): whoever looks at a hundred beliefs would else find some that do nothing and stand out. Evenly spread points
        make less noise than independent ones, anything between nothing and the floor, so the floor may have taken too much away.
    wrong_ratio
        Share of the belief's range, by its own chance, in which another choice than today's would be better on average.
    cost_when_wrong_usd
        What today's choice loses there against the better one, on average; 0 where it is never wrong. With the noise: read it
        only where `low_usd` is above 0.
    """

    value_usd: Array
    floor_usd: Array
    floor_spread_usd: Array
    standard_error_usd: Array
    low_usd: Array
    high_usd: Array
    wrong_ratio: Array
    cost_when_wrong_usd: Array

    def order(self) -> tuple[int, ...]:
        """What to find out before deciding: beliefs whose interval lies above 0, the dearest first."""
        return tuple(int(place) for place in np.argsort(-self.value_usd, kind="stable") if self.low_usd[place] > 0.0)


def perfect_information(value_usd: ArrayLike, blocks: int = BLOCKS) -> PerfectInformation:
    """Expected value of perfect information: what knowing everything, the dice too, would be worth before choosing.

    EVPI = E[max_s V_s] - max_s E[V_s].

    What a user would get wrong: chance is in it. Nobody can go and find out the dice, so EVPI is an upper bound and not a budget.

    Parameters
    ----------
    value_usd
        [strategy, sample], USD.
    blocks
        Blocks of the jackknife.

    References
    ----------
    [2]_ of the module.
    """
    values = outcomes(value_usd)
    blocks = min(blocks, values.shape[1])
    rows = np.vstack([values, values.max(axis=0)])
    of_sample = block_of_sample(values.shape[1], blocks)
    sums = np.stack([np.bincount(of_sample, weights=row, minlength=blocks) for row in rows], axis=1)
    sizes = np.bincount(of_sample, minlength=blocks)
    means = (sums.sum(axis=0) - sums) / (len(of_sample) - sizes)[:, None]
    overall = rows.mean(axis=1)
    return PerfectInformation(
        value_usd=float(overall[-1] - overall[:-1].max()),
        standard_error_usd=float(jackknife_error(means[:, -1] - means[:, :-1].max(axis=1))),
    )


def partial_information(
    beliefs: ArrayLike | Bins,
    value_usd: ArrayLike,
    bins: int = DEFAULT_BINS,
    blocks: int = BLOCKS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> PartialInformation:
    """Expected value of finding out one belief alone, for every belief at once, minus what noise alone would give.

    EVPPI_b = E[max_s E[V_s | b]] - max_s E[V_s], the conditional mean taken in equal-count bins; then the mean of the same
    estimator over permuted columns is subtracted. Bins are defined by rank and ties by value, permutations by the order of the
    values: the order of the samples changes nothing but the standard error, whose blocks are runs of samples.

    What a user would get wrong: the raw estimate is never negative and grows with the number of bins, so an irrelevant belief
    looks worth something. And a belief can move the outcome a lot and be worth nothing: only what changes the choice counts.

    Parameters
    ----------
    beliefs
        [sample, belief]; values or points, or their bins. Leave chance out: nobody can find it out.
    value_usd
        [strategy, sample], USD.
    bins
        Bins per belief. More bins lose less within a bin and raise the floor and its noise.
    blocks
        Blocks of the jackknife.
    permutations
        Permuted columns behind the floor, 2 or more.
    seed
        Of the permutations.

    Returns
    -------
    PartialInformation
        Per belief. Beliefs which the model does not use have 0 within their intervals, all of them in 19 of 20 cases or more.

    References
    ----------
    [1]_ and [3]_ of the module.
    """
    binned = binned_beliefs(beliefs, bins)
    bins, number_of_beliefs = binned.count, len(binned.index)
    values = outcomes(value_usd, samples=binned.index.shape[1])
    if permutations < 2:
        raise ValueError(f"permutations: 2 or more; came {permutations}")
    # differences to the first strategy: a large common part would cost digits, and the first row becomes 0 and cheap
    differences = values[1:] - values[0]
    if not len(differences):
        nothing = np.zeros(number_of_beliefs)
        return PartialInformation(
            value_usd=nothing,
            floor_usd=nothing,
            floor_spread_usd=nothing,
            standard_error_usd=nothing,
            low_usd=nothing,
            high_usd=nothing,
            wrong_ratio=nothing,
            cost_when_wrong_usd=nothing,
        )
    raw_usd, left_out_usd, wrong, cost = _raw_with_blocks(binned.index, bins, differences, min(blocks, values.shape[1]))
    floor_usd = np.empty(number_of_beliefs)
    spread_usd = np.empty(number_of_beliefs)
    signatures, kind = np.unique(binned.occupancy, axis=0, return_inverse=True)
    for number, occupancy in enumerate(signatures):
        shuffled = shuffled_bins(occupancy, differences, permutations, seed)
        by_chance = _raw(bin_sums(shuffled, bins, differences), differences)
        floor_usd[kind == number] = by_chance.mean()
        spread_usd[kind == number] = by_chance.std(ddof=1)
    value = raw_usd - floor_usd
    error = np.sqrt(jackknife_error(left_out_usd) ** 2 + spread_usd**2)
    errors = interval_errors(number_of_beliefs)
    return PartialInformation(
        value_usd=value,
        floor_usd=floor_usd,
        floor_spread_usd=spread_usd,
        standard_error_usd=error,
        low_usd=value - errors * error,
        high_usd=raw_usd + errors * error,
        wrong_ratio=wrong,
        cost_when_wrong_usd=cost,
    )


def interval_errors(intervals: int) -> float:
    """Standard errors from the middle to the end of a 95 % interval when so many are to hold at once: z at 1 - 0.025 / intervals.

    1.96 for one, 3.48 for a hundred; [3]_ of the module.
    """
    from scipy.special import ndtri

    return float(-ndtri(0.025 / max(1, intervals)))


def _raw(sums: Array, differences: Array) -> Array:
    """Estimate from sums [belief, bin, strategy - 1] of differences to the first strategy, which itself is 0: [belief]."""
    samples = differences.shape[1]
    best = np.maximum(sums.max(axis=2), 0.0).sum(axis=1) / samples
    raw: Array = best - max(0.0, float(differences.mean(axis=1).max()))
    return raw


def _raw_with_blocks(index: NDArray[np.int64], bins: int, differences: Array, blocks: int) -> tuple[Array, Array, Array, Array]:
    """Estimates [belief], without each block [block, belief], share of samples and mean loss where the choice is wrong."""
    samples = differences.shape[1]
    of_sample = block_of_sample(samples, blocks)
    by_block = bin_sums(index + bins * of_sample, bins * blocks, differences)
    by_block = by_block.reshape(len(index), blocks, bins, len(differences))
    total = by_block.sum(axis=1)
    rest = total[:, None] - by_block
    size = samples - np.bincount(of_sample, minlength=blocks)
    best = np.maximum(rest.max(axis=3), 0.0).sum(axis=2) / size
    choice = np.maximum(rest.sum(axis=2).max(axis=2), 0.0) / size
    # against today's choice, whatever it is: the first strategy is row 0 of nought
    chosen = int(np.argmax(np.append(0.0, differences.mean(axis=1))))
    loss = np.maximum(total.max(axis=2), 0.0) - (0.0 if chosen == 0 else total[:, :, chosen - 1])
    occupancy = np.stack([np.bincount(row, minlength=bins) for row in index])
    wrong = np.where(loss > 0.0, occupancy, 0).sum(axis=1)
    cost = np.divide(loss.sum(axis=1), wrong, out=np.zeros(len(index)), where=wrong > 0)
    return _raw(total, differences), (best - choice).T, wrong / samples, cost
