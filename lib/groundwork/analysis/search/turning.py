"""Which single belief turns the answer, and where: stored draws say whom to ask, the model says where it turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import DEFAULT_BINS, Bins, bin_sums, binned_beliefs, block_means_error, outcomes
from groundwork.analysis.search.goal import goal_seek

Array: TypeAlias = NDArray[np.float64]

MARGIN_ERRORS = 3.0  # a belief is asked although the draws let it turn by chance only: missing one is worse than two runs more
SURE_ERRORS = 2.0
STEPS = 256.0  # a threshold is told to this part of the range


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningPoint:
    """Where the mean difference changes its sign along one belief.

    Parameters
    ----------
    threshold
        Own unit of the belief.
    side
        On which side of it the answer is another one than today.
    low_usd, high_usd
        Mean difference at the low and at the high end.
    runs
        How often the model was asked.
    """

    threshold: float
    side: Literal["below", "above"]
    low_usd: float
    high_usd: float
    runs: int


def may_turn(beliefs: ArrayLike | Bins, difference_usd: ArrayLike, bins: int = DEFAULT_BINS) -> tuple[int, ...]:
    """Beliefs, by column, along which the mean difference could change its sign, widest swing first.

    A belief may turn the answer where a bin's mean, three of its standard errors given or taken, has the other sign than the
    mean of all.

    What a user would get wrong: this names candidates; half of them turn nothing once the model is asked.

    Parameters
    ----------
    beliefs
        [sample, belief], values or points; or their bins.
    difference_usd
        [sample], USD, one strategy minus another.
    bins
        Bins per belief; at most half the samples.
    """
    binned = binned_beliefs(beliefs, bins)
    bins = binned.count
    difference = outcomes(np.asarray(difference_usd, dtype=np.float64)[None], binned.index.shape[1])
    sums = bin_sums(binned.index, bins, np.vstack([difference, difference**2]))
    count = np.maximum(binned.occupancy, 1.0)
    mean = sums[:, :, 0] / count
    error = np.sqrt(np.maximum(sums[:, :, 1] / count - mean**2, 0.0) / np.maximum(count - 1.0, 1.0))
    sign = 1.0 if difference.mean() >= 0.0 else -1.0
    used = binned.occupancy > 0
    turns = np.where(used, sign * mean - MARGIN_ERRORS * error, np.inf).min(axis=1) < 0.0
    swing = np.where(used, mean, -np.inf).max(axis=1) - np.where(used, mean, np.inf).min(axis=1)
    varies = used.sum(axis=1) > 1
    return tuple(int(place) for place in np.argsort(-swing, kind="stable") if turns[place] and varies[place])


def turning_point(difference_usd: Callable[[float], ArrayLike], low: float, high: float, sign: float) -> TurningPoint | None:
    """Where between two values of one belief the mean difference changes its sign; nothing when it does not, or not surely.

    What a user would get wrong: "surely" means that at the end where the answer is another one its mean lies two standard errors
    beyond 0. A mean can turn although most futures do not.

    Parameters
    ----------
    difference_usd
        value of the belief -> difference [sample], USD, from the same draws each time.
    low, high
        Ends of the range, own unit, low < high.
    sign
        Sign of the mean difference today.
    """
    known: dict[float, Array] = {}

    def mean(value: float) -> float:
        if value not in known:
            known[value] = np.asarray(difference_usd(value), dtype=np.float64)
        return float(known[value].mean())

    ends = mean(low), mean(high)
    other = [place for place in (0, 1) if ends[place] * sign < 0.0]
    if len(other) != 1:  # nowhere, or at both ends: then today's sign stands between them and there is no one threshold
        return None
    far = known[(low, high)[other[0]]]
    if abs(far.mean()) < SURE_ERRORS * float(block_means_error(far[None], min(16, far.size))[0]):
        return None
    found = goal_seek(mean, low, high, 0.0, (high - low) / STEPS)
    side: Literal["below", "above"] = "below" if other[0] == 0 else "above"
    return TurningPoint(threshold=found.at, side=side, low_usd=ends[0], high_usd=ends[1], runs=len(known))
