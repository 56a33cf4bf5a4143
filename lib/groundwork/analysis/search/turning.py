"""Which single belief turns the answer, and where: stored draws say whom to ask, the model says where it turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import block_means_error, mid_ranks, outcomes
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
        On which side of it the mean difference is below 0: there the first of the two is behind, wherever today stands.
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


def may_turn(beliefs: ArrayLike, difference_usd: ArrayLike) -> tuple[int, ...]:
    """Beliefs, by column, along which the mean difference could change its sign between p10 and p90, widest swing first.

    The difference is fitted by a parabola over the belief's ranks; a belief may turn the answer where the fit at its 10th or
    90th percentile, three standard errors given or taken, has the other sign than the mean of all. A parabola because dice make
    most of the spread: the mean of a bin would let every belief through.

    What a user would get wrong: this names candidates; most of them turn nothing once the model is asked.

    Parameters
    ----------
    beliefs
        [sample, belief], values or points; 16 samples or more.
    difference_usd
        [sample], USD, one strategy minus another.
    """
    matrix = np.asarray(beliefs, dtype=np.float64)
    difference = outcomes(np.asarray(difference_usd, dtype=np.float64)[None], len(matrix))[0]
    sign = 1.0 if difference.mean() >= 0.0 else -1.0
    ends = np.array([[1.0, -0.8, 0.64], [1.0, 0.8, 0.64]])  # the 10th and the 90th percentile on a scale from -1 to 1
    swing, turns = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1], dtype=bool)
    for belief, column in enumerate(matrix.T):
        if column.min() == column.max():
            continue
        place = 2.0 * (mid_ranks(column) - 0.5) / len(column) - 1.0
        powers = np.stack([np.ones_like(place), place, place**2], axis=1)
        inverse = np.linalg.pinv(powers.T @ powers)  # two values leave the parabola undetermined: the flattest is taken
        fit = inverse @ (powers.T @ difference)
        variance = np.sum((difference - powers @ fit) ** 2) / (len(column) - 3)
        error = np.sqrt(variance * np.einsum("ei,ij,ej->e", ends, inverse, ends))
        swing[belief] = abs(ends[1] @ fit - ends[0] @ fit)
        turns[belief] = bool((sign * (ends @ fit) < MARGIN_ERRORS * error).any())
    return tuple(int(place) for place in np.argsort(-swing, kind="stable") if turns[place])


def turning_point(
    change_usd: Callable[[float], ArrayLike], low: float, high: float, today_usd: float, today_error_usd: float
) -> TurningPoint | None:
    """Where between two values of one belief the mean difference changes its sign; nothing when it does not, or not surely.

    mean difference at a value = today's, from many futures, + mean change, from few and the same with and without it: the change
    is known far better than either level.

    What a user would get wrong: "surely" means that at the end where the answer is another one its mean lies two standard errors
    beyond 0. A mean can turn although most futures do not.

    Parameters
    ----------
    change_usd
        value of the belief -> difference there minus difference today, [sample], USD, sample by sample.
    low, high
        Ends of the range, own unit, low < high.
    today_usd, today_error_usd
        Mean difference today, and its standard error.
    """
    known: dict[float, Array] = {}

    def mean(value: float) -> float:
        if value not in known:
            known[value] = np.asarray(change_usd(value), dtype=np.float64)
        return today_usd + float(known[value].mean())

    ends = mean(low), mean(high)
    other = [place for place in (0, 1) if ends[place] * today_usd < 0.0]
    if len(other) != 1:  # nowhere, or at both ends: then today's sign stands between them and there is no one threshold
        return None
    change = known[(low, high)[other[0]]]
    error = np.hypot(today_error_usd, block_means_error(change[None], min(16, change.size))[0])
    if abs(ends[other[0]]) < SURE_ERRORS * error:
        return None
    found = goal_seek(mean, low, high, 0.0, (high - low) / STEPS)
    side: Literal["below", "above"] = "below" if ends[0] < 0.0 else "above"
    return TurningPoint(threshold=found.at, side=side, low_usd=ends[0], high_usd=ends[1], runs=len(known))
