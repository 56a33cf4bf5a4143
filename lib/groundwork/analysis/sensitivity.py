"""Which beliefs move the outcome, from stored draws: swings, rank-based shares with their noise floor, the share of the dice.

References
----------
.. [1] A. Saltelli et al. (2010), Variance based sensitivity analysis of model output, Comput. Phys. Commun. 181, 259-270.
.. [2] I. M. Sobol' (1993), Sensitivity estimates for nonlinear mathematical models, MMCE 1(4), 407-414.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    mid_ranks,
    outcomes,
    shuffled_bins,
)

Array: TypeAlias = NDArray[np.float64]

BLOCKS = 16
PERMUTATIONS = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swings:
    """Outcome with each belief at its 10th and 90th percentile, all [belief], USD.

    Parameters
    ----------
    low_usd, high_usd
        Mean outcome with the belief at p10 and at p90; `low` belongs to the low belief, not to the low outcome.
    swing_usd
        high - low; negative where a larger belief lowers the outcome.
    standard_error_usd
        Of the swing.
    """

    low_usd: Array
    high_usd: Array
    swing_usd: Array
    standard_error_usd: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstOrderShares:
    """Share of the outcome's spread, in ranks, that each belief explains alone, all [belief], ratios.

    Parameters
    ----------
    share_ratio
        Raw share minus the noise floor; below 0 by noise, and left so.
    floor_ratio
        Mean share of permuted columns.
    floor_top_ratio
        Largest share above that mean among the permuted columns: what stands below it says nothing.
    standard_error_ratio
        Block jackknife.
    """

    share_ratio: Array
    floor_ratio: Array
    floor_top_ratio: Array
    standard_error_ratio: Array


def swings(beliefs: ArrayLike | Bins, outcome_usd: ArrayLike, bins: int = DEFAULT_BINS, blocks: int = BLOCKS) -> Swings:
    """Tornado from stored draws: the mean outcome given each belief at p10 and p90, everything else as uncertain as it is.

    Means of equal-count bins, joined by straight lines between the bins' middle ranks and read off at 0.1 and 0.9.

    What a user would get wrong: this is not the outcome with all else at its median; averages over the others keep
    interactions and correlations in. A belief that never varies has no swing. One bin is n / bins samples: below 1,024 draws
    look at the standard error.

    Parameters
    ----------
    beliefs
        [sample, belief], values or points; or their bins, when several questions are asked of the same draws.
    outcome_usd
        [sample], USD: usually a difference between two strategies.
    bins, blocks
        Bins per belief, blocks of the jackknife.
    """
    binned = binned_beliefs(beliefs, bins)
    bins = binned.count
    samples = binned.index.shape[1]
    outcome = outcomes(np.asarray(outcome_usd, dtype=np.float64)[None], samples)
    blocks = min(blocks, samples // bins)
    of_sample = block_of_sample(samples, blocks)
    rows = np.vstack([outcome, np.ones(samples)])
    by_block = bin_sums(binned.index + bins * of_sample, bins * blocks, rows).reshape(-1, blocks, bins, 2)
    total = by_block.sum(axis=1)
    weights = _weights_at_ends(binned)
    ends = _read_off(weights, total, total)
    left_out = np.stack([_read_off(weights, total - by_block[:, block], total) for block in range(blocks)])
    return Swings(
        low_usd=ends[:, 0],
        high_usd=ends[:, 1],
        swing_usd=ends[:, 1] - ends[:, 0],
        standard_error_usd=jackknife_error(left_out[:, :, 1] - left_out[:, :, 0]),
    )


def simulated_swings(simulate: Callable[[str, float], ArrayLike], beliefs: Sequence[str], blocks: int = BLOCKS) -> Swings:
    """Tornado by running the model again: two runs per belief, with the belief held at p10 and at p90 of its own range.

    Parameters
    ----------
    simulate
        (belief, point) -> outcome [sample], USD, with that belief at the quantile `point` in every sample and all others as
        drawn. The same draws each time: the two runs are compared sample by sample.
    beliefs
        Names.
    blocks
        Blocks of the jackknife.
    """
    low, high = np.empty(len(beliefs)), np.empty(len(beliefs))
    error = np.empty(len(beliefs))
    for place, belief in enumerate(beliefs):
        at_low = np.asarray(simulate(belief, 0.1), dtype=np.float64)
        at_high = np.asarray(simulate(belief, 0.9), dtype=np.float64)
        low[place], high[place] = at_low.mean(), at_high.mean()
        number = min(blocks, len(at_low))
        of_sample = block_of_sample(len(at_low), number)
        sums = np.bincount(of_sample, weights=at_high - at_low, minlength=number)
        sizes = np.bincount(of_sample, minlength=number)
        error[place] = jackknife_error((sums.sum() - sums) / (sizes.sum() - sizes))
    return Swings(low_usd=low, high_usd=high, swing_usd=high - low, standard_error_usd=error)


def first_order_shares(
    beliefs: ArrayLike | Bins,
    outcome_usd: ArrayLike,
    bins: int = DEFAULT_BINS,
    blocks: int = BLOCKS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> FirstOrderShares:
    """First-order shares of the *ranks* of the outcome, minus what permuted columns show.

    S_b = Var(E[R | b]) / Var(R), R the mid-rank of the outcome, the conditional mean in equal-count bins.

    What a user would get wrong: shares of the raw variance are ruled by a handful of extreme samples when tails are heavy, and
    their order changes with the seed. Ranks ask which belief decides whether a future is good or bad, not how extreme it is.

    Parameters
    ----------
    beliefs
        [sample, belief]; values or points; or their bins.
    outcome_usd
        [sample], USD.
    bins, blocks, permutations, seed
        As in `groundwork.analysis.information.partial_information`.
    """
    binned = binned_beliefs(beliefs, bins)
    bins = binned.count
    samples = binned.index.shape[1]
    outcome = outcomes(np.asarray(outcome_usd, dtype=np.float64)[None], samples)
    if permutations < 2:
        raise ValueError(f"permutations: 2 or more; came {permutations}")
    number = len(binned.index)
    ranks = mid_ranks(outcome[0])[None] / samples
    ranks -= ranks.mean()
    if not ranks.any():  # the outcome never varies: there is nothing to share out
        nothing = np.zeros(number)
        return FirstOrderShares(share_ratio=nothing, floor_ratio=nothing, floor_top_ratio=nothing, standard_error_ratio=nothing)
    blocks = min(blocks, samples // bins)
    of_sample = block_of_sample(samples, blocks)
    rows = np.vstack([ranks, ranks**2, np.ones(samples)])
    by_block = bin_sums(binned.index + bins * of_sample, bins * blocks, rows).reshape(number, blocks, bins, 3)
    total = by_block.sum(axis=1)
    left_out = _explained(total[:, None] - by_block)
    floor, top = np.empty(number), np.empty(number)
    signatures, kind = np.unique(binned.occupancy, axis=0, return_inverse=True)
    for place, occupancy in enumerate(signatures):
        by_chance = _explained(bin_sums(shuffled_bins(occupancy, ranks, permutations, seed), bins, rows))
        floor[kind == place] = by_chance.mean()
        top[kind == place] = by_chance.max() - by_chance.mean()
    return FirstOrderShares(
        share_ratio=_explained(total) - floor,
        floor_ratio=floor,
        floor_top_ratio=top,
        standard_error_ratio=jackknife_error(left_out.T),
    )


def chance_share(outcome_usd: ArrayLike, other_dice_usd: ArrayLike) -> float:
    """Share of the outcome's spread that is dice: nobody can go and find it out, so no study will narrow it.

    1 - Cov(V, V') / Var(V), V and V' the outcomes of the same beliefs under two sets of dice; ranks would hide rare disasters.

    What a user would get wrong: it is the dice's share of the spread, not of the value of information; and sampled, it can come
    out slightly below 0.

    Parameters
    ----------
    outcome_usd, other_dice_usd
        [sample], USD, beliefs equal row by row, dice independent.

    References
    ----------
    [2]_: the closed index of all beliefs together is Cov(V, V') / Var(V).
    """
    one, other = outcomes(np.stack([np.asarray(outcome_usd, dtype=np.float64), np.asarray(other_dice_usd, dtype=np.float64)]))
    variance = (one.var() + other.var()) / 2.0
    if variance == 0.0:
        return 0.0
    return float(1.0 - np.mean((one - one.mean()) * (other - other.mean())) / variance)


def _weights_at_ends(binned: Bins) -> Array:
    """What each bin's mean counts in the value at the 10th and 90th percentile, [belief, end, bin], joined by straight lines."""
    weights = np.zeros((len(binned.index), 2, binned.count))
    for belief, index in enumerate(binned.index):
        used = np.flatnonzero(binned.occupancy[belief] > 0)
        middle = (
            np.bincount(index, weights=binned.position[belief], minlength=binned.count)[used] / binned.occupancy[belief, used]
        )
        place = np.interp([0.1, 0.9], middle, np.arange(len(used)))
        below = np.minimum(place.astype(np.int64), max(len(used) - 2, 0))
        for end in (0, 1):
            weights[belief, end, used[below[end]]] = 1.0 - (place[end] - below[end])
            if len(used) > 1:
                weights[belief, end, used[below[end] + 1]] = place[end] - below[end]
    return weights


def _read_off(weights: Array, sums: Array, whole: Array) -> Array:
    """Conditional means at both ends, [belief, 2], from sums [belief, bin, (outcome, count)]; an empty bin is as in `whole`."""
    empty = sums[..., 1:] == 0.0
    kept = np.where(empty, whole, sums)
    mean = np.divide(kept[..., 0], kept[..., 1], out=np.zeros(kept.shape[:2]), where=kept[..., 1] > 0)
    return np.asarray(np.einsum("ben,bn->be", weights, mean))


def _explained(sums: Array) -> Array:
    """Share of variance between bins, [...], from sums [..., bin, (rank, rank squared, count)]."""
    count = sums[..., 2]
    samples = count.sum(axis=-1)
    mean = sums[..., 0].sum(axis=-1) / samples
    variance = sums[..., 1].sum(axis=-1) / samples - mean**2
    between = np.sum(sums[..., 0] ** 2 / np.maximum(count, 1.0), axis=-1) / samples - mean**2
    share: Array = between / variance
    return share
