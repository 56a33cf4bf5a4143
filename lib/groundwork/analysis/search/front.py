"""Options that nothing beats on every count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Front:
    """Which options are dominated, and by how many.

    Parameters
    ----------
    dominated
        [option], true where another option is at least as good on every count and better on one.
    dominators
        [option, option], true where the second dominates the first.
    """

    dominated: NDArray[np.bool_]
    dominators: NDArray[np.bool_]


def pareto_front(objectives: ArrayLike) -> Front:
    """Dominated options among [option, objective], every objective smaller-is-better.

    What a user would get wrong: turn benefits round first (minus the value). Options that are equal on every count dominate
    neither each other nor get dropped. Objectives that are estimates carry their error: a hollow point may be a tie.

    Parameters
    ----------
    objectives
        [option, objective], any units; infinity is allowed (the option never gets there), not-a-number is not.

    References
    ----------
    V. Pareto (1906), Manuale di economia politica; dominance as in H. T. Kung et al. (1975), J. ACM 22(4), 469-476.
    """
    table = np.asarray(objectives, dtype=np.float64)
    if table.ndim != 2 or np.isnan(table).any():
        raise ValueError(f"objectives: [option, objective] without not-a-number; came shape {table.shape}")
    no_worse = np.ones((len(table), len(table)), dtype=bool)
    better = np.zeros_like(no_worse)
    for column in table.T:  # one objective at a time keeps memory at options squared
        no_worse &= column[None, :] <= column[:, None]
        better |= column[None, :] < column[:, None]
    dominators = no_worse & better
    return Front(dominated=np.asarray(dominators.any(axis=1)), dominators=dominators)
