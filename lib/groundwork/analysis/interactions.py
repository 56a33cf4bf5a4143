"""Which groups of beliefs move the outcome alone and which only together: Sobol' indices, from runs of their own.

References
----------
.. [1] A. Saltelli et al. (2010), Variance based sensitivity analysis of model output, Comput. Phys. Commun. 181, 259-270.
.. [2] I. M. Sobol' (1993), Sensitivity estimates for nonlinear mathematical models, MMCE 1(4), 407-414.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.conditional import block_of_sample, jackknife_error

Array: TypeAlias = NDArray[np.float64]
BLOCKS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SobolShares:
    """Sobol' indices, [..., dimension]: alone (first order) and with all interactions (total), ratios of the variance."""

    first_order_ratio: Array
    total_ratio: Array


def sobol_shares(function: Callable[[Array], ArrayLike], first: ArrayLike, second: ArrayLike) -> SobolShares:
    """First-order and total Sobol' indices of a function, from d + 2 runs over one sample.

    What a user would get wrong: both samples must come from *one* set of 2 d columns (`groundwork.draws.unit_points`), split in
    two; two separate sets with the same names are the same points. Under heavy tails the variance itself is noise: take ranks.

    Parameters
    ----------
    function
        points [sample, dimension] in (0, 1) -> outcome [sample] or [outcome, sample].
    first, second
        Points [sample, dimension], a power of two of samples. For a printed two digits take 16,384.

    Returns
    -------
    SobolShares
        [dimension] or [outcome, dimension]. A first-order index can come out slightly below 0.

    References
    ----------
    [1]_ table 2 (b) and (f), as `scipy.stats.sobol_indices` works them out; [2]_.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(f"first and second: the same shape [sample, dimension]; came {a.shape} and {b.shape}")
    mixed = []
    for dimension in range(a.shape[1]):
        points = a.copy()
        points[:, dimension] = b[:, dimension]
        mixed.append(np.asarray(function(points), dtype=np.float64))
    return shares_of_runs(function(a), function(b), np.array(mixed))


def shares_of_runs(at_first: ArrayLike, at_second: ArrayLike, at_mixed: ArrayLike) -> SobolShares:
    """The same from the runs themselves, where a function of points alone cannot say what was mixed (the dice, a group).

    Parameters
    ----------
    at_first, at_second
        Outcomes [sample] or [outcome, sample] of the two samples.
    at_mixed
        [group, (outcome,) sample]: the first sample with one group taken from the second.
    """
    from scipy.stats import sobol_indices  # late: a second, and only for those who ask

    one, other, mixed = (np.asarray(values, dtype=np.float64) for values in (at_first, at_second, at_mixed))
    flat = one.ndim == 1
    if flat:
        one, other, mixed = one[None], other[None], mixed[:, None]
    if np.any(np.concatenate([one, other], axis=-1).var(axis=-1) == 0.0):
        raise ValueError("function: an outcome that never varies has no shares")
    found = sobol_indices(func={"f_A": one, "f_B": other, "f_AB": mixed}, n=one.shape[1])
    shape = (mixed.shape[0],) if flat else (mixed.shape[1], mixed.shape[0])
    return SobolShares(first_order_ratio=np.reshape(found.first_order, shape), total_ratio=np.reshape(found.total_order, shape))


def total_error_ratio(at_first: ArrayLike, at_second: ArrayLike, at_mixed: ArrayLike) -> Array:
    """Standard error of the total indices, [group], by leaving out one block of samples after another.

    Parameters
    ----------
    at_first, at_second, at_mixed
        As in `shares_of_runs`, one outcome: [sample], [sample], [group, sample].
    """
    one, other, mixed = (np.asarray(values, dtype=np.float64) for values in (at_first, at_second, at_mixed))
    of_sample = block_of_sample(one.size, min(BLOCKS, one.size))
    left_out = []
    for block in range(int(of_sample[-1]) + 1):
        kept = of_sample != block
        variance = np.concatenate([one[kept], other[kept]]).var()
        left_out.append(np.mean((one[kept] - mixed[:, kept]) ** 2, axis=1) / (2.0 * variance))
    return jackknife_error(np.array(left_out))
