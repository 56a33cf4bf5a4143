"""Loss in the worst cases: value at risk and its conditional mean.

References
----------
.. [1] R. T. Rockafellar, S. Uryasev (2000), Optimization of conditional value-at-risk, J. Risk 2(3), 21-41.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, finite, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def normal_value_at_risk(mean_loss_usd: ArrayLike, sd_loss_usd: ArrayLike, level_ratio: ArrayLike) -> Array:
    """Loss that a normal loss exceeds with probability 1 - level: mean + sd z, z = Phi^-1(level).

    Parameters
    ----------
    mean_loss_usd, sd_loss_usd
        Of the **loss** (minus the return), any shape; sd 0 or more.
    level_ratio
        Strictly between 0 and 1 (0.95).

    References
    ----------
    [1]_ table 1: mean -0.011, variance 0.00378529 gives 0.067847, 0.090199, 0.132128 at 0.90, 0.95, 0.99.
    """
    mean, sd, quantile, _ = _normal_tail(mean_loss_usd, sd_loss_usd, level_ratio)
    return np.asarray(mean + sd * quantile)


def normal_conditional_value_at_risk(mean_loss_usd: ArrayLike, sd_loss_usd: ArrayLike, level_ratio: ArrayLike) -> Array:
    """Mean of a normal loss in its worst 1 - level: mean + sd phi(z) / (1 - level).

    What a user would get wrong: feeding returns instead of losses gives the good tail.

    Parameters
    ----------
    mean_loss_usd, sd_loss_usd, level_ratio
        As in `normal_value_at_risk`.

    References
    ----------
    [1]_: N(0, 1) at 0.95 is 2.06271; mean -0.011, variance 0.00378529 gives 0.096975, 0.115908, 0.152977.
    """
    mean, sd, quantile, tail = _normal_tail(mean_loss_usd, sd_loss_usd, level_ratio)
    return np.asarray(mean + sd * np.exp(-0.5 * quantile**2) / (np.sqrt(2.0 * np.pi) * tail))


def conditional_value_at_risk(loss_usd: ArrayLike, level_ratio: float) -> Array:
    """Mean of the worst 1 - level of equally likely samples, the sample at the boundary counted by its fraction.

    min over a of a + mean(max(0, loss - a)) / (1 - level): with n (1 - level) = m + f, the sum of the m largest plus f times
    the next, over m + f.

    What a user would get wrong: averaging what lies above the percentile drops the boundary sample and is not coherent.

    Parameters
    ----------
    loss_usd
        [..., sample], USD, larger is worse.
    level_ratio
        0 or more and below 1; 0 gives the mean.

    Returns
    -------
    ndarray
        [...], USD.

    References
    ----------
    [1]_ eq. 4 and 9.
    """
    loss = np.asarray(loss_usd, dtype=np.float64)
    refuse([finite("loss_usd", loss), between("level_ratio", level_ratio, 0.0, 1.0 - 1e-12)])
    tail = loss.shape[-1] * (1.0 - level_ratio)
    whole = min(int(tail + 1e-9), loss.shape[-1])
    ordered = -np.sort(-loss, axis=-1)
    total = ordered[..., :whole].sum(axis=-1)
    if whole < loss.shape[-1]:
        total = total + (tail - whole) * ordered[..., whole]
    return np.asarray(total / tail)


def _normal_tail(mean: ArrayLike, sd: ArrayLike, level: ArrayLike) -> tuple[Array, Array, Array, Array]:
    from scipy.special import ndtri  # 0.1 s: only for those who ask for a tail

    level_ratio = np.asarray(level, dtype=np.float64)
    refuse(
        [
            finite("mean_loss_usd", mean),
            at_least("sd_loss_usd", sd, 0.0),
            above("level_ratio", level_ratio, 0.0),
            holds("level_ratio", bool(np.all(level_ratio < 1.0)), "must be below 1"),
        ]
    )
    return np.asarray(mean, np.float64), np.asarray(sd, np.float64), np.asarray(ndtri(level_ratio)), 1.0 - level_ratio
