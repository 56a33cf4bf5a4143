"""Boxes of beliefs, and the path on which slice after slice is peeled off them.

References
----------
.. [1] J. H. Friedman, N. I. Fisher (1999), Bump hunting in high-dimensional data, Statistics and Computing 9, 123-143.
.. [2] B. P. Bryant, R. J. Lempert (2010), Thinking inside the box, Technol. Forecast. Soc. Change 77, 34-49.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One side of a box: a belief, its bounds in the belief's own unit, and how easily chance would do as well.

    Parameters
    ----------
    belief
        Column of the beliefs.
    low, high
        Bounds, both inside; minus or plus infinity where the box is open.
    chance_ratio
        Probability that a box without this limit, thinned at random to the same size, holds as many interesting samples.
    """

    belief: int
    low: float
    high: float
    chance_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A corner of the beliefs.

    Parameters
    ----------
    limits
        Only the beliefs that are bounded, in the order of their columns.
    coverage_ratio
        Interesting samples that lie inside, of all interesting samples.
    density_ratio
        Interesting samples, of all samples inside.
    mass_ratio
        Samples inside, of all samples.
    """

    limits: tuple[Limit, ...]
    coverage_ratio: float
    density_ratio: float
    mass_ratio: float

    def holds(self, beliefs: ArrayLike) -> Flags:
        """Which samples, [sample], of beliefs [sample, belief] lie inside."""
        matrix = np.asarray(beliefs, dtype=np.float64)
        inside = np.ones(len(matrix), dtype=bool)
        for limit in self.limits:
            inside &= (matrix[:, limit.belief] >= limit.low) & (matrix[:, limit.belief] <= limit.high)
        return inside


def peeling_path(
    beliefs: ArrayLike, interesting: ArrayLike, peel_ratio: float = 0.05, least_mass_ratio: float = 0.05
) -> tuple[Box, ...]:
    """Every box on the way from all samples to a small dense one: the trade of coverage against density.

    Step by step the thin slice at one end of one belief is cut off - what lies outside its quantile at `peel_ratio` of the
    samples left - for which the gain in density per sample removed is largest. At the end slices are pasted back while density
    does not fall.

    What a user would get wrong: the densest box is not the best answer, it covers next to nothing; choose on the path. Beliefs
    with few different values lose whole values, more than the share asked for.

    Parameters
    ----------
    beliefs
        [sample, belief], drawn values in the beliefs' own units.
    interesting
        [sample], true where the thing happens (for example: the verdict flips).
    peel_ratio
        Above 0 and at most 0.5; smaller is more patient.
    least_mass_ratio
        The path ends before the box holds a smaller share of the samples.

    References
    ----------
    [1]_ sections 8 and 14.1 (the criterion per sample removed); [2]_ for coverage and density.
    """
    matrix, flags = checked(beliefs, interesting)
    if not 0.0 < peel_ratio <= 0.5:
        raise ValueError(f"peel_ratio: above 0 and at most 0.5; came {peel_ratio:g}")
    if not 0.0 < least_mass_ratio < 1.0:
        raise ValueError(f"least_mass_ratio: between 0 and 1; came {least_mass_ratio:g}")
    low = np.full(matrix.shape[1], -np.inf)
    high = np.full(matrix.shape[1], np.inf)
    inside = np.ones(len(matrix), dtype=bool)
    path = [box_within(matrix, flags, low, high)]
    while True:
        step = _peel(matrix, flags, inside, peel_ratio, least_mass_ratio)
        if step is None:
            break
        belief, side, bound, inside = step
        (low if side == 0 else high)[belief] = bound
        path.append(box_within(matrix, flags, low, high))
    while (pasted := _paste(matrix, flags, low, high, peel_ratio)) is not None:
        low, high = pasted
        path.append(box_within(matrix, flags, low, high))
    return tuple(path)


def checked(beliefs: ArrayLike, interesting: ArrayLike) -> tuple[Array, Flags]:
    matrix, flags = np.asarray(beliefs, dtype=np.float64), np.asarray(interesting, dtype=bool)
    if matrix.ndim != 2 or flags.shape != matrix.shape[:1]:
        raise ValueError(f"beliefs [sample, belief] and interesting [sample]; came {matrix.shape} and {flags.shape}")
    if not flags.any():
        raise ValueError("interesting: no sample is, so there is no corner to look for")
    return matrix, flags


def _peel(
    matrix: Array, flags: Flags, inside: Flags, peel_ratio: float, least_mass_ratio: float
) -> tuple[int, int, float, Flags] | None:
    """The best slice to cut off: belief, side (0 low, 1 high), new bound, samples that stay; none when nothing may go."""
    rows = np.flatnonzero(inside)
    columns, hits = matrix[rows], flags[rows].astype(np.float64)
    number, density = len(rows), float(flags[rows].mean())
    if density == 1.0:
        return None
    ordered = np.sort(columns, axis=0)
    thin = int(peel_ratio * (number - 1)) + 1  # everything below the quantile at `peel_ratio`
    best: tuple[float, int, int, float] | None = None
    for side, edge in enumerate((ordered[thin - 1], ordered[number - thin])):
        stays = columns > edge if side == 0 else columns < edge
        count = stays.sum(axis=0)
        allowed = (count > 0) & (count >= least_mass_ratio * len(matrix)) & (count < number)
        if not allowed.any():
            continue
        gain = np.where(allowed, (hits @ stays / np.maximum(count, 1) - density) / (number - count), -np.inf)
        belief = int(np.argmax(gain))
        if best is None or gain[belief] > best[0]:
            kept = ordered[:, belief]
            bound = kept[kept > edge[belief]][0] if side == 0 else kept[kept < edge[belief]][-1]
            # halfway between the samples parted, so that the bound belongs to neither
            best = (float(gain[belief]), belief, side, float((bound + edge[belief]) / 2.0))
    if best is None or best[0] <= 0.0:
        return None
    _, belief, side, bound = best
    column = matrix[:, belief]
    return belief, side, bound, inside & (column >= bound if side == 0 else column <= bound)


def _paste(matrix: Array, flags: Flags, low: Array, high: Array, paste_ratio: float) -> tuple[Array, Array] | None:
    """Bounds with one slice pasted back that raises density, or keeps it and adds interesting samples; none when none does."""
    within = (matrix >= low) & (matrix <= high)
    inside = within.all(axis=1)
    number, density = int(inside.sum()), float(flags[inside].mean())
    best: tuple[float, Array, Array] | None = None
    for belief in np.flatnonzero(np.isfinite(low) | np.isfinite(high)):
        others = np.delete(within, belief, axis=1).all(axis=1)
        column = matrix[:, belief]
        for side in (0, 1):
            beyond = np.sort(column[others & (column < low[belief] if side == 0 else column > high[belief])])
            if side == 0:
                beyond = beyond[::-1]  # nearest to the box first
            if not len(beyond):
                continue
            bound = beyond[min(len(beyond), max(1, int(paste_ratio * number))) - 1]
            new_low, new_high = low.copy(), high.copy()
            (new_low if side == 0 else new_high)[belief] = bound
            wider = others & (column >= new_low[belief]) & (column <= new_high[belief])
            new_density = float(flags[wider].mean())
            if new_density >= density and flags[wider].sum() > flags[inside].sum() and (best is None or new_density > best[0]):
                best = (new_density, new_low, new_high)
    return None if best is None else best[1:]


def box_within(matrix: Array, flags: Flags, low: Array, high: Array) -> Box:
    """The box with these bounds, all its measures counted on these samples."""
    within = (matrix >= low) & (matrix <= high)
    inside: Flags = np.asarray(within.all(axis=1))
    limits = tuple(
        Limit(
            belief=int(belief),
            low=float(low[belief]),
            high=float(high[belief]),
            chance_ratio=_chance(flags, inside, np.asarray(np.delete(within, belief, axis=1).all(axis=1))),
        )
        for belief in np.flatnonzero(np.isfinite(low) | np.isfinite(high))
    )
    return Box(
        limits=limits,
        coverage_ratio=float(flags[inside].sum() / flags.sum()),
        density_ratio=float(flags[inside].mean()) if inside.any() else 0.0,
        mass_ratio=float(inside.mean()),
    )


def _chance(flags: Flags, inside: Flags, without: Flags) -> float:
    """P(Binomial(samples inside, density without the limit) >= interesting inside)."""
    from scipy.special import bdtrc  # the sum from k + 1 upwards

    number, hits = int(inside.sum()), int(flags[inside].sum())
    if hits == 0:
        return 1.0
    return float(bdtrc(hits - 1, number, float(flags[without].mean())))
