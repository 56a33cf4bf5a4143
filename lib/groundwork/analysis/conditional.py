"""Means given a belief, from stored draws: equal-count bins by rank, and what the same bins give by chance alone.

Everything here is a function of the multiset of samples: reordering them changes nothing but the last digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.draws import chance

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.int64]

DEFAULT_BINS = 16
"""With 64 bins an irrelevant belief "is worth" 0.12 standard deviations of the outcome; with 16 the noise floor is a third."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bins:
    """Which of the equal-count bins of each belief a sample falls into.

    Parameters
    ----------
    index
        [belief, sample], 0 to count - 1.
    position
        [belief, sample], mid-rank of the sample in its belief, as a share strictly inside (0, 1).
    count
        Number of bins.
    occupancy
        [belief, bin], samples per bin; all equal unless a belief has ties.
    """

    index: Index
    position: Array
    count: int
    occupancy: Array


def equal_count_bins(beliefs: ArrayLike, bins: int = DEFAULT_BINS) -> Bins:
    """Bins by rank, ties by value: equal values always share a bin, whatever the order of the samples.

    bin = floor(bins (r - 1/2) / n), r the mid-rank.

    What a user would get wrong: binning by sorted position breaks ties by sample order, so a belief with two values would look
    informative. A belief that never varies falls into one bin and is worth nothing.

    Parameters
    ----------
    beliefs
        [sample, belief]: drawn values or their points; any increasing change of scale gives the same bins.
    bins
        2 or more and at most half the samples.
    """
    columns = np.ascontiguousarray(_matrix(beliefs).T)
    samples = columns.shape[1]
    if not 2 <= bins <= samples // 2:
        raise ValueError(f"bins: 2 to half of the {samples} samples; came {bins}")
    position = np.empty(columns.shape)
    for row, column in enumerate(columns):
        position[row] = (mid_ranks(column) - 0.5) / samples
    index = np.floor(position * bins).astype(np.int64)
    occupancy = np.array([np.bincount(row, minlength=bins) for row in index], dtype=np.float64).reshape(-1, bins)
    return Bins(index=index, position=position, count=bins, occupancy=occupancy)


def binned_beliefs(beliefs: ArrayLike | Bins, bins: int = DEFAULT_BINS) -> Bins:
    """The bins of beliefs, or those that somebody made before: sorting is the larger part of every answer from stored draws."""
    return beliefs if isinstance(beliefs, Bins) else equal_count_bins(beliefs, bins)


def mid_ranks(values: Array) -> Array:
    """Ranks from 1 to n of one row, [sample]; equal values share the mean of their ranks."""
    order = np.argsort(values)  # in which order equal values come does not matter, and not keeping it takes a third of the time
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ranks = np.empty(len(values))
    if len(starts) == len(values):
        ranks[order] = np.arange(1.0, len(values) + 1.0)
        return ranks
    ends = np.append(starts[1:], len(values))
    ranks[order] = np.repeat((starts + 1 + ends) / 2.0, ends - starts)
    return ranks


def bin_sums(index: Index, bins: int, values: Array) -> Array:
    """Sums of each row of values, [row, sample], in each bin of each belief: [belief, bin, row].

    One weighted count per belief and row over the whole sample axis.
    """
    sums = np.empty((len(index), bins, len(values)))
    for belief, places in enumerate(index):
        for row, value in enumerate(values):
            sums[belief, :, row] = np.bincount(places, weights=value, minlength=bins)
    return sums


def shuffled_bins(occupancy: Array, values: Array, permutations: int, seed: int) -> Index:
    """Bins given out by chance, [permutation, sample], with the same number of samples in each.

    A permuted column of any belief with this occupancy is one of these, so beliefs without ties share their noise floor. The
    samples are first put into the order of their values: the result does not depend on the order in which they were stored.

    Parameters
    ----------
    occupancy
        [bin], samples per bin.
    values
        [row, sample].
    permutations, seed
        How many, and which.
    """
    samples = values.shape[1]
    canonical = np.lexsort(values[::-1])
    dice = chance("permutation", (permutations, samples), seed)
    labels = np.repeat(np.arange(len(occupancy)), occupancy.astype(np.int64))
    shuffled = np.empty((permutations, samples), dtype=np.int64)
    for row, uniforms in zip(shuffled, dice, strict=True):
        row[canonical[np.argsort(uniforms)]] = labels
    return shuffled


def block_of_sample(samples: int, blocks: int) -> Index:
    """Block of each sample, [sample]: consecutive runs whose lengths differ by one at most.

    Runs of a Sobol' set are themselves evenly spread; blocks of them carry that into the standard error, which single samples
    would overstate.
    """
    if not 2 <= blocks <= samples:
        raise ValueError(f"blocks: 2 to {samples}; came {blocks}")
    return np.arange(samples, dtype=np.int64) * blocks // samples


def jackknife_error(left_out: Array) -> Array:
    """Standard error from estimates that each left out one block, [block, ...] -> [...].

    sqrt((b - 1)/b sum (theta_(j) - mean)^2), for blocks of equal size (M. H. Quenouille 1949; J. W. Tukey 1958).
    """
    blocks = len(left_out)
    deviation = left_out - left_out.mean(axis=0)
    error: Array = np.sqrt((blocks - 1) / blocks * np.sum(deviation**2, axis=0))
    return error


def block_means_error(values: Array, blocks: int) -> Array:
    """Standard error of the mean over the last axis, [..., sample] -> [...]: the block jackknife, which a mean makes explicit."""
    of_sample = block_of_sample(values.shape[-1], blocks)
    starts = np.searchsorted(of_sample, np.arange(blocks))
    sums = np.add.reduceat(values, starts, axis=-1)
    sizes = np.diff(np.append(starts, values.shape[-1]))
    left_out = (values.sum(axis=-1)[..., None] - sums) / (values.shape[-1] - sizes)
    return jackknife_error(np.moveaxis(left_out, -1, 0))


def _matrix(beliefs: ArrayLike) -> Array:
    matrix = np.asarray(beliefs, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"beliefs: [sample, belief]; came {matrix.ndim} axes")
    if not np.isfinite(matrix).all():
        raise ValueError("beliefs: every value must be finite")
    return matrix


def outcomes(value_usd: ArrayLike, samples: int | None = None) -> Array:
    """Values as a checked array [strategy, sample]; refuses other shapes, too few samples and values that are not finite."""
    values = np.asarray(value_usd, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] < 1 or values.shape[1] < 2:
        raise ValueError(f"value_usd: [strategy, sample] with 2 samples or more; came shape {values.shape}")
    if samples is not None and values.shape[1] != samples:
        raise ValueError(f"value_usd: {samples} samples as in beliefs; came {values.shape[1]}")
    if not np.isfinite(values).all():
        raise ValueError("value_usd: every value must be finite")
    return values
