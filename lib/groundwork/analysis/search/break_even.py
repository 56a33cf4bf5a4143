"""Where the verdict flips along one belief, from stored draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import DEFAULT_BINS, block_of_sample, equal_count_bins, outcomes

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BreakEvens:
    """Break-even of each belief, all [belief]; not a number where the lead never changes inside what is believed.

    Parameters
    ----------
    value
        Belief at which the mean difference is 0, in the belief's own unit.
    median
        Today's median, same unit.
    distance
        value - median, same unit.
    distance_deviations
        The same in standard deviations of the belief.
    percentile_ratio
        Share of the belief's draws below the break-even.
    beyond_usd
        Mean difference on the far side of the break-even, seen from the median; its sign is the other verdict.
    beyond_standard_error_usd
        Of that mean. A break-even with less than two of these behind it may be noise.
    """

    value: Array
    median: Array
    distance: Array
    distance_deviations: Array
    percentile_ratio: Array
    beyond_usd: Array
    beyond_standard_error_usd: Array


def break_evens(beliefs: ArrayLike, difference_usd: ArrayLike, bins: int = DEFAULT_BINS, blocks: int = 16) -> BreakEvens:
    """Where the mean difference given one belief changes its sign, nearest to today's median.

    Means in equal-count bins, smoothed over three neighbours, joined by straight lines over the bins' mean values.

    What a user would get wrong: "none" means none inside the range believed today, not none at all; and every other belief stays
    as uncertain as it is, so two break-evens reached half-way each may flip the verdict together.

    Parameters
    ----------
    beliefs
        [sample, belief], drawn values in the beliefs' own units: not points.
    difference_usd
        [sample], USD, one strategy minus another.
    bins, blocks
        Bins per belief, blocks of the standard error.
    """
    matrix = np.asarray(beliefs, dtype=np.float64)
    binned = equal_count_bins(matrix, bins)
    difference = outcomes(np.asarray(difference_usd, dtype=np.float64)[None], len(matrix))[0]
    number = matrix.shape[1]
    value, percentile, beyond, error = (np.full(number, np.nan) for _ in range(4))
    median, deviation = np.median(matrix, axis=0), matrix.std(axis=0)
    of_sample = block_of_sample(len(matrix), min(blocks, len(matrix)))
    for belief in range(number):
        index, column = binned.index[belief], matrix[:, belief]
        used = binned.occupancy[belief] > 0
        count = binned.occupancy[belief, used]
        mean = np.bincount(index, weights=difference, minlength=bins)[used] / count
        place = np.bincount(index, weights=column, minlength=bins)[used] / count
        crossing = _nearest_zero(place, _smoothed(mean, count), float(median[belief]))
        if crossing is None:
            continue
        value[belief] = crossing
        percentile[belief] = (column < crossing).mean()
        far = column > crossing if crossing >= median[belief] else column < crossing
        if far.any():
            beyond[belief] = difference[far].mean()
            sums = np.bincount(of_sample, weights=np.where(far, difference - beyond[belief], 0.0))
            error[belief] = np.sqrt(np.sum(sums**2) * len(sums) / (len(sums) - 1)) / far.sum()
    distance = value - median
    return BreakEvens(
        value=value,
        median=median,
        distance=distance,
        distance_deviations=np.divide(distance, deviation, out=np.full(number, np.nan), where=deviation > 0),
        percentile_ratio=percentile,
        beyond_usd=beyond,
        beyond_standard_error_usd=error,
    )


def _smoothed(mean: Array, count: Array) -> Array:
    """Weights 1/4, 1/2, 1/4 inside; the ends stay, since a one-sided mean would pull them inwards. Few stay as they are."""
    if len(mean) < 6:  # the values of a choice are no neighbours
        return mean
    weight = np.array([0.25, 0.5, 0.25])
    smooth = mean.copy()
    smooth[1:-1] = np.convolve(mean * count, weight, "valid") / np.convolve(count, weight, "valid")
    return smooth


def _nearest_zero(place: Array, mean: Array, median: float) -> float | None:
    """Zero of the broken line through (place, mean) nearest to the median."""
    zeros = [float(at) for at, level in zip(place, mean, strict=True) if level == 0.0]
    flips = np.flatnonzero(mean[:-1] * mean[1:] < 0.0)
    for k in flips:
        share = mean[k] / (mean[k] - mean[k + 1])
        zeros.append(float(place[k] + share * (place[k + 1] - place[k])))
    if not zeros or not (mean > 0).any() or not (mean < 0).any():
        return None
    return min(zeros, key=lambda zero: abs(zero - median))
